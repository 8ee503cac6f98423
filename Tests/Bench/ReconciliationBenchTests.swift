import Runtime
import TestStores
import Testing

@testable import Bench

@Suite("The benchmark of a reconciled day")
struct ReconciliationBenchTests {
    private static let noon = Timestamp(microseconds: 1_795_262_400_000_000)

    @Test("a small day goes through the whole capability, and its figures say how long each part took", .onBothStores)
    func smallDay() async throws {
        var settings = ReconciliationBench.Settings()
        settings.lines = 3_000
        settings.seed = 7
        if TestStore.current == .postgres {
            settings.store = .postgres
            settings.database = try await TestPostgreSQL.another()
        }
        let report = try await ReconciliationBench.run(settings)
        let figures = try #require(report.figures)
        // 5 of 3,000 stand only in the books, and one stands twice in the statement.
        #expect(report.count == 2_996 && figures["differences"] == 16 && figures["open_items"] == 15)
        for kind in ["parse", "collect", "match", "rest", "propose", "settle", "finish"] {
            #expect(try #require(figures["\(kind)_seconds"]) > 0, "\(kind)")
        }
        #expect(try #require(figures["processor_seconds"]) > 0)
        #expect(figures["hours_for_120_million_lines"].map { $0 > 0 } == true && report.peak_memory_mb > 0)
    }

    @Test("of ten thousand sales each kind of difference has its exact share, whatever the seed", arguments: [1, 99])
    func shares(seed: UInt64) {
        let day = ReconciliationDay(sales: 10_000, seed: seed, before: Self.noon)
        var counts: [ReconciliationDay.Fate: Int] = [:]
        for number in 0..<day.sales { counts[day.sale(number).fate, default: 0] += 1 }
        #expect(counts == [.equal: 9_984, .onlyOurs: 5, .onlyTheirs: 5, .amount: 3, .status: 2, .twice: 1])
        #expect(Set((0..<day.sales).map { day.sale($0).id }).count == day.sales)
        #expect(Set(day.inOrderOfStatement.map(\.number)).count == day.sales)
    }

    @Test("what a run left must be what the day was made with, or the benchmark fails")
    func refusals() throws {
        let made = ReconciliationFindings(of: ReconciliationDay(sales: 1_000, seed: 3, before: Self.noon))
        let balance = made.open.values.reduce(0, +)
        let right = ReconciliationFindings.Left(
            matched: made.matched, rejected: 0, differences: made.differences.sorted(), items: made.open,
            total: balance, balance: balance)
        try made.require(right)
        func refuses(_ change: (inout ReconciliationFindings.Left) -> Void) {
            var wrong = right
            change(&wrong)
            #expect(throws: ReconciliationBench.Failure.self) { try made.require(wrong) }
        }
        refuses { $0.matched -= 1 }
        refuses { $0.rejected = 1 }
        refuses { $0.differences.removeLast() }
        refuses { $0.differences.append($0.differences[0]) }
        refuses { $0.items[$0.items.keys.sorted()[0], default: 0] += 1 }
        refuses { $0.items["unknown"] = 1 }
        refuses { $0.balance += 1 }
    }
}
