import Assembly
import Channels
import Foundation
import Gateway
import Identity
import Journal
import Ledger
import Logging
import Runtime
import ServiceLifecycle
import Store
import Tenancy

/// A whole house that really listens, with a sandbox channel beside it, over a folder of its own.
final class Mall: Sendable {
    let folder: String
    let world: World
    let house: House
    let address: String
    let platform: Web
    let sandbox: SandboxServer

    private init(folder: String, world: World, house: House, address: String, platform: Web, sandbox: SandboxServer) {
        self.folder = folder
        self.world = world
        self.house = house
        self.address = address
        self.platform = platform
        self.sandbox = sandbox
    }

    /// A channel without faults that never calls back: what the house learns comes in one order only.
    static var silentChannel: SandboxBehaviour {
        var behaviour = SandboxBehaviour()
        behaviour.callbackLostPerMille = 1000
        return behaviour
    }

    /// Opens a mall, gives it to `body` and closes it, whatever happens. The time stands still unless a test moves it,
    /// and the house's jobs run only when `jobs` says how often.
    static func open<Answer: Sendable>(
        seed: UInt64 = 1, channel: SandboxBehaviour = Mall.silentChannel, realTime: Bool = false,
        jobs: Duration = .seconds(3_600), edge adjust: (inout EdgeSettings) -> Void = { _ in },
        _ body: @Sendable (Mall) async throws -> Answer
    ) async throws -> Answer {
        let folder = Folders.fresh()
        defer { Folders.remove(folder) }
        let world = realTime ? World.system() : World.simulated(seed: seed)
        let sandbox = try SandboxServer(behaviour: channel, logger: Mall.quiet)
        return try await Running.with(sandbox) {
            var settings = HouseSettings(dataFolder: folder)
            settings.environment = "test"
            settings.sandboxAddress = "http://127.0.0.1:\(await sandbox.port)"
            settings.jobInterval = jobs
            let house = try await House(settings, world: world)
            var edge = EdgeSettings()
            edge.gateway.port = 0
            edge.gateway.rateLimits = .off
            adjust(&edge)
            let (ports, found) = AsyncStream.makeStream(of: Int.self)
            let gateway = house.gateway(edge) { found.yield($0) }
            let answer = try await Running.with(gateway) {
                var iterator = ports.makeAsyncIterator()
                let address = "http://127.0.0.1:\(await iterator.next() ?? 0)"
                let key = try await house.identity.issueOperatorKey(name: "operator")
                return try await body(
                    Mall(
                        folder: folder, world: world, house: house, address: address,
                        platform: Web(address: address, credential: key.credential), sandbox: sandbox))
            }
            await house.close()
            return answer
        }
    }

    static let quiet = Logger(label: "scenario", factory: { _ in SwiftLogNoOpLogHandler() })

    // ---- Tenants ----

    /// Makes a tenant and its owner's key over the API, and an account at the sandbox.
    func openShop(_ slug: String, currency: String = "EUR", country: String = "DE") async throws -> Stall {
        let made = try await platform.post(
            "/v1/platform/tenants",
            #"""
            {"slug": "\#(slug)", "name": "House of \#(slug)", "base_currency": "\#(currency)",
            "country": "\#(country)"}
            """#,
            key: "tenant-\(slug)")
        let issued = try await platform.call(
            "POST", "/v1/platform/tenants/\(made.tenant_id.text)/keys", #"{"name": "scenario", "scopes": ["*"]}"#
        ).expecting(201)
        let tenant = try await house.tenant(made.tenant_id.text)
        try await house.connectSandbox(tenant, publicAddress: address)
        return Stall(
            mall: self, tenant: tenant, keyID: issued.key.key_id.text,
            web: Web(address: address, credential: issued.credential.text))
    }

    /// Moves the standing clock.
    func advance(_ duration: Duration) { world.manualClock?.advance(by: duration) }

    var platformHead: String {
        get async throws {
            let head = try await house.platform.read { try Journal.head($0) }
            return "\(head.sequence) \(Hex.text(head.hash))"
        }
    }
}

/// Runs a service beside `body` and stops it gracefully.
enum Running {
    static func with<Answer: Sendable>(
        _ service: some Service, _ body: () async throws -> Answer
    ) async throws -> Answer {
        let group = ServiceGroup(services: [service], logger: Mall.quiet)
        let running = Task { try await group.run() }
        do {
            let answer = try await body()
            await group.triggerGracefulShutdown()
            try await running.value
            return answer
        } catch {
            await group.triggerGracefulShutdown()
            _ = await running.result
            throw error
        }
    }
}

/// Folders of the tests' own.
enum Folders {
    static func fresh() -> String {
        let path = FileManager.default.temporaryDirectory.path + "/kontor-scenario-" + UUID().uuidString
        try? FileManager.default.createDirectory(atPath: path, withIntermediateDirectories: true)
        return path
    }

    static func remove(_ path: String) { try? FileManager.default.removeItem(atPath: path) }

    /// A file of the repository.
    static func repository(_ path: String) -> String {
        URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent().deletingLastPathComponent()
            .deletingLastPathComponent().path + "/" + path
    }

    /// Every file below a folder with its bytes.
    static func contents(_ folder: String) -> [(path: String, bytes: Data)] {
        guard let walker = FileManager.default.enumerator(atPath: folder) else { return [] }
        return walker.compactMap { $0 as? String }.sorted().compactMap { name in
            guard let bytes = FileManager.default.contents(atPath: folder + "/" + name) else { return nil }
            return (name, bytes)
        }
    }
}
