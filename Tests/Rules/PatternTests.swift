import Testing

@testable import Rules

@Suite("Patterns") struct PatternTests {
    @Test(
        "a pattern finds what RE2 finds",
        arguments: [
            ("ubb", "hubba"), ("", "cows"), ("", ""), ("bc", "abcd"), ("gr(a|e)y", "grey"), ("ba(na)*", "banana"),
            ("a+ñ+a+", "mañana"), ("(a|😀){2}", "🐱😀😀"), ("^abc$", "abc"), ("\\Aabc\\z", "abc"), ("(?i)ABC", "xabcx"),
            ("(?i)k", "\u{212A}"), ("(?i)[s]", "ſ"), ("(?i)σ", "ς"), ("(?m)^b$", "a\nb\nc"), ("(?s)a.b", "a\nb"),
            ("[^a]", "\n"), ("\\bfoo\\b", "a foo b"), ("\\Boo\\b", "foo"), ("\\d{3}-\\d{4}", "call 555-1234 now"),
            ("[[:alpha:]]+[[:^alpha:]]", "ab1"), ("\\p{Greek}+", "xλy"), ("^\\pL+$", "Straße"), ("\\p{Lu}", "aÉ"),
            ("^\\P{Lu}+$", "abc"), ("^\\p{^Lu}+$", "abc"), ("\\x{1F600}", "😀"), ("\\x41", "A"), ("\\101", "A"),
            ("\\Qa.b\\E+", "a.bb"), ("a{2,3}", "aa"), ("a{,2}", "a{,2}"), ("{", "{"), ("a{2", "a{2"), ("[]a]", "]"),
            ("[a-]", "-"), ("(?P<year>\\d+)-(?<month>\\d+)", "2024-05"), ("(?i:a)b", "Ab"), ("(?i)a(?-i)b", "Ab"),
            ("a*?b", "aab"), ("(?U)a+", "a"), ("x*", "y"), ("(|a)+b", "aab"), ("\\_", "_"), ("[\\d\\-x]", "x"),
            ("(a*)*b", "aaab"), ("()*", ""), ("^*a", "a"), ("\\s\\S\\w\\W\\D", " aa a"), ("[^\\d]", "x"),
            ("(?m)a$", "a\nb"), ("\\.", "."), ("[[:word:]]{2}", "a_"), ("\\p{Han}", "中"), ("\\p{Any}", "x"),
            ("(?i)ä", "Ä"), ("[a-c[:digit:]]+z", "a1z"), ("\\C?x".replacing("\\C?", with: ""), "x")
        ])
    func matching(_ pattern: String, _ text: String) throws {
        #expect(try Pattern(pattern).matches(text))
    }

    @Test(
        "a pattern does not find what is not there",
        arguments: [
            ("foo|bar", ""), ("^b", "ab"), ("a$", "ab"), ("a$", "a\n"), ("a.b", "a\nb"), ("\\bfoo\\b", "food"),
            ("^b$", "a\nb\nc"), ("(?i)abc", "abd"), ("\\d", "٣"), ("\\w", "é"), ("a{3}", "aa"),
            ("[^\\x00-\\x{10FFFF}]", "a"),
            ("\\p{Greek}", "abc"), ("(?i:a)b", "AB"), ("a\\z.", "ab"), ("\\Ab", "ab"), ("[[:^digit:]]", "123"),
            ("\\s", "\u{0B}")
        ])
    func notMatching(_ pattern: String, _ text: String) throws {
        #expect(try !Pattern(pattern).matches(text))
    }

    @Test(
        "what RE2 refuses is refused",
        arguments: [
            "(a)\\1", "(?=a)", "(?!a)", "(?<=a)b", "(?<!a)b", "a**", "*a", "a|*", "(", ")", "(?P<a>x)(?P<a>y)",
            "(?P<a-b>x)", "[a", "[b-a]", "a{1001}", "a{2,1}", "(a{100}){100}", "\\pX", "\\p{Nonsense}", "[[:nope:]]",
            "\\q", "a\\", "\\x{110000}", "\\xZZ", "(?z)", "(?i", "\\Z", "[a-\\d]", "a++", "x{2}{3}", "(?-)", "\\C",
            "(?P=a)"
        ])
    func refused(_ pattern: String) {
        #expect(throws: PatternError.self) { try Pattern(pattern) }
    }

    @Test("patterns that make backtracking engines explode take linear time")
    func linearTime() throws {
        let text = String(repeating: "a", count: 50_000)
        for pattern in ["(a+)+$b", "(a|aa)+c", "(a*)*b", "(a|a|a)*d", "(?:a?){200}a{200}b", "([a-z]+)*!", "^(a?){500}z"]
        {
            var budget = Budget(Limits())
            budget = Budget(
                {
                    var limits = Limits(); limits.cost = 1_000_000_000; return limits
                }())
            #expect(try !Pattern(pattern).matches(text, &budget))
        }
    }

    @Test("a match that costs more than the rule may spend is stopped")
    func matchIsCharged() throws {
        var limits = Limits()
        limits.cost = 1_000
        var budget = Budget(limits)
        let pattern = try Pattern("(a?){500}(b?){400}z")
        #expect(throws: EvaluationError.self) {
            _ = try pattern.matches(String(repeating: "ab", count: 100_000), &budget)
        }
    }

    @Test("deep groups, long patterns and large programs are refused")
    func bounds() {
        let deep = String(repeating: "(", count: 10_000) + String(repeating: ")", count: 10_000)
        #expect(throws: PatternError.self) { try Pattern(deep) }
        #expect(throws: PatternError.self) {
            try Pattern(String(repeating: "(", count: 1_000) + "a" + String(repeating: ")", count: 1_000))
        }
        #expect(throws: PatternError.self) { try Pattern(String(repeating: "x", count: 100_000)) }
        #expect(throws: PatternError.self) { try Pattern("(" + String(repeating: "abcdefghij", count: 10) + "){1000}") }
        #expect(throws: Never.self) {
            try Pattern(String(repeating: "(", count: 200) + "a" + String(repeating: ")", count: 200))
        }
    }

    @Test("a table that fills up again and again is given up without a wrong answer")
    func tableOverflow() throws {
        // The machine has to remember the last fifteen letters: far more states than the table may hold.
        let pattern = try Pattern("[ab]*a[ab]{15}c")
        var text = ""
        var seed: UInt64 = 7
        for _ in 0..<60_000 {
            seed = seed &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
            text += seed >> 63 == 0 ? "a" : "b"
        }
        #expect(!pattern.matches(text))
        #expect(pattern.matches(text + "a" + String(repeating: "b", count: 15) + "c"))
    }

    @Test("one pattern serves many threads at once")
    func concurrency() async throws {
        let pattern = try Pattern("([a-z]+)@([a-z]+)\\.com")
        let hits = await withTaskGroup(of: Int.self) { group in
            for worker in 0..<8 {
                group.addTask {
                    (0..<500).count { pattern.matches($0 % 2 == worker % 2 ? "user@host.com" : "user at host") }
                }
            }
            return await group.reduce(0, +)
        }
        #expect(hits == 2_000)
    }
}
