/// A moment as whole microseconds since 1970-01-01T00:00:00Z, the unit in which Kontor stores time.
public struct Timestamp: Hashable, Comparable, Sendable {
    public let microseconds: Int64

    public init(microseconds: Int64) { self.microseconds = microseconds }

    public static func < (left: Timestamp, right: Timestamp) -> Bool { left.microseconds < right.microseconds }

    /// The moment `duration` later; saturates at the ends of Int64 because a deadline far away is as good as none.
    public func adding(_ duration: Duration) -> Timestamp {
        let (sum, overflow) = microseconds.addingReportingOverflow(duration.wholeMicroseconds)
        if overflow { return Timestamp(microseconds: duration.wholeMicroseconds > 0 ? .max : .min) }
        return Timestamp(microseconds: sum)
    }

    public static func - (left: Timestamp, right: Timestamp) -> Duration {
        .microseconds(left.microseconds - right.microseconds)
    }
}

extension Duration {
    /// The duration in microseconds, rounded towards zero; saturates at the ends of Int64.
    public var wholeMicroseconds: Int64 {
        let (seconds, attoseconds) = components
        let (scaled, overflow) = seconds.multipliedReportingOverflow(by: 1_000_000)
        if overflow { return seconds > 0 ? .max : .min }
        return scaled &+ attoseconds / 1_000_000_000_000
    }

    /// The duration in milliseconds with a fraction, for people and metrics; never for money.
    public var milliseconds: Double { Double(wholeMicroseconds) / 1_000 }
}
