public import Contract
import Money

/// Why an order or a cart was refused, and what the caller can do about it.
public struct OrdersError: Error, Hashable, Sendable, CustomStringConvertible {
    /// What kind of refusal it is. A struct over a hidden enum, so that a new kind breaks nobody's `switch`.
    public struct Code: Hashable, Sendable, CustomStringConvertible {
        private enum Kind: String {
            case illegalMove, unknownOrder, unknownCart, invalidField, insufficientStock, cartClosed, reservationLapsed
            case paymentUnderWay, refundTooLarge, totalMoved, versionMismatch, missingScope
        }

        private let kind: Kind

        /// The order's state does not allow it.
        public static let illegalMove = Code(kind: .illegalMove)
        public static let unknownOrder = Code(kind: .unknownOrder)
        public static let unknownCart = Code(kind: .unknownCart)
        /// A value of the request breaks a rule.
        public static let invalidField = Code(kind: .invalidField)
        /// Less is available than was asked for; nothing was placed.
        public static let insufficientStock = Code(kind: .insufficientStock)
        /// The cart was checked out, has expired or was thrown away.
        public static let cartClosed = Code(kind: .cartClosed)
        /// The time in which the stock was kept for the shopper is over.
        public static let reservationLapsed = Code(kind: .reservationLapsed)
        /// A payment of this order has not ended; a second one could charge the shopper twice.
        public static let paymentUnderWay = Code(kind: .paymentUnderWay)
        /// More shall go back than was captured and not refunded yet.
        public static let refundTooLarge = Code(kind: .refundTooLarge)
        /// The total is not the one that the shopper agreed to.
        public static let totalMoved = Code(kind: .totalMoved)
        /// Somebody changed the order since it was read.
        public static let versionMismatch = Code(kind: .versionMismatch)
        public static let missingScope = Code(kind: .missingScope)

        public var description: String { kind.rawValue }
    }

    public let code: Code
    public let field: String?
    public let detail: String
    /// Facts for programs: "state", "allowed", "sku", "asked", "available".
    public let facts: [String: String]

    init(_ code: Code, field: String? = nil, _ detail: String, facts: [String: String] = [:]) {
        self.code = code
        self.field = field
        self.detail = detail
        self.facts = facts
    }

    public var description: String { detail }
}

extension OrdersError {
    static func illegalMove(_ move: String, state: String, allowed: [String]) -> OrdersError {
        let list = allowed.isEmpty ? "none" : allowed.joined(separator: ", ")
        return OrdersError(
            .illegalMove, "\"\(move)\" is not possible: the order is \(state); allowed moves: \(list).",
            facts: ["state": state, "allowed": allowed.joined(separator: " ")])
    }

    static func invalid(_ field: String, _ value: String, _ rule: String) -> OrdersError {
        OrdersError(.invalidField, field: field, "\(field) \"\(value.prefix(80))\" \(rule).")
    }

    static func unknownOrder(_ id: String) -> OrdersError {
        OrdersError(.unknownOrder, field: "order_id", "There is no order \"\(id.prefix(80))\".")
    }

    static func unknownCart(_ id: String) -> OrdersError {
        OrdersError(.unknownCart, field: "cart_id", "There is no cart \"\(id.prefix(80))\".")
    }

    static func money(_ error: MoneyError, field: String) -> OrdersError {
        OrdersError(.invalidField, field: field, "\(field): \(error).")
    }
}

extension OrdersError: ProblemConvertible {
    public var problem: Problem {
        let (type, title, status) =
            switch code {
            case .illegalMove: ("illegal-move", "The order's state does not allow it", 409)
            case .unknownOrder, .unknownCart: ("not-found", "Not found", 404)
            case .insufficientStock: ("insufficient-stock", "Not enough stock", 409)
            case .cartClosed: ("cart-closed", "The cart is closed", 409)
            case .reservationLapsed: ("reservation-lapsed", "The reservation has lapsed", 409)
            case .paymentUnderWay: ("payment-under-way", "A payment is under way", 409)
            case .refundTooLarge: ("refund-too-large", "More than there is to refund", 409)
            case .totalMoved: ("total-moved", "The total is another one", 409)
            case .versionMismatch: ("version-mismatch", "The order was changed meanwhile", 412)
            case .missingScope: ("forbidden", "A permission is missing", 403)
            default: ("invalid-field", "Invalid field", 422)
            }
        return Problem(type: type, title: title, status: status, detail: detail, field: field, extensions: facts)
    }
}
