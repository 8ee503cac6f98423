import SwiftProtobuf

/// The headers of requests and replies, which the edge knows and no contract lists.
enum OpenAPIHeaders {
    /// Named once in the components, referred to by every reply.
    static let all = JSON.object([
        header("X-Request-Id", "The request's name in the log."),
        header("RateLimit", "What is left of the rate limit and the seconds until more is: `\"call\";r=19;t=0`."),
        header("RateLimit-Policy", "The rate limit: calls (q) in a window of seconds (w)."),
        header("ETag", "The version of the answer, in quotes."),
        header("Retry-After", "The seconds after which a call refused with 429 or 503 is worth sending again.")
    ])

    static func ofSuccess(_ call: Call) -> [String] {
        ["X-Request-Id", "RateLimit", "RateLimit-Policy"] + (call.options.etag ? ["ETag"] : [])
    }

    static func references(_ names: [String]) -> JSON {
        .object(names.map { ($0, .object([("$ref", .string("#/components/headers/\($0)"))])) })
    }

    static func parameters(of call: Call) -> [JSON] {
        var parameters: [JSON] = []
        if call.idempotency != .none {
            parameters.append(
                parameter(
                    "Idempotency-Key", "The same key with the same request gets the first answer again.",
                    required: call.idempotency == .required,
                    [("minLength", .number(1)), ("maxLength", .number(128)), ("pattern", .string("^[!-~]+$"))]))
        }
        if call.options.ifMatch {
            parameters.append(parameter("If-Match", "The version that was read, in quotes.", [version]))
        }
        if call.http.method == "get", call.options.etag {
            parameters.append(parameter("If-None-Match", "The ETag of an answer that the caller keeps.", [version]))
        }
        return parameters
    }

    private static let version = ("pattern", JSON.string("^\"[0-9]{1,19}\"$"))

    private static func parameter(
        _ name: String, _ description: String, required: Bool = false, _ form: [(String, JSON)]
    ) -> JSON {
        .object([
            ("name", .string(name)), ("in", .string("header")), ("required", .bool(required)),
            ("description", .string(description)), ("schema", .object([("type", .string("string"))] + form))
        ])
    }

    private static func header(_ name: String, _ description: String) -> (String, JSON) {
        let type = name == "Retry-After" ? "integer" : "string"
        return (
            name,
            .object([
                ("description", .string(description)), ("schema", .object([("type", .string(type))]))
            ])
        )
    }
}
