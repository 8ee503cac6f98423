import Foundation
import Rules

/// How long rules take to compile and to evaluate, beside Google's C++ runtime where it is installed.
///
/// Both sides measure the same expressions in turns, and of each the best round counts: what disturbs a machine only
/// ever makes a round slower.
package enum RulesBench {
    package struct Report: Encodable, Sendable {
        package var name = "rules"
        package var cases: [Case]
        /// What the other runtime is, or why it was not measured.
        package var google: String
    }

    package struct Case: Encodable, Sendable {
        package var name: String
        package var expression: String
        package var evaluate_ns: Double
        /// Parsing, checking and planning.
        package var compile_ns: Double
        package var google: Google?
    }

    package struct Google: Encodable, Sendable {
        /// One call of its Python wrapper, evaluation included.
        package var call_ns: Double
        /// The same call of the expression `true`: what the wrapper itself takes.
        package var call_overhead_ns: Double
        /// The evaluation without the wrapper.
        package var evaluate_ns: Double
        package var compile_ns: Double
        /// How many times as long Google's evaluation takes, without its wrapper.
        package var ratio: Double
        package var compile_ratio: Double
    }

    /// - Parameters:
    ///   - python: an interpreter with `cel-expr-python`, for the comparison.
    ///   - rounds: how often each case is measured on either side.
    package static func run(python: String, rounds: Int = 5) throws -> Report {
        let cases = try Workload.cases()
        let peer = GoogleRuntime(python: python)
        var report = Report(cases: [], google: peer.description)
        for item in cases {
            let program = try item.environment.compile(item.expression)
            guard case .bool(true) = try program.evaluate(item.bindings) else {
                throw RulesBenchError(text: "the case \(item.name) is not true")
            }
            var evaluate = Double.infinity
            var compile = Double.infinity
            var google: GoogleRuntime.Answer?
            for _ in 0..<rounds {
                evaluate = min(evaluate, try nanoseconds { _ = try program.evaluate(item.bindings) })
                compile = min(compile, try nanoseconds { _ = try item.environment.compile(item.expression) })
                if let answer = peer.measure(item.expression) { google = answer.best(google) }
            }
            report.cases.append(
                Case(
                    name: item.name, expression: item.expression, evaluate_ns: evaluate.rounded(),
                    compile_ns: compile.rounded(), google: google.map { compared($0, evaluate, compile) }))
        }
        return report
    }

    private static func compared(_ google: GoogleRuntime.Answer, _ evaluate: Double, _ compile: Double) -> Google {
        let own = max(google.call_ns - google.overhead_ns, 1)
        return Google(
            call_ns: google.call_ns.rounded(), call_overhead_ns: google.overhead_ns.rounded(),
            evaluate_ns: own.rounded(), compile_ns: google.compile_ns.rounded(),
            ratio: (own / evaluate * 10).rounded() / 10,
            compile_ratio: (google.compile_ns / compile * 10).rounded() / 10)
    }

    /// The best mean of many short windows: on a machine that does something else as well, a window of a millisecond
    /// often has the core to itself, one of 50 ms never.
    private static func nanoseconds(_ body: () throws -> Void) rethrows -> Double {
        let clock = ContinuousClock()
        var count = 1
        var best = Double.infinity
        var windows = 0
        while windows < 50 {
            let start = clock.now
            for _ in 0..<count { try body() }
            let spent = start.duration(to: clock.now).components
            let total = Double(spent.seconds) * 1e9 + Double(spent.attoseconds) / 1e9
            if total < 0.5e6 {
                count *= 2
            } else {
                best = min(best, total / Double(count))
                windows += 1
            }
        }
        return best
    }
}

package struct RulesBenchError: Error, CustomStringConvertible {
    let text: String
    package var description: String { text }
}
