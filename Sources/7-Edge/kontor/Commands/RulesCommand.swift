import ArgumentParser
import Foundation
import RulesProtobuf

struct RulesCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "rules",
        abstract: "Try, check and measure rules (CEL expressions).",
        subcommands: [
            EvalRule.self, CheckRule.self, ConformRules.self, BenchRules.self, ReplRules.self,
            RuleLines.self
        ])

    /// What the commands that take an expression share.
    struct Inputs: ParsableArguments {
        @Option(help: "The variables as a JSON object, or @FILE with one.") var bindings = "{}"
        @Option(help: "Their types as a JSON object of texts, or @FILE: {\"total\": \"int\"}.") var types = "{}"
        @Option(help: "The namespace in which names are looked up.") var container = ""

        func session() throws -> RuleSession {
            try RuleSession(
                bindings: try Self.text(bindings), types: try Self.text(types), container: container)
        }

        /// The text itself, or that of the file that it names after an @.
        private static func text(_ argument: String) throws -> String {
            guard argument.hasPrefix("@") else { return argument }
            return try String(contentsOfFile: String(argument.dropFirst()), encoding: .utf8)
        }
    }

    struct EvalRule: ParsableCommand {
        static let configuration = CommandConfiguration(
            commandName: "eval", abstract: "Check and evaluate an expression; prints its value.")
        @Argument(help: "The expression: 'cart.subtotal >= 20000'.") var expression: String
        @OptionGroup var inputs: Inputs
        @Flag(help: "The value, its type and its cost as one JSON object.") var json = false

        func run() throws {
            try RulesCommand.explained(expression) {
                let answer = try inputs.session().evaluate(expression)
                guard json else { return Terminal.line("\(answer.value)") }
                let members = [
                    ("value", RuleJSON.json(answer.value)), ("type", .string("\(answer.type)")),
                    ("cost", .number("\(answer.cost)"))
                ]
                Terminal.line("{" + members.map { "\"\($0)\": \($1)" }.joined(separator: ", ") + "}")
            }
        }
    }

    struct CheckRule: ParsableCommand {
        static let configuration = CommandConfiguration(
            commandName: "check", abstract: "Check an expression; prints its type and what it may cost.")
        @Argument(help: "The expression.") var expression: String
        @OptionGroup var inputs: Inputs

        func run() throws {
            try RulesCommand.explained(expression) {
                let found = try inputs.session().check(expression)
                Terminal.line("\(found.type)")
                Terminal.note("costs \(found.least) to \(found.most) units")
            }
        }
    }

    struct ConformRules: ParsableCommand {
        static let configuration = CommandConfiguration(
            commandName: "conform", abstract: "Run conformance cases; exit code 0 only when none fails.")
        @Argument(help: "Files of cases as JSON lines.") var files: [String]
        @Flag(help: "Leave the type checker out.") var parseOnly = false

        func run() throws {
            let runner = try RulesConformance(mode: parseOnly ? .parseOnly : .checked)
            var tally = RulesConformance.Tally()
            for file in files {
                let lines: String
                do {
                    lines = try String(contentsOfFile: file, encoding: .utf8)
                } catch {
                    throw ValidationError("\(file) cannot be read: \(error.localizedDescription)")
                }
                tally += runner.run(lines: lines) { Terminal.line($0) }
            }
            Terminal.line(tally.text)
            if tally.failed > 0 { throw ExitCode(1) }
        }
    }

    /// Says what is wrong with an expression, with the line and a caret, and ends with exit code 1.
    static func explained(_ expression: String, _ body: () throws -> Void) throws {
        do {
            try body()
        } catch let error as ExitCode {
            throw error
        } catch {
            Terminal.error(RuleSession.explanation(error))
            throw ExitCode(1)
        }
    }
}
