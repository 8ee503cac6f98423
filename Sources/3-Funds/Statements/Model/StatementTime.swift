/// When a line happened, as exactly as its file says: a day, a time of day, and a zone where one is stated or where
/// the format's rules fix it. Nothing is invented: a missing part stays missing.
public struct StatementTime: Hashable, Sendable {
    /// China has one zone and no summer time.
    public static let china: Int32 = 8 * 3600

    /// The day in the file's own zone.
    public let date: CivilDate
    /// Seconds since midnight in the file's own zone; nil when the file gives the day alone.
    public let secondOfDay: Int32?
    /// Seconds east of UTC; nil when the file does not say.
    public let offsetSeconds: Int32?

    /// Nil for a second outside 0…86,399 or a zone further than a day from UTC.
    public init?(date: CivilDate, secondOfDay: Int32? = nil, offsetSeconds: Int32? = nil) {
        if let secondOfDay, !(0..<86_400).contains(secondOfDay) { return nil }
        if let offsetSeconds, !(-86_399...86_399).contains(offsetSeconds) { return nil }
        self.date = date
        self.secondOfDay = secondOfDay
        self.offsetSeconds = offsetSeconds
    }

    /// The day alone.
    public init(date: CivilDate) {
        self.date = date
        secondOfDay = nil
        offsetSeconds = nil
    }

    /// Nil where the clock cannot show it.
    public init?(date: CivilDate, hour: Int, minute: Int, second: Int, offsetSeconds: Int32? = nil) {
        guard (0...23).contains(hour), (0...59).contains(minute), (0...59).contains(second) else { return nil }
        self.init(
            date: date, secondOfDay: Int32(hour * 3600 + minute * 60 + second), offsetSeconds: offsetSeconds)
    }

    /// Seconds since 1970-01-01T00:00:00Z; nil when the time of day or the zone is unknown.
    public var epochSeconds: Int64? {
        guard let secondOfDay, let offsetSeconds else { return nil }
        return date.daysSinceEpoch * 86_400 + Int64(secondOfDay) - Int64(offsetSeconds)
    }
}

extension StatementTime: CustomStringConvertible {
    /// `2026-03-01T12:30:00+08:00`, `2026-03-01T12:30:00` without a zone, `2026-03-01` without a time.
    public var description: String {
        guard let secondOfDay else { return date.description }
        let second = Int(secondOfDay)
        let clock = "\(Digits.padded(second / 3600, to: 2)):\(Digits.padded(second / 60 % 60, to: 2))"
        let local = "\(date)T\(clock):\(Digits.padded(second % 60, to: 2))"
        guard let offsetSeconds else { return local }
        guard offsetSeconds != 0 else { return local + "Z" }
        let minutes = Int(offsetSeconds.magnitude) / 60
        let zone = "\(Digits.padded(minutes / 60, to: 2)):\(Digits.padded(minutes % 60, to: 2))"
        return local + (offsetSeconds < 0 ? "-" : "+") + zone
    }
}
