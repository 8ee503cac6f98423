public import Contract

/// Why a tenant could not be made, changed or opened.
public struct TenancyError: Error, Sendable, Hashable {
    public struct Code: Hashable, Sendable {
        fileprivate enum Name: String {
            case invalidField, slugTaken, unknownTenant, illegalMove, suspended, closed, preparing, tooManyOpen
        }
        fileprivate let name: Name

        public static let invalidField = Code(name: .invalidField)
        public static let slugTaken = Code(name: .slugTaken)
        public static let unknownTenant = Code(name: .unknownTenant)
        /// The tenant's state does not allow the move.
        public static let illegalMove = Code(name: .illegalMove)
        public static let suspended = Code(name: .suspended)
        public static let closed = Code(name: .closed)
        /// The tenant's creation was interrupted: repeat it.
        public static let preparing = Code(name: .preparing)
        /// Every open book is in use: come back soon.
        public static let tooManyOpen = Code(name: .tooManyOpen)
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

extension TenancyError: ProblemConvertible {
    public var problem: Problem {
        switch code.name {
        case .invalidField:
            Problem(type: "invalid-field", title: "Invalid field", status: 422, detail: message, field: field)
        case .slugTaken:
            Problem(type: "conflict", title: "Conflict", status: 409, detail: message, field: "slug")
        case .unknownTenant:
            Problem(type: "not-found", title: "Not found", status: 404, detail: message)
        case .illegalMove:
            Problem(type: "illegal-move", title: "Illegal move", status: 409, detail: message)
        case .suspended:
            Problem(type: "tenant-suspended", title: "The tenant is suspended", status: 403, detail: message)
        case .closed:
            Problem(type: "tenant-closed", title: "The tenant is closed", status: 410, detail: message)
        case .preparing, .tooManyOpen:
            Problem(type: "busy", title: "Try again", status: 503, detail: message, retryAfterSeconds: 1)
        }
    }
}

extension TenancyError: CustomStringConvertible {
    public var description: String { "\(code.name.rawValue): \(message)" }
}
