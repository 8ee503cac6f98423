import Assembly
import AsyncHTTPClient
import Catalog
import Channels
import Demo
import Gateway
import Identity
import Logging
import Money
import Payments
import Reconciliation
import Runtime
import ServiceLifecycle
import Store
import Tenancy
import UnixSignals

/// The demo's mall: a sandbox channel, a house with two tenants and its front door, in one process and three servers'
/// worth of sockets.
struct SampleMall: Sendable {
    struct Stall: Sendable {
        let sample: Shop.Sample
        let tenant: Tenant
        let credential: String
    }

    let house: House
    let group: ServiceGroup
    let sandbox: SandboxServer
    let sandboxGroup: ServiceGroup
    let sandboxServing: Task<Void, any Error>
    let http: HTTPClient
    let stalls: [Stall]
    let ready: Ready

    /// Tells which port a server has taken, or that it never will.
    final class Ready: Sendable {
        private let stream: AsyncStream<Int>
        private let continuation: AsyncStream<Int>.Continuation

        init() { (stream, continuation) = AsyncStream.makeStream() }

        func tell(_ port: Int) { continuation.yield(port) }

        func fail() { continuation.finish() }

        /// Nil when the server failed before it listened.
        func port() async -> Int? {
            for await port in stream { return port }
            return nil
        }
    }

    static func open(
        data: String, examples: String, port: Int, seed: UInt64, registry: PrometheusRegistry, lock: FolderLock
    ) async throws -> SampleMall {
        let sandbox = try SandboxServer(port: 0, behaviour: behaviour(seed: seed))
        let sandboxGroup = ServiceGroup(
            configuration: .init(services: [.init(service: sandbox)], logger: Logger(label: "sandbox")))
        let sandboxServing = Task { try await sandboxGroup.run() }

        var settings = HouseSettings(dataFolder: data)
        settings.environment = "demo"
        settings.sandboxAddress = "http://127.0.0.1:\(await sandbox.port)"
        let house = try await House(settings, lock: lock)
        var stalls: [Stall] = []
        for sample in Shop.samples {
            let tenant = try await house.tenancy.create(
                TenantDraft(
                    slug: sample.slug, name: sample.name, baseCurrency: try Currency(code: sample.currency),
                    country: sample.country, locale: sample.locale))
            let report = try await house.importCatalogue("\(examples)/\(sample.catalogue)", tenant: tenant)
            Terminal.line(
                "\(sample.name): \(report.rowsIn) rows in, \(report.productsCreated) products, "
                    + "\(report.variants) variants, \(report.images) images, \(report.rowsRefused) rows refused")
            let key = try await house.identity.issueKey(
                tenant: "\(tenant.id)", name: "demo", scopes: Array(Role.owner.scopes))
            stalls.append(Stall(sample: sample, tenant: tenant, credential: key.credential))
        }
        var edge = EdgeSettings()
        edge.gateway.port = port
        edge.gateway.rateLimits = .enforced(multiplier: 50)
        let ready = Ready()
        let gateway = house.gateway(edge, metrics: registry) { ready.tell($0) }
        let group = ServiceGroup(
            configuration: .init(
                services: [
                    .init(service: house.caretaker, successTerminationBehavior: .ignore), .init(service: gateway)
                ],
                gracefulShutdownSignals: [.sigterm, .sigint], logger: Logger(label: "kontor")))
        // As many connections as shoppers: one that waits for a slow channel must not keep the others from theirs.
        var client = HTTPClient.Configuration()
        client.connectionPool.concurrentHTTP1ConnectionsPerHostSoftLimit = 256
        return SampleMall(
            house: house, group: group, sandbox: sandbox, sandboxGroup: sandboxGroup, sandboxServing: sandboxServing,
            http: HTTPClient(configuration: client),
            stalls: stalls, ready: ready)
    }

    /// A channel on a bad day.
    static func behaviour(seed: UInt64) -> SandboxBehaviour {
        var behaviour = SandboxBehaviour()
        behaviour.seed = seed
        behaviour.callbackLostPerMille = 40
        behaviour.callbackDoubledPerMille = 120
        behaviour.callbackLatePerMille = 80
        behaviour.callbackReorderedPerMille = 120
        behaviour.slowMs = 300
        return behaviour
    }

    // ---- Its day ----

    /// Returns when the house was stopped by a signal or by `stop`.
    func serve() async throws {
        defer { ready.fail() }
        try await group.run()
    }

