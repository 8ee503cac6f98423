import Testing

@testable import Rules

@Suite("Sources become trees")
struct ParserTests {
    private func tree(_ source: String) throws -> String { Outline.of(try Environment().parse(source).root) }

    @Test(
        "operators bind as the definition says",
        arguments: [
            ("a + b * c", "_+_(a, _*_(b, c))"), ("a - b - c", "_-_(_-_(a, b), c)"),
            ("a < b == c", "_==_(_<_(a, b), c)"), ("a || b && c", "_||_(a, _&&_(b, c))"),
            ("a ? b : c ? d : e", "_?_:_(a, b, _?_:_(c, d, e))"), ("!a.b", "!_(a.b)"), ("-a.b()", "-_(a.b())"),
            ("-1.f()", "-1.f()"), ("- 1", "-1"), ("a - 1", "_-_(a, 1)"), ("a -1", "_-_(a, 1)"), ("!!a", "a"),
            ("---a", "-_(a)"), ("a in b", "@in(a, b)"), ("a[b][?c]", "_[?_](_[_](a, b), c)"),
            ("a.?b.c", "_?._(a, \"b\").c"), (".a.b", ".a.b"), ("a.b.C{x: 1, ?y: z}", "a.b.C{x: 1, ?y: z}"),
            ("[a, ?b,]", "[a, ?b]"), ("{a: b, ?c: d,}", "{a: b, ?c: d}"), ("f(a, b).g(c)", "f(a, b).g(c)"),
            ("a && b && c && d", "_&&_(_&&_(a, b), _&&_(c, d))"), ("a // note\n + b", "_+_(a, b)"),
            ("has(a.b.c)", "has(a.b.c)"), ("a.`b c`", "a.b c"), ("a.for.in_", "a.for.in_")
        ])
    func shapes(source: String, expected: String) throws {
        #expect(try tree(source) == expected)
    }

    @Test("macros are calls where they are switched off or do not fit")
    func macros() throws {
        let without = Environment(hasMacros: false)
        #expect(Outline.of(try without.parse("has(a.b)").root) == "has(a.b)")
        #expect(Outline.of(try without.parse("a.all(x, y)").root) == "a.all(x, y)")
        #expect(try tree("a.all(x)") == "a.all(x)")
        #expect(try tree("other.bind(x, 1, x)") == "other.bind(x, 1, x)")
        #expect(throws: CompileError.self) { try Environment().parse("cel.bind(x.y, 1, 2)") }
        #expect(throws: CompileError.self) { try Environment().parse("[1].all(x, x, x)") }
    }

    @Test("ids are dense and every node has a place")
    func places() throws {
        let source = "[1, 2].exists(x, x > 1) && {'a': b}.a == c.d(e)"
        let tree = try Environment().parse(source)
        for id in 1..<tree.idLimit {
            let location = tree.location(of: id)
            #expect(location.line == 1 && (1...source.count + 1).contains(location.column))
        }
    }

    @Test("an excerpt is cut around the place, and tabs keep the caret below it")
    func excerpts() {
        let text = SourceText("\tä + " + String(repeating: "x", count: 500))
        let near = text.location(at: 6)
        #expect(near.column == 6 && near.excerpt.hasSuffix("\n\t    ^"))
        let far = text.location(at: 400)
        // What stands on both sides, an ellipsis for each cut, and the caret below.
        #expect(far.excerpt.unicodeScalars.count <= 3 * SourceText.excerptReach + 5)
        #expect(far.excerpt.hasPrefix("…"))
    }

    @Test("whatever the bytes, the parser answers and does not trap")
    func anything() {
        var random = Seeded(state: 42)
        let parts = [
            "a", "1", "1.5", "0x", "'", "\"", "'''", "b'", "r\"", "\\", "(", ")", "[", "]", "{", "}", ".", ",", ":",
            "?",
            "+", "-", "!", "&&", "||", "==", "in", "has(", "all(", "x.map(y, ", "cel.bind(z, ", "é", "\u{0}", "`",
            "\n", "//", "9223372036854775808", "1u", "\\u", "true", "null", "optMap(q, ", "if", "@"
        ]
        for _ in 0..<3_000 {
            let length = Int.random(in: 0..<24, using: &random)
            let source = (0..<length).map { _ in parts.randomElement(using: &random) ?? "" }.joined()
            for isChecked in [true, false] {
                guard let program = try? Environment().compile(source, isChecked: isChecked) else { continue }
                _ = try? program.evaluate(["a": 1, "x": [1, 2]])
            }
        }
    }
}

/// The same sequence in every run.
struct Seeded: RandomNumberGenerator {
    var state: UInt64

    mutating func next() -> UInt64 {
        state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
        return state ^ (state >> 29)
    }
}

/// A tree as text, with every operator as a call.
enum Outline {
    static func of(_ node: Expression) -> String {
        switch node.kind {
        case .literal(let value): return value.description
        case .identifier(let name): return name
        case .select(let operand, let field, let isTest):
            return isTest ? "has(\(of(operand)).\(field))" : "\(of(operand)).\(field)"
        case .call(let function, let target, let arguments):
            let list = arguments.map { of($0) }.joined(separator: ", ")
            return target.map { "\(of($0)).\(function)(\(list))" } ?? "\(function)(\(list))"
        case .list(let elements, let optionals):
            return "["
                + elements.enumerated().map { (optionals.contains($0) ? "?" : "") + of($1) }.joined(separator: ", ")
                + "]"
        case .map(let entries):
            return "{"
                + entries.map { "\($0.isOptional ? "?" : "")\(of($0.key)): \(of($0.value))" }.joined(separator: ", ")
                + "}"
        case .message(let name, let fields):
            return "\(name){"
                + fields.map { "\($0.isOptional ? "?" : "")\($0.name): \(of($0.value))" }.joined(separator: ", ") + "}"
        case .comprehension(let fold): return "fold(\(of(fold.range)), \(fold.variable))"
        }
    }
}
