import Testing

@testable import Rules

/// The functions of the libraries, each called from a rule.
@Suite("Libraries") struct LibraryTests {
    static let environment = Environment()

    func value(_ source: String) throws -> Value { try Self.environment.compile(source).evaluate() }

    @Test(
        "strings are searched, cut and joined by code points",
        arguments: [
            "'tacocat'.charAt(3) == 'o'", "'tacocat'.charAt(7) == ''", "'©αT'.charAt(1) == 'α'",
            "'tacocat'.indexOf('') == 0", "'tacocat'.indexOf('ac') == 1", "'tacocat'.indexOf('none') == -1",
            "'tacocat'.indexOf('', 3) == 3", "'tacocat'.indexOf('a', 3) == 5", "'ta©o©αT'.indexOf('©αT', 3) == 4",
            "'ta©o©αT'.indexOf('©α', 5) == -1", "'tacocat'.indexOf('a', 7) == -1", "''.lastIndexOf('@@') == -1",
            "'tacocat'.lastIndexOf('') == 7", "'tacocat'.lastIndexOf('', 3) == 3", "'tacocat'.lastIndexOf('a', 3) == 1",
            "'ta©o©αT'.lastIndexOf('©', 3) == 2", "'bananananana'.lastIndexOf('nana', 7) == 6",
            "'hello wello'.lastIndexOf('ello', 6) == 1", "'TacoCÆt Xii'.lowerAscii() == 'tacocÆt xii'",
            "'tacoCαt'.upperAscii() == 'TACOCαT'", "'{0} days {0} hours'.replace('{0}', '2') == '2 days 2 hours'",
            "'{0} days {0} hours'.replace('{0}', '2', 1) == '2 days {0} hours'", "'abc'.replace('', '-') == '-a-b-c-'",
            "'abc'.replace('', '-', 2) == '-a-bc'", "'abc'.replace('b', 'x', 0) == 'abc'",
            "'1 ©αT taco'.replace('αT', 'o©α') == '1 ©o©α taco'",
            "'hello world'.split(' ') == ['hello', 'world']",
            "'a b c'.split(' ', 0) == []", "'a b c'.split(' ', 1) == ['a b c']",
            "'a,b,c'.split(',', 2) == ['a', 'b,c']",
            "'o©o©o©o'.split('©', -1) == ['o', 'o', 'o', 'o']", "'aé😀'.split('') == ['a', 'é', '😀']",
            "''.split('') == ['']", "'tacocat'.substring(4) == 'cat'", "'ta©o©αT'.substring(2, 6) == '©o©α'",
            "'ta©o©αT'.substring(7, 7) == ''", "' \\f\\n\\r\\t\\vtext  '.trim() == 'text'",
            "'\\u0085\\u00a0\\u1680text'.trim() == 'text'",
            "'\\u200atext\\u2028\\u2029\\u202F\\u205F\\u3000'.trim() == 'text'",
            "'\\u180etext\\u200b\\ufeff'.trim() == '\\u180etext\\u200b\\ufeff'", "['x', 'y'].join() == 'xy'",
            "['x', 'y'].join('-') == 'x-y'", "[].join('-') == ''", "'aé😀'.reverse() == '😀éa'",
            "strings.quote('a\"b\\\\\\n\\a') == '\"a\\\\\"b\\\\\\\\\\\\n\\\\a\"'",
            "'abc'.contains('bc') && !'abc'.contains('bd')",
            "'abcabcabcabcabcabcabcabd'.contains('abcabcabcabcabcabd')", "'straße'.endsWith('ße')",
            "'é'.startsWith('é')",
            "'cows'.matches('') && 'abcd'.matches('bc') && !'abcd'.matches('^bc')", "matches('grey', 'gr(a|e)y')",
            "size('πέντε') == 5 && '😀'.size() == 1"
        ])
    func strings(_ source: String) throws {
        #expect(try value(source).isEqual(to: true), "\(source)")
    }

