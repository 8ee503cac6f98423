import ArgumentParser
import Foundation
import Rules
import RulesProtobuf

extension RulesCommand {
    /// Evaluates many expressions, for `Scripts/rules-fuzz.py`: JSON lines of `{"expr", "types", "bindings"}` in, JSON
    /// lines of `{"value"}` or `{"error", "stage"}` out.
    struct RuleLines: ParsableCommand {
        static let configuration = CommandConfiguration(
            commandName: "lines", abstract: "Evaluate expressions from JSON lines.", shouldDisplay: false)

        func run() throws {
            var session = RuleLineSession()
            while let line = readLine() {
                guard !line.isEmpty else { continue }
                Terminal.line(session.answer(line))
            }
        }
    }
}
