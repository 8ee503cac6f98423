public import Contract

/// Why a tenant could not be made, changed or opened.
public struct TenancyError: Error, Sendable, Hashable {
    public struct Code: Hashable, Sendable {
        fileprivate enum Name: String {
            case invalidField, slugTaken, unknownTenant, illegalMove, suspended, closed, preparing, tooManyOpen, moving,
                noSuchPlace
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
        /// The tenant's book is on its way to another place: come back soon.
        public static let moving = Code(name: .moving)
        /// The installation has no such store.
        public static let noSuchPlace = Code(name: .noSuchPlace)
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

    /// A place names the installation's own database, and there is none.
    public static let hasNoDatabase = TenancyError(
        .noSuchPlace,
        "this installation has no PostgreSQL database of its own: name one by its URL, such as postgres://HOST/DATABASE"
    )

    static let isMoving = TenancyError(
        .moving, "the tenant's book is being moved to another place; its calls wait for the end of it")
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
        case .moving:
            Problem(type: "tenant-moving", title: "Try again", status: 503, detail: message, retryAfterSeconds: 2)
        case .noSuchPlace:
            Problem(type: "conflict", title: "Conflict", status: 409, detail: message, field: "place")
        }
    }
}

extension TenancyError: CustomStringConvertible {
    public var description: String { "\(code.name.rawValue): \(message)" }
}
