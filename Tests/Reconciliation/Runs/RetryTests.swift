import Contract
import Journal
import Runtime
import Store
import TestStores
import Testing

@testable import Reconciliation

@Suite("Tasks that were given up", .onBothStores)
struct RetryTests {
    private struct Broken: Error {}

    private let day = DayShop.firstDay

    /// Lets every task of a kind fail at its last piece, as often as it is tried.
    private func breakDown(_ shop: DayShop, at kind: TaskKind) async throws {
        try await Interruption.$probe.withValue({ point in
            if point == "before end of \(kind.rawValue)" { throw Broken() }
        }) {
            for _ in 0..<RunTask.attemptLimit {
                try await shop.work()
                shop.clock.set(shop.clock.now().adding(.seconds(600)))
            }
        }
    }

    private func retry(_ shop: DayShop, _ run: Run, version: Int64? = nil) async throws -> V1ReconciliationRun {
        var request = V1RetryRunRequest()
        request.runID = "\(run.id)"
        request.version = version ?? run.version
        return try await shop.reconciliation.retryRun(request, shop.context())
    }

    private func refusal(_ body: () async throws -> V1ReconciliationRun) async -> ReconciliationError.Code? {
        do {
            _ = try await body()
            return nil
        } catch {
            return (error as? ReconciliationError)?.code
        }
    }

    @Test(
        "a run whose task failed eight times says why, and goes on from there when somebody asks for it",
        arguments: [TaskKind.parse, .match, .settle, .finish])
    func retried(kind: TaskKind) async throws {
        try await DayShop.run { shop in
            shop.goTo(day: day, hour: 9)
            for number in 1...3 { try await shop.sell(1_000, order: "ord-\(number)") }
            try await shop.send(Array(shop.lines(day).dropLast()), day: day)
            try await breakDown(shop, at: kind)
            let stuck = try await shop.run(day)
            #expect(stuck.state.isUnderWay && stuck.reason.contains("\(kind.rawValue) failed 8 times"))
            #expect(try await shop.work() == 0, "nobody tries it any more")
            #expect(await refusal { try await retry(shop, stuck, version: stuck.version + 1) } == .versionConflict)
            let again = try await retry(shop, stuck)
            #expect(again.reason.isEmpty && again.tasks.allSatisfy { $0.state != "failed" })
            try await shop.work()
            let settled = try await shop.run(day)
            #expect(settled.state == .settled && settled.counts.settledLines == 2)
            #expect(try await shop.open() == ["ord-3": 994])
            try await shop.expectSound()
            let told = try await shop.book.read { reader in
                try Journal.events(after: 0, limit: 100_000, reader).filter { $0.type.hasSuffix(".RunRetried") }
            }
            #expect(told.count == 1)
            #expect(await refusal { try await retry(shop, settled) } == .illegalMove, "nothing has failed any more")
        }
    }

    @Test("a file that was refused is not tried again: only another file helps")
    func refused() async throws {
        try await DayShop.run { shop in
            shop.goTo(day: day, hour: 9)
            try await shop.sell(1_000, order: "ord-1")
            let text = String(decoding: DayShop.file(shop.lines(day)), as: UTF8.self)
            try await shop.reconciliation.receive(
                Array(text.replacing("TOTAL,1,total,1000", with: "TOTAL,1,total,1001").utf8), name: "kontor-a.csv",
                channel: "card", day: day, in: shop.book)
            try await shop.work()
            let waiting = try await shop.run(day)
            #expect(await refusal { try await retry(shop, waiting) } == .illegalMove)
            #expect(try await shop.run(day) == waiting, "and nothing was changed")
        }
    }
}
