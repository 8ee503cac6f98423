import Rules

/// The rules that are measured, and the cart that they are measured on.
enum Workload {
    struct Item {
        let name: String
        let expression: String
        let environment: Environment
        let bindings: Bindings
    }

    struct Line: Sendable {
        let category: String
        let quantity: Int
    }

    struct Cart: Sendable {
        let subtotal: Int
        let lines: [Line]
    }

    struct Customer: Sendable {
        let tier: String
    }

    static let promotion = """
        cart.lines.exists(l, l.category == "shoes" && l.quantity >= 2) && cart.subtotal >= 20000 \
        && customer.tier in ["gold", "silver"]
        """

    /// Twenty lines of which the last is the one that is looked for.
    static let lines =
        Array(repeating: Line(category: "books", quantity: 1), count: 19) + [Line(category: "shoes", quantity: 2)]

    static func cases() throws -> [Item] {
        let line = HostType<Line>("shop.Line", [.string("category") { $0.category }, .int("quantity") { $0.quantity }])
        let cart = HostType<Cart>(
            "shop.Cart", [.int("subtotal") { $0.subtotal }, .list("lines", of: line) { $0.lines }])
        let customer = HostType<Customer>("shop.Customer", [.string("tier") { $0.tier }])
        let typed = Environment(
            variables: [
                "cart": cart.type, "customer": customer.type, "total": .int, "limit": .int, "tier": .string
            ],
            types: HostTypes(line, cart, customer))
        let plain = Environment(variables: ["cart": .dynamic, "customer": .dynamic])
        let scalars: Bindings = ["total": 25_000, "limit": 20_000, "tier": "gold"]
        let structures: Bindings = [
            "cart": cart.value(of: Cart(subtotal: 25_000, lines: lines)),
            "customer": customer.value(of: Customer(tier: "gold"))
        ]
        let maps: Bindings = ["cart": try cartAsMap(), "customer": .map(MapValue(["tier": "gold"]))]
        return [
            Item(name: "promotion", expression: promotion, environment: typed, bindings: structures),
            Item(name: "promotion over maps", expression: promotion, environment: plain, bindings: maps),
            Item(name: "int comparison", expression: "total >= 20000", environment: typed, bindings: scalars),
            Item(name: "two variables", expression: "total > limit", environment: typed, bindings: scalars),
            Item(name: "text comparison", expression: #"tier == "gold""#, environment: typed, bindings: scalars),
            Item(
                name: "membership", expression: #"tier in ["gold", "silver"]"#, environment: typed, bindings: scalars),
            Item(
                name: "arithmetic", expression: "total - total * 15 / 100 == 21250", environment: typed,
                bindings: scalars),
            Item(name: "a pattern", expression: #"tier.matches("^g.*d$")"#, environment: typed, bindings: scalars)
        ]
    }

    private static func cartAsMap() throws -> Value {
        let elements = lines.map { line in
            Value.map(MapValue(["category": .string(line.category), "quantity": .int(Int64(line.quantity))]))
        }
        return .map(MapValue(["subtotal": 25_000, "lines": .list(elements)]))
    }
}
