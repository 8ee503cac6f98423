internal import Runtime
internal import Store

extension Identity {
    /// How many keys may have been issued by one another.
    static let issuersFollowed = 100

    /// Who stands behind a subject: the same text for all credentials of one person, so that four eyes are two people's.
    ///
    /// A user is a person. A key belongs to whoever issued it: a user, or another key and so on. A key that the operator
    /// issued belongs to whom its name says, because a key that replaces another one is given the same name. Keys of
    /// versions before this was written down are told by their names as well.
    public func person(behind subject: String) async throws -> String {
        guard let first = ApiKeyID(subject) else { return subject }
        return try await platform.read { reader in
            var id = first
            for _ in 0..<Identity.issuersFollowed {
                guard let key = try IdentityStorage.key(id, reader) else { return "\(id)" }
                let issuer = try IdentityStorage.issuer(of: id, reader) ?? ""
                if let next = ApiKeyID(issuer) {
                    id = next
                } else {
                    return issuer.isEmpty || issuer == "operator" ? "holder of \"\(key.name)\"" : issuer
                }
            }
            return "\(id)"
        }
    }
}
