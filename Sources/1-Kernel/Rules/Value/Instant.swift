/// A moment in UTC between the years 1 and 9999, to the nanosecond.
public struct Timestamp: Sendable, Hashable {
    /// Seconds since 1970-01-01T00:00:00Z; negative before.
    public let seconds: Int64
    /// 0 to 999,999,999, always counted forwards.
    public let nanos: Int32

    /// 0001-01-01T00:00:00Z and 9999-12-31T23:59:59Z.
    public static let range: ClosedRange<Int64> = -62_135_596_800...253_402_300_799

    /// - Throws: `EvaluationError` of code `.overflow` outside the years 1 to 9999.
    public init(seconds: Int64, nanos: Int64 = 0) throws(EvaluationError) {
        let (whole, overflow) = seconds.addingReportingOverflow(nanos.floored(by: 1_000_000_000))
        guard !overflow, Timestamp.range.contains(whole) else {
            throw EvaluationError(.overflow, "the timestamp lies outside the years 1 to 9999")
        }
        self.seconds = whole
        self.nanos = Int32(nanos.remainder(by: 1_000_000_000))
    }
}

/// A span of time, to the nanosecond, within about 10,000 years either way.
public struct Duration: Sendable, Hashable {
    /// Whole seconds; of the same sign as `nanos` unless one of them is zero.
    public let seconds: Int64
    /// −999,999,999 to 999,999,999.
    public let nanos: Int32

    /// The definition of `google.protobuf.Duration` allows this many seconds either way.
    public static let range: ClosedRange<Int64> = -315_576_000_000...315_576_000_000

    /// - Throws: `EvaluationError` of code `.overflow` outside the range.
    public init(seconds: Int64, nanos: Int64 = 0) throws(EvaluationError) {
        let (sum, overflow) = seconds.addingReportingOverflow(nanos / 1_000_000_000)
        var whole = sum
        var part = nanos % 1_000_000_000
        if whole > 0, part < 0 {
            whole -= 1
            part += 1_000_000_000
        } else if whole < 0, part > 0 {
            whole += 1
            part -= 1_000_000_000
        }
        guard !overflow, Duration.range.contains(whole) else {
            throw EvaluationError(.overflow, "the duration is out of range")
        }
        self.seconds = whole
        self.nanos = Int32(part)
    }
}

extension Int64 {
    fileprivate func remainder(by divisor: Int64) -> Int64 {
        let rest = self % divisor
        return rest < 0 ? rest + divisor : rest
    }

    fileprivate func floored(by divisor: Int64) -> Int64 {
        self / divisor - (self % divisor < 0 ? 1 : 0)
    }
}

extension Timestamp: Comparable {
    public static func < (left: Timestamp, right: Timestamp) -> Bool {
        (left.seconds, left.nanos) < (right.seconds, right.nanos)
    }

    public func adding(_ duration: Duration) throws(EvaluationError) -> Timestamp {
        try Timestamp(seconds: seconds + duration.seconds, nanos: Int64(nanos) + Int64(duration.nanos))
    }

    public func subtracting(_ duration: Duration) throws(EvaluationError) -> Timestamp {
        try Timestamp(seconds: seconds - duration.seconds, nanos: Int64(nanos) - Int64(duration.nanos))
    }

    /// The time between two moments.
    /// - Throws: `EvaluationError` of code `.overflow` beyond about 292 years, which is what fits 64 bits of nanoseconds:
    ///   the conformance suite asks for that limit.
    public func since(_ other: Timestamp) throws(EvaluationError) -> Duration {
        let span = try Duration(seconds: seconds - other.seconds, nanos: Int64(nanos) - Int64(other.nanos))
        guard abs(span.seconds) <= Int64.max / 1_000_000_000 else {
            throw EvaluationError(.overflow, "the time between the two is out of range")
        }
        return span
    }
}

extension Duration: Comparable {
    public static func < (left: Duration, right: Duration) -> Bool {
        (left.seconds, left.nanos) < (right.seconds, right.nanos)
    }

    public func adding(_ other: Duration) throws(EvaluationError) -> Duration {
        try Duration(seconds: seconds + other.seconds, nanos: Int64(nanos) + Int64(other.nanos))
    }

    public func subtracting(_ other: Duration) throws(EvaluationError) -> Duration {
        try Duration(seconds: seconds - other.seconds, nanos: Int64(nanos) - Int64(other.nanos))
    }
}