    @Test(
        "a template is filled by its clauses",
        arguments: [
            ("'no substitution'.format([])", "no substitution"), ("'%%%s%%'.format(['text'])", "%text%"),
            ("'%d %d, %s'.format([1, 2u, 'A'])", "1 2, A"), ("'%.3f'.format([1.2345])", "1.234"),
            ("'%b %b %b'.format([5, true, -5])", "101 1 -101"), ("'%o'.format([uint(65535)])", "177777"),
            ("'%x %X'.format([30, -30])", "1e -1E"), ("'%x'.format(['Hello'])", "48656c6c6f"),
            ("'%X'.format([b'byte string'])", "6279746520737472696E67"),
            ("'%.6e'.format([1052.032911275])", "1.052033e+03"),
            ("'%f %e'.format([2.71828, 2.71828])", "2.718280 2.718280e+00"),
            ("'%e %d %f'.format([double('NaN'), double('Infinity'), double('-Infinity')])", "NaN Infinity -Infinity"),
            ("'%s'.format([null])", "null"), ("'%s'.format([b'xyz'])", "xyz"), ("'%s'.format([type('x')])", "string"),
            ("'%s'.format([timestamp('2023-02-03T23:31:20+00:00')])", "2023-02-03T23:31:20Z"),
            ("'%s'.format([duration('1h45m47s')])", "6347s"),
            (
                "'%s'.format([['abc', 3.14, null, [9, 8], timestamp('2023-02-03T23:31:20Z')]])",
                "[abc, 3.14, null, [9, 8], 2023-02-03T23:31:20Z]"
            ),
            (
                "'%s'.format([{'key1': b'xyz', 'key5': null, 'key2': duration('2h'), 'key4': true, 'key3': 2.71828}])",
                "{key1: xyz, key2: 7200s, key3: 2.71828, key4: true, key5: null}"
            ),
            (
                "'%s'.format([{1: 'value1', uint(2): 'value2', true: double('NaN')}])",
                "{1: value1, 2: value2, true: NaN}"
            ),
            ("'%s %f'.format([[double('NaN'), double('-Infinity')], 3])", "[NaN, -Infinity] 3.000000")
        ])
    func format(_ source: String, _ text: String) throws {
        #expect(try value(source).isEqual(to: .string(text)), "\(source)")
    }

    @Test(
        "numbers are compared, rounded and taken as bits",
        arguments: [
            "math.greatest(-5) == -5", "math.greatest(1, 1.0) == 1", "math.greatest(5.4, 10, 3u, -5.0) == 10",
            "math.greatest([5.4, 10u, 3u, -5.0, 3.5]) == 10u", "math.least(-1.797693e308, 1.5) == -1.797693e308",
            "math.least([dyn(5.4), dyn(10), dyn(3u), dyn(-5.0)]) == -5.0",
            "math.least(18446744073709551615u, 1u, 5u) == 1u",
            "math.greatest(9223372036854775807, 1, 5.0) == 9223372036854775807", "math.ceil(-1.2) == -1.0",
            "math.floor(-1.2) == -2.0", "math.round(-1.5) == -2.0 && math.round(1.5) == 2.0",
            "math.trunc(-1.2) == -1.0",
            "math.isNaN(math.round(0.0/0.0))", "math.abs(-11) == 11 && math.abs(-11.5) == 11.5 && math.abs(1u) == 1u",
            "math.sign(-32.0) == -1.0 && math.sign(0u) == 0u", "math.isInf(1.0/0.0) && !math.isFinite(0.0/0.0)",
            "math.bitAnd(1, -1) == 1 && math.bitOr(4, -2) == -2 && math.bitXor(1u, 3u) == 2u",
            "math.bitNot(0u) == 18446744073709551615u", "math.bitShiftLeft(1, 200) == 0",
            "math.bitShiftRight(-1024, 3) == 2305843009213693824", "math.bitShiftRight(-1024, 64) == 0",
            "math.sqrt(4) == 2.0 && math.isNaN(math.sqrt(-1.0))"
        ])
    func mathematics(_ source: String) throws {
        #expect(try value(source).isEqual(to: true), "\(source)")
    }

    @Test(
        "lists are sliced, flattened, sorted and taken as sets",
        arguments: [
            "[1,2,3,4].slice(1, 3) == [2, 3]", "[1,2].slice(2, 2) == []", "[[1],[2,3],[]].flatten() == [1, 2, 3]",
            "[1,[2,[3,[4]]]].flatten(2) == [1, 2, 3, [4]]", "[1, 'b', 2, 'b', 1.0].distinct() == [1, 'b', 2]",
            "[[1], [2], [1]].distinct() == [[1], [2]]", "[3, 2, 1].sort() == [1, 2, 3]",
            "['b', 'c', 'a'].sort() == ['a', 'b', 'c']",
            "[{'n': 'foo', 's': 0}, {'n': 'bar', 's': -10}, {'n': 'baz', 's': 10}].sortBy(e, e.s).map(e, e.n) == "
                + "['bar', 'foo', 'baz']",
            "[[2, 1], [3]].sortBy(x, x.sortBy(y, y)[0]) == [[2, 1], [3]]", "[].sortBy(x, x) == []",
            "lists.range(4) == [0, 1, 2, 3]", "[5, 3, 1].reverse() == [1, 3, 5]", "[1, 2].first().value() == 1",
            "![].last().hasValue()", "sets.contains([1, 2u, 3.0], [2, 3])", "!sets.contains([1], [2])",
            "sets.equivalent([1, 2, 2], [2u, 1.0])", "sets.intersects([1, [2]], [[2]]) && !sets.intersects([], [1])",
            "base64.decode(base64.encode(b'Hello World!')) == b'Hello World!'", "base64.decode('aGVsbG8') == b'hello'"
        ])
    func lists(_ source: String) throws {
        #expect(try value(source).isEqual(to: true), "\(source)")
    }

