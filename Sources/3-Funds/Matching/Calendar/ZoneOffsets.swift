/// A time zone as data: the offset from UTC and when it changes.
///
/// The room reads no time zone files, so that the same rules give the same day on every machine. Whoever knows a zone's
/// rules writes its changes for the years the rules are used in; most settlement zones (UTC, Shanghai) have none.
public struct ZoneOffsets: Sendable, Hashable, Codable {
    /// From `at` on (seconds since 1970-01-01T00:00Z) the zone is `minutes` ahead of UTC.
    public struct Change: Sendable, Hashable, Codable {
        public var at: Int64
        public var minutes: Int

        public init(at: Int64, minutes: Int) {
            self.at = at
            self.minutes = minutes
        }
    }

    /// Minutes ahead of UTC before the first change: Shanghai is 480.
    public var minutes: Int
    /// In ascending order of `at`.
    public var changes: [Change]

    /// No zone has ever been further from UTC than this.
    static let furthestMinutes = 18 * 60
    static let maximumChanges = 1_000

    public static let utc = ZoneOffsets(minutes: 0)

    public init(minutes: Int, changes: [Change] = []) {
        self.minutes = minutes
        self.changes = changes
    }

    /// Seconds ahead of UTC at `instant`.
    public func offset(at instant: Int64) -> Int64 {
        guard !changes.isEmpty, instant >= changes[0].at else { return Int64(minutes) * 60 }
        var low = 0
        var high = changes.count - 1
        while low < high {
            let middle = (low + high + 1) / 2
            if changes[middle].at <= instant { low = middle } else { high = middle - 1 }
        }
        return Int64(changes[low].minutes) * 60
    }

    private enum Key: String, CodingKey, CaseIterable { case minutes, changes }

    public init(from decoder: any Decoder) throws {
        try decoder.refuseOthers(than: Key.self)
        let values = try decoder.container(keyedBy: Key.self)
        self.init(minutes: try values.decode(Int.self, forKey: .minutes), changes: try values.get(.changes, or: []))
    }
}
