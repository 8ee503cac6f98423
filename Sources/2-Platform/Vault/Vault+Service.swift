public import Contract
internal import Runtime
internal import Store
internal import SwiftProtobuf

/// The vault over the API.
///
/// Replies that hold clear values are never kept for idempotency: that would store what the vault exists to encrypt.
extension Vault: VaultService {
    public func revealTokens(
        _ request: V1RevealTokensRequest, _ context: CallContext
    ) async throws -> V1RevealTokensReply {
        let values = try await reading(context) { tx in
            try disclose(
                tokens: request.tokens, reason: request.reason, reader: context.caller.subject, in: tx)
        }
        return .with { $0.values = values.map(V1RevealedValue.init) }
    }

    public func revealToken(_ request: V1RevealTokenRequest, _ context: CallContext) async throws -> V1RevealedValue {
        let values = try await reading(context) { tx in
            try disclose(
                tokens: [request.token], reason: request.reason, reader: context.caller.subject, in: tx)
        }
        guard let value = values.first else { throw VaultError(.unknownToken, "there is no such token") }
        return V1RevealedValue(value)
    }

    public func findPerson(_ request: V1FindPersonRequest, _ context: CallContext) async throws -> V1Person {
        guard request.email.isEmpty != request.phone.isEmpty else {
            throw VaultError(.invalidValue, field: "email", "give exactly one of email and phone")
        }
        let kind: PrivacyKind = request.email.isEmpty ? .phone : .email
        let value = request.email.isEmpty ? request.phone : request.email
        return try await unlocked(context) {
            try await context.book.read { reader in
                guard let person = try find(kind: kind, value: value, in: reader) else {
                    throw VaultError(.unknownPerson, "nobody with this \(kind.rawValue) is known")
                }
                return try describe(person, reader)
            }
        }
    }

    public func getPerson(_ request: V1GetPersonRequest, _ context: CallContext) async throws -> V1Person {
        let person = try personID(request.personID)
        return try await context.book.read { try describe(person, $0) }
    }

    public func exportPerson(_ request: V1ExportPersonRequest, _ context: CallContext) async throws -> V1PersonExport {
        let person = try personID(request.personID)
        return try await reading(context) { tx in
            let description = try describe(person, tx)
            let values = try discloseAll(
                of: person, reason: request.reason, reader: context.caller.subject, in: tx)
            return .with {
                $0.person = description
                $0.values = values.map(V1RevealedValue.init)
            }
        }
    }

    public func erasePerson(_ request: V1ErasePersonRequest, _ context: CallContext) async throws -> V1Person {
        let person = try personID(request.personID)
        return try await context.book.perform(context, request) { tx in
            try erase(person, in: tx)
            return try describe(person, tx)
        }
    }

    public func rotateTenantKey(
        _ request: V1RotateTenantKeyRequest, _ context: CallContext
    ) async throws -> V1RotateTenantKeyReply {
        try await rotating(context.book, tenant: context.caller.tenant) { next in
            try await context.book.perform(context, request) { tx in
                let (version, people) = try rotate(to: next, in: tx)
                return V1RotateTenantKeyReply.with {
                    $0.version = version
                    $0.people = people
                }
            }
        }
    }

    /// A transaction, because each read is told in the journal.
    private func reading<Reply: Sendable>(
        _ context: CallContext, _ body: @escaping @Sendable (Transaction) throws -> Reply
    ) async throws -> Reply {
        try await unlocked(context) {
            try await context.book.write(context.operation.name, deadline: context.deadline, body)
        }
    }

    private func unlocked<Reply>(_ context: CallContext, _ body: () async throws -> Reply) async throws -> Reply {
        try await unlock(context.book, tenant: context.caller.tenant)
        do {
            return try await body()
        } catch let error as VaultError where error.code == .locked {
            // Another process rotated the key: fetch the new one and try once more.
            try await reload(context.book, tenant: context.caller.tenant)
            return try await body()
        }
    }

    private func describe(_ person: PersonID, _ reader: any SQLReader) throws -> V1Person {
        let row = try existing(person, reader)
        let values = row.erasedAt == nil ? try VaultStorage.values(of: person, reader) : []
        return .with {
            $0.personID = person.description
            $0.state = row.erasedAt == nil ? "held" : "erased"
            $0.createdAt = row.createdAt.rfc3339
            $0.erasedAt = row.erasedAt?.rfc3339 ?? ""
            $0.held = values.map { value in
                .with {
                    $0.token = value.token.description
                    $0.kind = value.kind.rawValue
                    $0.sealedAt = value.sealedAt.rfc3339
                }
            }
        }
    }

    private func personID(_ text: String) throws -> PersonID {
        guard let person = PersonID(text) else {
            throw VaultError(.unknownPerson, "there is no person \(text.prefix(40))")
        }
        return person
    }
}

extension V1RevealedValue {
    fileprivate init(_ value: Disclosure) {
        self = .with {
            $0.token = value.token.description
            $0.personID = value.person.description
            $0.kind = value.kind.rawValue
            $0.state = value.clear == nil ? "erased" : "held"
            $0.value = value.clear ?? ""
        }
    }
}
