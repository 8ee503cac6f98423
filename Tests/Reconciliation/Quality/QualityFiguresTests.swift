import Contract
import Journal
import Ledger
import Money
import Runtime
import Store
import SwiftProtobuf
import TestStores
import Testing

@testable import Reconciliation

/// A history made by hand: events as runs and cases tell them, and the figures that follow from them.
struct MadeHistory {
    let test: TestBook
    let runner: ProjectionRunner
    let quality: ReconciliationQuality
    var book: Book { test.book }

    /// It is 10:00 on the first of January 2026, in UTC.
    static let now = World.simulatedStart.adding(.seconds(36_000))

    init() async throws {
        test = try await TestBook.make(
            migrations: Journal.migrations + Ledger.migrations + Reconciliation.migrations,
            world: .simulated(seed: 1, start: Self.now))
        let ledger = Ledger()
        quality = ReconciliationQuality(ledger: ledger)
        runner = ProjectionRunner(book: test.book, projections: quality.projections)
        try await test.book.write("chart") { try ledger.installChart(currency: .eur, in: $0) }
        try await runner.start()
    }

    static func at(_ seconds: Int64) -> Int64 { now.microseconds + seconds * 1_000_000 }

    func tell(_ events: [any Message & Sendable]) async throws {
        try await book.write("history") { tx in for event in events { try tx.record(event) } }
        try await runner.settle()
    }

    static func opened(_ run: String, _ day: String, channel: String = "wechat", number: Int32 = 1) -> V1RunOpened {
        .with {
            $0.runID = run
            $0.channel = channel
            $0.day = day
            $0.number = number
        }
    }

    static func prepared(_ run: String, matched: Int64, _ differences: [(String, Int64)]) -> V1RunPrepared {
        .with {
            $0.runID = run
            $0.classes = ["matched"] + differences.map(\.0)
            $0.counts = [matched] + differences.map(\.1)
        }
    }

    static func settled(_ run: String, at seconds: Int64) -> V1RunSettled {
        .with {
            $0.runID = run
            $0.atUs = at(seconds)
        }
    }

    static func found(
        _ id: String, _ matchClass: String, day: String = "2025-12-31", channel: String = "wechat", minor: Int64 = 100,
        line: Int64? = nil, at seconds: Int64 = 0
    ) -> V1CaseOpened {
        .with {
            $0.caseID = id
            $0.channel = channel
            $0.day = day
            $0.class = matchClass
            $0.amount.minor = minor
            $0.amount.currency = "EUR"
            $0.lineAtUs = line.map { at($0) } ?? 0
            $0.atUs = at(seconds)
        }
    }

    static func moved(
        _ id: String, _ move: String, to state: String, at seconds: Int64, automatic: Bool = false
    ) -> V1CaseMoved {
        .with {
            $0.caseID = id
            $0.move = move
            $0.to = state
            $0.automatic = automatic
            $0.atUs = at(seconds)
        }
    }

    func context(_ operation: Operation, key: String = "k") -> CallContext {
        CallContext(
            caller: Caller(subject: "key_1", tenant: "ten_1", scopes: ["*"], book: book), operation: operation,
            idempotencyKey: key, deadline: Self.now.adding(.seconds(60)))
    }

    func report(from: String = "2025-12-01", until: String = "2026-01-01") async throws -> V1QualityReport {
        try await quality.getQuality(
            .with {
                $0.from = from
                $0.until = until
            }, context(ReconciliationQualityContract.getQuality))
    }

    func indicator(_ name: String) async throws -> V1QualityIndicator {
        try #require(try await report().indicators.first { $0.name == name })
    }
}

@Suite("Figures of quality", .onBothStores)
struct QualityFiguresTests {
    @Test("lines left wrong are counted against all lines, and one of many is never rounded away")
    func wrong() async throws {
        let history = try await MadeHistory()
        try await history.tell([
            MadeHistory.opened("run_1", "2025-12-31"),
            MadeHistory.prepared("run_1", matched: 119_999_998, [("amount", 1), ("late", 1)]),
            MadeHistory.settled("run_1", at: -30_000),
            MadeHistory.found("case_1", "amount"), MadeHistory.found("case_2", "late")
        ])
        let wrong = try await history.indicator("wrong")
        #expect(wrong.good == 1 && wrong.all == 120_000_000 && wrong.ppm == 1 && wrong.met)
        let reconciled = try await history.indicator("reconciled")
        #expect(reconciled.good == 119_999_998 && reconciled.met)
        let day = try #require(try await history.report().days.first)
        #expect(day.open == 1 && day.carried == 1 && day.differences == 2 && day.matched == 119_999_998)
        try await history.tell([MadeHistory.moved("case_1", "repaired", to: "resolved", at: 60)])
        #expect(try await history.indicator("wrong").ppm == 0)
    }

