import Contract
import Runtime

/// What the contract asks of one request beyond its address: pure decisions, no I/O.
enum CallRules {
    static let idempotencyKeyLimit = 128

    /// The key to use, or a problem that names the rule.
    static func idempotencyKey(_ sent: String?, _ operation: Operation) throws(Problem) -> String? {
        switch operation.idempotency {
        case .none: return nil
        case .required where sent == nil:
            throw EdgeProblem.idempotencyKey("is required for this call: send one key per intended effect")
        case .required, .accepted: break
        }
        guard let sent else { return nil }
        guard (1...idempotencyKeyLimit).contains(sent.utf8.count), sent.utf8.allSatisfy({ (0x21...0x7E).contains($0) })
        else {
            throw EdgeProblem.idempotencyKey(
                "must be 1 to \(idempotencyKeyLimit) printable ASCII characters, no spaces")
        }
        return sent
    }

    /// The earlier of the contract's deadline and what the caller asks for. Throws when that is over already.
    static func deadline(
        _ headers: RequestHeaders, now: Timestamp, deadlineMs: Int
    ) throws(Problem) -> Timestamp {
        var deadline = now.adding(.milliseconds(deadlineMs))
        if let text = headers.requestTimeout {
            guard let timeout = timeout(text) else {
                throw EdgeProblem.header(
                    "Request-Timeout", text, "must be whole seconds (\"2\") or milliseconds (\"1500ms\")")
            }
            deadline = min(deadline, now.adding(timeout))
        }
        if let text = headers.requestDeadline {
            guard let moment = Timestamp(rfc3339: text) else {
                throw EdgeProblem.header("X-Request-Deadline", text, "must be an RFC 3339 time")
            }
            deadline = min(deadline, moment)
        }
        if deadline <= now { throw EdgeProblem.deadlineExceeded }
        return deadline
    }

    /// `2`, `2s` or `1500ms`.
    private static func timeout(_ text: String) -> Duration? {
        let digits = text.prefix { $0.isASCII && $0.isNumber }
        guard !digits.isEmpty, digits.utf8.count <= 9, let number = Int64(digits) else { return nil }
        switch text.dropFirst(digits.count) {
        case "", "s": return .seconds(number)
        case "ms": return .milliseconds(number)
        default: return nil
        }
    }

    /// A body that the contract reads as JSON must say that it is JSON.
    static func contentType(_ sent: String?, bodyIsEmpty: Bool, _ operation: Operation) throws(Problem) {
        if operation.rawBodyField != nil || bodyIsEmpty { return }
        guard let sent else { throw EdgeProblem.unsupportedMediaType(nil) }
        if sent == "application/json" { return }
        let parts = sent.lowercased().split(separator: ";", maxSplits: 1)
        let type = parts.first.map { trimmed($0) } ?? ""
        guard type == "application/json" else { throw EdgeProblem.unsupportedMediaType(sent) }
        if parts.count == 2, let charset = parts[1].range(ofName: "charset"), charset != "utf-8", charset != "utf8" {
            throw EdgeProblem.unsupportedMediaType(sent)
        }
    }

    private static func trimmed(_ text: Substring) -> String {
        String(text.drop { $0 == " " || $0 == "\t" }.reversed().drop { $0 == " " || $0 == "\t" }.reversed())
    }
}

extension Substring {
    /// The value of `name=value` among the parameters of a media type, without quotes.
    fileprivate func range(ofName name: String) -> String? {
        for part in split(separator: ";") {
            let pair = part.split(separator: "=", maxSplits: 1)
            guard pair.count == 2, pair[0].filter({ $0 != " " }) == name else { continue }
            return pair[1].filter { $0 != " " && $0 != "\"" }
        }
        return nil
    }
}
