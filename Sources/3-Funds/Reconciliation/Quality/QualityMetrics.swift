import Metrics
import Runtime
public import Store
import Synchronization

/// The gauges of the tenants that this process has looked at.
///
/// A gauge that nobody sets keeps its last value, and an alert with it: what is no longer said of a tenant is taken
/// away, and all of a tenant that this process has not looked at for a while, because another may have its book.
public final class QualityGauges: Sendable {
    struct Value: Sendable {
        let name: String
        let labels: [(String, String)]
        let value: Int64
    }

    private struct Tenant {
        var meters: [String: Meter] = [:]
        var setAt = ContinuousClock.now
    }

    private let tenants = Mutex<[String: Tenant]>([:])

    public init() {}

    /// Takes away the gauges of tenants that were last set so long ago; for a timer of the wiring.
    public func withdraw(olderThan age: Duration) {
        let now = ContinuousClock.now
        tenants.withLock { tenants in
            for (name, tenant) in tenants where now - tenant.setAt > age {
                for meter in tenant.meters.values { meter.destroy() }
                tenants[name] = nil
            }
        }
    }

    func set(_ values: [Value], of tenant: String) {
        tenants.withLock { tenants in
            var left = tenants[tenant]?.meters ?? [:]
            var now = Tenant()
            for value in values {
                let labels = [("tenant", tenant)] + value.labels
                let key = value.name + value.labels.map { " \($0.0) \($0.1)" }.joined()
                let meter =
                    left.removeValue(forKey: key)
                    ?? Meter(label: "kontor_reconciliation_" + value.name, dimensions: labels)
                meter.set(value.value)
                now.meters[key] = meter
            }
            for meter in left.values { meter.destroy() }
            tenants[tenant] = values.isEmpty ? nil : now
        }
    }
}

extension ReconciliationQuality {
    /// Sets the gauges of a tenant: the last seven business days, and what is open now. Returns how many were set.
    ///
    /// A tenant that has reconciled nothing has no series, so that ten thousand of them cost none.
    @discardableResult
    public func publish(_ book: Book, tenant: String, to gauges: QualityGauges) async throws -> Int {
        let now = book.world.now()
        let (measure, waits) = try await book.read { reader in
            let last = try today(now: now, in: reader).number
            return (
                try report(last - 6...last, channel: "", now: now, in: reader), try StatementWaits.awaited(reader)
            )
        }
        var values: [QualityGauges.Value] = []
        func set(_ name: String, _ value: Int64, _ labels: [(String, String)] = []) {
            values.append(QualityGauges.Value(name: name, labels: labels, value: value))
        }
        if !measure.days.isEmpty || !waits.isEmpty {
            for indicator in measure.indicators {
                set("\(indicator.name)_ppm", indicator.ppm)
                set("\(indicator.name)_objective_ppm", indicator.objectivePpm)
                set("\(indicator.name)_met", indicator.isMet ? 1 : 0)
            }
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
        gauges.set(values, of: tenant)
        return values.count
    }
}