    @Test("more than ten of a million left wrong miss the objective")
    func missed() async throws {
        let history = try await MadeHistory()
        try await history.tell(
            [
                MadeHistory.opened("run_1", "2025-12-31"),
                MadeHistory.prepared("run_1", matched: 999_989, [("missing_ours", 11)]),
                MadeHistory.settled("run_1", at: 0)
            ] + (1...11).map { MadeHistory.found("case_\($0)", "missing_ours") })
        let wrong = try await history.indicator("wrong")
        #expect(wrong.ppm == 11 && wrong.objectivePpm == 10 && !wrong.met)
        try await history.tell([MadeHistory.moved("case_3", "resolve", to: "resolved", at: 5)])
        #expect(try await history.indicator("wrong").met, "ten of a million are within it")
    }

    @Test("a night counts as in time by its first settlement, in the tenant's own zone")
    func onTime() async throws {
        let history = try await MadeHistory()
        // 02:00 in UTC of the first of January is eight hours before now.
        try await history.tell([
            MadeHistory.opened("run_1", "2025-12-31"), MadeHistory.prepared("run_1", matched: 1, []),
            MadeHistory.settled("run_1", at: -8 * 3_600),
            MadeHistory.opened("run_2", "2025-12-31", channel: "alipay"),
            MadeHistory.prepared("run_2", matched: 1, []), MadeHistory.settled("run_2", at: -8 * 3_600 + 1),
            MadeHistory.opened("run_3", "2025-12-31", channel: "late"),
            MadeHistory.opened("run_4", "2026-01-01", channel: "wechat")
        ])
        let share = try await history.indicator("on_time")
        #expect(share.good == 1 && share.all == 3, "one in time, one a second late, one overdue; today has time left")
        let overdue = try await history.report().days.filter(\.overdue).map(\.channel)
        #expect(overdue == ["late"])
        // A corrected file days later does not make the night late.
        try await history.tell([
            MadeHistory.opened("run_5", "2025-12-31", number: 2), MadeHistory.prepared("run_5", matched: 2, []),
            MadeHistory.settled("run_5", at: 0)
        ])
        let day = try #require(
            try await history.report().days.first { $0.channel == "wechat" && $0.day == "2025-12-31" })
        #expect(day.onTime && day.runID == "run_5" && day.lines == 2)
        _ = try await history.quality.putQualityObjectives(
            .with {
                $0.objectives = .with {
                    $0.zone = "Asia/Shanghai"
                    $0.finishByMinute = 120
                    $0.wrongPpm = 10
                    $0.onTimePpm = 990_000
                    $0.automaticPpm = 800_000
                }
            }, history.context(ReconciliationQualityContract.putQualityObjectives))
        #expect(try await history.indicator("on_time").good == 0, "02:00 in Shanghai was eight hours earlier")
    }

    @Test("who ended a case, how long that took, and a case that was opened again")
    func repairs() async throws {
        let history = try await MadeHistory()
        try await history.tell([
            MadeHistory.found("case_1", "fee", line: -7_200), MadeHistory.found("case_2", "fee", line: -3_600),
            MadeHistory.found("case_3", "fee"), MadeHistory.found("case_4", "late"),
            MadeHistory.moved("case_1", "repaired", to: "resolved", at: 10, automatic: true),
            MadeHistory.moved("case_2", "investigate", to: "investigating", at: 20),
            MadeHistory.moved("case_2", "resolve", to: "resolved", at: 110),
            MadeHistory.moved("case_4", "matched", to: "closed_by_match", at: 86_400)
        ])
        let fee = try #require(try await history.report().classes.first { $0.class == "fee" })
        #expect(fee.found == 3 && fee.open == 1 && fee.endedByPolicy == 1 && fee.endedByPerson == 1)
        #expect(fee.meanSecondsToDetect == 5_400 && fee.meanSecondsToRepair == 60)
        let late = try #require(try await history.report().classes.first { $0.class == "late" })
        #expect(late.endedByMatch == 1 && !late.hasMeanSecondsToDetect)
        let automatic = try await history.indicator("automatic")
        #expect(automatic.good == 2 && automatic.all == 3 && automatic.ppm == 666_666 && !automatic.met)
        try await history.tell([MadeHistory.moved("case_1", "reversed", to: "open", at: 200)])
        let again = try #require(try await history.report().classes.first { $0.class == "fee" })
        #expect(again.open == 2 && again.endedByPolicy == 0 && again.meanSecondsToRepair == 110)
    }

    @Test("differences stand at the hour of their line in the tenant's zone")
    func heatmap() async throws {
        let history = try await MadeHistory()
        // 09:59:59, 10:00 and 10:30 in UTC.
        try await history.tell([
            MadeHistory.found("case_1", "amount", line: -1), MadeHistory.found("case_2", "amount", line: 0),
            MadeHistory.found("case_3", "amount", channel: "alipay", line: 1_800),
            MadeHistory.found("case_4", "amount")
        ])
        func hours(_ zone: String) async throws -> [String: [Int]] {
            _ = try await history.quality.putQualityObjectives(
                .with { $0.objectives.zone = zone },
                history.context(ReconciliationQualityContract.putQualityObjectives, key: zone))
            let map = try await history.quality.getQualityHeatmap(
                .with {
                    $0.from = "2026-01-01"
                    $0.until = "2026-01-01"
                }, history.context(ReconciliationQualityContract.getQualityHeatmap))
            return Dictionary(
                uniqueKeysWithValues: map.rows.map { row in
                    (row.channel, row.hours.enumerated().filter { $0.element > 0 }.map(\.offset))
                })
        }
        #expect(try await hours("") == ["wechat": [9, 10], "alipay": [10]])
        #expect(try await hours("+05:30") == ["wechat": [15], "alipay": [16]])
        await #expect(throws: Problem.self) { try await hours("Mars/Olympus") }
    }

    @Test("open cases fall into the bucket of their day's age")
    func ageing() async throws {
        let history = try await MadeHistory()
        let days = ["2026-01-01", "2025-12-31", "2025-12-30", "2025-12-29", "2025-12-25", "2025-12-02", "2025-10-01"]
        try await history.tell(
            days.enumerated().map { MadeHistory.found("case_\($0)", "amount", day: $1, minor: -100) })
        let ageing = try await history.quality.getQualityAgeing(
            V1GetQualityAgeingRequest(), history.context(ReconciliationQualityContract.getQualityAgeing))
        #expect(ageing.fromDays == [0, 1, 3, 7, 30])
        #expect(ageing.cases.map(\.counts) == [[1, 2, 1, 1, 2]])
        #expect(ageing.cases.first?.amountsMinor == [100, 200, 100, 100, 200])
        #expect(ageing.cases.first?.netMinor == -700)
        #expect(ageing.openItems.isEmpty)
    }

    @Test("the figures derived again from the journal are the same")
    func rebuild() async throws {
        let history = try await MadeHistory()
        try await history.tell([
            MadeHistory.opened("run_1", "2025-12-31"), MadeHistory.prepared("run_1", matched: 5, [("amount", 2)]),
            MadeHistory.settled("run_1", at: -40_000), MadeHistory.found("case_1", "amount", line: -50),
            MadeHistory.found("case_2", "amount", line: -90),
            MadeHistory.moved("case_1", "wrote_off", to: "written_off", at: 30)
        ])
        let before = try await history.report()
        try await history.runner.rebuild("reconciliation.quality")
        #expect(try await history.report() == before)
        #expect(before.days.count == 1)
    }

    @Test("days that are no days, or too many, are refused")
    func days() async throws {
        let history = try await MadeHistory()
        for (from, until) in [("2026-02-30", ""), ("2026-01-02", "2026-01-01"), ("2020-01-01", "2026-01-01")] {
            await #expect(throws: Problem.self) { try await history.report(from: from, until: until) }
        }
    }
}

