import Assembly
import Channels
import Identity
import Money
import Runtime
import Tenancy
import Testing

/// A folder of data with one tenant, prepared in this process and then served by another one.
struct Outpost: Sendable {
    let folder: String
    let sandbox: String
    let tenant: Tenant
    let credential: String
    let variant: String

    static let stock: Int64 = 1_000_000

    /// Makes the folder with one tenant, its key, its account at the sandbox and one variant with plenty of stock.
    static func with<Answer: Sendable>(
        channel: SandboxBehaviour = Mall.silentChannel, _ body: @Sendable (Outpost) async throws -> Answer
    ) async throws -> Answer {
        let folder = Folders.fresh()
        defer { Folders.remove(folder) }
        let server = try SandboxServer(behaviour: channel, logger: Mall.quiet)
        return try await Running.with(server) {
            let sandbox = "http://127.0.0.1:\(await server.port)"
            let (tenant, credential) = try await Outpost.house(folder, sandbox) { house in
                let tenant = try await house.tenancy.create(
                    TenantDraft(slug: "outpost", name: "Outpost", baseCurrency: .eur, country: "DE"))
                try await house.connectSandbox(tenant)
                let key = try await house.identity.issueKey(tenant: "\(tenant.id)", name: "load", scopes: ["*"])
                return (tenant, key.credential)
            }
            let process = try await KontorProcess.serve(folder, sandbox: sandbox)
            let web = Web(address: process.address, credential: credential)
            let product = try await web.post(
                "/v1/catalog/products",
                #"""
                {"title": "Nail", "status": "published", "variants": [{"sku": "NAIL", "price": {"minor": "250",
                "currency": "EUR"}}]}
                """#,
                key: "nail")
            let variant = product.variants[0].variant_id.text
            _ = try await web.post(
                "/v1/inventory/adjustments",
                #"{"variant_id": "\#(variant)", "reason": "received", "quantity": "\#(stock)", "reference": "nails"}"#,
                key: "nails")
            #expect(await process.stop() == 0, "SIGTERM ends the process with 0")
            return try await body(
                Outpost(folder: folder, sandbox: sandbox, tenant: tenant, credential: credential, variant: variant))
        }
    }

    func serve(_ arguments: [String] = []) async throws -> (process: KontorProcess, web: Web) {
        let process = try await KontorProcess.serve(folder, sandbox: sandbox, arguments)
        return (process, Web(address: process.address, credential: credential))
    }

    /// Opens the data in this process, while no other one has it.
    static func house<Answer: Sendable>(
        _ folder: String, _ sandbox: String, _ body: (House) async throws -> Answer
    ) async throws -> Answer {
        var settings = HouseSettings(dataFolder: folder)
        settings.environment = "test"
        settings.sandboxAddress = sandbox
        settings.jobInterval = .seconds(3_600)
        let house = try await House(settings)
        do {
            let answer = try await body(house)
            await house.close()
            return answer
        } catch {
            await house.close()
            throw error
        }
    }

    func house<Answer: Sendable>(_ body: (House) async throws -> Answer) async throws -> Answer {
        try await Outpost.house(folder, sandbox, body)
    }
}
