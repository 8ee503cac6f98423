import Testing

@testable import Rules

/// What a rule comes to, compiled checked or not.
func evaluate(
    _ source: String, _ bindings: Bindings = [:], in environment: Rules.Environment = Environment(),
    isChecked: Bool = false
) throws -> Value {
    try environment.compile(source, isChecked: isChecked).evaluate(bindings)
}

@Suite("Rules evaluate as the language is defined")
struct EvaluationTests {
    @Test(
        "these are true",
        arguments: [
            "1 + 2 * 3 == 7", "7 / 2 == 3", "-7 / 2 == -3", "-7 % 3 == -1", "1.5 + 1.5 == 3.0", "2u * 3u == 6u",
            "dyn(1) == 1u && dyn(1u) == 1.0 && dyn(1.0) == 1", "!(dyn(1) == '1')", "1 < 1.5", "1u < 2", "-1 < 0u",
            "'a' < 'b'",
            "'abc' + 'd' == 'abcd'", "b'a' + b'b' == b'ab'", "[1] + [2] == [1, 2]", "2 in [1, 2]", "'k' in {'k': 1}",
            "!(3 in [1, 2])", "dyn(1.0) in [1, 2]", "dyn(2u) in {1: 'a', 2: 'b'}", "{1: 'a'}[dyn(1u)] == 'a'",
            "[1, 2, 3][1] == 2",
            "{'a': {'b': 1}}.a.b == 1", "has({'a': 1}.a)", "!has({'a': 1}.b)", "true || 1 / 0 == 1",
            "1 / 0 == 1 || true", "!(false && 1 / 0 == 1)", "!(1 / 0 == 1 && false)", "true ? true : 1 / 0 == 1",
            "[1, 2, 3].all(x, x > 0)", "[1, 2, 3].exists(x, x == 2)", "[1, 2, 3].exists_one(x, x == 2)",
            "[0, 1].exists(x, 1 / x == 1)", "![0, 1].all(x, 1 / x == 0)", "[1, 2].map(x, x * 2) == [2, 4]",
            "[1, 2, 3].filter(x, x > 1) == [2, 3]", "[1, 2, 3].map(x, x > 1, x * x) == [4, 9]",
            "{'a': 1, 'b': 2}.all(k, k in ['a', 'b'])", "[5, 6].transformList(i, v, i + v) == [5, 7]",
            "[5, 6].transformMap(i, v, v) == {0: 5, 1: 6}", "{'a': 'x'}.transformMapEntry(k, v, {v: k}) == {'x': 'a'}",
            "[5, 6].exists(i, v, i == 1 && v == 6)", "cel.bind(x, 3, x * x) == 9", "cel.bind(x, 1 / 0, true)",
            "cel.bind(x, 1, cel.bind(y, x + 1, x + y)) == 3", "type(1) == int", "type([]) == list",
            "type(type(1)) == type", "type(null) == null_type", "{'a': 1}.?a.orValue(2) == 1",
            "{'a': 1}.?b.orValue(2) == 2", "[1][?3].orValue(7) == 7", "[?optional.of(1), ?optional.none()] == [1]",
            "{?'a': optional.none(), 'b': 1} == {'b': 1}", "optional.of(1).optMap(x, x + 1).value() == 2",
            "optional.of({'a': 1}).a.value() == 1", "optional.of(1).or(optional.of(1 / 0)).hasValue()",
            "-9223372036854775808 < 0", "0x1F == 31", "0xFu == 15u", "1e3 == 1000.0", ".5 == 0.5",
            "'\\u00e9' == '\\xe9'", "r'\\n'.size() == 2", "b'\\xff'.size() == 1", "'''a\n'b'c''' == 'a\\n\\'b\\'c'",
            "\"\"\"x\"y\"\"\" == 'x\"y'", "'\\101' == 'A'", "'a' in {'a': 1} ? true : false", "!!true", "--1 == 1",
            "null == null", "{'a': null}.a == null", "{'in-between': 1}.`in-between` == 1", "{'if': 1}.if == 1",
            "[[1, 2], [3]].exists(l, l.exists(x, x == 3))",
            "[1, 2].map(x, [x, x + 1].map(x, x * 2)) == [[2, 4], [4, 6]]",
            "dyn([1, 2])[dyn(1.0)] == 2", "b'\\303\\277' == bytes('ÿ')",
            "timestamp('2024-01-01T00:00:00Z') + duration('1h') > timestamp('2024-01-01T00:30:00Z')",
            "math.greatest(1, 3, 2) == 3", "'hello'.matches('h.*o')", "double('NaN') != double('NaN')"
        ])
    func truths(source: String) throws {
        #expect(try evaluate(source).isEqual(to: true))
        #expect(try evaluate(source, isChecked: true).isEqual(to: true))
    }

