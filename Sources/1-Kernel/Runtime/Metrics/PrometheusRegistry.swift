public import CoreMetrics
import Synchronization

/// A backend of swift-metrics that renders Prometheus' text format.
///
/// Source of the format: prometheus.io/docs/instrumenting/exposition_formats. Series are bounded: past `seriesLimit`
/// new ones are counted in `kontor_metrics_dropped_total` and otherwise ignored.
public final class PrometheusRegistry: MetricsFactory {
    public static let seriesLimit = 10_000

    private struct State {
        var series: [SeriesKey: any PrometheusSeries] = [:]
        var dropped: Int64 = 0
    }

    private let state = Mutex(State())
    private let help: [String: String]

    /// - Parameter help: what a figure tells, by its name; rendered above it.
    public init(help: [String: String] = [:]) {
        self.help = help
    }

    public func makeCounter(label: String, dimensions: [(String, String)]) -> any CounterHandler {
        find(label, dimensions) { CounterSeries() }
    }

    public func makeFloatingPointCounter(
        label: String, dimensions: [(String, String)]
    ) -> any FloatingPointCounterHandler {
        find(label, dimensions) { GaugeSeries(kind: "counter") }
    }

    public func makeRecorder(
        label: String, dimensions: [(String, String)], aggregate: Bool
    ) -> any RecorderHandler {
        aggregate
            ? find(label, dimensions) { HistogramSeries() } : find(label, dimensions) { GaugeSeries(kind: "gauge") }
    }

    public func makeMeter(label: String, dimensions: [(String, String)]) -> any MeterHandler {
        find(label, dimensions) { GaugeSeries(kind: "gauge") }
    }

    public func makeTimer(label: String, dimensions: [(String, String)]) -> any TimerHandler {
        find(label, dimensions) { HistogramSeries() }
    }

    public func destroyCounter(_ handler: any CounterHandler) { remove(handler) }
    public func destroyFloatingPointCounter(_ handler: any FloatingPointCounterHandler) { remove(handler) }
    public func destroyRecorder(_ handler: any RecorderHandler) { remove(handler) }
    public func destroyMeter(_ handler: any MeterHandler) { remove(handler) }
    public func destroyTimer(_ handler: any TimerHandler) { remove(handler) }

    /// All series, sorted by name so that two renderings can be compared.
    public func render() -> String {
        let (series, dropped) = state.withLock { ($0.series, $0.dropped) }
        var text = ""
        var described = ""
        for (key, series) in series.sorted(by: { ($0.key.name, $0.key.labels) < ($1.key.name, $1.key.labels) }) {
            if key.name != described {
                describe(key.name, series.kind, in: &text)
                described = key.name
            }
            series.render(key, into: &text)
        }
        describe("kontor_metrics_dropped_total", "counter", in: &text)
        text += "kontor_metrics_dropped_total \(dropped)\n"
        return text
    }

    private func describe(_ name: String, _ kind: String, in text: inout String) {
        if let words = help[name] {
            text += "# HELP \(name) \(words.replacing("\\", with: "\\\\").replacing("\n", with: "\\n"))\n"
        }
        text += "# TYPE \(name) \(kind)\n"
    }

    private func find<Series: PrometheusSeries>(
        _ label: String, _ dimensions: [(String, String)], make: () -> Series
    ) -> Series {
        let key = SeriesKey(label, dimensions)
        return state.withLock { state in
            if let found = state.series[key] as? Series { return found }
            let made = make()
            if state.series.count >= PrometheusRegistry.seriesLimit || state.series[key] != nil {
                state.dropped += 1
            } else {
                state.series[key] = made
            }
            return made
        }
    }

    private func remove(_ handler: AnyObject) {
        state.withLock { state in state.series = state.series.filter { $0.value !== handler } }
    }
}

/// A series' name and its labels as Prometheus writes them.
struct SeriesKey: Hashable, Sendable {
    let name: String
    let labels: String

    init(_ label: String, _ dimensions: [(String, String)]) {
        name = String(label.map { $0.isLetter || $0.isNumber || $0 == "_" || $0 == ":" ? $0 : "_" })
        labels = dimensions.sorted { $0.0 < $1.0 }.map { name, value in
            let escaped = value.replacing("\\", with: "\\\\").replacing("\"", with: "\\\"").replacing("\n", with: "\\n")
            return "\(name)=\"\(escaped)\""
        }.joined(separator: ",")
    }

    func line(_ suffix: String = "", extra: String = "", value: String) -> String {
        let all = [labels, extra].filter { !$0.isEmpty }.joined(separator: ",")
        return all.isEmpty ? "\(name)\(suffix) \(value)\n" : "\(name)\(suffix){\(all)} \(value)\n"
    }
}
