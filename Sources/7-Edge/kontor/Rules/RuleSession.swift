import Rules
import RulesProtobuf

/// Variables with their values and types, against which expressions are tried.
struct RuleSession {
    private(set) var bindings = Bindings()
    private(set) var variables: [String: Type] = [:]
    private let container: String
    private let provider: ProtobufTypes

    /// - Parameters:
    ///   - bindings: a JSON object of the variables' values.
    ///   - types: a JSON object of their types as text; what is not named there has the type that its value shows.
    init(bindings: String = "{}", types: String = "{}", container: String = "") throws {
        self.container = container
        provider = ProtobufTypes(try ProtobufSchema.withWellKnownTypes())
        variables = try RuleJSON.types(try JSONText(parsing: types), provider)
        guard let members = try JSONText(parsing: bindings).members else {
            throw RuleSessionError(text: "bindings are written as a JSON object: {\"total\": 4200}")
        }
        for member in members {
            let declared = variables[member.name]
            let value = try RuleJSON.value(member.value, as: declared ?? .dynamic, types: provider)
            set(member.name, value, declared)
        }
    }

    /// Binds a name; without a type it has the one that the value shows.
    mutating func set(_ name: String, _ value: Value, _ type: Type? = nil) {
        bindings[name] = value
        variables[name] = type ?? RuleJSON.shownType(value)
    }

    private var environment: Environment {
        Environment(
            container: container, variables: variables, types: provider)
    }

    func evaluate(_ source: String) throws -> (value: Value, type: Type, cost: Int) {
        let program = try environment.compile(source)
        let measured = try program.evaluateMeasured(bindings)
        return (measured.value, program.resultType, measured.cost)
    }

    func check(_ source: String) throws -> (type: Type, least: Int, most: Int) {
        let environment = environment
        let program = try environment.compile(source)
        let estimate = environment.estimate(program)
        return (program.resultType, estimate.least, estimate.most)
    }

    /// What went wrong, in the words of the library: place, line and caret where they are known.
    static func explanation(_ error: any Error) -> String {
        switch error {
        case let error as CompileError: error.description
        case let error as EvaluationError: error.description
        case let error as ProtobufError: error.description
        default: "\(error)"
        }
    }
}

struct RuleSessionError: Error, CustomStringConvertible {
    let text: String
    var description: String { text }
}
