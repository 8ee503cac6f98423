import Assembly
import Foundation
import Journal
import Runtime
import Store
import Tenancy

/// A book whose chain is read: a tenant's, or the platform's.
struct AuditedBook {
    let house: House
    let tenant: Tenant?

    init(house: House, tenant: Tenant?) {
        self.house = house
        self.tenant = tenant
    }

    /// How a checkpoint names it.
    var label: String { tenant.map { "\($0.id)" } ?? "platform" }

    func read<Answer: Sendable>(
        _ body: @escaping @Sendable (any SQLReader) throws -> Answer
    ) async throws -> Answer {
        guard let tenant else { return try await house.platform.read(body) }
        return try await house.withBook(of: tenant) { try await $0.read(body) }
    }

    static func all(_ house: House) async throws -> [AuditedBook] {
        var books = [AuditedBook(house: house, tenant: nil)]
        var last: Tenant?
        while true {
            let page = try await house.tenancy.tenants(after: last?.id)
            if page.isEmpty { return books }
            books += page.map { AuditedBook(house: house, tenant: $0) }
            last = page.last
        }
    }
}

extension JournalEvent {
    /// One line of JSON with everything that the hash covers; bytes in hexadecimal.
    var exported: String {
        var json = JSONText()
        json.member("version", Int64(version))
        json.member("sequence", sequence)
        json.member("time_us", time.microseconds)
        json.member("type", type)
        json.member("payload", Hex.text(payload))
        json.member("previous_hash", Hex.text(previousHash))
        json.member("hash", Hex.text(hash))
        return json.ended()
    }
}
