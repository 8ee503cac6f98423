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
                ["rule", "evaluate", "compile", "Google", "its call", "ratio"],
                report.cases.map { item in
                    [
                        item.name, Self.time(item.evaluate_ns), Self.time(item.compile_ns),
                        item.google.map { Self.time($0.evaluate_ns) } ?? "",
                        item.google.map { Self.time($0.call_overhead_ns) } ?? "",
                        item.google.map { "\($0.ratio)×" } ?? ""
                    ]
                }, right: [1, 2, 3, 4, 5])
            Terminal.note(
                "Google: \(report.google). Its column is the evaluation without its Python call, which stands beside it."
            )
        }

        private static func time(_ nanoseconds: Double) -> String {
            nanoseconds < 1_000
                ? "\(Int(nanoseconds)) ns" : "\((nanoseconds / 10).rounded() / 100) µs"
        }
    }
}
