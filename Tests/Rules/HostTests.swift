import Synchronization
import Testing

@testable import Rules

@Suite("A host lends its own structures and functions")
struct HostTests {
    struct Line: Sendable {
        var category: String
        var quantity: Int
        var note: String?
    }

    struct Cart: Sendable {
        var lines: [Line]
        var subtotalMinor: Int64
        var coupon: String?
    }

    static let line = HostType<Line>(
        "shop.Line",
        [
            .string("category") { $0.category }, .int("quantity") { $0.quantity },
            .optionalString("note") { $0.note }
        ])
    static let cart = HostType<Cart>(
        "shop.Cart",
        [
            .list("lines", of: line) { $0.lines }, .int64("subtotal") { $0.subtotalMinor },
            .optionalString("coupon") { $0.coupon }, .object("first", of: line) { $0.lines.first },
            .strings("categories") { $0.lines.map(\.category) }
        ])

    private let environment = Environment(
        variables: ["cart": cart.type],
        functions: [
            Function(
                "doubled",
                Overload("doubled_int", .int, .int) { value in
                    guard case .int(let number) = value else { return value }
                    return .int(number * 2)
                }),
            Function(
                "total",
                Overload("cart_total", member: [cart.type, .int], .int) { arguments, _ in
                    guard case .object(let cart) = arguments[0] else { return 0 }
                    return try cart.field(named: "subtotal") ?? 0
                })
        ],
        types: HostTypes(cart, line))

    private let bindings: Bindings = [
        "cart": cart.value(
            of: Cart(
                lines: [Line(category: "hats", quantity: 1), Line(category: "shoes", quantity: 3, note: "gift")],
                subtotalMinor: 2_500))
    ]

    @Test(
        "fields, lists of structures and functions, checked or not",
        arguments: [
            "cart.subtotal == 2500", "cart.lines.exists(l, l.category == 'shoes' && l.quantity >= 2)",
            "!has(cart.coupon)", "cart.coupon == null", "has(cart.lines[1].note)", "cart.first.category == 'hats'",
            "cart.lines.size() == 2", "cart.lines.map(l, l.quantity) == [1, 3]", "'hats' in cart.categories",
            "doubled(cart.lines[1].quantity) == 6", "cart.total(1) == 2500", "cart == cart",
            "cart.lines[0] == cart.first", "cart.lines[0] != cart.lines[1]", "cart.?coupon.orValue('none') == 'none'",
            "type(cart) == shop.Cart", "cart.lines.filter(l, l.quantity > 1)[0].note == 'gift'"
        ])
    func reading(source: String) throws {
        for isChecked in [true, false] {
            #expect(try environment.compile(source, isChecked: isChecked).evaluate(bindings).isEqual(to: true))
        }
    }

    @Test("a mistake in a field's name or type is found before the rule runs")
    func mistakes() {
        for source in ["cart.total", "cart.subtotal == 'a'", "cart.lines[0].price", "doubled('a')", "cart.total()"] {
            #expect(throws: CompileError.self) { try environment.compile(source) }
        }
    }

    @Test("a variable that is provided is asked for only when the rule reads it")
    func laziness() throws {
        var bindings = Bindings(["x": 1])
        bindings.provide("y") { throw EvaluationError(.host, "the database is away") }
        #expect(try evaluate("x == 1 || y == 2", bindings).isEqual(to: true))
        #expect(throws: EvaluationError.self) { try evaluate("y == 2", bindings) }
    }

    @Test("the structure in the documentation of a type is freed with its last value")
    func release() {
        final class Witness: Sendable {}
        weak var seen: Witness?
        do {
            let witness = Witness()
            seen = witness
            let type = HostType<[Witness]>("t", [.int("count") { $0.count }])
            let value = type.value(of: [witness])
            if case .object(let object) = value { #expect((try? object.field(named: "count")) != nil) }
        }
        #expect(seen == nil)
    }
}

@Suite("Bindings")
struct BindingsTests {
    @Test("a provider is asked once in an evaluation, however often the rule reads the variable")
    func onceAsked() throws {
        let calls = Counter()
        var bindings = Bindings()
        bindings.provide("limit") { calls.next() }
        #expect(try evaluate("[1, 1, 1].all(x, x == limit) && limit == 1", bindings).isEqual(to: true))
        #expect(try evaluate("limit == 2", bindings).isEqual(to: true))
    }

    @Test("many names are found as few are, and a name is bound anew or taken away")
    func manyNames() throws {
        var bindings = Bindings()
        for number in 0..<100 { bindings["v\(number)"] = .int(Int64(number)) }
        #expect(try evaluate("v0 + v57 + v99", bindings).isEqual(to: 156))
        bindings["v57"] = 1
        #expect(try evaluate("v0 + v57 + v99", bindings).isEqual(to: 100))
        bindings["v57"] = nil
        #expect(throws: EvaluationError.self) { try evaluate("v57", bindings) }
        #expect(try evaluate("v99", bindings).isEqual(to: 99))
    }

    @Test("what a host lends may be deep, but is not told deeper than the stack allows")
    func deepHostValues() throws {
        var value: Value = 1
        for _ in 0..<1_000 { value = .list([value]) }
        #expect(throws: EvaluationError.self) { try evaluate("x", ["x": value]) }
        #expect(throws: EvaluationError.self) { try evaluate("x == y", ["x": value, "y": .list([value])]) }
        #expect(try evaluate("size(x)", ["x": value]).isEqual(to: 1))
    }

    private final class Counter: Sendable {
        private let count = Mutex(Int64(0))
        func next() -> Value {
            count.withLock {
                $0 += 1; return .int($0)
            }
        }
    }
}