    /// Returns the API's address once it is served and the channel knows where to call back.
    /// Nil when it failed to listen; `serve` throws why.
    func waitUntilServing() async throws -> String? {
        guard let port = await ready.port() else { return nil }
        let address = "http://127.0.0.1:\(port)"
        for stall in stalls { try await house.connectSandbox(stall.tenant, publicAddress: address) }
        return address
    }

    func openShops(_ address: String) async throws -> [(shop: Shop, api: ApiClient)] {
        var shops: [(shop: Shop, api: ApiClient)] = []
        for stall in stalls {
            let api = ApiClient(http: http, address: address, credential: stall.credential)
            shops.append((try await Shop.open(stall.sample, api: api), api))
        }
        return shops
    }

    /// Waits until no payment's outcome is open any more: late callbacks have come, unknown outcomes were asked for.
    /// Returns how many are still open after a minute.
    func settle() async throws -> Int64 {
        let patience = ContinuousClock.now + .seconds(60)
        while true {
            var open: Int64 = 0
            for stall in stalls {
                open += try await house.withBook(of: stall.tenant) { book in
                    try await house.settle(book)
                    return try await book.read { try Payments.openOutcomes($0) }
                }
            }
            if open == 0 || ContinuousClock.now > patience { return open }
            try await Task.sleep(for: .milliseconds(200))
        }
    }

    func reports() async throws -> [MallReport] {
        var reports: [MallReport] = []
        for stall in stalls {
            let currency = stall.tenant.baseCurrency
            let (slug, name) = (stall.tenant.slug, stall.sample.name)
            reports.append(
                try await house.withBook(of: stall.tenant) { book in
                    try await book.read { try MallReport.read(slug: slug, name: name, currency: currency, $0) }
                })
        }
        return reports
    }

    func run(_ drill: Drill) async throws {
        try await house.withBook(of: stalls[0].tenant) { book in
            try await book.write("drill") { try drill.run($0) }
        }
    }

    /// Compares the books with what the channel says it did; returns the differences by tenant.
    func statementDifferences(_ reports: [MallReport]) async throws -> [Fault] {
        var differences: [Fault] = []
        for (stall, report) in zip(stalls, reports) {
            let text = try await house.sandboxStatement(stall.tenant, day: house.world.now().civilDay)
            differences += StatementCheck.differences(text, report)
        }
        return differences
    }

    /// What is wrong in the statement on purpose: enough to see every kind of case.
    private static let differences = SandboxDifferences(missing: 3, amount: 2, doubled: 2, late: 1, extra: 2, bare: 1)

    /// Has the day's statement fetched with differences in it, and reconciled.
    func reconcile(_ shops: [(shop: Shop, api: ApiClient)], profile: String) async throws -> [ReconciledDay] {
        let day = house.world.now().civilDay
        guard let businessDay = BusinessDay(day) else { return [] }
        var days: [ReconciledDay] = []
        for (stall, shop) in zip(stalls, shops) {
            let truth = try await house.sandboxStatement(stall.tenant, day: day)
            let payments = truth.split(separator: "\n").count { $0.contains(",payment,") }
            sandbox.inject(Self.differences)
            days.append(
                try await ReconciledDay.run(
                    slug: stall.tenant.slug, currency: stall.tenant.baseCurrency, profile: profile, day: day,
                    expected: Self.differences.count(ofPayments: payments), api: shop.api
                ) { try await house.fetchStatement("sandbox", day: businessDay, of: stall.tenant) })
            sandbox.inject(SandboxDifferences())
        }
        return days
    }

    func showAddresses(_ address: String) {
        Terminal.line()
        Terminal.line("  \(Terminal.bold("Still serving"))  Ctrl-C stops.")
        Terminal.line("    console  \(address)/console")
        Terminal.line("    cases    \(address)/console/reconciliation")
        Terminal.line("    API      \(address)/docs")
        Terminal.line("    figures  \(address)/metrics")
        Terminal.line("    sign in with")
        for stall in stalls { Terminal.line("      \(stall.sample.name)  \(Terminal.dim(stall.credential))") }
    }

    func stop() async { await group.triggerGracefulShutdown() }

    func close() async {
        try? await http.shutdown()
        await house.close()
        await sandboxGroup.triggerGracefulShutdown()
        _ = try? await sandboxServing.value
    }
}
