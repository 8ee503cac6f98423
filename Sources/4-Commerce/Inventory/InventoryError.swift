public import Contract

/// Why stock was not moved, and what the caller can do about it.
public struct InventoryError: Error, Hashable, Sendable, CustomStringConvertible {
    /// What kind of refusal it is. A struct over a hidden enum, so that a new kind breaks nobody's `switch`.
    public struct Code: Hashable, Sendable, CustomStringConvertible {
        private enum Kind: String {
            case insufficientStock, notOnHand, invalidLine, unknownReservation, reservationEnded, referenceReused
            case tooMuchFulfilled, unknownLocation, locationExists
        }

        private let kind: Kind

        /// Less is available than was asked for; nothing was set aside.
        public static let insufficientStock = Code(kind: .insufficientStock)
        /// Less is on the shelf than shall leave it.
        public static let notOnHand = Code(kind: .notOnHand)
        /// A quantity, a reason or a reference that cannot be.
        public static let invalidLine = Code(kind: .invalidLine)
        public static let unknownReservation = Code(kind: .unknownReservation)
        /// The reservation is released, expired or fulfilled and takes no such move any more.
        public static let reservationEnded = Code(kind: .reservationEnded)
        /// The reference was used before for something else.
        public static let referenceReused = Code(kind: .referenceReused)
        /// More shall be fulfilled than the reservation still holds.
        public static let tooMuchFulfilled = Code(kind: .tooMuchFulfilled)
        public static let unknownLocation = Code(kind: .unknownLocation)
        public static let locationExists = Code(kind: .locationExists)

        public var description: String { kind.rawValue }
    }

    /// One variant of which there is too little.
    public struct Shortage: Hashable, Sendable {
        public let variant: VariantID
        public let wanted: Int64
        public let available: Int64
    }

    public let code: Code
    /// The field of a request that is to blame, where there is one.
    public let field: String?
    public let detail: String
    /// With `insufficientStock` and `notOnHand`: every variant that falls short.
    public let shortages: [Shortage]

    init(_ code: Code, field: String? = nil, _ detail: String, shortages: [Shortage] = []) {
        self.code = code
        self.field = field
        self.detail = detail
        self.shortages = shortages
    }

    public var description: String { detail }
}

extension InventoryError {
    static func insufficient(_ shortages: [Shortage]) -> InventoryError {
        let parts = shortages.map { "\($0.variant): wanted \($0.wanted), available \(max(0, $0.available))" }
        return InventoryError(
            .insufficientStock, "Not enough stock. \(parts.joined(separator: "; ")).", shortages: shortages)
    }

    static func notOnHand(_ shortage: Shortage) -> InventoryError {
        InventoryError(
            .notOnHand,
            "Only \(shortage.available) of \(shortage.variant) on hand there, \(shortage.wanted) shall leave; "
                + "receive or count the stock first.",
            shortages: [shortage])
    }

    static func unknownReservation(_ reference: String) -> InventoryError {
        InventoryError(.unknownReservation, field: "reference", "Nothing is reserved under \"\(reference)\".")
    }
}

extension InventoryError: ProblemConvertible {
    public var problem: Problem {
        switch code {
        case .insufficientStock:
            conflict("insufficient-stock", "Not enough stock")
        case .notOnHand:
            conflict("not-on-hand", "Not on hand")
        case .reservationEnded:
            conflict("reservation-ended", "The reservation has ended")
        case .referenceReused:
            conflict("reference-reused", "The reference was used before")
        case .tooMuchFulfilled:
            conflict("too-much-fulfilled", "More than is reserved")
        case .locationExists:
            conflict("location-exists", "The location exists")
        case .unknownReservation, .unknownLocation:
            Problem(type: "not-found", title: "Not found", status: 404, detail: detail, field: field)
        default:
            Problem(type: "invalid-field", title: "Invalid field", status: 422, detail: detail, field: field)
        }
    }

    private func conflict(_ type: String, _ title: String) -> Problem {
        let named = shortages.map { ("\($0.variant)", "wanted \($0.wanted), available \(max(0, $0.available))") }
        return Problem(
            type: type, title: title, status: 409, detail: detail, field: field,
            extensions: Dictionary(named, uniquingKeysWith: { first, _ in first }))
    }
}
