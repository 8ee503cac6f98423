public import Contract

/// Why a credential or a change of identities was refused.
///
/// The code is for us; the problem that a caller sees is the same for every credential that does not hold.
public struct IdentityError: Error, Sendable, Hashable {
    public struct Code: Hashable, Sendable {
        fileprivate enum Name: String {
            case missing, malformed, unknown, wrongSecret, revoked, expired, notYetValid, wrongAlgorithm, badSignature
            case wrongAudience, inactiveUser, wrongTenant, operatorOnly, tenantOnly, missingScope, escalation
            case invalidField, notFound, handleTaken, keyFile
        }
        fileprivate let name: Name

        public static let missing = Code(name: .missing)
        public static let malformed = Code(name: .malformed)
        public static let unknown = Code(name: .unknown)
        public static let wrongSecret = Code(name: .wrongSecret)
        public static let revoked = Code(name: .revoked)
        public static let expired = Code(name: .expired)
        public static let notYetValid = Code(name: .notYetValid)
        /// The token is not signed with EdDSA, as every token of ours is.
        public static let wrongAlgorithm = Code(name: .wrongAlgorithm)
        public static let badSignature = Code(name: .badSignature)
        /// The token was issued by or for somebody else.
        public static let wrongAudience = Code(name: .wrongAudience)
        public static let inactiveUser = Code(name: .inactiveUser)
        public static let wrongTenant = Code(name: .wrongTenant)
        /// A tenant's credential at an operation of the platform.
        public static let operatorOnly = Code(name: .operatorOnly)
        /// An operator's credential at an operation of a tenant.
        public static let tenantOnly = Code(name: .tenantOnly)
        public static let missingScope = Code(name: .missingScope)
        /// Nobody grants more than they hold.
        public static let escalation = Code(name: .escalation)
        public static let invalidField = Code(name: .invalidField)
        public static let notFound = Code(name: .notFound)
        public static let handleTaken = Code(name: .handleTaken)
        public static let keyFile = Code(name: .keyFile)
    }

    public let code: Code
    public let field: String
    public let message: String

    init(_ code: Code, field: String = "", _ message: String = "") {
        self.code = code
        self.field = field
        self.message = message
    }
}

extension IdentityError: ProblemConvertible {
    public var problem: Problem {
        switch code.name {
        case .missing, .malformed, .unknown, .wrongSecret, .revoked, .expired, .notYetValid, .wrongAlgorithm,
            .badSignature, .wrongAudience, .inactiveUser, .wrongTenant:
            .unauthenticated
        case .missingScope:
            .forbidden(scope: field)
        case .operatorOnly, .tenantOnly, .escalation:
            Problem(
                type: "forbidden", title: "The credential does not allow this", status: 403, detail: message)
        case .invalidField:
            Problem(type: "invalid-field", title: "Invalid field", status: 422, detail: message, field: field)
        case .notFound:
            Problem(type: "not-found", title: "Not found", status: 404, detail: message)
        case .handleTaken:
            Problem(type: "conflict", title: "Conflict", status: 409, detail: message, field: "handle")
        case .keyFile:
            Problem(type: "internal", title: "Internal error", status: 500, detail: "The signing keys are unusable.")
        }
    }
}

extension IdentityError: CustomStringConvertible {
    public var description: String { message.isEmpty ? code.name.rawValue : "\(code.name.rawValue): \(message)" }
}
