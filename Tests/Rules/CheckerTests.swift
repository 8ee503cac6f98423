import Testing

@testable import Rules

/// A provider with one message, so that the checker is tried without protocol buffers.
struct CartTypes: TypeProvider {
    func type(named name: String) -> Type? {
        switch name {
        case "shop.Cart", "shop.Line": .message(name)
        case "shop.Int": .wrapper(.int)
        case "shop.State": .int
        default: nil
        }
    }

    func constant(named name: String) -> Value? { name == "shop.State.PAID" ? 2 : nil }

    func fieldType(_ field: String, of message: String) -> Type? {
        switch (message, field) {
        case ("shop.Cart", "lines"): .list(.message("shop.Line"))
        case ("shop.Cart", "subtotal"), ("shop.Line", "quantity"): .int
        case ("shop.Cart", "discount"): .wrapper(.int)
        case ("shop.Cart", "code"): .wrapper(.string)
        case ("shop.Cart", "labels"): .map(.string, .string)
        case ("shop.Cart", "placed"): .timestamp
        case ("shop.Line", "category"): .string
        default: nil
        }
    }

    func construct(_ message: String, _ fields: [(name: String, value: Value)]) throws -> Value { .null }
}

@Suite("The checker")
struct CheckerTests {
    private static let tuple = Function(
        "tuple",
        overloads: [
            Overload(
                "tuple_T_U_V", [.parameter("T"), .parameter("U"), .parameter("V")],
                .opaque("tuple", [.parameter("T"), .parameter("U"), .parameter("V")])
            ) { _, _ in .null }
        ])
    private static let sort = Function(
        "sort",
        overloads: [
            Overload(
                "sort_T", .opaque("tuple", [.parameter("T"), .parameter("T"), .parameter("T")]),
                .opaque("tuple", [.parameter("T"), .parameter("T"), .parameter("T")])
            ) { $0 }
        ])

    private static let environment = Environment(
        container: "shop",
        variables: [
            "cart": .message("shop.Cart"), "x": .int, "s": .string, "d": .dynamic, "shop.x": .string,
            "a.b.c": .string, "a.b": .map(.string, .bool)
        ], functions: [tuple, sort], types: CartTypes())

    private func type(_ source: String) throws -> String {
        try Self.environment.compile(source).resultType.description
    }

    @Test(
        "finds the type of the whole",
        arguments: [
            ("1", "int"), ("1u", "uint"), ("null", "null"), ("b'x'", "bytes"), ("[1]", "list(int)"),
            ("{'a': 1}", "map(string, int)"), ("{'a': 1}['a']", "int"), ("[[1]][0]", "list(int)"),
            ("cart.lines.map(l, l.quantity)", "list(int)"), ("cart.lines.filter(l, true)[0].category", "string"),
            ("cart.labels.a", "string"), ("cart.subtotal > 5 ? 'a' : 'b'", "string"),
            ("[1, 'a']", "list(dyn)"), ("{1: 'a', 'b': 2u}", "map(dyn, dyn)"), ("d.anything[3].more", "dyn"),
            ("d + d", "dyn"), ("d + 1", "int"), ("type(1)", "type(int)"), ("State.PAID", "int"),
            ("Cart", "type(shop.Cart)"),
            ("Cart{subtotal: 1}", "shop.Cart"), ("cart.?labels", "optional_type(map(string, string))"),
            ("cart.?labels.a", "optional_type(string)"), ("has(cart.code)", "bool")
        ])
    func types(_ source: String, _ expected: String) throws {
        #expect(try type(source) == expected)
    }

    @Test(
        "empty and mixed lists take the most general type that fits",
        arguments: [
            ("[[], [[]], [[[]]], [[[[]]]]]", "list(list(list(list(list(dyn)))))"),
            ("[[[[[]]]], [], [[[]]]]", "list(list(list(list(list(dyn)))))"),
            ("([] + cart.lines + [])[0].quantity", "int"), ("([].map(x, x))[0].foo", "dyn"),
            ("cart.lines.map(x, x).map(y, y.quantity)", "list(int)"),
            ("[cart.discount, cart.code]", "list(dyn)"), ("[cart.discount, cart.subtotal]", "list(wrapper(int))"),
            ("[cart.subtotal, cart.discount]", "list(wrapper(int))"),
            ("[cart.discount, cart.subtotal, dyn(1)]", "list(dyn)"), ("cart.discount + 1", "int"),
            ("cart.discount == null", "bool"), ("false ? cart.discount : null", "wrapper(int)"),
            ("true ? cart.discount : 42", "wrapper(int)"), ("[cart, null][0]", "shop.Cart"),
            ("[null, cart.placed][0]", "google.protobuf.Timestamp"),
            ("[optional.of(1), null][0]", "optional_type(int)"),
            ("[optional.none(), optional.of(1)]", "list(optional_type(int))"),
            ("[optional.of(1), optional.of(dyn(1))]", "list(optional_type(dyn))"),
            ("true ? optional.of(dyn(1)) : optional.of(1)", "optional_type(dyn)"),
            ("[tuple(1, 2u, 3.0), tuple(dyn(1), dyn(2u), dyn(3.0))][0]", "tuple(dyn, dyn, dyn)"),
            ("sort(tuple(dyn(1), 2u, 3.0))", "tuple(dyn, dyn, dyn)"),
            ("tuple(1, 2u, 3.0) == tuple(1, dyn(2u), dyn(3.0))", "bool"),
            ("tuple(dyn(1), dyn(2u), 3.0) == tuple(1, 2u, 3.0)", "bool")
        ])
    func generality(_ source: String, _ expected: String) throws {
        #expect(try type(source) == expected)
    }

