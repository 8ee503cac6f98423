import HTTPTypes

/// Which browser origins may call the API, and what their preflight is told.
struct CORS: Sendable {
    static let allowedHeaders =
        "authorization, content-type, idempotency-key, if-none-match, request-timeout, x-request-deadline, traceparent"
    static let exposedHeaders = "etag, location, ratelimit, ratelimit-policy, retry-after, x-request-id"
    static let maxAgeSeconds = "600"

    let origins: Set<String>

    var isOn: Bool { !origins.isEmpty }

    func allows(_ origin: String) -> Bool { origins.contains("*") || origins.contains(origin) }

    /// For the reply to a real request. `Vary` stands there for refused origins too, because caches must not mix them.
    func mark(_ fields: inout HTTPFields, origin: String) {
        fields.append(HTTPField(name: .vary, value: "Origin"))
        guard allows(origin) else { return }
        fields.append(HTTPField(name: .accessControlAllowOrigin, value: origin))
        fields.append(HTTPField(name: .accessControlExposeHeaders, value: Self.exposedHeaders))
    }

    func preflight(_ fields: inout HTTPFields, origin: String, allow: String) {
        fields.append(HTTPField(name: .vary, value: "Origin"))
        fields.append(HTTPField(name: .accessControlAllowOrigin, value: origin))
        fields.append(HTTPField(name: .accessControlAllowMethods, value: allow))
        fields.append(HTTPField(name: .accessControlAllowHeaders, value: Self.allowedHeaders))
        fields.append(HTTPField(name: .accessControlMaxAge, value: Self.maxAgeSeconds))
    }
}
