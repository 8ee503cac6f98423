import Metrics
import Runtime
public import Store

extension ReconciliationQuality {
    /// Sets the gauges of a tenant: the last seven business days, and what is open now. Returns how many were set.
    ///
    /// A tenant that has reconciled nothing has no series, so that ten thousand of them cost none.
    @discardableResult
    public func publish(_ book: Book, tenant: String) async throws -> Int {
        let now = book.world.now()
        let (measure, waits) = try await book.read { reader in
            let last = try today(now: now, in: reader).number
            return (
                try report(last - 6...last, channel: "", now: now, in: reader), try StatementWaits.awaited(reader)
            )
        }
        guard !measure.days.isEmpty || !waits.isEmpty else { return 0 }
        let tenantLabel = ("tenant", tenant)
        var count = 0
        func set(_ name: String, _ value: Int64, _ labels: [(String, String)] = []) {
            Meter(label: "kontor_reconciliation_" + name, dimensions: [tenantLabel] + labels).set(value)
            count += 1
        }
        for indicator in measure.indicators {
            set("\(indicator.name)_ppm", indicator.ppm)
            set("\(indicator.name)_objective_ppm", indicator.objectivePpm)
            set("\(indicator.name)_met", indicator.isMet ? 1 : 0)
        }
        for channel in Set(measure.days.map(\.channel) + waits.map(\.channel)).sorted() {
            let days = measure.days.filter { $0.channel == channel }
            set("open_cases", days.reduce(0) { $0 + $1.open }, [("channel", channel)])
            set("carried_lines", days.reduce(0) { $0 + $1.carried }, [("channel", channel)])
            set("overdue_runs", Int64(days.count { $0.isOverdue }), [("channel", channel)])
            set(
                "overdue_statements", Int64(waits.count { $0.channel == channel && now >= $0.deadline }),
                [("channel", channel)])
        }
        return count
    }
}
