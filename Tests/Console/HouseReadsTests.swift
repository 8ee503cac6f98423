import Catalog
import Contract
import Foundation
import Orders
import TestStores
import Testing

@testable import Console

@Suite("Pages over the real capabilities", .onBothStores)
struct HouseReadsTests {
    @Test("a sale is seen on every page, and its postings sum to zero")
    func sale() async throws {
        let house = try await House()
        let order = try await house.sell()

        let overview = await house.get("/console")
        #expect(overview.status == 200)
        #expect(overview.text.contains("/console/orders/\(order.orderID)"))
        #expect(overview.text.contains(">49.00<"))
        #expect(overview.text.contains(">4.50<"))
        // The fees of today: the channel kept 0.29, the platform 0.8 % of 49.00 less its share of the refund.
        #expect(overview.text.contains(">0.29<"))
        #expect(overview.text.contains("<title>"))

        let page = await house.get("/console/orders/\(order.orderID)")
        #expect(page.status == 200)
        #expect(page.text.contains("sums to zero"))
        #expect(page.text.contains("Clay &lt;Pot&gt;"))
        #expect(page.text.contains("ch-1"))
        #expect(page.text.contains("scratch"))
        #expect(!page.text.contains("ada@example.org"))
        #expect(page.text.contains("tok_"))

        let payment = try #require(order.payments.first).paymentID
        let moved = await house.get("/console/payments/\(payment)")
        #expect(
            moved.headers.contains {
                $0.name == "location" && $0.value == "/console/orders/\(order.orderID)#\(payment)"
            })
    }

    @Test("the books, the journal and the shelves are shown as they are")
    func books() async throws {
        let house = try await House()
        let order = try await house.sell()

        let trial = await house.get("/console/ledger")
        #expect(trial.text.contains("Balanced"))
        let statement = await house.get("/console/ledger/EUR/customer_deposits")
        #expect(statement.status == 200)
        #expect(statement.text.contains("/console/orders/\(order.orderID)"))
        #expect(await house.get("/console/transfers/1").status == 200)
        #expect(await house.get("/console/ledger/EUR/no_such").status == 404)
        #expect(await house.get("/console/ledger/XXX/cash").status == 404)

        let journal = await house.get("/console/journal")
        #expect(journal.text.contains("OrderPlaced"))
        let verdict = await house.console.handle(
            ConsoleRequest(
                method: "POST", path: "/console/journal/verify", headers: [("cookie", "kontor_session=\(House.key)")]))
        #expect(verdict.text.contains("The chain is intact"))
        let older = await house.get("/console/journal", [("before", "2")])
        #expect(older.status == 200)

        let stock = await house.get("/console/stock")
        #expect(stock.text.contains("Clay &lt;Pot&gt;"))
        #expect(stock.text.contains(">18<"))
        #expect(await house.get("/console/stock", [("q", "clay")]).text.contains("POT"))
        #expect(await house.get("/console/products", [("q", "nothing-like-it")]).text.contains("Nothing matches"))
        let product = await house.get("/console/products/\(house.pots.productID)")
        #expect(product.text.contains(">24.50<"))
        #expect(await house.get("/console/variants/\(house.pots.variants[0].variantID)").status == 303)
    }

    @Test(
        "what cannot be an identifier or a page token is a page with status 404",
        arguments: [
            "/console/orders/x", "/console/products/x", "/console/variants/x", "/console/payments/x",
            "/console/transfers/99999"
        ])
    func nonsense(path: String) async throws {
        let house = try await House()
        #expect(await house.get(path).status == 404)
        #expect(await house.get("/console", [("after", "zzz")]).status == 404)
        #expect(await house.get("/console", [("state", "zzz")]).status == 404)
    }
}