    @Test(
        "these are errors when they are evaluated",
        arguments: [
            "9223372036854775807 + 1", "-9223372036854775808 - 1", "0u - 1u", "1 / 0", "1 % 0",
            "-(-9223372036854775808)",
            "-9223372036854775808 / -1", "1 + 1.0", "1 + 1u", "'a' + 1", "[1][1]", "[1][-1]", "{'a': 1}['b']",
            "{'a': 1}.b", "{0: 1, 0u: 2}", "{'a': 1, 'a': 2}", "{1.0: 1}", "true && 1", "1 && true", "!1", "x",
            "x.y.z", "f(1)", "1.f()", "[1, 2].exists(x, x / 0 == 1)", "[1, 2].all(x, 'a')", "[1, 2].map(x, x / 0)",
            "[0, 1].exists_one(x, 1 / x == 1)", "1.all(x, true)", "null.a", "dyn(1).a", "has(dyn(1).a)",
            "optional.none().value()", "[1][dyn(0.5)]", "1 < 'a'", "1 in 2", "1 ? 2 : 3", "Unknown{a: 1}", "[?1]"
        ])
    func failures(source: String) throws {
        #expect(throws: EvaluationError.self) { try evaluate(source) }
    }

    @Test(
        "these do not parse",
        arguments: [
            "", "1 +", "(1", "[1", "{1: 2", "1 2", "a.b.", "'abc", "'''abc'", "\"a\nb\"", "'\\z'", "'\\u12'",
            "'\\ud800'",
            "'\\400'", "b'\\u0041'", "9223372036854775808", "18446744073709551616u", "0x", "1u2", "a = b", "a & b",
            "if",
            "while(1)", "x.all(1, true)", "x.map(a.b, true)", "has(1)", "1.2{}", "f(,)", "{1}", "@a", "a ? b", "``",
            "a.`b", "[1,,]", "1e", "a..b", "package.x"
        ])
    func refused(source: String) throws {
        #expect(throws: CompileError.self) { try Environment().parse(source) }
    }

    @Test("an error names its line and column and points at the place")
    func places() throws {
        #expect {
            try Environment().parse("a +\n  b c")
        } throws: { error in
            let issue = (error as? CompileError)?.issues.first
            return issue?.location == SourceLocation(line: 2, column: 5, excerpt: "  b c\n    ^")
        }
        #expect {
            try evaluate("true &&\n [1, 2][5] == 1")
        } throws: { error in
            (error as? EvaluationError)?.location?.line == 2
        }
    }

    @Test("names are resolved by container, the longest bound one first")
    func names() throws {
        let environment = Environment(container: "a.b", variables: ["a.b.x": .int, "x": .int, "a.y.z": .int])
        let bindings: Bindings = ["a.b.x": 1, "x": 2, "a.y.z": 3, "y": ["k"]]
        for isChecked in [true, false] {
            #expect(try evaluate("x", bindings, in: environment, isChecked: isChecked).isEqual(to: 1))
            #expect(try evaluate(".x", bindings, in: environment, isChecked: isChecked).isEqual(to: 2))
            #expect(try evaluate("y.z", bindings, in: environment, isChecked: isChecked).isEqual(to: 3))
        }
        #expect(try evaluate("p.q.r", ["p.q": .map(MapValue(["r": 4]))]).isEqual(to: 4))
        #expect(try evaluate("p.q.r", ["p.q.r": 5, "p": 1]).isEqual(to: 5))
        #expect(try evaluate("[1].exists(x, .x == 2)", bindings, in: environment).isEqual(to: true))
    }

    @Test("what is unknown decides only where nothing else does")
    func unknowns() throws {
        var bindings: Bindings = ["a": true, "c": .map(MapValue(["t": "gold", "n": 1]))]
        for path in ["b", "c.t", "l[0]"] { bindings.markUnknown(try #require(Attribute(path))) }
        func outcome(_ source: String) throws -> String {
            switch try Environment().compile(source, isChecked: false).evaluatePartially(bindings) {
            case .value(let value): "\(value)"
            case .unknown(let attributes): attributes.map(\.description).joined(separator: " ")
            }
        }
        #expect(try outcome("a || b") == "true")
        #expect(try outcome("b || a") == "true")
        #expect(try outcome("a && b") == "b")
        #expect(try outcome("b && 1 / 0 == 1") == "b")
        #expect(try outcome("c.n == 1") == "true")
        #expect(try outcome("c.t == 'gold' && b") == "c.t b")
        #expect(try outcome("l[0] + l[0] == c.t") == "l[0] c.t")
        #expect(try outcome("size(c)") == "c.t")
    }
}