    @Test(
        "parts of a time are read in a zone",
        arguments: [
            "timestamp('2009-02-13T23:31:30Z').getDate('Australia/Sydney') == 14",
            "timestamp('2009-02-13T23:31:30Z').getDayOfMonth('US/Central') == 12",
            "timestamp('2009-02-13T02:00:00Z').getDayOfMonth('-02:30') == 11",
            "timestamp('2009-02-13T23:31:30Z').getDayOfWeek() == 5",
            "timestamp('2009-02-13T23:31:30Z').getDayOfYear() == 43",
            "timestamp('2009-02-13T23:31:30Z').getMonth() == 1",
            "timestamp('2009-02-13T23:31:30Z').getFullYear() == 2009",
            "timestamp('2009-02-13T23:31:30Z').getHours('02:00') == 1",
            "timestamp('2009-02-13T23:31:30Z').getMinutes('Asia/Kathmandu') == 16",
            "timestamp('2009-02-13T23:31:20.123456789Z').getMilliseconds() == 123",
            "duration('10000s').getHours() == 2",
            "duration('3730s').getMinutes() == 62 && duration('3730s').getSeconds() == 3730",
            "duration('123.321456789s').getMilliseconds() == 321",
            "int(timestamp('2004-09-16T23:59:59Z')) == 1095379199",
            "string(timestamp(0)) == '1970-01-01T00:00:00Z' && string(duration('-1500ms')) == '-1.5s'"
        ])
    func times(_ source: String) throws {
        #expect(try value(source).isEqual(to: true), "\(source)")
    }

    @Test(
        "addresses and networks are values with types of their own",
        arguments: [
            "string(ip('2001:DB8::68')) == '2001:db8::68'", "ip('::ffff:c0a8:1') == ip('192.168.0.1')",
            "type(ip('192.168.0.1')) == net.IP && type(cidr('10.0.0.0/8')) == net.CIDR",
            "isIP('1.2.3.4') && !isIP('1.2.3')",
            "ip.isCanonical('127.0.0.1') && !ip.isCanonical('2001:DB8::68')", "ip('::1').family() == 6",
            "ip('169.254.169.254').isLinkLocalUnicast() && ip('ff02::1').isLinkLocalMulticast()",
            "ip('192.168.0.1').isGlobalUnicast() && !ip('255.255.255.255').isGlobalUnicast()",
            "cidr('192.168.0.0/24').containsIP('192.168.0.1') && !cidr('192.168.0.0/24').containsIP(ip('192.168.1.1'))",
            "cidr('192.168.0.0/24').containsCIDR('192.168.0.0/25') && !cidr('10.0.0.0/8').containsCIDR('10.0.0.0/7')",
            "cidr('192.168.0.1/24').masked() == cidr('192.168.0.0/24') && cidr('::/32').prefixLength() == 32",
            "cidr('192.168.0.0/24').ip() == ip('192.168.0.0') && isCIDR('::/0')",
            "string(cidr('10.0.0.0/8')) == '10.0.0.0/8'"
        ])
    func networks(_ source: String) throws {
        #expect(try value(source).isEqual(to: true), "\(source)")
    }

    @Test(
        "an optional is a value or none",
        arguments: [
            "optional.of(null).hasValue()", "!optional.ofNonZeroValue('').hasValue()",
            "!optional.ofNonZeroValue(timestamp(0)).hasValue()",
            "optional.none().or(optional.none()).orValue(42) == 42", "optional.of(1).orValue(1 / 0) == 1",
            "optional.unwrap([optional.of(1), optional.none()]) == [1]",
            "[optional.of(1), optional.none()].unwrapOpt() == [1]",
            "optional.of(42).optMap(y, y + 1).value() == 43", "type(optional.none()) == optional_type"
        ])
    func optionals(_ source: String) throws {
        #expect(try value(source).isEqual(to: true), "\(source)")
    }

