import Contract

/// The problems that the edge itself finds. Those of the capabilities come as `ProblemConvertible` errors.
enum EdgeProblem {
    static let notFound = make("not-found", 404, "Not found", "Nothing has this address.")
    static let malformedPath = make(
        "malformed-path", 400, "Malformed path", "The path has a broken percent escape or is not UTF-8.")
    static let malformedQuery = make(
        "malformed-query", 400, "Malformed query", "The query has a broken percent escape or is not UTF-8.")
    static let targetTooLong = make(
        "target-too-long", 414, "Address too long", "The path and the query together are longer than this server takes."
    )
    static let headersTooLarge = make(
        "headers-too-large", 431, "Header fields too large", "A header, or all of them together, is over the limit.")
    static let malformedRequest = make(
        "malformed-request", 400, "Malformed request", "The request is not valid HTTP/1.1.")
    static let bodyTimeout = make(
        "request-timeout", 408, "Request timeout", "The request's body did not arrive in time.")
    static let deadlineExceeded = make(
        "deadline-exceeded", 504, "Deadline exceeded",
        "The call's deadline passed before its answer. With the same Idempotency-Key it can be sent again safely.")
    static let stopping = make(
        "unavailable", 503, "Unavailable",
        "The book is closing here: the process stops, or the book moves. Send the call again.", retryAfter: 1)
    static let originNotAllowed = make(
        "origin-not-allowed", 403, "Origin not allowed", "This browser origin may not call the API.")

    static func methodNotAllowed(_ method: String, allow: String) -> Problem {
        make("method-not-allowed", 405, "Method not allowed", "\(printable(method)) is not offered here; use \(allow).")
    }

    static func bodyTooLarge(limit: Int) -> Problem {
        make("body-too-large", 413, "Body too large", "The body is over the limit of \(limit) bytes.")
    }

    static func bodyNotTaken(_ method: String) -> Problem {
        make("body-not-taken", 400, "No body expected", "A \(method) request takes no body.")
    }

    static func unsupportedMediaType(_ sent: String?) -> Problem {
        let detail = sent.map { "\"\(printable($0))\" is not taken here" } ?? "The body has no Content-Type"
        return make("unsupported-media-type", 415, "Unsupported media type", detail + "; send application/json.")
    }

    static func repeatedHeader(_ name: String) -> Problem {
        make("invalid-header", 400, "Invalid header", "\(name) may be sent once only.", field: name)
    }

    static func header(_ name: String, _ value: String, _ rule: String) -> Problem {
        make("invalid-header", 400, "Invalid header", "\(name) \"\(printable(value))\" \(rule).", field: name)
    }

    static func idempotencyKey(_ rule: String) -> Problem {
        make(
            "invalid-idempotency-key", 400, "Invalid Idempotency-Key", "The Idempotency-Key header \(rule).",
            field: "Idempotency-Key")
    }

    static func rateLimited(waitSeconds: Int) -> Problem {
        make(
            "rate-limited", 429, "Too many requests", "The rate limit of this call is used up; try again later.",
            retryAfter: waitSeconds)
    }

    static func busy(waitSeconds: Int) -> Problem {
        make(
            "busy", 503, "Busy", "The book has more work waiting than it takes; nothing was done. Try again.",
            retryAfter: waitSeconds)
    }

    static func databaseUnavailable(waitSeconds: Int) -> Problem {
        make(
            "unavailable", 503, "Unavailable", "The database cannot be reached; nothing was done. Try again.",
            retryAfter: waitSeconds)
    }

    static let outcomeUnknown = make(
        "outcome-unknown", 503, "Outcome unknown",
        "The database was lost while the answer was on its way. With the same Idempotency-Key the call has its effect once.",
        retryAfter: 1)
    static let storageFull = make(
        "storage-full", 507, "Storage full", "The disk is full; nothing was done. An operator must make room.",
        retryAfter: 60)

    static let idempotencyKeyReused = make(
        "idempotency-key-reused", 422, "Idempotency key reused",
        "This Idempotency-Key was used before with another request.", field: "Idempotency-Key")

    private static func make(
        _ type: String, _ status: Int, _ title: String, _ detail: String, field: String? = nil, retryAfter: Int? = nil
    ) -> Problem {
        Problem(
            type: type, title: title, status: status, detail: detail, field: field,
            retryAfterSeconds: retryAfter)
    }

    /// What a caller sent, safe to send back: short, and without control characters.
    private static func printable(_ text: String) -> String {
        String(String.UnicodeScalarView(text.unicodeScalars.prefix(64).map { $0.value < 0x20 ? "?" : $0 }))
    }
}
