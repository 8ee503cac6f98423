import Rules

/// Runs cases of the language's conformance suite, as JSON lines.
///
/// Each line is one case: `{file, section, name, expr, container, disable_check, disable_macros, check_only, type_env,
/// bindings, expected_value | expected_error}` with tagged values (see ``CaseValue``). Without either expectation the
/// result must be `true`; any error satisfies an expected error.
public struct RulesConformance: Sendable {
    /// How far a case is taken before it is evaluated.
    public enum Mode: Sendable { case checked, parseOnly }

    public enum Outcome: Sendable, Equatable {
        case passed
        case failed(String)
        case skipped(String)
    }

    /// How many cases ended how.
    public struct Tally: Sendable, Equatable {
        public var passed = 0
        public var failed = 0
        public var skipped = 0

        public init() {}

        public static func += (left: inout Tally, right: Tally) {
            left.passed += right.passed
            left.failed += right.failed
            left.skipped += right.skipped
        }

        /// `N passed, M failed, K skipped`.
        public var text: String { "\(passed) passed, \(failed) failed, \(skipped) skipped" }
    }

    public let mode: Mode
    private let types: ProtobufTypes
    private let strongTypes: ProtobufTypes

    /// - Parameter mode: in `.parseOnly` the checker is left out for every case.
    public init(mode: Mode = .checked) throws {
        self.mode = mode
        let schema = try ProtobufSchema.withWellKnownTypes(ConformanceMessages.files)
        types = ProtobufTypes(schema)
        strongTypes = ProtobufTypes(schema, enums: .distinct)
    }

    /// Runs every line of a file and tells of each case that failed or was skipped.
    public func run(lines: String, report: (String) -> Void) -> Tally {
        var tally = Tally()
        for line in lines.split(separator: "\n") where !line.allSatisfy(\.isWhitespace) {
            switch run(line: String(line)) {
            case (_, .passed): tally.passed += 1
            case (let name, .failed(let reason)):
                tally.failed += 1
                report("FAILED \(name): \(reason)")
            case (let name, .skipped(let reason)):
                tally.skipped += 1
                report("SKIPPED \(name): \(reason)")
            }
        }
        return tally
    }

    /// Runs one case and gives its name, `file/section/name`.
    public func run(line: String) -> (name: String, outcome: Outcome) {
        do {
            let json = try JSONText(parsing: line)
            let name = ["file", "section", "name"].map { json[$0]?.text ?? "?" }.joined(separator: "/")
            do {
                return (name, try run(json))
            } catch {
                return (name, .failed("the case cannot be read: \(error)"))
            }
        } catch {
            return ("?", .failed("\(error)"))
        }
    }

    private func run(_ json: JSONText) throws -> Outcome {
        let strong = json["section"]?.text?.hasPrefix("strong_") == true
        let test = try ConformanceCase(json, strong ? strongTypes : types)
        let checked = mode == .checked && !test.disableCheck
        if test.checkOnly, !checked { return .skipped("the case is for the checker alone") }
        let program: Program
        do {
            program = try test.environment().compile(test.source, isChecked: checked)
        } catch {
            return test.judge(failure: error)
        }
        if checked, let expected = test.expectedType, program.resultType != expected {
            return .failed("expected the type \(expected), found \(program.resultType): \(test.source)")
        }
        if test.checkOnly { return .passed }
        let value: Value
        do {
            value = try program.evaluate(test.bindings)
        } catch {
            return test.judge(failure: error)
        }
        return test.judge(value)
    }
}
