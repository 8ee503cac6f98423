/// Everything about the edge that an operator may set. The defaults are those of a public server.
public struct GatewaySettings: Sendable {
    /// How the contract's rate limits apply.
    public enum RateLimits: Sendable {
        /// As the contract says, times `multiplier` (1 in production; more for a demo or a load test).
        case enforced(multiplier: Int)
        case off
    }

    public var host = "127.0.0.1"
    /// 0 takes any free port; `onRunning` tells which.
    public var port = 8080

    public var bodyLimitBytes = 1 << 20
    /// For calls whose body is a file (`raw_body` of the contract).
    public var rawBodyLimitBytes = 32 << 20
    public var targetLimitBytes = 8 << 10
    public var headerFieldLimitBytes = 16 << 10
    public var headerListLimitBytes = 32 << 10
    public var headerCountLimit = 100

    /// How long a request's body may take to arrive, whatever its size.
    public var bodyTimeout = Duration.seconds(15)
    /// How long a connection may stay without a whole request head.
    public var idleTimeout = Duration.seconds(60)
    /// The deadline of a call whose contract names none.
    public var defaultDeadlineMs = 10_000

    public var rateLimits = RateLimits.enforced(multiplier: 1)
    /// Buckets kept at once; the one that was used longest ago makes room.
    public var rateLimitBuckets = 100_000

    /// Browser origins that may call the API, e.g. "https://shop.example"; "*" allows every one.
    public var allowedOrigins: Set<String> = []
    /// Set when TLS ends before or in this process: replies then tell browsers to come by HTTPS only.
    public var behindTLS = false
    /// Connections the system may hold until they are accepted.
    public var connectionBacklog = 1_024

    public init() {}
}
