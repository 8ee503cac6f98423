import ArgumentParser
import Foundation

extension RulesCommand {
    struct ReplRules: ParsableCommand {
        static let configuration = CommandConfiguration(
            commandName: "repl", abstract: "Try expressions one after another, with history on the arrow keys.")
        @OptionGroup var inputs: Inputs

        func run() throws {
            var repl: Repl
            do {
                repl = Repl(session: try inputs.session())
            } catch {
                Terminal.error(RuleSession.explanation(error))
                throw ExitCode(1)
            }
            var editor = LineEditor(prompt: "rules> ")
            if editor.isInteractive { Terminal.note(Repl.greeting) }
            while let line = editor.readLine() {
                guard let answer = repl.answer(line) else { break }
                if !answer.isEmpty { Terminal.line(answer) }
            }
        }
    }
}

/// What the REPL answers to a line, without a terminal, so that it is tried by tests.
struct Repl {
    private(set) var session: RuleSession

    static let greeting = "Write an expression, or :help. Ctrl-D ends."

    private static let help = """
        cart.subtotal > 0     evaluate an expression
        :let name = expr      bind a name to a value
        :type expr            the type of an expression, and what it may cost
        :names                the names that are bound, with their types
        :quit                 end
        """

    /// The text to show; nil ends the session.
    mutating func answer(_ line: String) -> String? {
        let text = line.trimmingCharacters(in: .whitespaces)
        if text.isEmpty { return "" }
        do {
            guard text.hasPrefix(":") else {
                let answer = try session.evaluate(text)
                return "\(answer.value)  " + Terminal.dim("\(answer.type), cost \(answer.cost)")
            }
            let word = String(text.prefix { !$0.isWhitespace })
            let rest = text.dropFirst(word.count).trimmingCharacters(in: .whitespaces)
            switch word {
            case ":quit", ":q", ":exit": return nil
            case ":help", ":h", ":?": return Self.help
            case ":names":
                return session.variables.sorted { $0.key < $1.key }.map { "\($0.key): \($0.value)" }
                    .joined(separator: "\n")
            case ":type", ":t":
                let found = try session.check(rest)
                return "\(found.type)  " + Terminal.dim("costs \(found.least) to \(found.most)")
            case ":let": return try bind(rest)
            default: return "there is no \(word); :help lists what there is"
            }
        } catch {
            return RuleSession.explanation(error)
        }
    }

    private mutating func bind(_ text: String) throws -> String {
        guard let equals = text.firstIndex(of: "=") else { return ":let name = expression" }
        let name = text[..<equals].trimmingCharacters(in: .whitespaces)
        let isName = name.first?.isLetter == true && name.allSatisfy { $0.isLetter || $0.isNumber || $0 == "_" }
        guard isName else { return "'\(name)' is no name: letters, digits and _" }
        let answer = try session.evaluate(String(text[text.index(after: equals)...]))
        session.set(name, answer.value, answer.type)
        return "\(name) = \(answer.value)"
    }
}
