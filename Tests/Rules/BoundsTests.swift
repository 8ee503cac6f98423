import Foundation
import Testing

@testable import Rules

@Suite("Nothing that a tenant writes blows the stack, the heap or a core")
struct BoundsTests {
    /// Without optimisation every frame is several times as large.
    #if DEBUG
        private static let smallStack = 4 << 20
    #else
        private static let smallStack = 512 << 10
    #endif

    /// Runs a body on a thread with the small stack that other platforms give theirs.
    private func onSmallStack<Result: Sendable>(_ body: @escaping @Sendable () -> Result) async -> Result {
        await withCheckedContinuation { continuation in
            let thread = Thread { continuation.resume(returning: body()) }
            thread.stackSize = Self.smallStack
            thread.start()
        }
    }

    private static let deep = 10_000

    @Test(
        "ten thousand levels are refused with a place",
        arguments: [
            String(repeating: "(", count: deep) + "1" + String(repeating: ")", count: deep),
            String(repeating: "[", count: deep) + "1" + String(repeating: "]", count: deep),
            String(repeating: "{1: ", count: deep) + "1" + String(repeating: "}", count: deep),
            String(repeating: "f(", count: deep) + "1" + String(repeating: ")", count: deep),
            String(repeating: "T{a: ", count: deep) + "1" + String(repeating: "}", count: deep),
            String(repeating: "a ? b : ", count: deep) + "c",
            String(repeating: "!(", count: deep) + "a" + String(repeating: ")", count: deep),
            String(repeating: "-(", count: deep) + "a" + String(repeating: ")", count: deep),
            String(repeating: "!-", count: deep) + "a",
            "a" + String(repeating: ".b", count: deep), "a" + String(repeating: "[0]", count: deep),
            "a" + String(repeating: ".?b", count: deep), "a" + String(repeating: ".f()", count: deep),
            "1" + String(repeating: " + 1", count: deep), "1" + String(repeating: " == 1", count: deep),
            String(repeating: "[1].map(x, ", count: deep) + "1" + String(repeating: ")", count: deep),
            String(repeating: "cel.bind(x, 1, ", count: 5_000) + "x" + String(repeating: ")", count: 5_000),
            "optional.of(1)" + String(repeating: ".optMap(x, x)", count: 5_000),
            String(repeating: "(", count: deep), String(repeating: "[", count: deep),
            String(repeating: "[1].all(x, ", count: 9_000)
        ])
    func deepNesting(source: String) async {
        let isRefused = await onSmallStack {
            do {
                _ = try Environment().parse(source)
                return false
            } catch {
                return (error as? CompileError)?.issues.count == 1
            }
        }
        #expect(isRefused)
    }

    @Test("what is nested as deep as the limit compiles and evaluates on a small stack")
    func deepestAllowed() async {
        let depth = Limits.standard.depth - 5
        let sources = [
            String(repeating: "(", count: depth) + "1" + String(repeating: ")", count: depth),
            "1" + String(repeating: " + 1", count: depth),
            "true" + String(repeating: " ? true : false", count: 1)
                + String(repeating: " ? true : (false", count: depth / 2) + String(repeating: ")", count: depth / 2),
            String(repeating: "[", count: 95) + "1" + String(repeating: "]", count: 95),
            String(repeating: "[1].map(x, ", count: 45) + "1" + String(repeating: ")", count: 45)
        ]
        for source in sources {
            let failure = await onSmallStack { () -> String? in
                do {
                    _ = try Environment().compile(source, isChecked: true).evaluate()
                    return nil
                } catch {
                    return "\(error)"
                }
            }
            #expect(failure == nil)
        }
    }

    @Test("long chains of && and || are no deep ones")
    func longChains() throws {
        let all = Array(repeating: "x > 0", count: 5_000).joined(separator: " && ")
        #expect(try evaluate(all, ["x": 1]).isEqual(to: true))
        let any = Array(repeating: "x > 1", count: 5_000).joined(separator: " || ")
        #expect(try evaluate(any, ["x": 1]).isEqual(to: false))
    }

