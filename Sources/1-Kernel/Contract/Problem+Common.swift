extension Problem {
    /// 422: a field's value breaks a rule of the contract or of the capability.
    public static func invalid(field: String, value: String, rule: String) -> Problem {
        let shown = value.utf8.count > 80 ? String(value.prefix(80)) + "…" : value
        return Problem(
            type: "invalid-field", title: "A field has a value that is not allowed", status: 422,
            detail: "\(field): \"\(shown)\" \(rule)", field: field)
    }

    /// 400: a path or query parameter cannot be read.
    public static func invalidParameter(_ name: String, value: String, rule: String) -> Problem {
        Problem(
            type: "invalid-parameter", title: "A parameter cannot be read", status: 400,
            detail: "\(name): \"\(value.prefix(80))\" \(rule)", field: name)
    }

    /// 400: the body is not the JSON that the contract describes.
    public static func malformedJSON(_ detail: String, field: String? = nil) -> Problem {
        Problem(
            type: "malformed-json", title: "The body is not valid JSON for this call", status: 400, detail: detail,
            field: field)
    }

    /// 400: an object of the body has a field twice.
    static func repeatedField(_ field: String) -> Problem {
        Problem(
            type: "repeated-field", title: "The body has a field twice", status: 400,
            detail: "\"\(field)\" is sent more than once in one object", field: field)
    }

    /// 404: nothing of this kind has this identifier here.
    public static func notFound(_ kind: String, _ id: String) -> Problem {
        Problem(
            type: "not-found", title: "Not found", status: 404, detail: "there is no \(kind) \"\(id.prefix(80))\"",
            extensions: ["kind": kind])
    }

    /// 409: the state of things does not allow the call.
    public static func conflict(type: String = "conflict", _ detail: String, extensions: [String: String] = [:])
        -> Problem
    {
        Problem(
            type: type, title: "The state of things does not allow this", status: 409, detail: detail,
            extensions: extensions)
    }

    /// 401: who is calling is not known. It does not say why, because that would help a forger.
    public static let unauthenticated = Problem(
        type: "unauthenticated", title: "A valid credential is needed", status: 401,
        detail: "send `Authorization: Bearer` with an API key or a token that is valid now")

    /// 403: the caller is known but may not do this.
    public static func forbidden(scope: String) -> Problem {
        Problem(
            type: "forbidden", title: "The credential does not allow this", status: 403,
            detail: "the scope \"\(scope)\" is needed", extensions: ["scope": scope])
    }

    /// 500: our fault; the log has more under the request's id.
    public static let internalError = Problem(
        type: "internal", title: "Something failed on our side", status: 500,
        detail: "nothing was changed; the request's id leads to the cause in the log")
}
