public import Money
public import Runtime

// What the pages show, as plain values: the pages know no capability, and a test can make each of these by hand.

/// One page of a list and where the next one begins; empty at the end.
public struct Listed<Item: Sendable>: Sendable {
    public var items: [Item]
    public var next: String

    public init(_ items: [Item], next: String = "") {
        self.items = items
        self.next = next
    }
}

/// A figure of a day, as the orders count it: `state:paid`, `captured`, `refunded`, `revenue` …
public struct DayFigureFact: Sendable {
    public var figure: String
    public var count: Int64
    public var amount: Amount

    public init(figure: String, count: Int64, amount: Amount) {
        self.figure = figure
        self.count = count
        self.amount = amount
    }
}

/// The orders placed in one hour of a day, 0 to 23.
public struct HourFact: Sendable {
    public var hour: Int
    public var count: Int64
    public var total: Amount

    public init(hour: Int, count: Int64, total: Amount) {
        self.hour = hour
        self.count = count
        self.total = total
    }
}

public struct OrderRowFact: Sendable {
    public var id: String
    public var state: String
    public var paymentState: String
    public var total: Amount
    public var refunded: Amount
    public var lineCount: Int
    public var placedAt: Timestamp

    public init(
        id: String, state: String, paymentState: String, total: Amount, refunded: Amount, lineCount: Int,
        placedAt: Timestamp
    ) {
        self.id = id
        self.state = state
        self.paymentState = paymentState
        self.total = total
        self.refunded = refunded
        self.lineCount = lineCount
        self.placedAt = placedAt
    }
}

public struct OrderLineFact: Sendable {
    public var number = 0
    public var variant = ""
    public var sku = ""
    public var title = ""
    public var quantity: Int64 = 0
    public var fulfilled: Int64 = 0
    public var returned: Int64 = 0
    public var unitPrice: Amount
    public var discount: Amount
    public var tax: Amount
    public var total: Amount

    public init(unitPrice: Amount, discount: Amount, tax: Amount, total: Amount) {
        self.unitPrice = unitPrice
        self.discount = discount
        self.tax = tax
        self.total = total
    }
}

public struct TaxFact: Sendable {
    public var name: String
    /// A factor as text: "0.19".
    public var rate: String
    public var included: Bool
    public var amount: Amount

    public init(name: String, rate: String, included: Bool, amount: Amount) {
        self.name = name
        self.rate = rate
        self.included = included
        self.amount = amount
    }
}

/// A parcel that left, or goods that came back.
public struct ParcelFact: Sendable {
    public var number: Int
    public var lines: [(line: Int, quantity: Int64)]
    /// Carrier and tracking number, or the reason of a return.
    public var note: String
    public var restocked: Bool
    public var at: Timestamp

    public init(
        number: Int, lines: [(line: Int, quantity: Int64)], note: String, restocked: Bool = false, at: Timestamp
    ) {
        self.number = number
        self.lines = lines
        self.note = note
        self.restocked = restocked
        self.at = at
    }
}

public struct RefundFact: Sendable {
    public var number: Int
    public var amount: Amount
    public var reason: String
    public var state: String
    public var payment: String
    public var at: Timestamp

    public init(number: Int, amount: Amount, reason: String, state: String, payment: String, at: Timestamp) {
        self.number = number
        self.amount = amount
        self.reason = reason
        self.state = state
        self.payment = payment
        self.at = at
    }
}

/// One order. Personal values are tokens of the vault.
public struct OrderFact: Sendable {
    public var id: String
    public var state: String
    public var paymentState: String
    public var placedAt: Timestamp
    public var lines: [OrderLineFact] = []
    public var subtotal: Amount
    public var discount: Amount
    public var shipping: Amount
    public var tax: Amount
    public var total: Amount
    public var captured: Amount
    public var refunded: Amount
    public var taxes: [TaxFact] = []
    public var person = ""
    public var emailToken = ""
    /// Region and country; everything else of an address is a token.
    public var destination = ""
    public var shippingMethod = ""
    public var discountCode = ""
    public var cancelReason = ""
    public var reservedUntil: Timestamp?
    public var fulfilments: [ParcelFact] = []
    public var returns: [ParcelFact] = []
    public var refunds: [RefundFact] = []

    /// An order of nothing, to be filled in.
    public init(id: String, state: String, paymentState: String, placedAt: Timestamp, zero: Amount) {
        self.id = id
        self.state = state
        self.paymentState = paymentState
        self.placedAt = placedAt
        subtotal = zero
        discount = zero
        shipping = zero
        tax = zero
        total = zero
        captured = zero
        refunded = zero
    }
}

public struct AttemptFact: Sendable {
    public var number: Int
    public var state: String
    public var merchantReference: String
    public var channelReference: String
    public var refusal: String
    public var at: Timestamp?

    public init(
        number: Int, state: String, merchantReference: String, channelReference: String, refusal: String, at: Timestamp?
    ) {
        self.number = number
        self.state = state
        self.merchantReference = merchantReference
        self.channelReference = channelReference
        self.refusal = refusal
        self.at = at
    }
}

public struct PaymentFact: Sendable {
    public var id: String
    public var reference: String
    public var channel: String
    public var state: String
    public var amount: Amount
    public var captured: Amount
    public var refunded: Amount
    public var channelFee: Amount
    public var platformFee: Amount
    public var attempts: [AttemptFact] = []
    public var at: Timestamp

    public init(id: String, reference: String, channel: String, state: String, amount: Amount, at: Timestamp) {
        self.id = id
        self.reference = reference
        self.channel = channel
        self.state = state
        self.amount = amount
        self.at = at
        captured = .zero(amount.currency)
        refunded = captured
        channelFee = captured
        platformFee = captured
    }
}
