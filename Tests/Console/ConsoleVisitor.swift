import Contract
import Foundation
import Runtime
import Store
import TestStores

@testable import Console

/// A console over the sample mall, and a browser that has signed in.
struct ConsoleVisitor {
    static let key = "kontor_test_abc_secret"
    let console: Console
    let caller: Caller
    var language = "en"
    var cookie: String? = "kontor_session=\(key)"

    init(
        _ reads: any ConsoleReads = SampleReads(),
        reconciliation: any ReconciliationReads = SampleReconciliation(), scopes: Set<String> = ["*"]
    ) async throws {
        let start = SampleReads.at(75_200)
        let book = try await TestBook.make(migrations: [], world: .simulated(seed: 1, start: start)).book
        let caller = Caller(subject: "key_01kakyz", tenant: "ten_01kakyz", scopes: scopes, book: book)
        self.caller = caller
        console = Console(
            authenticate: { credential in
                guard credential == Self.key else { throw Problem.unauthenticated }
                return caller
            }, reads: reads, reconciliation: reconciliation, tenantName: { _ in "Kaufhaus Nord" })
    }

    func get(
        _ path: String, _ query: [(name: String, value: String)] = [], headers: [(name: String, value: String)] = []
    ) async -> ConsoleReply {
        await console.handle(ConsoleRequest(path: path, query: query, headers: common + headers))
    }

    func post(
        _ path: String, _ body: String = "", headers: [(name: String, value: String)] = []
    ) async -> ConsoleReply {
        let form: [(name: String, value: String)] = [("content-type", "application/x-www-form-urlencoded")]
        return await console.handle(
            ConsoleRequest(method: "POST", path: path, headers: common + form + headers, body: Array(body.utf8)))
    }

    /// Sends a form with one file, as browsers do.
    func post(
        _ path: String, file name: String, _ content: [UInt8], headers: [(name: String, value: String)] = []
    ) async -> ConsoleReply {
        await console.handle(
            ConsoleRequest(
                method: "POST", path: path, headers: common + [("content-type", MultipartTests.type)] + headers,
                body: MultipartTests.body([MultipartTests.file(name, content)])))
    }

    private var common: [(name: String, value: String)] {
        var headers: [(name: String, value: String)] = [("host", "mall.test"), ("accept-language", language)]
        if let cookie { headers.append(("cookie", cookie)) }
        return headers
    }

    /// Every page that shows something of the sample mall.
    static let pages = [
        "/console", "/console/orders/\(SampleReads.orderID)", "/console/ledger",
        "/console/ledger/EUR/customer_deposits", "/console/transfers/18204", "/console/references/settlement-1",
        "/console/journal", "/console/stock", "/console/products", "/console/products/\(SampleReads.productID)",
        "/console/rules", "/console/reconciliation",
        "/console/reconciliation/runs/\(SampleReconciliation.runID)",
        "/console/reconciliation/runs/run_01kakyz3v0e9ra5h8v2q5m7two", "/console/reconciliation/cases",
        "/console/reconciliation/cases/\(SampleReconciliation.caseID)",
        "/console/reconciliation/open-items/wechat/EUR", "/console/reconciliation/reports/2026-11-20"
    ]
}

/// For people: `KONTOR_PAGES=folder swift test` keeps what was rendered, to be looked at in a browser.
enum Album {
    static func keep(_ reply: ConsoleReply, _ name: String) throws {
        guard let folder = ProcessInfo.processInfo.environment["KONTOR_PAGES"] else { return }
        try reply.text.replacing("/console/assets/", with: "")
            .write(toFile: "\(folder)/\(name).html", atomically: true, encoding: .utf8)
        for (file, text) in [("console.css", Stylesheet.text), ("console.js", Script.text)] {
            try text.write(toFile: "\(folder)/\(file)", atomically: true, encoding: .utf8)
        }
    }
}
