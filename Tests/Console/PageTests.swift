import Contract
import Foundation
import Testing

@testable import Console

@Suite("Pages")
struct PageTests {
    @Test("every page answers in both languages and names its language", arguments: ConsoleVisitor.pages, ["en", "zh"])
    func everyPage(path: String, language: String) async throws {
        var visitor = try await ConsoleVisitor()
        visitor.language = language
        let reply = await visitor.get(path)
        #expect(reply.status == 200)
        #expect(reply.text.contains(language == "en" ? #"<html lang="en">"# : #"<html lang="zh-Hans">"#))
        #expect(reply.text.contains("Kaufhaus Nord"))
        try Album.keep(reply, path.dropFirst().replacing("/", with: "-") + "-\(language)")
    }

    @Test(
        "no page refers to another site, and none has a script or a style of its own", arguments: ConsoleVisitor.pages)
    func nothingForeign(path: String) async throws {
        let text = await (try await ConsoleVisitor()).get(path).text
        #expect(!text.contains("://"))
        #expect(!text.contains("=\"//"))
        #expect(!text.contains(" style="))
        #expect(!text.contains("<style"))
        #expect(text.components(separatedBy: "<script").count == 2)
        #expect(text.contains(#"<script src="/console/assets/console.js" defer></script>"#))
        #expect(try !text.contains(Regex(" on[a-z]+=")))
    }

    @Test("titles are escaped, whatever they hold", arguments: ConsoleVisitor.pages)
    func escaped(path: String) async throws {
        let text = await (try await ConsoleVisitor()).get(path).text
        #expect(!text.contains("<script>"))
        #expect(!text.contains("alert(\"1\")"))
        #expect(!text.contains("<b>V</b>"))
    }

    @Test("a hostile search is shown as text")
    func hostileSearch() async throws {
        let reply = await (try await ConsoleVisitor()).get(
            "/console/stock", [("q", #""><script>alert(1)</script>"#)])
        #expect(reply.status == 200)
        #expect(!reply.text.contains("<script>"))
        #expect(reply.text.contains("&lt;script&gt;"))
    }

    @Test(
        "an empty mall has pages too",
        arguments: ["/console", "/console/ledger", "/console/journal", "/console/stock", "/console/products"])
    func empty(path: String) async throws {
        let reply = await (try await ConsoleVisitor(SampleReads(isEmpty: true))).get(path)
        #expect(reply.status == 200)
        #expect(reply.text.contains("empty"))
    }

    @Test(
        "an address that names nothing is a page with status 404",
        arguments: [
            "/console/nowhere", "/console/orders/ord_unknown", "/console/ledger/EUR/nothing", "/console/transfers/x",
            "/console/references/nothing", "/console/%zz", "/console/orders"
        ])
    func unknown(path: String) async throws {
        let reply = await (try await ConsoleVisitor()).get(path)
        #expect(reply.status == 404)
        #expect(reply.text.contains("Nothing is here"))
        try Album.keep(reply, "notice")
    }

    @Test("a page without its scope says which one is missing, and is not offered")
    func scopes() async throws {
        let visitor = try await ConsoleVisitor(scopes: ["orders:*"])
        let refused = await visitor.get("/console/ledger")
        #expect(refused.status == 403)
        #expect(refused.text.contains("ledger:read"))
        let overview = await visitor.get("/console")
        #expect(overview.status == 200)
        #expect(!overview.text.contains(#"href="/console/journal""#))
        let order = await visitor.get("/console/orders/\(SampleReads.orderID)")
        #expect(order.status == 200)
        #expect(order.text.contains("payments:read"))
        #expect(!order.text.contains("sbx_7d2a"))
    }

    @Test("an order shows its postings, which sum to zero, and each reference is a link")
    func order() async throws {
        let text = await (try await ConsoleVisitor()).get("/console/orders/\(SampleReads.orderID)").text
        #expect(text.contains("sums to zero"))
        #expect(!text.contains("does not balance"))
        #expect(text.contains(#"href="/console/ledger/EUR/customer_deposits""#))
        #expect(text.contains(#"href="/console/ledger/EUR/clearing%3Asandbox""#))
        #expect(text.contains(#"href="/console/transfers/18205""#))
        #expect(text.contains(##"href="#\##(SampleReads.paymentID)""##))
        #expect(text.contains("insufficient_funds"))
        #expect(text.contains("19 %"))
    }

    @Test("from the trial balance to the cause of an amount are two clicks")
    func twoClicks() async throws {
        let visitor = try await ConsoleVisitor()
        let trial = await visitor.get("/console/ledger").text
        #expect(trial.contains(#"href="/console/ledger/EUR/customer_deposits""#))
        let statement = await visitor.get("/console/ledger/EUR/customer_deposits").text
        #expect(statement.contains(#"href="/console/orders/\#(SampleReads.orderID)""#))
    }

    @Test("a trial balance that does not balance says so and names the difference")
    func unbalanced() async throws {
        let text = await (try await ConsoleVisitor(SampleReads(fault: "changed"))).get("/console/ledger").text
        #expect(text.contains("Not balanced"))
        #expect(text.contains(">400<"))
    }

    @Test("verifying shows the verdict, good or bad")
    func verify() async throws {
        let good = await (try await ConsoleVisitor()).post("/console/journal/verify")
        #expect(good.text.contains("The chain is intact"))
        #expect(good.text.contains("11,482 events verified in 84 ms"))
        let bad = await (try await ConsoleVisitor(SampleReads(fault: "changed"))).post("/console/journal/verify")
        #expect(bad.text.contains("The chain is broken"))
        #expect(bad.text.contains("event 7204"))
        try Album.keep(good, "verdict-good")
        try Album.keep(bad, "verdict-bad")
        // Opening the verdict's address again asks for the journal, not for a second verification.
        #expect(location(await (try await ConsoleVisitor()).get("/console/journal/verify")) == "/console/journal")
    }

    @Test("a payment leads to its order, a variant to its product")
    func redirects() async throws {
        let visitor = try await ConsoleVisitor()
        let payment = await visitor.get("/console/payments/\(SampleReads.paymentID)")
        #expect(payment.status == 303)
        #expect(location(payment) == "/console/orders/\(SampleReads.orderID)#\(SampleReads.paymentID)")
        let variant = await visitor.get("/console/variants/var_1")
        #expect(location(variant) == "/console/products/\(SampleReads.productID)#var_1")
    }

    @Test("the script gets the main region alone")
    func fragment() async throws {
        let visitor = try await ConsoleVisitor()
        let part = await visitor.get("/console", headers: [("x-fragment", "1")]).text
        #expect(!part.contains("<html"))
        #expect(!part.contains("<main"))
        #expect(part.contains("Orders of today"))
        #expect(await visitor.get("/console").text.contains(#"data-live="4""#))
    }

    private func location(_ reply: ConsoleReply) -> String? { reply.headers.first { $0.name == "location" }?.value }
}
