import Foundation

/// What a benchmark measured: one JSON object, the same members for all.
package struct BenchReport: Encodable, Sendable {
    package struct Peer: Encodable, Sendable {
        package var name: String
        package var rate_per_second: Double
        package var peak_memory_mb: Double
    }

    package var name: String
    package var count: Int
    package var seconds: Double
    package var rate_per_second: Double
    package var p50_ms: Double
    package var p99_ms: Double
    package var peak_memory_mb: Double
    package var peers: [Peer] = []
    /// Ratio to the first peer, where there is one.
    package var ratio: Double?
    /// Further figures, with their units in their names.
    package var figures: [String: Double]?
    /// What else this benchmark has to say, e.g. its settings.
    package var details: [String: String] = [:]

    package init(name: String, count: Int, seconds: Double, latencies: Latencies) {
        self.name = name
        self.count = count
        self.seconds = seconds
        rate_per_second = (Double(count) / seconds).rounded()
        p50_ms = latencies.percentile(50)
        p99_ms = latencies.percentile(99)
        peak_memory_mb = ProcessMemory.peakMegabytes()
    }

    /// Sets what stands beside the measured rate, and the ratio to the first of it.
    package mutating func compare(_ others: [(name: String, rate: Double, memory: Double)]) {
        peers = others.map { Peer(name: $0.name, rate_per_second: $0.rate.rounded(), peak_memory_mb: $0.memory) }
        ratio = others.first.map { (rate_per_second / $0.rate * 100).rounded() / 100 }
    }

    package func json() throws -> String {
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.sortedKeys]
        return String(decoding: try encoder.encode(self), as: UTF8.self)
    }
}

/// How long operations took, kept as numbers and sorted when asked.
package struct Latencies: Sendable {
    private var microseconds: [UInt32] = []

    package init() {}

    package mutating func add(_ duration: Duration) {
        let (seconds, attoseconds) = duration.components
        microseconds.append(UInt32(clamping: seconds * 1_000_000 + attoseconds / 1_000_000_000_000))
    }

    package mutating func add(contentsOf other: Latencies) { microseconds += other.microseconds }

    /// In milliseconds; 0 when nothing was measured.
    package func percentile(_ percent: Int) -> Double {
        guard !microseconds.isEmpty else { return 0 }
        let sorted = microseconds.sorted()
        return Double(sorted[min(sorted.count - 1, sorted.count * percent / 100)]) / 1_000
    }
}

package enum ProcessMemory {
    /// The most memory this process has held, in MiB, as the kernel counts it (VmHWM); 0 where /proc is missing.
    package static func peakMegabytes() -> Double { read("VmHWM:", of: "self") }

    /// The memory this process holds now, in MiB (VmRSS).
    package static func residentMegabytes() -> Double { read("VmRSS:", of: "self") }

    /// A field of a process's status, in MiB; 0 when it is gone.
    static func read(_ field: String, of process: String) -> Double {
        guard let status = try? String(contentsOfFile: "/proc/\(process)/status", encoding: .utf8),
            let line = status.split(separator: "\n").first(where: { $0.hasPrefix(field) }),
            let kilobytes = line.split(whereSeparator: \.isWhitespace).dropFirst().first.flatMap({ Double($0) })
        else { return 0 }
        return (kilobytes / 1_024 * 10).rounded() / 10
    }
}

extension Duration {
    package var inSeconds: Double {
        Double(components.seconds) + Double(components.attoseconds) / 1e18
    }
}
