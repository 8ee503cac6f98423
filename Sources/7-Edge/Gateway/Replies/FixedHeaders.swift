import HTTPTypes

/// Header names and values that are made once, not per reply.
enum FixedHeaders {
    static let requestID = name("X-Request-Id")
    static let rateLimit = name("RateLimit")
    static let rateLimitPolicy = name("RateLimit-Policy")
    static let xContentTypeOptions = name("X-Content-Type-Options")
    static let referrerPolicy = name("Referrer-Policy")
    static let contentSecurityPolicy = name("Content-Security-Policy")

    static let json = "application/json"
    static let problemJSON = "application/problem+json"

    static let apiPolicy = "default-src 'none'; frame-ancestors 'none'"
    static let pagePolicy =
        "default-src 'none'; style-src 'self' 'unsafe-inline'; img-src 'self' data: https:; script-src 'self'; "
        + "connect-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'"

    /// What every reply of the API carries. Replies are private to their caller: nothing between may keep them.
    static func api(behindTLS: Bool) -> HTTPFields { common(policy: apiPolicy, behindTLS: behindTLS) }

    static func page(behindTLS: Bool) -> HTTPFields { common(policy: pagePolicy, behindTLS: behindTLS) }

    private static func common(policy: String, behindTLS: Bool) -> HTTPFields {
        var fields = HTTPFields()
        fields.append(HTTPField(name: xContentTypeOptions, value: "nosniff"))
        fields.append(HTTPField(name: referrerPolicy, value: "no-referrer"))
        fields.append(HTTPField(name: contentSecurityPolicy, value: policy))
        fields.append(HTTPField(name: .cacheControl, value: "no-store"))
        if behindTLS {
            fields.append(
                HTTPField(name: .strictTransportSecurity, value: "max-age=31536000; includeSubDomains"))
        }
        return fields
    }

    private static func name(_ text: String) -> HTTPField.Name {
        guard let name = HTTPField.Name(text) else { preconditionFailure("\(text) is not a header name") }
        return name
    }
}
