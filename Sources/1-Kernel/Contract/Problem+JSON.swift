import Runtime

extension Problem {
    /// The namespace of problem types.
    public static let namespace = "https://kontor.dev/problems/"

    /// `application/problem+json`; `instance` is the request's id.
    public func json(instance: String? = nil) -> [UInt8] {
        var json = JSONText()
        json.member("type", Problem.namespace + type)
        json.member("title", title)
        json.member("status", Int64(status))
        json.member("detail", detail)
        if let field { json.member("field", field) }
        if let instance { json.member("instance", instance) }
        for (name, value) in extensions.sorted(by: { $0.key < $1.key }) { json.member(name, value) }
        return Array(json.ended().utf8)
    }
}
