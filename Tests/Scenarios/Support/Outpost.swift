import Assembly
import Channels
import Contract
import Identity
import Money
import Orders
import Runtime
import Store
import Tenancy
import Testing

/// A folder of data, or a folder of keys and a database, with one tenant: prepared in this process and then served by
/// others.
struct Outpost: Sendable {
    let folder: String
    /// The URL of the database; nil when the books are files in the folder.
    let database: String?
    let sandbox: String
    let tenant: Tenant
    let credential: String
    let variant: String

    static let stock: Int64 = 1_000_000

    /// Makes the house with one tenant, its key, its account at the sandbox and one variant with plenty of stock.
    static func with<Answer: Sendable>(
        channel: SandboxBehaviour = Mall.silentChannel, database: String? = nil, folder given: String? = nil,
        _ body: @Sendable (Outpost) async throws -> Answer
    ) async throws -> Answer {
        let folder = given ?? Folders.fresh()
        defer { if given == nil { Folders.remove(folder) } }
        let server = try SandboxServer(behaviour: channel, logger: Mall.quiet)
        return try await Running.with(server) {
            let sandbox = "http://127.0.0.1:\(await server.port)"
            let (tenant, credential) = try await Outpost.house(folder, database, sandbox) { house in
                let tenant = try await house.tenancy.create(
                    TenantDraft(slug: "outpost", name: "Outpost", baseCurrency: .eur, country: "DE"))
                try await house.connectSandbox(tenant)
                let key = try await house.identity.issueKey(tenant: "\(tenant.id)", name: "load", scopes: ["*"])
                return (tenant, key.credential)
            }
            let process = try await KontorProcess.serve(folder, sandbox: sandbox, database: database)
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
                Outpost(
                    folder: folder, database: database, sandbox: sandbox, tenant: tenant, credential: credential,
                    variant: variant))
        }
    }

    /// Starts a process that serves the house. `reaching` is another way to the same database, such as a proxy's.
    func serve(_ arguments: [String] = [], reaching url: String? = nil) async throws -> (
        process: KontorProcess, web: Web
    ) {
        let process = try await KontorProcess.serve(
            folder, sandbox: sandbox, database: database.map { url ?? $0 }, arguments)
        return (process, Web(address: process.address, credential: credential))
    }

    /// Opens the data in this process: while no other one has the folder, or beside those that share the database.
    static func house<Answer: Sendable>(
        _ folder: String, _ database: String?, _ sandbox: String, _ body: (House) async throws -> Answer
    ) async throws -> Answer {
        var settings = HouseSettings(dataFolder: folder)
        settings.database = database
        if database != nil { settings.access = .commanding }
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
        try await Outpost.house(folder, database, sandbox, body)
    }

    /// What the tenant's book says, and every order in it.
    func look() async throws -> (audit: Audit, orders: [String]) {
        try await house { house in
            try await house.withBook(of: tenant) { book in
                if database == nil { try await house.settle(book) }
                return try await book.read { reader in
                    (try Audit(reader), try reader.query("SELECT id FROM orders") { "\(try $0.get(0) as OrderID)" })
                }
            }
        }
    }
}
