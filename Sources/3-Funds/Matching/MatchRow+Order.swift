extension MatchRow {
    /// The order by content that breaks every tie, so that results depend on no line's position: currency, amount,
    /// status, fee, day, time, keys and, between lines that nothing else tells apart, the id.
    func precedes(_ other: MatchRow) -> Bool {
        if currency != other.currency { return currency < other.currency }
        if amountMinor != other.amountMinor { return amountMinor < other.amountMinor }
        if status != other.status { return status.rawValue < other.status.rawValue }
        if feeMinor != other.feeMinor { return Self.first(feeMinor, other.feeMinor) }
        if day != other.day { return Self.first(day, other.day) }
        if time != other.time { return Self.first(time, other.time) }
        if keys != other.keys { return keys.lexicographicallyPrecedes(other.keys) }
        if batch != other.batch { return batch < other.batch }
        return id < other.id
    }

    /// An unknown value stands before every known one.
    private static func first<Value: Comparable>(_ left: Value?, _ right: Value?) -> Bool {
        guard let right else { return false }
        guard let left else { return true }
        return left < right
    }

    /// Key number `position`; empty where the line has fewer.
    func key(_ position: Int) -> String {
        position < keys.count ? keys[position] : ""
    }
}
