import Assembly
import Catalog
import Contract
import Foundation
import Gateway
import Identity
import Inventory
import Logging
import Money
import NIOCore
import Runtime
import ServiceLifecycle
import Store
import Tenancy

/// Orders over HTTP on one process: three lines each, stock reserved, journalled, every answer durable.
package enum OrdersBench {
    package struct Settings: Sendable {
        package var orders = 100_000
        package var connections = 128
        package var variants = 500
        package var warmUp = 5_000
        package var store = BenchStore.sqlite
        /// An empty PostgreSQL database; a private server is started when it is nil.
        package var database: String?

        package init() {}
    }

    struct Failure: Error, CustomStringConvertible { let description: String }

    package static func run(_ settings: Settings) async throws -> BenchReport {
        let folder = NSTemporaryDirectory() + "kontor-bench-" + UUID().uuidString
        defer { try? FileManager.default.removeItem(atPath: folder) }
        guard settings.store == .postgres else { return try await run(settings, HouseSettings(dataFolder: folder)) }
        let database = try BenchDatabase(settings.database)
        defer { database.end() }
        try database.checkEmpty()
        // What a plain function call does here at the same time says how fast this machine is today.
        let plain = PlainPostgreSQL(database: database, accounts: 10_000)
        try plain.prepare()
        let rate = try plain.single(transactions: 2_500)
        try plain.remove()
        var house = HouseSettings(dataFolder: folder)
        house.database = database.url
        var report = try await run(settings, house)
        report.compare([
            ("PostgreSQL, transfers by one function call a transaction, \(PlainPostgreSQL.clients) clients", rate, 0)
        ])
        report.details.merge(try database.settings()) { own, _ in own }
        if settings.database != nil { try await BenchBooks.remove(from: database.url) }
        return report
    }

    private static func run(_ settings: Settings, _ houseSettings: HouseSettings) async throws -> BenchReport {
        let house = try await House(houseSettings)
        let tenant = try await house.tenancy.create(
            TenantDraft(slug: "bench", name: "Bench", baseCurrency: .eur, country: "DE"))
        let key = try await house.identity.issueKey(tenant: "\(tenant.id)", name: "bench", scopes: ["*"]).credential
        let variants = try await shelve(settings, house, tenant, houseSettings.dataFolder)

        var edge = EdgeSettings()
        edge.gateway.port = 0
        edge.gateway.rateLimits = .off
        let (ports, told) = AsyncStream.makeStream(of: Int.self)
        let gateway = house.gateway(edge) { told.yield($0) }
        let group = ServiceGroup(
            configuration: .init(
                services: [.init(service: gateway)], logger: Logger(label: "bench") { _ in SwiftLogNoOpLogHandler() }))
        let serving = Task { try await group.run() }
        var iterator = ports.makeAsyncIterator()
        guard let port = await iterator.next() else { throw Failure(description: "the server did not start") }

        let generator = LoadGenerator(port: port, connections: settings.connections)
        let request = requests(variants: variants, key: key)
        let warm = try await generator.run(count: settings.warmUp) { request($0, "w", &$1) }
        guard warm.statuses.keys.allSatisfy({ $0 == 201 }) else {
            throw Failure(description: "warming up: \(warm.statuses) \(warm.firstFailure)")
        }
        let result = try await generator.run(count: settings.orders) { request($0, "m", &$1) }
        guard result.statuses == [201: settings.orders] else {
            throw Failure(description: "not every order was placed: \(result.statuses) \(result.firstFailure)")
        }
        await group.triggerGracefulShutdown()
        _ = try? await serving.value
        await house.close()

        var report = BenchReport(
            name: "orders", count: result.count, seconds: result.seconds, latencies: result.latencies)
        report.details = [
            "connections": "\(settings.connections)", "lines": "3", "store": settings.store.rawValue,
            "durable": "yes"
        ]
        return report
    }

    /// Fills the shelves through the same import that users have; returns the variants.
    private static func shelve(
        _ settings: Settings, _ house: House, _ tenant: Tenant, _ folder: String
    ) async throws -> [String] {
        var csv =
            "Handle,Title,Option1 Name,Option1 Value,Variant SKU,Variant Inventory Tracker,Variant Inventory Qty,Variant Price,Published\n"
        for number in 0..<settings.variants {
            csv +=
                "thing-\(number),Thing \(number),Title,Default Title,SKU-\(number),shopify,100000000,\(10 + number % 90).00,true\n"
        }
        let path = folder + "/bench.csv"
        try csv.write(toFile: path, atomically: true, encoding: .utf8)
        let report = try await house.importCatalogue(path, tenant: tenant)
        guard report.variants == settings.variants else { throw Failure(description: "import: \(report)") }
        let count = settings.variants
        return try await house.withBook(of: tenant) { book in
            try await book.read { try Catalog().sellableVariants(limit: count, reader: $0).map { "\($0)" } }
        }
    }

    private static func requests(
        variants: [String], key: String
    ) -> @Sendable (Int, String, inout ByteBuffer) -> Void {
        let run = UUID().uuidString.prefix(8)
        return { number, phase, buffer in
            let picks = [number, number &* 7 &+ 1, number &* 13 &+ 2].map { variants[$0 % variants.count] }
            let lines = Set(picks).map { "{\"variant_id\":\"\($0)\",\"quantity\":\"1\"}" }.joined(separator: ",")
            let body = "{\"lines\":[\(lines)]}"
            buffer.writeString(
                "POST /v1/orders HTTP/1.1\r\nhost: 127.0.0.1\r\nauthorization: Bearer \(key)\r\n"
                    + "content-type: application/json\r\nidempotency-key: \(run)-\(phase)-\(number)\r\n"
                    + "content-length: \(body.utf8.count)\r\n\r\n" + body)
        }
    }
}
