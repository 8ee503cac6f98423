import Assembly
import Foundation
import NIOCore
import Runtime
import Store
import Synchronization

/// Ten thousand tenants: made, migrated, and served in random order by one process with few books open.
package enum TenantsBench {
    package struct Settings: Sendable {
        package var count = 10_000
        package var store = BenchStore.sqlite
        /// An empty PostgreSQL database; a private server is started when it is nil.
        package var database: String?
        /// Books that the serving process may have open at once.
        package var openBooks = 256
        /// Tenants that are made at once, and connections of the load.
        package var workers = 4
        /// Requests of the passes that do not go to every tenant.
        package var requests = 2_000

        package init() {}
    }

    struct Failure: Error, CustomStringConvertible { let description: String }

    /// Begins to show how far a step is, out of a total, and returns how to move that.
    package typealias Progress = @Sendable (_ label: String, _ total: Int) -> @Sendable (Int) -> Void

    package static func run(_ settings: Settings, _ progress: Progress) async throws -> BenchReport {
        let folder = NSTemporaryDirectory() + "kontor-bench-" + UUID().uuidString
        defer { try? FileManager.default.removeItem(atPath: folder) }
        var house = HouseSettings(dataFolder: folder)
        house.access = .commanding
        // Whoever makes tenants needs each book once.
        house.maximumOpenBooks = 4 * settings.workers
        guard settings.store == .postgres else { return try await run(settings, house, nil, progress) }
        let database = try BenchDatabase(settings.database)
        defer { database.end() }
        try database.checkEmpty()
        house.database = database.url
        var report = try await run(settings, house, database, progress)
        report.details.merge(try database.settings()) { own, _ in own }
        if settings.database != nil { try await BenchBooks.remove(from: database.url) }
        return report
    }

    private static func run(
        _ settings: Settings, _ house: HouseSettings, _ database: BenchDatabase?, _ progress: Progress
    ) async throws -> BenchReport {
        let nursery = Nursery(settings: house, count: settings.count, workers: settings.workers)
        let made = try await nursery.make(progress("creating", settings.count))
        let migrated = try await nursery.migrate(progress("migrating", settings.count))
        let size = try database.map { try $0.megabytes() } ?? megabytes(of: house.dataFolder)
        let served = try await serve(settings, house, database, made.credentials, progress)

        var report = BenchReport(
            name: "tenants", count: settings.count, seconds: made.seconds, latencies: served.cold.latencies)
        report.peak_memory_mb = served.memory.peak
        report.figures = [
            "creations_per_second": report.rate_per_second,
            "creation_p50_ms": made.latencies.percentile(50), "creation_p99_ms": made.latencies.percentile(99),
            "migrations_per_second": (Double(settings.count) / migrated).rounded(),
            "ready_seconds": served.ready,
            "cold_p50_ms": served.cold.latencies.percentile(50), "cold_p99_ms": served.cold.latencies.percentile(99),
            "cold_per_second": served.cold.rate,
            "warm_p50_ms": served.warm.latencies.percentile(50), "warm_p99_ms": served.warm.latencies.percentile(99),
            "warm_per_second": served.warm.rate,
            "write_p50_ms": served.writes.latencies.percentile(50),
            "write_p99_ms": served.writes.latencies.percentile(99), "writes_per_second": served.writes.rate,
            "memory_mb": served.memory.now, "peak_memory_mb": served.memory.peak,
            "most_open_files": Double(served.peaks.files), "most_open_connections": Double(served.peaks.connections),
            "most_open_sqlite_books": Double(served.peaks.books), "megabytes_a_tenant": size / Double(settings.count)
        ]
        report.details = [
            "store": settings.store.rawValue, "workers": "\(settings.workers)",
            "open_books_allowed": "\(settings.openBooks)",
            "cold": "the first request to each tenant, in random order: GET /v1/tenant",
            "warm": "GET /v1/tenant of tenants whose books are open",
            "writes": "POST /v1/inventory/locations of random tenants, most of them cold",
            "memory": "of the serving process alone"
        ]
        return report
    }

    // ---- Serving ----

    private struct Served {
        var cold: LoadGenerator.Result
        var warm: LoadGenerator.Result
        var writes: LoadGenerator.Result
        var ready: Double
        var memory: (now: Double, peak: Double)
        var peaks: ProcessWatch.Peaks
    }

    private static func serve(
        _ settings: Settings, _ house: HouseSettings, _ database: BenchDatabase?, _ credentials: [String],
        _ progress: Progress
    ) async throws -> Served {
        let arguments = ["--data", house.dataFolder, "--rate-limit-multiplier", "1000000"]
        let started = ContinuousClock.now
        let server = try ServerProcess(
            arguments + (house.database.map { ["--database", $0] } ?? []), port: ServerProcess.port(),
            environment: ["KONTOR_BOOKS_MAXIMUM": "\(settings.openBooks)"])
        defer { server.kill() }
        try server.waitUntilReady(seconds: 120)
        let ready = (ContinuousClock.now - started).inSeconds
        let watch = ProcessWatch(server, database)
        defer { watch.stop() }

        var random = RandomSource(seed: 20_261_121).generator
        let order = credentials.shuffled(using: &random)
        let load = Load(port: server.port, connections: settings.workers)
        let cold = try await load.read(order, progress("cold requests", order.count))
        // The books of the last ones are open still.
        let open = order.suffix(max(1, settings.openBooks / 2))
        let warmOrder = (0..<settings.requests).map { _ in open.randomElement(using: &random) ?? order[0] }
        let warm = try await load.read(warmOrder, progress("warm requests", settings.requests))
        let writeOrder = (0..<settings.requests).map { _ in order.randomElement(using: &random) ?? order[0] }
        let writes = try await load.write(writeOrder, progress("writes", settings.requests))
        let memory = server.memory
        let peaks = watch.stop()
        try server.stop()
        return Served(cold: cold, warm: warm, writes: writes, ready: ready, memory: memory, peaks: peaks)
    }

    private static func megabytes(of folder: String) throws -> Double {
        let text = try Programs.run("/usr/bin/du", ["-sm", folder])
        return text.split(whereSeparator: \.isWhitespace).first.flatMap { Double($0) } ?? 0
    }
}

