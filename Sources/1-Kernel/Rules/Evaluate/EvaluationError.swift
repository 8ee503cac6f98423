/// Why a rule could not be evaluated.
public struct EvaluationError: Error, Sendable, Equatable {
    /// The kind of failure: an open set that callers compare with `==`.
    public struct Code: Sendable, Equatable, CustomStringConvertible {
        private enum Kind: String, Sendable {
            case noSuchOverload, noSuchField, noSuchKey, noSuchVariable, noSuchType, duplicateKey
            case overflow, divisionByZero, indexOutOfBounds, invalidArgument, host
            case costExceeded, tooManyIterations, tooLarge, tooDeep
        }

        private let kind: Kind
        private init(_ kind: Kind) { self.kind = kind }

        public var description: String { kind.rawValue }

        public static let noSuchOverload = Code(.noSuchOverload)
        public static let noSuchField = Code(.noSuchField)
        public static let noSuchKey = Code(.noSuchKey)
        public static let noSuchVariable = Code(.noSuchVariable)
        public static let noSuchType = Code(.noSuchType)
        public static let duplicateKey = Code(.duplicateKey)
        public static let overflow = Code(.overflow)
        public static let divisionByZero = Code(.divisionByZero)
        public static let indexOutOfBounds = Code(.indexOutOfBounds)
        public static let invalidArgument = Code(.invalidArgument)
        /// A host's function or provider threw an error of its own.
        public static let host = Code(.host)
        /// The rule used up the cost it was given.
        public static let costExceeded = Code(.costExceeded)
        public static let tooManyIterations = Code(.tooManyIterations)
        /// A string, list or map grew past the limit.
        public static let tooLarge = Code(.tooLarge)
        public static let tooDeep = Code(.tooDeep)

        /// Whether a limit was reached. `||` and `&&` never absorb such an error: the rule stops.
        public var isLimit: Bool {
            switch kind {
            case .costExceeded, .tooManyIterations, .tooLarge, .tooDeep: true
            default: false
            }
        }
    }

    public let code: Code
    public let message: String
    /// Where in the source it happened, when that is known.
    public internal(set) var location: SourceLocation?

    public init(_ code: Code, _ message: String) {
        self.code = code
        self.message = message
    }
}

extension EvaluationError: CustomStringConvertible {
    public var description: String {
        location.map { "\($0.line):\($0.column): \(message)\n\($0.excerpt)" } ?? message
    }
}
