import Foundation
import Matching
import Runtime

/// Where a channel's clock stands: a name of the IANA list, or a distance from UTC such as `+08:00`.
struct ChannelZone: Sendable {
    private let zone: TimeZone

    private static let known = Set(TimeZone.knownTimeZoneIdentifiers)

    /// Nil for a name that nobody knows.
    init?(_ name: String) {
        if name.isEmpty || name == "Z" || name == "UTC" {
            zone = .gmt
        } else if let seconds = Self.distance(name), let fixed = TimeZone(secondsFromGMT: seconds) {
            zone = fixed
        } else if name.utf8.count <= 64, Self.known.contains(name),
            let named = TimeZone(identifier: name)
        {
            zone = named
        } else {
            return nil
        }
    }

    /// Seconds east of UTC at a moment.
    func offset(at moment: Timestamp) -> Int64 {
        Int64(zone.secondsFromGMT(for: Date(timeIntervalSince1970: TimeInterval(moment.microseconds / 1_000_000))))
    }

    /// The moment at which the zone's clocks show `minute` of a day; of two that do, the first.
    func moment(_ day: BusinessDay, minute: Int) -> Timestamp {
        let local = day.number * 86_400 + Int64(minute) * 60
        func guess(_ offset: Int64) -> Timestamp { Timestamp(microseconds: (local - offset) * 1_000_000) }
        // The offset that holds at the guess may be that of the other side of a change of the clocks, so it is asked twice.
        let first = guess(offset(at: guess(0)))
        let second = guess(offset(at: first))
        return min(second, guess(offset(at: second)))
    }

    /// The zone as matching takes it: offsets with the changes of the years around a day.
    func offsets(around day: BusinessDay) -> ZoneOffsets {
        let start = Date(timeIntervalSince1970: TimeInterval((day.number - 400) * 86_400))
        var changes: [ZoneOffsets.Change] = []
        var last = start
        while changes.count < 8, let next = zone.nextDaylightSavingTimeTransition(after: last),
            next.timeIntervalSince1970 < TimeInterval((day.number + 400) * 86_400)
        {
            changes.append(.init(at: Int64(next.timeIntervalSince1970), minutes: zone.secondsFromGMT(for: next) / 60))
            last = next
        }
        return ZoneOffsets(minutes: zone.secondsFromGMT(for: start) / 60, changes: changes)
    }

    /// Seconds of `+08:00`; nil when the text is not of that form.
    private static func distance(_ text: String) -> Int? {
        let bytes = Array(text.utf8)
        guard bytes.count == 6, bytes[0] == UInt8(ascii: "+") || bytes[0] == UInt8(ascii: "-"),
            bytes[3] == UInt8(ascii: ":"), let hours = Int(text.dropFirst().prefix(2)),
            let minutes = Int(text.suffix(2)), (0...18).contains(hours), (0...59).contains(minutes)
        else { return nil }
        return (bytes[0] == UInt8(ascii: "-") ? -1 : 1) * (hours * 3_600 + minutes * 60)
    }
}