    @Test("long lists are fine, too long a source is refused")
    func longSources() throws {
        let list = "[" + Array(repeating: "1", count: 20_000).joined(separator: ", ") + "]"
        #expect(try evaluate("size(\(list))").isEqual(to: 20_000))
        #expect(throws: CompileError.self) { try Environment().parse(String(repeating: " ", count: 100_001)) }
        #expect(throws: CompileError.self) {
            var limits = Limits.standard
            limits.nodes = 100
            _ = try Environment(limits: limits).parse("[" + String(repeating: "1,", count: 200) + "]")
        }
    }

    private func failure(_ source: String, _ bindings: Bindings = [:], limits: Limits = .standard) -> EvaluationError? {
        do {
            _ = try Environment(limits: limits).compile(source, isChecked: false).evaluate(bindings)
            return nil
        } catch {
            return error as? EvaluationError
        }
    }

    /// Binds a name to ten copies of the name before it, again and again: a billion laughs.
    private func laughs(_ levels: Int, _ body: String, of shape: (String) -> String) -> String {
        var source = "cel.bind(a0, \(shape("'ha'")), "
        for level in 1..<levels { source += "cel.bind(a\(level), \(shape("a\(level - 1)")), " }
        return source + body.replacingOccurrences(of: "LAST", with: "a\(levels - 1)")
            + String(repeating: ")", count: levels)
    }

    @Test("a billion laughs are told, compared and formatted only as far as the limits go")
    func billionLaughs() {
        let list = { (name: String) in "[" + Array(repeating: name, count: 10).joined(separator: ", ") + "]" }
        let map = { (name: String) in "{" + (0..<10).map { "\($0): \(name)" }.joined(separator: ", ") + "}" }
        #expect(failure(laughs(10, "LAST", of: list))?.code == .tooLarge)
        #expect(failure(laughs(10, "LAST", of: map))?.code == .tooLarge)
        #expect(failure(laughs(10, "LAST == LAST", of: list))?.code == .costExceeded)
        #expect(failure(laughs(10, "LAST == LAST", of: map))?.code == .costExceeded)
        #expect(failure(laughs(10, "LAST in [LAST]", of: map))?.code == .costExceeded)
        #expect(failure(laughs(10, "'%s'.format([LAST])", of: list))?.code.isLimit == true)
        #expect(failure(laughs(10, "sets.contains(LAST, LAST)", of: list))?.code.isLimit == true)
        #expect(failure(laughs(10, "LAST.flatten(9)", of: list))?.code.isLimit == true)
        #expect(failure(laughs(10, "LAST.distinct()", of: list))?.code.isLimit != false)
        let sum = { (name: String) in Array(repeating: name, count: 10).joined(separator: " + ") }
        #expect(failure(laughs(10, "LAST.size() > 0", of: sum))?.code == .tooLarge)
        #expect(failure(laughs(10, "LAST.size() > 0", of: { sum("[\($0)]") }))?.code == nil)
        #expect(failure(laughs(10, "LAST.size() > 0", of: { $0 == "'ha'" ? "[1]" : sum($0) }))?.code.isLimit == true)
    }

    @Test("values nest no deeper than the limit, however they are bound together")
    func deepValues() async {
        var source = "1"
        for level in 0..<30 {
            source = "cel.bind(v, \(level == 0 ? "[1]" : "w"), cel.bind(w, \(nested("v", 30)), \(source)))"
        }
        source = "cel.bind(w, [1], \(source))"
        let deep = source
        let code = await onSmallStack { failure(deep)?.code }
        // The names in the loop above shadow one another; what counts is that it ends, and how.
        #expect(code == nil || code?.isLimit == true)
        var chain = "size(v60)"
        for level in stride(from: 60, to: 0, by: -1) {
            chain = "cel.bind(v\(level), \(nested("v\(level - 1)", 30)), \(chain))"
        }
        let chained = "cel.bind(v0, [1], \(chain))"
        #expect(await onSmallStack { failure(chained)?.code } == .tooDeep)
    }

    private func nested(_ inner: String, _ levels: Int) -> String {
        String(repeating: "[", count: levels) + inner + String(repeating: "]", count: levels)
    }

    @Test("comprehensions stop at the limits of iterations and of cost, and no || hides it")
    func comprehensions() {
        let range = "[1, 2, 3, 4, 5, 6, 7, 8, 9, 10]"
        var source = "true"
        for _ in 0..<8 { source = "\(range).all(x, \(source))" }
        #expect(failure(source)?.code.isLimit == true)
        #expect(failure("(\(source)) || true")?.code.isLimit == true)
        #expect(failure("true || (\(source))") == nil)
        var limits = Limits.standard
        limits.iterations = 20
        #expect(failure("\(range).all(x, \(range).all(y, true))", limits: limits)?.code == .tooManyIterations)
        limits.cost = 10
        #expect(failure("1 + x + x + x + x + x + x", ["x": 1], limits: limits)?.code == .costExceeded)
        limits.cost = 5
        #expect(
            failure("x.all(y, true)", ["x": .list(Array(repeating: 1, count: 5))], limits: limits)?.code
                == .costExceeded)
    }

    @Test("patterns of any shape are matched in linear time")
    func patterns() throws {
        let text = String(repeating: "a", count: 20_000)
        let clock = ContinuousClock()
        let spent = clock.measure { _ = failure("x.matches('(a|aa|a*)*b')", ["x": .string(text)]) }
        #expect(spent < .seconds(20))
        #expect(failure("'a'.matches('((a{1000}){1000}){1000}')") != nil)
    }

    @Test("one program is evaluated from many threads at once")
    func threads() async throws {
        let program = try Environment(variables: ["x": .int]).compile("[1, 2, 3].exists(y, y * x > 5) && x > 1")
        let results = try await withThrowingTaskGroup(of: Bool.self) { group in
            for number in 0..<200 {
                group.addTask { try program.evaluate(["x": .int(Int64(number))]).isEqual(to: .bool(number > 1)) }
            }
            return try await group.reduce(into: []) { $0.append($1) }
        }
        #expect(results.allSatisfy { $0 })
    }
}
