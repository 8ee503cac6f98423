/// Which day a line counts to and on which day its money is settled: weekends, holidays, cut-off, zone and T+n, all data.
public struct SettlementCalendar: Sendable, Hashable, Codable {
    /// Weekdays without settlement: Monday is 1, Sunday is 7.
    public var weekend: Set<Int>
    public var holidays: Set<CivilDay>
    /// Days that are worked although the weekend has them, such as China's make-up days.
    public var workdays: Set<CivilDay>
    /// The business day ends at this minute of the local day, 1...1440. UnionPay's 23:00 is 1380: a line at 23:00:00
    /// counts to the next day.
    public var cutOffMinute: Int
    public var zone: ZoneOffsets
    /// Money of business day T is settled on the n-th settlement day after T; 0 settles on T itself.
    public var settlementDays: Int

    static let maximumHolidays = 10_000
    static let maximumSettlementDays = 60

    /// Every day is worked, days end at midnight UTC, money comes the same day.
    public static let plain = SettlementCalendar()

    public init(
        weekend: Set<Int> = [], holidays: Set<CivilDay> = [], workdays: Set<CivilDay> = [], cutOffMinute: Int = 1440,
        zone: ZoneOffsets = .utc, settlementDays: Int = 0
    ) {
        self.weekend = weekend
        self.holidays = holidays
        self.workdays = workdays
        self.cutOffMinute = cutOffMinute
        self.zone = zone
        self.settlementDays = settlementDays
    }

    /// The business day that an instant (seconds since 1970-01-01T00:00Z) counts to.
    public func businessDay(at instant: Int64) -> CivilDay {
        let (local, overflow) = instant.addingReportingOverflow(zone.offset(at: instant))
        let (shifted, again) = local.addingReportingOverflow(Int64(1440 - cutOffMinute) * 60)
        if overflow || again { return CivilDay(seconds: instant) }
        return CivilDay(seconds: shifted)
    }

    public func isWorkday(_ day: CivilDay) -> Bool {
        if workdays.contains(day) { return true }
        return !weekend.contains(day.weekday) && !holidays.contains(day)
    }

    /// The day itself when it is worked, otherwise the next one that is.
    public func workday(onOrAfter day: CivilDay) -> CivilDay {
        var found = day
        // A week of weekends is refused by `validate`, so that only holidays can stand in the way; the bound holds for
        // calendars that nobody validated.
        for _ in 0...(holidays.count * 7 + 7) where !isWorkday(found) { found = found.adding(1) }
        return found
    }

    /// When money of business day `day` is settled: T+n in settlement days.
    public func settlementDay(of day: CivilDay) -> CivilDay {
        var found = workday(onOrAfter: day)
        for _ in 0..<max(0, min(settlementDays, Self.maximumSettlementDays)) {
            found = workday(onOrAfter: found.adding(1))
        }
        return found
    }

    /// The settlement day `count` settlement days after `day`, or before it where `count` is negative.
    public func settlementDay(_ count: Int, from day: CivilDay) -> CivilDay {
        let step = count < 0 ? -1 : 1
        var found = day
        for _ in 0..<min(count.magnitude, UInt(Self.maximumSettlementDays)) {
            found = found.adding(step)
            for _ in 0...(holidays.count * 7 + 7) where !isWorkday(found) { found = found.adding(step) }
        }
        return found
    }

    /// How many settlement days `end` lies after `start`; 0 when it does not. Counts at most `limit`, so that lines a
    /// thousand years apart cost no more than others.
    public func settlementDays(from start: CivilDay, to end: CivilDay, limit: Int) -> Int {
        var found = workday(onOrAfter: start)
        var count = 0
        while found < end, count < limit {
            found = workday(onOrAfter: found.adding(1))
            count += 1
        }
        return count
    }

    func faults(in name: String) -> [MatchRulesFault] {
        var faults: [MatchRulesFault] = []
        if !weekend.isSubset(of: 1...7) { faults.append(.init("\(name).weekend", "weekdays are 1 (Monday) to 7")) }
        if weekend.count >= 7 { faults.append(.init("\(name).weekend", "at least one day of the week is worked")) }
        if holidays.count > Self.maximumHolidays || workdays.count > Self.maximumHolidays {
            faults.append(.init("\(name).holidays", "at most \(Self.maximumHolidays) days"))
        }
        if !(1...1440).contains(cutOffMinute) {
            faults.append(.init("\(name).cutOffMinute", "a minute of the day, 1 to 1440 (midnight)"))
        }
        if !(0...Self.maximumSettlementDays).contains(settlementDays) {
            faults.append(.init("\(name).settlementDays", "0 to \(Self.maximumSettlementDays)"))
        }
        let offsets = [zone.minutes] + zone.changes.map(\.minutes)
        if offsets.contains(where: { abs($0) > ZoneOffsets.furthestMinutes }) {
            faults.append(.init("\(name).zone", "at most 18 hours from UTC"))
        }
        if zone.changes.count > ZoneOffsets.maximumChanges
            || !zip(zone.changes, zone.changes.dropFirst()).allSatisfy({ $0.at < $1.at })
        {
            faults.append(.init("\(name).zone.changes", "ascending, at most \(ZoneOffsets.maximumChanges)"))
        }
        return faults
    }

    private enum Key: String, CodingKey, CaseIterable {
        case weekend, holidays, workdays, cutOffMinute, zone, settlementDays
    }

    public init(from decoder: any Decoder) throws {
        try decoder.refuseOthers(than: Key.self)
        let values = try decoder.container(keyedBy: Key.self)
        self.init(
            weekend: try values.get(.weekend, or: []), holidays: try values.get(.holidays, or: []),
            workdays: try values.get(.workdays, or: []), cutOffMinute: try values.get(.cutOffMinute, or: 1440),
            zone: try values.get(.zone, or: .utc), settlementDays: try values.get(.settlementDays, or: 0))
    }
}
