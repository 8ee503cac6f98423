import Testing

@testable import Matching

@Suite("Settlement calendars") struct SettlementCalendarTests {
    private let bank = SettlementCalendar(
        weekend: [6, 7], holidays: [CivilDay(2026, 12, 25), CivilDay(2026, 12, 28)], workdays: [CivilDay(2026, 11, 22)],
        settlementDays: 1)

    @Test("days are counted as calendars count them")
    func civilDays() {
        #expect(CivilDay(1970, 1, 1).number == 0)
        #expect(CivilDay(2000, 2, 29).number == 11_016)
        #expect(CivilDay(year: 1900, month: 2, day: 29) == nil)
        #expect(CivilDay(year: 2026, month: 13, day: 1) == nil)
        #expect(CivilDay("2026-11-20") == friday && friday.description == "2026-11-20")
        #expect(CivilDay("2026-11-2x") == nil && CivilDay("20261120") == nil)
        #expect(friday.weekday == 5)
        for number in stride(from: Int32(-700_000), through: 2_900_000, by: 997) {
            let (year, month, day) = CivilDay(number).parts
            #expect(CivilDay(year: year, month: month, day: day)?.number == number)
        }
    }

    @Test("money of a Friday comes on Monday, and on Sunday where Sunday is worked")
    func weekends() {
        #expect(bank.settlementDay(of: CivilDay(2026, 11, 27)) == CivilDay(2026, 11, 30))
        #expect(bank.settlementDay(of: friday) == CivilDay(2026, 11, 22))
    }

    @Test("holidays are skipped, money of a Sunday counts from Monday")
    func holidays() {
        #expect(bank.settlementDay(of: CivilDay(2026, 12, 24)) == CivilDay(2026, 12, 29))
        #expect(bank.settlementDay(of: CivilDay(2026, 11, 29)) == CivilDay(2026, 12, 1))
    }

    @Test("days are stepped over in both directions")
    func steps() {
        #expect(bank.settlementDay(2, from: CivilDay(2026, 12, 24)) == CivilDay(2026, 12, 30))
        #expect(bank.settlementDay(-1, from: CivilDay(2026, 12, 29)) == CivilDay(2026, 12, 24))
        #expect(bank.settlementDay(0, from: friday) == friday)
        #expect(bank.settlementDays(from: friday, to: CivilDay(2026, 11, 24), limit: 10) == 3)
        #expect(bank.settlementDays(from: friday, to: CivilDay(9999, 1, 1), limit: 10) == 10)
        #expect(bank.settlementDays(from: friday, to: CivilDay(1, 1, 1), limit: 10) == 0)
    }

    @Test("UnionPay's day runs from 23:00 to 23:00 in Shanghai")
    func cutOff() {
        let union = SettlementCalendar(cutOffMinute: 1_380, zone: ZoneOffsets(minutes: 480))
        // 22:59:59 in Shanghai is 14:59:59 UTC.
        #expect(union.businessDay(at: friday.at(14, 59, 59)) == friday)
        #expect(union.businessDay(at: friday.at(15)) == friday.adding(1))
        #expect(union.businessDay(at: friday.adding(-1).at(15)) == friday)
    }

    @Test("a zone's offset changes when its data says so")
    func zone() {
        let summer = CivilDay(2026, 3, 29).at(1)
        let berlin = ZoneOffsets(minutes: 60, changes: [.init(at: summer, minutes: 120)])
        let calendar = SettlementCalendar(zone: berlin)
        #expect(calendar.businessDay(at: CivilDay(2026, 3, 28).at(22, 59, 59)) == CivilDay(2026, 3, 28))
        #expect(calendar.businessDay(at: CivilDay(2026, 3, 28).at(23)) == CivilDay(2026, 3, 29))
        #expect(calendar.businessDay(at: CivilDay(2026, 3, 29).at(22)) == CivilDay(2026, 3, 30))
    }

    @Test("no instant and no calendar traps or loops", arguments: [Int64.min, -1, 0, Int64.max])
    func hostile(instant: Int64) {
        let closed = SettlementCalendar(weekend: [1, 2, 3, 4, 5, 6, 7], cutOffMinute: 1, settlementDays: 1_000)
        let day = closed.businessDay(at: instant)
        #expect(closed.settlementDay(of: day) >= day)
        #expect(!closed.faults(in: "calendar").isEmpty)
    }
}
