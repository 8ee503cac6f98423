import CoreMetrics
import Synchronization

protocol PrometheusSeries: AnyObject, Sendable {
    var kind: String { get }
    func render(_ key: SeriesKey, into text: inout String)
}

final class CounterSeries: PrometheusSeries, CounterHandler {
    let kind = "counter"
    private let value = Atomic<Int64>(0)

    func increment(by amount: Int64) { value.add(amount, ordering: .relaxed) }
    func reset() { value.store(0, ordering: .relaxed) }
    func render(_ key: SeriesKey, into text: inout String) {
        text += key.line(value: "\(value.load(ordering: .relaxed))")
    }
}

final class GaugeSeries: PrometheusSeries, MeterHandler, RecorderHandler, FloatingPointCounterHandler {
    let kind: String
    private let value = Mutex(0.0)

    init(kind: String) { self.kind = kind }

    func set(_ new: Int64) { set(Double(new)) }
    func set(_ new: Double) { value.withLock { $0 = new } }
    func increment(by amount: Double) { value.withLock { $0 += amount } }
    func decrement(by amount: Double) { value.withLock { $0 -= amount } }
    func record(_ new: Int64) { set(Double(new)) }
    func record(_ new: Double) { set(new) }
    func reset() { set(0.0) }
    func render(_ key: SeriesKey, into text: inout String) { text += key.line(value: "\(value.withLock { $0 })") }
}

/// Counts by bounds that suit both latencies in seconds and sizes; timers are rendered in seconds.
final class HistogramSeries: PrometheusSeries, TimerHandler, RecorderHandler {
    private static let bounds: [Double] = [
        0.0005, 0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 100, 1_000, 10_000
    ]

    private struct State {
        var counts = [Int64](repeating: 0, count: HistogramSeries.bounds.count)
        var count: Int64 = 0
        var sum = 0.0
    }

    let kind = "histogram"
    private let state = Mutex(State())

    func recordNanoseconds(_ duration: Int64) { record(Double(duration) / 1e9) }
    func record(_ value: Int64) { record(Double(value)) }

    func record(_ value: Double) {
        state.withLock { state in
            state.count += 1
            state.sum += value
            if let index = HistogramSeries.bounds.firstIndex(where: { value <= $0 }) { state.counts[index] += 1 }
        }
    }

    func render(_ key: SeriesKey, into text: inout String) {
        let state = state.withLock { $0 }
        var total: Int64 = 0
        for (bound, count) in zip(HistogramSeries.bounds, state.counts) {
            total += count
            text += key.line("_bucket", extra: "le=\"\(bound)\"", value: "\(total)")
        }
        text += key.line("_bucket", extra: "le=\"+Inf\"", value: "\(state.count)")
        text += key.line("_sum", value: "\(state.sum)")
        text += key.line("_count", value: "\(state.count)")
    }
}
