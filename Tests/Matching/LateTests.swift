import Testing

@testable import Matching

@Suite("Late lines") struct LateTests {
    /// UnionPay's day ends at 23:00 in Shanghai, the tenant's books at midnight there.
    private let rules = MatchRules(
        calendar: SettlementCalendar(cutOffMinute: 1_380, zone: ZoneOffsets(minutes: 480)),
        books: SettlementCalendar(zone: ZoneOffsets(minutes: 480)), late: LateRules(slackSeconds: 60))

    private func run(
        _ ours: [MatchRow], _ theirs: [MatchRow], on day: CivilDay, _ carried: CarriedOver = .init()
    ) throws -> MatchResult {
        try Matcher(rules: rules, businessDay: day).match(ours: ours, theirs: theirs, carriedOver: carried)
    }

    /// 23:30 in Shanghai on Friday: in Friday's books and in Saturday's file.
    private var afterCutOff: MatchRow { line(1, "a", time: friday.at(15, 30)) }

    @Test("a payment after the channel's cut-off is carried over and matched by tomorrow's file")
    func carriedAndMatched() throws {
        let today = try run([afterCutOff], [], on: friday)
        #expect(today.outcomes == [Outcome(.late, [1], [])])
        #expect(today.findings[0].code == .afterCutOff)
        let theirs = line(1, "a", day: friday.adding(1), time: friday.at(15, 30))
        let tomorrow = try run([], [theirs], on: friday.adding(1), today.carriedOver)
        #expect(tomorrow.outcomes == [Outcome(.matched, [1], [1])] && tomorrow.carriedOver.isEmpty)
        #expect(tomorrow.findings[0].reason == "same key, nothing differs; carried over since 2026-11-20")
    }

    @Test("what tomorrow's file does not bring either is missing")
    func carriedAndMissing() throws {
        let today = try run([afterCutOff], [], on: friday)
        let tomorrow = try run([], [], on: friday.adding(1), today.carriedOver)
        #expect(tomorrow.outcomes == [Outcome(.missingTheirs, [1], [])])
        #expect(tomorrow.findings[0].code == .carriedTooLong)
        #expect(tomorrow.findings[0].reason.contains("2026-11-20"))
    }

    @Test("a line before the cut-off is missing, within the clocks' slack it is late")
    func slack() throws {
        // 22:58:59, 22:59:00 and 22:59:59 in Shanghai.
        let result = try run(
            [
                line(1, "a", time: friday.at(14, 58, 59)), line(2, "b", time: friday.at(14, 59)),
                line(3, "c", time: friday.at(14, 59, 59))
            ], [], on: friday)
        #expect(result.findings.map(\.matchClass) == [.missingTheirs, .late, .late])
    }

    @Test("their line after our books' midnight is late on their side")
    func lateTheirs() throws {
        let result = try run([], [line(1, "a", time: friday.at(16, 10)), line(2, "b", time: friday.at(3))], on: friday)
        #expect(result.findings.map(\.matchClass) == [.late, .missingOurs])
        #expect(result.carriedOver.theirs.map(\.row.id) == [1] && result.carriedOver.ours.isEmpty)
    }

    @Test("money that a T+1 calendar lets arrive later is not missing yet, over the weekend neither")
    func notYetSettled() throws {
        let rules = MatchRules(calendar: SettlementCalendar(weekend: [6, 7], settlementDays: 1))
        let sold = line(1, "a", day: friday)
        let today = try Matcher(rules: rules, businessDay: friday).match(ours: [sold], theirs: [])
        #expect(today.findings[0].matchClass == .late && today.findings[0].code == .notYetSettled)
        let sunday = try Matcher(rules: rules, businessDay: friday.adding(2))
            .match(ours: [], theirs: [], carriedOver: today.carriedOver)
        #expect(sunday.findings[0].matchClass == .late)
        #expect(sunday.carriedOver.ours.map(\.since) == [friday])
        let monday = try Matcher(rules: rules, businessDay: friday.adding(3))
            .match(ours: [], theirs: [], carriedOver: sunday.carriedOver)
        #expect(monday.findings[0].matchClass == .missingTheirs)
    }

    @Test("without a business day nothing is late")
    func withoutDay() throws {
        let result = try Matcher(rules: rules).match(ours: [afterCutOff], theirs: [])
        #expect(result.count(.late) == 0 && result.count(.missingTheirs) == 1)
    }

    @Test("a carried line of an id that today's lines have is refused")
    func carriedIds() throws {
        let today = try run([afterCutOff], [], on: friday)
        #expect(throws: MatchError.idNotUnique(side: "ours", id: 1)) {
            try run([line(1, "b")], [], on: friday.adding(1), today.carriedOver)
        }
    }
}
