public import Contract

/// Why the vault refused. Its words never repeat a personal value.
public struct VaultError: Error, Sendable, Hashable {
    public struct Code: Hashable, Sendable {
        fileprivate enum Name: String {
            case invalidValue, unknownToken, unknownPerson, erased, tampered, locked, keyFile
        }
        fileprivate let name: Name

        /// A value, a reason or a list breaks a rule; `field` names it.
        public static let invalidValue = Code(name: .invalidValue)
        public static let unknownToken = Code(name: .unknownToken)
        public static let unknownPerson = Code(name: .unknownPerson)
        /// The person was erased: its key is gone and nothing new may be kept on it.
        public static let erased = Code(name: .erased)
        /// A sealed value or key does not authenticate: it was changed or moved since it was written.
        public static let tampered = Code(name: .tampered)
        /// The tenant's key is not in memory: `unlock` the book first.
        public static let locked = Code(name: .locked)
        /// The local key file is missing, damaged or readable by others.
        public static let keyFile = Code(name: .keyFile)
    }

    public let code: Code
    public let field: String
    public let message: String

    init(_ code: Code, field: String = "", _ message: String) {
        self.code = code
        self.field = field
        self.message = message
    }
}

extension VaultError: ProblemConvertible {
    public var problem: Problem {
        switch code.name {
        case .invalidValue:
            Problem(type: "invalid-field", title: "Invalid field", status: 422, detail: message, field: field)
        case .unknownToken:
            Problem(type: "not-found", title: "Not found", status: 404, detail: message, field: field)
        case .unknownPerson:
            Problem(type: "not-found", title: "Not found", status: 404, detail: message)
        case .erased:
            Problem(type: "person-erased", title: "The person was erased", status: 410, detail: message)
        case .locked:
            Problem(
                type: "vault-locked", title: "The vault is locked", status: 503, detail: message, retryAfterSeconds: 1)
        case .tampered, .keyFile:
            Problem(type: "vault-damaged", title: "The vault is damaged", status: 500, detail: message)
        }
    }
}

extension VaultError: CustomStringConvertible {
    public var description: String { "\(code.name.rawValue): \(message)" }
}
