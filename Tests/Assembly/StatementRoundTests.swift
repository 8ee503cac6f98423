import Channels
import CoreMetrics
import HTTPTypes
import Reconciliation
import Runtime
import Store
import TestStores
import Testing

@testable import Assembly

/// A source as a whole: asked again and again until the deadline, then told of once.
@Suite("A source of statements from the first try to the alert", .onBothStores)
struct StatementRoundTests {
    private func run(_ desk: FetchDesk) async throws -> Run? {
        let reconciliation = desk.reconciliation
        return try await desk.book.read {
            try reconciliation.runs(channel: FetchDesk.channel, day: FetchDesk.day, in: $0).first
        }
    }

    private func gauge(_ registry: PrometheusRegistry, _ name: String) -> String? {
        registry.render().split(separator: "\n").first { $0.hasPrefix("kontor_reconciliation_\(name){") }
            .flatMap { $0.split(separator: " ").last.map(String.init) }
    }

    @Test("a source that fails and then delivers is asked ever less often, and its day settles without an alert")
    func delivers() async throws {
        let bank = Bank(file: FetchDesk.emptyFile)
        try await FetchDesk.with(bank) { desk in
            try await desk.go(on: .seconds(59 * 60))
            #expect(bank.asked == 0, "it is not due yet")
            // Out of order for a while, then without the file, then with it.
            bank.answers(.internalServerError)
            try await desk.go(on: .seconds(4 * 60))
            #expect(bank.asked == 9, "three tries at once at the due time, and after one and two minutes more")
            #expect(try await desk.awaited().map(\.problem) == ["unreachable: HTTP 500"])
            bank.answers(.notFound)
            try await desk.go(on: .seconds(56 * 60))
            #expect(bank.asked == 12, "after 4, 8 and 16 minutes more")
            #expect(try await desk.awaited().map(\.state) == ["waiting"])
            bank.answers(.ok)
            try await desk.go(on: .seconds(30 * 60))
            #expect(bank.asked == 13)
            #expect(try await run(desk)?.state == .settled)
            #expect(try await desk.awaited().isEmpty)
            try await desk.go(on: .seconds(6 * 3_600))
            #expect(bank.asked == 13, "what has come is not asked for again")
            #expect(try await desk.alerts().isEmpty)
        }
    }

    @Test("a source that never delivers is told of once, after the deadline; the gauge stays up until the file is here")
    func neverDelivers() async throws {
        let bank = Bank(file: FetchDesk.emptyFile)
        let registry = PrometheusRegistry()
        let gauges = QualityGauges()
        try await FetchDesk.with(bank) { desk in
            func measure() async throws -> String? {
                _ = try await withMetricsFactory(registry) {
                    try await desk.quality.publish(desk.book, tenant: "shop", to: gauges)
                }
                return gauge(registry, "overdue_statements")
            }
            // Due an hour after midnight, waited for four hours.
            try await desk.go(on: .seconds((5 * 60 - 1) * 60))
            #expect(try await desk.alerts().isEmpty)
            #expect(try await measure() == "0.0")
            try await desk.go(on: .seconds(60))
            let told = try #require(try await desk.alerts().first)
            #expect(told.channel == FetchDesk.channel && told.day == "\(FetchDesk.day)")
            #expect(told.tries > 8 && told.problem == "absent: HTTP 404")
            let deadline = World.simulatedStart.adding(.seconds(5 * 3_600))
            #expect(told.deadlineAtUs == deadline.microseconds && told.atUs == deadline.microseconds)
            #expect(try await measure() == "1.0")
            #expect(registry.render().contains(#"overdue_statements{channel="bank",tenant="shop"} 1.0"#))
            #expect(try await desk.awaited().map(\.state) == ["overdue"])
            // A restart of the process is another round from the same rows.
            let asked = bank.asked
            try await desk.go(on: .seconds(3 * 3_600))
            #expect(bank.asked == asked + 3, "hourly from the deadline on")
            #expect(try await desk.alerts().count == 1)
            #expect(try await measure() == "1.0")
            // Somebody sends it by hand: nobody waits any more, although the source still has nothing.
            try await desk.reconciliation.receive(
                FetchDesk.emptyFile, name: "kontor-by-hand.csv", channel: FetchDesk.channel, day: FetchDesk.day,
                in: desk.book)
            try await desk.go(on: .seconds(2 * 3_600))
            #expect(try await run(desk)?.state == .settled)
            #expect(try await desk.awaited().isEmpty)
            #expect(try await desk.alerts().count == 1)
            #expect(try await measure() != "1.0")
        }
    }

    @Test("a source that refuses is overdue as well, also where it is not asked any more")
    func refused() async throws {
        let bank = Bank(file: [])
        try await FetchDesk.with(bank) { desk in
            bank.answers(.unauthorized)
            try await desk.go(on: .seconds(62 * 60))
            #expect(try await desk.awaited().map(\.state) == ["refused"])
            try await desk.go(on: .seconds(4 * 3_600))
            #expect(try await desk.alerts().count == 1)
            // A file that came and was refused is not asked for again; its deadline passes all the same.
            let day = FetchDesk.day.adding(days: -2)
            try await desk.book.write("given up") { tx in
                var wait = StatementWait(
                    channel: FetchDesk.channel, day: day, due: tx.now, deadline: tx.now.adding(.seconds(90)))
                wait.state = .refused
                wait.next = nil
                let refused = wait
                try StatementWaits.save(refused, in: tx)
            }
            try await desk.go(on: .seconds(60))
            #expect(try await desk.alerts().count == 1)
            try await desk.go(on: .seconds(180))
            #expect(try await desk.alerts().map(\.day) == ["\(FetchDesk.day)", "\(day)"])
        }
    }

    @Test("a day that was skipped with a reason waits for no file")
    func skipped() async throws {
        let bank = Bank(file: FetchDesk.emptyFile)
        try await FetchDesk.with(bank) { desk in
            try await desk.go(on: .seconds(90 * 60))
            let waiting = try #require(try await run(desk))
            let reconciliation = desk.reconciliation
            try await desk.book.write("skip") { tx in
                _ = try reconciliation.abort(
                    waiting.id, version: waiting.version, reason: "the bank was closed", in: tx)
            }
            try await desk.go(on: .seconds(6 * 3_600))
            #expect(try await desk.awaited().isEmpty)
            #expect(try await desk.alerts().isEmpty)
            bank.answers(.ok)
            try await desk.go(on: .seconds(3_600))
            #expect(try await run(desk)?.state == .settled, "a file that comes after all opens it again")
        }
    }
}

@Suite("Gauges of tenants")
struct QualityGaugesTests {
    @Test("what a process has not said for a while is taken away, and what it says stays")
    func withdrawn() async throws {
        let bank = Bank(file: FetchDesk.emptyFile)
        let registry = PrometheusRegistry()
        let gauges = QualityGauges()
        @Sendable func lines() -> Int {
            registry.render().split(separator: "\n").count { $0.hasPrefix("kontor_reconciliation_") }
        }
        try await FetchDesk.with(bank) { desk in
            try await desk.go(on: .seconds(61 * 60))
            let set = try await withMetricsFactory(registry) {
                try await desk.quality.publish(desk.book, tenant: "shop", to: gauges)
            }
            #expect(set > 12 && lines() == set)
            gauges.withdraw(olderThan: .seconds(3_600))
            #expect(lines() == set)
            gauges.withdraw(olderThan: .zero)
            #expect(lines() == 0)
        }
    }
}
