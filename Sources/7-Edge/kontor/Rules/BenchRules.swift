import ArgumentParser
import Bench
import Foundation

extension RulesCommand {
    struct BenchRules: ParsableCommand {
        static let configuration = CommandConfiguration(
            commandName: "bench",
            abstract: "Measure rules beside Google's runtime, where Python has its package cel-expr-python.")
        @Option(help: "A Python with cel-expr-python; KONTOR_PYTHON names it as well.") var python: String?
        @Option(help: "Rounds of each case; the best counts.") var rounds = 5
        @Flag(help: "One JSON object.") var json = false

        func run() throws {
            try Arguments.check("--rounds", rounds, in: 1...1_000)
            let interpreter = python ?? ProcessInfo.processInfo.environment["KONTOR_PYTHON"] ?? "python3"
            let report = try RulesBench.run(python: interpreter, rounds: rounds)
            if json { return try Terminal.json(report) }
            Terminal.table(
                ["rule", "evaluate", "compile", "Google", "its call", "ratio"], report.cases.map(Self.row),
                right: [1, 2, 3, 4, 5])
            Terminal.note(
                "Google: \(report.google). Its column is the evaluation without its Python call, which is beside it."
            )
        }

        private static func row(_ item: RulesBench.Case) -> [String] {
            let own = [item.name, time(item.evaluate_ns), time(item.compile_ns)]
            guard let google = item.google else { return own + ["", "", ""] }
            return own + [time(google.evaluate_ns), time(google.call_overhead_ns), "\(google.ratio)×"]
        }

        private static func time(_ nanoseconds: Double) -> String {
            nanoseconds < 1_000
                ? "\(Int(nanoseconds)) ns" : "\((nanoseconds / 10).rounded() / 100) µs"
        }
    }
}
