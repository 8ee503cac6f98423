import Testing

@testable import Rules

@Suite("Numbers compare by what they are worth")
struct OrderingTests {
    @Test("an integer and a double compare as doubles, as the conformance suite has it")
    func acrossTypes() {
        #expect(Value.int(9_007_199_254_740_993).ordering(against: .double(9_007_199_254_740_992)) == .equal)
        #expect(Value.int(.max).ordering(against: .double(9_223_372_036_854_775_808)) == .equal)
        #expect(Value.int(.min).ordering(against: .double(-9_223_372_036_854_775_808)) == .equal)
        #expect(Value.uint(.max).ordering(against: .double(18_446_744_073_709_551_616)) == .equal)
        #expect(Value.uint(1).ordering(against: .int(-1)) == .greater)
        #expect(Value.double(1.5).ordering(against: .int(1)) == .greater)
        #expect(Value.double(-1.5).ordering(against: .int(-1)) == .less)
        #expect(Value.double(.nan).ordering(against: .int(1)) == .unordered)
    }

    @Test("strings compare by code point, not by what they look like")
    func codePoints() throws {
        #expect(try !Value.string("\u{e9}").isEqual(to: .string("e\u{301}")))
        #expect(Value.string("\u{ffff}").ordering(against: .string("\u{10000}")) == .less)
    }

    @Test("equal numbers are one key of a map")
    func keys() throws {
        let map = try MapValue([(.int(1), "one")])
        #expect(map[.uint(1)] != nil)
        #expect(map[.double(1)] != nil)
        #expect(map[.double(1.5)] == nil)
        #expect(throws: EvaluationError.self) { try MapValue([(.int(0), 1), (.uint(0), 2)]) }
    }
}