/// Requests to a house, each with a credential of its own.
private struct Load {
    let port: Int
    let connections: Int

    func read(_ credentials: [String], _ told: @escaping @Sendable (Int) -> Void) async throws -> LoadGenerator.Result {
        try await run(credentials, expecting: 200, told) { credential, _, buffer in
            buffer.writeString(
                "GET /v1/tenant HTTP/1.1\r\nhost: 127.0.0.1\r\nauthorization: Bearer \(credential)\r\n\r\n")
        }
    }

    func write(_ credentials: [String], _ told: @escaping @Sendable (Int) -> Void) async throws -> LoadGenerator.Result
    {
        try await run(credentials, expecting: 201, told) { credential, number, buffer in
            let body = "{\"code\":\"shop-\(number)\",\"name\":\"Shop \(number)\"}"
            buffer.writeString(
                "POST /v1/inventory/locations HTTP/1.1\r\nhost: 127.0.0.1\r\nauthorization: Bearer \(credential)\r\n"
                    + "content-type: application/json\r\nidempotency-key: shop-\(number)\r\n"
                    + "content-length: \(body.utf8.count)\r\n\r\n" + body)
        }
    }

    private func run(
        _ credentials: [String], expecting status: Int, _ told: @escaping @Sendable (Int) -> Void,
        _ request: @escaping @Sendable (String, Int, inout ByteBuffer) -> Void
    ) async throws -> LoadGenerator.Result {
        let generator = LoadGenerator(port: port, connections: connections)
        let result = try await generator.run(count: credentials.count) { number, buffer in
            told(number + 1)
            request(credentials[number], number, &buffer)
        }
        guard result.statuses == [status: credentials.count] else {
            throw TenantsBench.Failure(
                description: "not every request was answered with \(status): \(result.statuses) \(result.firstFailure)")
        }
        return result
    }
}

extension LoadGenerator.Result {
    fileprivate var rate: Double { (Double(count) / seconds).rounded() }
}

extension ProcessWatch {
    /// Looks at the files of a server, and once a second at the connections of its database.
    fileprivate convenience init(_ server: ServerProcess, _ database: BenchDatabase?) {
        self.init { look in
            let open = server.openFiles()
            var peaks = Peaks(files: open.all, books: open.books)
            if let database, look % 10 == 1 {
                peaks.connections = (try? database.connections()) ?? 0
            }
            return peaks
        }
    }
}