    @Test(
        "what has no answer is an error",
        arguments: [
            "'tacocat'.charAt(30)", "'tacocat'.charAt(-1)", "'tacocat'.indexOf('a', 30)",
            "'tacocat'.lastIndexOf('a', -1)",
            "'tacocat'.substring(40)", "'tacocat'.substring(4, 3)", "'%d %d'.format([1])", "'%a'.format([1])",
            "'%d'.format([null])", "'%b'.format(['abc'])", "'%x'.format([0.5])", "'%.1001f'.format([1.0])",
            "'%'.format([1])",
            "'%E'.format([1.0])", "'%s'.format([optional.of(1)])", "'a'.matches('(')", "string(b'\\000\\xff')",
            "int(18446744073709551615u)",
            "int(1e99)", "uint(-1)", "bool('TrUe')", "math.abs(-9223372036854775808)", "math.bitShiftLeft(1u, -1)",
            "math.greatest(dyn([]))", "math.ceil(dyn(1))", "math.bitAnd(2u, dyn(''))", "[1, 2].slice(1, 5)",
            "[1].flatten(-1)",
            "[1, dyn('b')].sort()", "[dyn([1])].sort()", "lists.range(-1)", "base64.decode('-_-_')", "ip('1.2.3')",
            "cidr('1.2.3.4')", "cidr('10.0.0.0/8').containsIP('x')", "optional.none().value()", "timestamp('2009')",
            "duration('1')", "timestamp(253402300800)", "timestamp(0).getHours('Nowhere/X')", "[1, dyn('x')].join()"
        ])
    func errors(_ source: String) throws {
        #expect(throws: (any Error).self, "\(source)") { try value(source) }
    }

    @Test(
        "no function makes something larger than the limits",
        arguments: [
            "lists.range(1000000)", "lists.range(90000).map(x, 'aaaaaaaaaaaaaaaaaaaaaaaaaaaaaa').join()",
            "lists.range(20).map(x, 'a').join().replace('', 'bbbbbbbbbbbbbbbbbbbb') + "
                + "'%.1000f'.format([1.0]).replace('', lists.range(2000).map(x, 'a').join())",
            "'%s'.format([lists.range(100000).map(x, 'aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa')])",
            "sets.contains(lists.range(5000), lists.range(5000))",
            "sets.equivalent(lists.range(50000), lists.range(50000))"
        ])
    func limits(_ source: String) throws {
        let error = #expect(throws: EvaluationError.self) { try value(source) }
        #expect(error?.code.isLimit == true, "\(String(describing: error))")
    }

    @Test(
        "what a call costs stays within what was estimated",
        arguments: [
            "s.indexOf('a', 3) + s.lastIndexOf('a', 3)", "s.contains('b') || s.matches('t.c')",
            "s.replace('', 'xyz').split('x').join('--')", "'%s %d'.format([[n, {'k': s}], 3])",
            "n.sort().reverse().slice(0, 2).distinct()", "w.sort()", "w.sortBy(x, x.upperAscii())",
            "[n, [2, 3]].flatten()", "lists.range(n[0])", "sets.contains([s, s], [s])",
            "sets.equivalent(n, [1, 2, 3]) && sets.intersects([n], [n])", "math.greatest(n)",
            "base64.decode(base64.encode(bytes(s)))", "strings.quote(s).size() + s.trim().reverse().size()",
            "optional.unwrap([optional.of(s)])", "s.matches('(a|b){1,50}') && s.matches(s.replace('a', 'x'))"
        ])
    func estimates(_ source: String) throws {
        let environment = Rules.Environment(variables: ["s": .string, "n": .list(.int), "w": .list(.string)])
        let program = try environment.compile(source)
        let (_, cost) = try program.evaluateMeasured(["s": "tacocat taco", "n": [3, 1, 2], "w": ["b", "a"]])
        let estimate = environment.estimate(program)
        #expect(cost > 0 && cost <= estimate.most, "\(source): \(cost) of \(estimate)")
    }

    @Test("a pattern that is a literal is compiled with the rule, and a bad one fails when the rule runs")
    func literalPatterns() throws {
        let environment = Rules.Environment(variables: ["s": .string])
        let rule = try environment.compile("s.matches('^[A-Z]{2}-[0-9]+$')")
        #expect(try rule.evaluate(["s": "AB-12"]).isEqual(to: true))
        #expect(try rule.evaluate(["s": "AB-1x"]).isEqual(to: false))
        let bad = try environment.compile("s.matches('(')")
        #expect(throws: EvaluationError.self) { try bad.evaluate(["s": "x"]) }
    }
}
