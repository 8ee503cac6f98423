/// The HTTP methods that a contract uses.
public enum HTTPMethod: String, Sendable, Hashable, CaseIterable {
    case get = "GET"
    case post = "POST"
    case put = "PUT"
    case patch = "PATCH"
    case delete = "DELETE"
}

/// One call of the contract with everything that the contract says of it.
public struct Operation: Sendable, Hashable {
    public enum Access: String, Sendable, Hashable { case tenant, platform, signed, anonymous }
    public enum Idempotency: String, Sendable, Hashable { case required, accepted, none }

    /// e.g. `kontor.orders.v1.Orders/PlaceOrder`.
    public var name: String
    /// The capability it belongs to, e.g. `orders`.
    public var capability: String
    public var summary: String
    public var method: HTTPMethod
    /// e.g. `/v1/orders/{order_id}`.
    public var path: String
    public var scope: String
    public var access: Access
    public var price: Price
    public var promise: Promise
    public var idempotency: Idempotency
    public var successStatus: Int
    /// The field that takes the body's bytes as they are; nil where the body is JSON.
    public var rawBodyField: String?

    public init(
        name: String, capability: String, summary: String, method: HTTPMethod, path: String, scope: String,
        access: Access = .tenant, price: Price, promise: Promise, idempotency: Idempotency = .accepted,
        successStatus: Int = 200, rawBodyField: String? = nil
    ) {
        self.name = name
        self.capability = capability
        self.summary = summary
        self.method = method
        self.path = path
        self.scope = scope
        self.access = access
        self.price = price
        self.promise = promise
        self.idempotency = idempotency
        self.successStatus = successStatus
        self.rawBodyField = rawBodyField
    }
}

/// What a call is counted as and how often it may be made.
public struct Price: Sendable, Hashable {
    public enum Tier: String, Sendable, Hashable { case free, standard, premium }
    public enum QuotaScope: String, Sendable, Hashable { case tenant, caller, platform }

    public var meter: String
    public var tier: Tier
    public var quotaScope: QuotaScope
    public var ratePerSecond: Int
    public var burst: Int

    public init(meter: String, tier: Tier, quotaScope: QuotaScope, ratePerSecond: Int, burst: Int) {
        self.meter = meter
        self.tier = tier
        self.quotaScope = quotaScope
        self.ratePerSecond = ratePerSecond
        self.burst = burst
    }
}

/// What a call promises: the service level that alerts and credits are computed from.
public struct Promise: Sendable, Hashable {
    public var p99Ms: Int
    public var errorRatePpm: Int
    public var throughputPerSecond: Int
    public var deadlineMs: Int

    public init(p99Ms: Int, errorRatePpm: Int, throughputPerSecond: Int, deadlineMs: Int) {
        self.p99Ms = p99Ms
        self.errorRatePpm = errorRatePpm
        self.throughputPerSecond = throughputPerSecond
        self.deadlineMs = deadlineMs
    }
}
