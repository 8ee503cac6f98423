import Rules

struct BasketLine: Sendable { var category: String, quantity: Int }
struct Basket: Sendable { var subtotal: Int, lines: [BasketLine] }

struct Promotion: Sendable {
    private static let line = HostType<BasketLine>(
        "shop.Line", [.string("category") { $0.category }, .int("quantity") { $0.quantity }])
    private static let cart = HostType<Basket>(
        "shop.Cart", [.int("subtotal") { $0.subtotal }, .list("lines", of: line) { $0.lines }])
    private static let environment = Environment(
        variables: ["cart": cart.type, "tier": .string], types: HostTypes(cart, line))
    private let condition: Program

    init(_ source: String) throws { condition = try Self.environment.compile(source) }

    func applies(to basket: Basket, tier: String) throws -> Bool {
        let bindings: Bindings = ["cart": Self.cart.value(of: basket), "tier": .string(tier)]
        guard case .bool(let applies) = try condition.evaluate(bindings) else { return false }
        return applies
    }
}
