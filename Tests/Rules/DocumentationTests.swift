import Foundation
import Testing

@testable import Rules

/// The pages for people say nothing that is not so: every example in them is executed.
@Suite("Documentation") struct DocumentationTests {
    private static let root = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
        .deletingLastPathComponent()

    private static func text(_ path: String) throws -> String {
        try String(contentsOf: root.appending(path: path), encoding: .utf8)
    }

    /// The contents of a page's code blocks of one language.
    private static func blocks(_ language: String, of page: String) throws -> [String] {
        try text(page).components(separatedBy: "```\(language)\n").dropFirst().compactMap {
            $0.components(separatedBy: "```").first
        }
    }

    @Test("the tour's examples come to what stands behind them")
    func tour() throws {
        let lines = try Self.blocks("cel", of: "docs/rules/tour.md").joined().split(separator: "\n")
        #expect(lines.count >= 50)
        for line in lines {
            let parts = line.components(separatedBy: "  // ")
            #expect(parts.count == 2, "\(line)")
            let program = try TourCart.environment.compile(parts[0])
            #expect(try program.evaluate(TourCart.bindings).description == parts[1], "\(line)")
        }
    }

    @Test("what the tour calls refused is refused")
    func refusals() {
        for source in [
            "cart.subtotl >= 20000", "cart.subtotal == \"200\"", "cart.subtotal * 1.5", "customer.tier == gold",
            "cart.subtotal = 1"
        ] {
            #expect(throws: CompileError.self, "\(source)") { try TourCart.environment.compile(source) }
        }
        #expect(throws: Never.self) {
            let rule = "customer.orders < 0 && cart.subtotal / 0 > 1000"
            _ = try TourCart.environment.compile(rule).evaluate(TourCart.bindings)
        }
    }

    @Test("the message that the tour shows is the one that the library gives")
    func message() throws {
        let error = #expect(throws: CompileError.self) { try TourCart.environment.compile("cart.subtotl >= 20000") }
        #expect(try Self.text("docs/rules/tour.md").contains("```\n\(String(describing: try #require(error)))\n```"))
    }

    @Test("the page about embedding shows a file that compiles")
    func embedding() throws {
        let shown = try #require(try Self.blocks("swift", of: "docs/rules/embedding.md").first)
        #expect(try Self.text("Tests/Rules/EmbeddingExample.swift") == shown)
        #expect(shown.split(separator: "\n").count { !$0.allSatisfy(\.isWhitespace) } <= 20)
    }

    @Test("the embedded promotion applies to whom it should")
    func promotion() throws {
        let promotion = try Promotion(
            "cart.lines.exists(l, l.category == 'shoes' && l.quantity >= 2) && tier in ['gold', 'silver']")
        let basket = Basket(subtotal: 25_900, lines: [BasketLine(category: "shoes", quantity: 2)])
        #expect(try promotion.applies(to: basket, tier: "gold"))
        #expect(try !promotion.applies(to: basket, tier: "bronze"))
        #expect(try !promotion.applies(to: Basket(subtotal: 0, lines: []), tier: "gold"))
        #expect(throws: CompileError.self) { try Promotion("cart.totl > 3") }
    }

    @Test("a function of a host's own is declared with its types")
    func hostFunction() throws {
        let discount = Function(
            "discount",
            Overload("discount_int_int", .int, .int, .int) { amount, percent in
                guard case .int(let amount) = amount, case .int(let percent) = percent, (0...100).contains(percent)
                else {
                    throw EvaluationError(.invalidArgument, "a discount is 0 to 100 per cent")
                }
                return .int(amount / 100 * percent + amount % 100 * percent / 100)
            })
        let environment = Environment(variables: ["total": .int], functions: [discount])
        #expect(try environment.compile("discount(total, 15)").evaluate(["total": 1_999]).isEqual(to: 299))
        #expect(throws: EvaluationError.self) {
            try environment.compile("discount(total, 101)").evaluate(["total": 1_999])
        }
        #expect(throws: CompileError.self) { try environment.compile("discount(total, '15')") }
    }
}

/// The cart of the tour.
private enum TourCart {
    struct Line: Sendable { var sku: String, category: String, quantity: Int, price: Int }
    struct Cart: Sendable { var subtotal: Int, currency: String, lines: [Line], coupons: [String] }
    struct Customer: Sendable { var tier: String, country: String, orders: Int, since: Timestamp, birthday: String? }

    static let line = HostType<Line>(
        "Line",
        [
            .string("sku") { $0.sku }, .string("category") { $0.category }, .int("quantity") { $0.quantity },
            .int("price") { $0.price }
        ])
    static let cart = HostType<Cart>(
        "Cart",
        [
            .int("subtotal") { $0.subtotal }, .string("currency") { $0.currency },
            .list("lines", of: line) { $0.lines }, .strings("coupons") { $0.coupons }
        ])
    static let customer = HostType<Customer>(
        "Customer",
        [
            .string("tier") { $0.tier }, .string("country") { $0.country }, .int("orders") { $0.orders },
            .timestamp("since") { $0.since }, .value("birthday", .string) { $0.birthday.map(Value.string) }
        ])
    static let environment = Rules.Environment(
        variables: ["cart": cart.type, "customer": customer.type, "now": .timestamp],
        types: HostTypes(cart, customer, line))

    static var bindings: Bindings {
        get throws {
            let basket = Cart(
                subtotal: 25_900, currency: "EUR",
                lines: [
                    Line(sku: "RUN-42", category: "shoes", quantity: 2, price: 9_900),
                    Line(sku: "SOCK-3", category: "socks", quantity: 1, price: 1_100),
                    Line(sku: "CARE-1", category: "care", quantity: 5, price: 1_000)
                ], coupons: ["SPRING"])
            let buyer = Customer(
                tier: "gold", country: "DE", orders: 7, since: try Timestamp(parsing: "2021-03-14T09:30:00Z"),
                birthday: nil)
            return [
                "cart": cart.value(of: basket), "customer": customer.value(of: buyer),
                "now": .timestamp(try Timestamp(parsing: "2026-11-21T18:00:00Z"))
            ]
        }
    }
}