@Suite("Statements that are waited for", .onBothStores)
struct StatementWaitsTests {
    @Test("an overdue statement is told once, and is no longer awaited when it has come")
    func overdue() async throws {
        let history = try await MadeHistory()
        let day = try #require(BusinessDay("2025-12-31"))
        var wait = StatementWait(
            channel: "wechat", day: day, due: MadeHistory.now.adding(.seconds(-7_200)),
            deadline: MadeHistory.now.adding(.seconds(-3_600)))
        wait.tries = 9
        wait.problem = "absent: HTTP 404"
        for _ in 0..<3 {
            let tried = wait
            try await history.book.write("try") { try StatementWaits.save(tried, in: $0) }
        }
        let told = try await history.book.read { reader in
            try Journal.events(after: 0, limit: 100, reader).count { $0.type == V1StatementOverdue.protoMessageName }
        }
        #expect(told == 1)
        func awaited() async throws -> [V1AwaitedStatement] {
            try await history.quality.listAwaitedStatements(
                V1ListAwaitedStatementsRequest(),
                history.context(ReconciliationQualityContract.listAwaitedStatements)
            ).statements
        }
        let listed = try await awaited()
        #expect(listed.map(\.state) == ["overdue"] && listed.first?.problem == "absent: HTTP 404")
        wait.state = .done
        wait.next = nil
        let done = wait
        try await history.book.write("try") { try StatementWaits.save(done, in: $0) }
        #expect(try await awaited().isEmpty)
        let found = try await history.book.read { try StatementWaits.find("wechat", day, $0) }
        #expect(found?.state == .done && found?.tries == 9)
    }
}
