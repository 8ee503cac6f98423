import ArgumentParser
import Assembly
import Contract
import Foundation
import Identity
import Reconciliation
import Runtime
import Store
import SwiftProtobuf
import Tenancy

/// Whose cases, and who asks. What a person proposes another one approves, so deciding needs a key of one's own.
struct DeskOptions: ParsableArguments {
    @OptionGroup var options: HouseOptions
    @Option(help: "Identifier or slug of the tenant.") var tenant: String
    @Option(help: "Act as the holder of this key; the operator without it. KONTOR_KEY does the same.")
    var key: String?
    @Flag(help: "One JSON document instead of lines.") var json = false

    /// Runs one call of the contract of cases as the key's holder, with the key's scopes.
    func call<Reply: Sendable>(
        _ operation: Contract.Operation, _ access: HouseSettings.Access = .commanding,
        _ body: @escaping @Sendable (Cases, CallContext) async throws -> Reply
    ) async throws -> Reply {
        try await inHouse(operation, access) { house, _, context in try await body(house.cases, context) }
    }

    /// The same of the contract of runs.
    func ask<Reply: Sendable>(
        _ operation: Contract.Operation, _ access: HouseSettings.Access = .commanding,
        _ body: @escaping @Sendable (Reconciliation, CallContext) async throws -> Reply
    ) async throws -> Reply {
        try await inHouse(operation, access) { house, _, context in try await body(house.reconciliation, context) }
    }

    /// The same of the contract of figures, which only looks.
    func measure<Reply: Sendable>(
        _ operation: Contract.Operation,
        _ body: @escaping @Sendable (ReconciliationQuality, Tenant, CallContext) async throws -> Reply
    ) async throws -> Reply {
        try await inHouse(operation, .reading) { house, tenant, context in
            try await body(house.quality, tenant, context)
        }
    }

    private func inHouse<Reply: Sendable>(
        _ operation: Contract.Operation, _ access: HouseSettings.Access,
        _ body: @escaping @Sendable (House, Tenant, CallContext) async throws -> Reply
    ) async throws -> Reply {
        try await options.withHouse(access) { house in
            let tenant = try await house.tenant(tenant)
            let key = key ?? ProcessInfo.processInfo.environment["KONTOR_KEY"]
            var subject = "operator"
            var scopes: Set<String> = ["reconciliation:*"]
            if let key {
                let principal = try await house.identity.identify(key)
                guard principal.tenant == "\(tenant.id)" else { throw Problem.unauthenticated }
                (subject, scopes) = (principal.subject, principal.scopes)
            }
            let (who, what) = (subject, scopes)
            return try await house.withBook(of: tenant) { book in
                let caller = Caller(subject: who, tenant: "\(tenant.id)", scopes: what, book: book)
                guard caller.holds(operation.scope) else { throw Problem.forbidden(scope: operation.scope) }
                return try await body(
                    house, tenant,
                    CallContext(
                        caller: caller, operation: operation, deadline: book.world.now().adding(.seconds(300))))
            }
        }
    }

    /// Shows a reply: as the API writes it, or as lines.
    func show<Reply: Message>(_ reply: Reply, _ lines: (Reply) -> Void) throws {
        if json {
            Terminal.line(String(decoding: try reply.contractJSON(), as: UTF8.self))
        } else {
            lines(reply)
        }
    }

    /// The text of a file that somebody named.
    static func text(of path: String) throws -> String {
        do {
            return try String(contentsOfFile: path, encoding: .utf8)
        } catch {
            throw ValidationError("\(path): cannot be read as UTF-8 text")
        }
    }
}

extension V1RepairEntry {
    /// `rounding_differences ← clearing:sandbox  0.40 EUR  (order-1)`
    var line: String { "\(debit) ← \(credit)  \(amount.words)  (\(reference))" }
}
