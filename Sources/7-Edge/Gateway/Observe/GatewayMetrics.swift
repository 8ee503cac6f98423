import Contract
import Metrics
import Synchronization

/// Counts by operation and status, the time each took, what runs now. Made once: a request only adds numbers.
final class GatewayMetrics: Sendable {
    /// The meters of one operation; a status gets its counter when it first happens.
    private final class Meters: Sendable {
        let name: String
        let duration: Timer
        let rateLimited: Counter
        let statuses = Mutex<[Int: Counter]>([:])

        init(_ name: String) {
            self.name = name
            duration = Timer(label: "kontor_http_request_duration_seconds", dimensions: [("operation", name)])
            rateLimited = Counter(label: "kontor_http_rate_limited_total", dimensions: [("operation", name)])
        }

        func counter(_ status: Int) -> Counter {
            statuses.withLock { statuses in
                if let known = statuses[status] { return known }
                let counter = Counter(
                    label: "kontor_http_requests_total", dimensions: [("operation", name), ("status", String(status))])
                statuses[status] = counter
                return counter
            }
        }
    }

    private let operations: [Meters]
    /// Everything that is no operation of the contract: probes, pages, addresses nobody knows.
    private let others = Meters("other")
    private let inFlight = Atomic<Int>(0)
    private let inFlightGauge = Gauge(label: "kontor_http_requests_in_flight")

    init(operations: [Operation]) { self.operations = operations.map { Meters($0.name) } }

    func began() { inFlight.wrappingAdd(1, ordering: .relaxed) }

    func ended(_ operation: Int?, status: Int, nanoseconds: Int64) {
        inFlight.wrappingSubtract(1, ordering: .relaxed)
        let meters = operation.map { operations[$0] } ?? others
        meters.counter(status).increment()
        meters.duration.recordNanoseconds(nanoseconds)
        if status == 429 { meters.rateLimited.increment() }
    }

    /// The gauge is set when somebody looks, not on each request.
    func refresh() { inFlightGauge.record(inFlight.load(ordering: .relaxed)) }
}
