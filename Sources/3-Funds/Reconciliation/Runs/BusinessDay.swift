import Runtime

/// A civil day as the number of days since 1970-01-01, with its text `2026-11-21`.
public struct BusinessDay: Hashable, Comparable, Sendable, CustomStringConvertible {
    public let number: Int64

    public init(number: Int64) { self.number = number }

    /// Reads `yyyy-mm-dd`; nil when it is not a day of the calendar.
    public init?(_ text: String) {
        guard text.utf8.count == 10, let midnight = Timestamp(rfc3339: text + "T00:00:00Z") else { return nil }
        number = midnight.microseconds / 86_400_000_000
        guard description == text else { return nil }
    }

    public static func < (left: BusinessDay, right: BusinessDay) -> Bool { left.number < right.number }

    public var description: String {
        let date = CivilDate(daysSinceEpoch: number)
        func padded(_ value: Int64, _ width: Int) -> String {
            let text = String(value)
            return String(repeating: "0", count: max(0, width - text.count)) + text
        }
        return "\(padded(date.year, 4))-\(padded(date.month, 2))-\(padded(date.day, 2))"
    }

    public func adding(days: Int64) -> BusinessDay { BusinessDay(number: number + days) }
}
