import Foundation
import Synchronization

/// Offsets of time zones at a moment. The rules of the named zones come from Foundation, which carries them itself:
/// a machine or a container without a zone database gives the same answers.
enum TimeZones {
    /// So many named zones are kept; there are about 600 in all.
    private static let capacity = 64
    private static let cache = Mutex<[String: TimeZone]>([:])

    /// Seconds east of UTC, for `Europe/Berlin`, `UTC`, `+02:00`, `-9:30`, `02:00`.
    static func offset(of zone: String, at seconds: Int64) throws -> Int64 {
        if zone.isEmpty || zone == "UTC" { return 0 }
        if let fixed = fixedOffset(zone) { return fixed }
        guard let named = named(zone) else {
            throw EvaluationError(.invalidArgument, "there is no time zone \(Value.quoted(zone))")
        }
        return Int64(named.secondsFromGMT(for: Date(timeIntervalSince1970: Double(seconds))))
    }

    private static func fixedOffset(_ text: String) -> Int64? {
        var reader = ByteReader(text)
        let isWest = reader.take("-")
        if !isWest { _ = reader.take("+") }
        guard let first = reader.number(digits: 1) else { return nil }
        var hours = first
        if let second = reader.number(digits: 1) { hours = hours * 10 + second }
        guard reader.take(":"), let minutes = reader.number(digits: 2), reader.isAtEnd, hours < 24, minutes < 60 else {
            return nil
        }
        let offset = hours * 3_600 + minutes * 60
        return isWest ? -offset : offset
    }

    private static func named(_ identifier: String) -> TimeZone? {
        if let known = cache.withLock({ $0[identifier] }) { return known }
        // Foundation would also take "GMT+5", abbreviations of any case and the empty name.
        guard identifier.utf8.count <= 64, let zone = TimeZone(identifier: identifier),
            zone.identifier == identifier || TimeZone.knownTimeZoneIdentifiers.contains(identifier)
        else { return nil }
        cache.withLock { cache in
            if cache.count >= capacity { cache.removeAll(keepingCapacity: true) }
            cache[identifier] = zone
        }
        return zone
    }
}
