public import Contract
internal import Crypto
internal import Journal
public import Runtime
public import Store
internal import SwiftProtobuf

/// Keeps personal values, each encrypted under a key of its person, and gives tokens to everybody else.
///
/// A person's key is 32 random bytes wrapped by the tenant's key; the tenant's key is wrapped by the key service.
/// Random bytes come from the `World`: the operating system's cryptographic generator, or a seed in a replay.
public struct Vault: Sendable {
    /// Tokens of one reveal, and bytes of one value.
    public static let revealLimit = 200
    public static let valueLimit = 4_096

    public static var migrations: [Migration] { VaultStorage.migrations }

    let keys: any KeyService
    let ring = KeyRing()

    public init(keys: any KeyService) { self.keys = keys }

    // ---- Inside a transaction of an unlocked book ----

    /// The person with that e-mail address; made, with the address sealed, when nobody has it.
    public func person(email: String, in tx: Transaction) throws -> PersonID {
        if let found = try find(kind: .email, value: email, in: tx) { return found }
        let person = try newPerson(in: tx)
        _ = try seal(email, kind: .email, person: person, in: tx)
        return person
    }

    /// A person of whom nothing is known yet.
    public func newPerson(in tx: Transaction) throws -> PersonID {
        let tenant = try currentKey(tx)
        let person: PersonID = tx.newID()
        let wrapped = try Sealing.seal(
            tx.world.random.bytes(32), with: tenant.wrapping,
            binding: Sealing.binding(person: person, tenantKey: tenant.id), random: tx.world.random)
        try VaultStorage.insertPerson(person, tenantKey: tenant.id, wrapped: wrapped, in: tx)
        return person
    }

    /// Whose e-mail address or phone number it is; nil when nobody's.
    public func find(kind: PrivacyKind, value: String, in reader: any SQLReader) throws -> PersonID? {
        guard kind.isLookup else {
            throw VaultError(.invalidValue, field: "kind", "a person is found by e-mail or phone only")
        }
        return try VaultStorage.lookup(kind, try hash(value, kind, reader), reader)?.person
    }

    /// Encrypts a value and returns its token. The same address or number of the same person keeps its first token.
    public func seal(_ value: String, kind: PrivacyKind, person: PersonID, in tx: Transaction) throws -> String {
        guard (1...Vault.valueLimit).contains(value.utf8.count) else {
            throw VaultError(.invalidValue, field: kind.rawValue, "\(kind.rawValue) must be 1 to 4096 bytes long")
        }
        let hash = kind.isLookup ? try hash(value, kind, tx) : nil
        let known = try hash.flatMap { try VaultStorage.lookup(kind, $0, tx) }
        if let known, known.person == person { return known.token.description }

        let key = try personKey(person, tx)
        let token: PersonalToken = tx.newID()
        let sealed = try Sealing.seal(
            Array(value.utf8), with: key, binding: Sealing.binding(token: token, person: person, kind: kind),
            random: tx.world.random)
        try VaultStorage.insert(
            .init(token: token, person: person, kind: kind, sealed: sealed, sealedAt: tx.now), in: tx)
        if let hash, known == nil {
            try VaultStorage.insertLookup(kind, hash, person: person, token: token, in: tx)
        }
        return token.description
    }

    /// The clear values by token, without those of erased people. The read is told in the journal.
    ///
    /// - Parameter reason: why, in 3 to 120 characters without personal data; it is kept for ever.
    public func reveal(
        tokens: [String], reason: String, caller: Caller, in tx: Transaction
    ) throws -> [String: String] {
        var clear: [String: String] = [:]
        for value in try disclose(tokens: tokens, reason: reason, reader: caller.subject, in: tx) {
            clear[value.token.description] = value.clear
        }
        return clear
    }

    /// Destroys the person's key and lookup hashes; false when that was done before.
    ///
    /// Throws `unknownPerson`. The journal, which holds tokens only, stays as it is and still verifies.
    @discardableResult
    public func erase(_ person: PersonID, in tx: Transaction) throws -> Bool {
        let row = try existing(person, tx)
        guard row.erasedAt == nil else { return false }
        let held = try VaultStorage.values(of: person, tx).count
        try VaultStorage.erase(person, in: tx)
        try tx.record(
            V1PersonErased.with {
                $0.personID = person.description
                $0.values = Int64(held)
                $0.atUs = tx.now.microseconds
            })
        return true
    }
}
