internal import Contract
internal import Crypto
internal import Runtime
internal import Store
internal import SwiftProtobuf

/// One value as a reader gets it; `clear` is nil when its person was erased.
struct Disclosure: Sendable {
    let token: PersonalToken
    let person: PersonID
    let kind: PrivacyKind
    let clear: String?
}

extension Vault {
    /// Decrypts tokens and tells the journal who read which, and why.
    func disclose(tokens: [String], reason: String, reader: String, in tx: Transaction) throws -> [Disclosure] {
        guard (1...Vault.revealLimit).contains(tokens.count) else {
            throw VaultError(.invalidValue, field: "tokens", "tokens must name 1 to \(Vault.revealLimit) tokens")
        }
        let rows = try tokens.map { text -> VaultStorage.ValueRow in
            guard let token = PersonalToken(text), let row = try VaultStorage.value(token, tx) else {
                throw VaultError(.unknownToken, field: "tokens", "there is no such token: \(text.prefix(40))")
            }
            return row
        }
        return try disclose(rows, reason: reason, reader: reader, in: tx)
    }

    /// Everything held on a person.
    func discloseAll(
        of person: PersonID, reason: String, reader: String, in tx: Transaction
    ) throws -> [Disclosure] {
        try disclose(try VaultStorage.values(of: person, tx), reason: reason, reader: reader, in: tx)
    }

    private func disclose(
        _ rows: [VaultStorage.ValueRow], reason: String, reader: String, in tx: Transaction
    ) throws -> [Disclosure] {
        try checkReason(reason)
        var keys: [PersonID: SymmetricKey] = [:]
        let disclosures = try rows.map { row -> Disclosure in
            guard let sealed = row.sealed else {
                return Disclosure(token: row.token, person: row.person, kind: row.kind, clear: nil)
            }
            let key = try keys[row.person] ?? personKey(row.person, tx)
            keys[row.person] = key
            let clear = try Sealing.open(
                sealed, with: key, binding: Sealing.binding(token: row.token, person: row.person, kind: row.kind))
            return Disclosure(
                token: row.token, person: row.person, kind: row.kind, clear: String(decoding: clear, as: UTF8.self))
        }
        try tx.record(
            V1PersonalDataRead.with {
                $0.reader = reader
                $0.reason = reason
                $0.tokens = disclosures.filter { $0.clear != nil }.map(\.token.description)
                $0.atUs = tx.now.microseconds
            })
        return disclosures
    }

    private func checkReason(_ reason: String) throws {
        guard (3...120).contains(reason.count), !reason.contains("@") else {
            throw VaultError(
                .invalidValue, field: "reason", "reason must be 3 to 120 characters and hold no mail address")
        }
    }

    func existing(_ person: PersonID, _ reader: any SQLReader) throws -> VaultStorage.PersonRow {
        guard let row = try VaultStorage.person(person, reader) else {
            throw VaultError(.unknownPerson, "there is no person \(person)")
        }
        return row
    }

    // ---- Keys ----

    func currentKey(_ reader: any SQLReader) throws -> TenantKey {
        guard let stored = try VaultStorage.currentKey(reader) else { throw absent }
        return try key(stored.id)
    }

    /// A key by its identifier. One that is missing is fetched for the next try.
    private func key(_ id: [UInt8]) throws -> TenantKey {
        if let key = ring.key(id) { return key }
        ring.refreshAll()
        throw absent
    }

    private var absent: VaultError { VaultError(.locked, "the tenant's key is not in memory") }

    func personKey(_ person: PersonID, _ reader: any SQLReader) throws -> SymmetricKey {
        let row = try existing(person, reader)
        guard let id = row.tenantKey, let wrapped = row.wrappedKey else {
            throw VaultError(.erased, "the person \(person) was erased")
        }
        let tenant = try key(id)
        let bytes = try Sealing.open(
            wrapped, with: tenant.wrapping, binding: Sealing.binding(person: person, tenantKey: id))
        return SymmetricKey(data: bytes)
    }

    func hash(_ value: String, _ kind: PrivacyKind, _ reader: any SQLReader) throws -> [UInt8] {
        guard value.utf8.count <= Vault.valueLimit, let normal = kind.normalised(value) else {
            let rule = kind == .email ? "an e-mail address" : "a phone number of 4 to 20 digits"
            throw VaultError(.invalidValue, field: kind.rawValue, "\(kind.rawValue) must be \(rule)")
        }
        return Sealing.lookupHash(normal, kind: kind, key: try currentKey(reader).lookup)
    }
}
