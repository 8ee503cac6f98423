import Console
import Contract
import Gateway
import Reconciliation
import Store
import Tenancy

extension House {
    /// The console's pages, for the gateway.
    func consoleRoutes(secureCookies: Bool) -> [ExtraRoute] {
        let authenticator = authenticator
        let console = Console(
            authenticate: { credential in
                try await authenticator.authenticate(bearer: credential, operation: House.consoleVisit, path: [:])
            },
            reads: HouseReads(
                orders: orders, payments: payments, ledger: ledger, inventory: inventory, catalog: catalog),
            reconciliation: HouseReconciliation(runs: reconciliation, cases: cases, quality: quality),
            tenantName: { caller in (try? await caller.book.read { try TenantProfile.read($0).name }) ?? caller.tenant
            },
            secureCookies: secureCookies)
        return [
            ExtraRoute(
                prefix: Console.root, bodyLimit: { await console.bodyLimit(of: ConsoleRequest($0)) },
                handle: { request in
                    let reply = await console.handle(ConsoleRequest(request))
                    return PageReply(
                        status: reply.status, contentType: reply.contentType, headers: reply.headers, body: reply.body)
                })
        ]
    }

    /// What signing in to the console needs: any credential of a tenant. Each page then asks for its own scope.
    private static let consoleVisit = Operation(
        name: "kontor.console/Visit", capability: "console", summary: "Look at the console.", method: .get,
        path: Console.root, scope: "",
        price: Price(meter: "console.visits", tier: .free, quotaScope: .caller, ratePerSecond: 100, burst: 200),
        promise: Promise(p99Ms: 500, errorRatePpm: 1_000, throughputPerSecond: 100, deadlineMs: 10_000))
}

extension ConsoleRequest {
    init(_ request: PageRequest) {
        self.init(
            method: request.method, path: request.path, query: request.query, headers: request.headers,
            body: request.body, isBodyCut: request.isBodyCut)
    }
}
