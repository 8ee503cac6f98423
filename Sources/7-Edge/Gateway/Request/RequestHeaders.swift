import Contract
import HTTPTypes

/// The headers the gateway acts on, found in one pass over the fields.
struct RequestHeaders {
    var authorization: String?
    var contentType: String?
    var contentLength: Int?
    var idempotencyKey: String?
    var ifNoneMatch: String?
    var origin: String?
    var requestTimeout: String?
    var requestDeadline: String?
    var preflightMethod: String?
    var isTraced = false

    /// Throws a problem when a header that must be single is repeated: choosing one of two credentials or keys would
    /// be a guess.
    init(_ fields: HTTPFields) throws(Problem) {
        for field in fields {
            // The names are compared by length first because most fields are none of these.
            let name = field.name.canonicalName
            switch name.utf8.count {
            case 6 where name == "origin": origin = field.value
            case 11 where name == "traceparent": isTraced = true
            case 12 where name == "content-type":
                try Self.setOnce(&contentType, field.value, "Content-Type")
            case 13 where name == "authorization": try Self.setOnce(&authorization, field.value, "Authorization")
            case 13 where name == "if-none-match":
                ifNoneMatch = ifNoneMatch.map { $0 + "," + field.value } ?? field.value
            case 14 where name == "content-length": contentLength = Int(field.value)
            case 15 where name == "idempotency-key": try Self.setOnce(&idempotencyKey, field.value, "Idempotency-Key")
            case 15 where name == "request-timeout": try Self.setOnce(&requestTimeout, field.value, "Request-Timeout")
            case 18 where name == "x-request-deadline":
                try Self.setOnce(&requestDeadline, field.value, "X-Request-Deadline")
            case 29 where name == "access-control-request-method": preflightMethod = field.value
            default: break
            }
        }
    }

    /// The token of `Authorization: Bearer …`; nil when the header is missing or of another scheme.
    var bearer: String? {
        guard let authorization else { return nil }
        let bytes = authorization.utf8
        guard bytes.count > 7, authorization.prefix(7).lowercased() == "bearer " else { return nil }
        let token = authorization.dropFirst(7).drop { $0 == " " }
        return token.isEmpty ? nil : String(token)
    }

    private static func setOnce(_ slot: inout String?, _ value: String, _ name: String) throws(Problem) {
        if slot != nil { throw EdgeProblem.repeatedHeader(name) }
        slot = value
    }
}