    @Test(
        "names are resolved in the container, the longest first, and comprehension variables before all",
        arguments: [
            ("x", "string"), (".x", "int"), ("a.b.c", "string"), ("a.b.d", "bool"), ("[1].exists(x, x == 1)", "bool"),
            ("[{'c': 1}].map(a, a.c)", "list(int)"), ("[1.5].map(x, .x)", "list(int)")
        ])
    func names(_ source: String, _ expected: String) throws {
        #expect(try type(source) == expected)
    }

    @Test(
        "what cannot be is refused, with the place",
        arguments: [
            ("cart.subtotl", 5), ("crt.subtotal", 1), ("1 + 's'", 3), ("!x", 1), ("x == 1", 3), ("s.size(1)", 3),
            ("[1].all(e, e)", 5), ("5.exists(e, true)", 1), ("Cart{nothing: 1}", 6), ("Cart{subtotal: 'a'}", 6),
            ("cart.subtotal ? 1 : 2", 15), ("true ? 1 : 'a'", 6), ("State{}", 6), ("cart.code.length", 10),
            ("[?1]", 3), ("nothing(1)", 1), ("{'a': 1}[1]", 9)
        ])
    func refusals(_ source: String, _ column: Int) {
        do {
            _ = try Self.environment.compile(source)
            Issue.record("\(source) was accepted")
        } catch {
            #expect(error.issues.count == 1, "\(error)")
            #expect(error.issues.first?.location.line == 1)
            #expect(error.issues.first?.location.column == column, "\(error)")
        }
    }

    @Test("a misspelt name is proposed")
    func proposal() {
        let error = #expect(throws: CompileError.self) { try Self.environment.compile("carts.subtotal > 0") }
        #expect(error?.description.contains("did you mean 'cart'?") == true)
        #expect(error?.description.contains("carts.subtotal > 0\n^") == true)
    }

    @Test("every mistake is told, up to the limit, and one mistake once")
    func several() {
        let error = #expect(throws: CompileError.self) {
            try Self.environment.compile("unknown1.a.b == 1 && unknown2 == 's' && cart.lines.all(l, l.nothing)")
        }
        #expect(error?.issues.count == 3)
        let many = (0..<50).map { "unknown\($0)" }.joined(separator: " + ")
        let most = #expect(throws: CompileError.self) { try Self.environment.compile(many) }
        #expect(most?.issues.count == Limits.standard.issues)
    }
}

@Suite("The cost estimate")
struct CostEstimateTests {
    private func estimate(_ source: String, sizes: [String: Int] = [:]) throws -> CostEstimate {
        let environment = Environment(
            variables: ["cart": .message("shop.Cart"), "x": .int], types: CartTypes())
        return environment.estimate(try environment.compile(source), sizes: sizes)
    }

    @Test("grows with what a host says of its sizes, and nested folds multiply")
    func sizes() throws {
        let source = "cart.lines.exists(l, l.quantity > 2)"
        let small = try estimate(source, sizes: ["cart.lines": 10])
        let large = try estimate(source, sizes: ["cart.lines": 20])
        #expect(small.most < large.most)
        #expect(large.most < 2 * small.most)
        let nested = try estimate(
            "cart.lines.all(l, cart.lines.exists(m, m.quantity == l.quantity))", sizes: ["cart.lines": 20])
        #expect(nested.most > 20 * 20)
        #expect(nested.least < 10)
    }

    @Test("never overflows, whatever is nested")
    func saturates() throws {
        let inner = (0..<12).reduce("true") { body, index in "cart.lines.all(l\(index), \(body))" }
        #expect(try estimate(inner).most == .max)
    }
}
