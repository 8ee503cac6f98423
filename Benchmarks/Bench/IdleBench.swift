import Foundation
import Glibc

/// Starts the real `kontor serve` on an existing database and asks it until it is ready.
package enum IdleBench {
    package static func run(starts: Int) async throws -> BenchReport {
        let folder = NSTemporaryDirectory() + "kontor-idle-" + UUID().uuidString
        defer { try? FileManager.default.removeItem(atPath: folder) }
        let program = CommandLine.arguments[0]
        try Programs.run(program, ["tenant", "create", "idle", "--data", folder])
        var latencies = Latencies()
        var memory = 0.0
        let began = ContinuousClock.now
        for start in 0..<starts {
            let started = ContinuousClock.now
            let server = try ServerProcess(["--data", folder], port: ServerProcess.port(start))
            try server.waitUntilReady()
            latencies.add(ContinuousClock.now - started)
            usleep(500_000)
            memory = max(memory, server.memory.now)
            try server.stop()
        }
        var report = BenchReport(
            name: "idle", count: starts, seconds: (ContinuousClock.now - began).inSeconds, latencies: latencies)
        report.peak_memory_mb = memory
        report.details = ["measured": "p50_ms and p99_ms from start to /readyz; peak_memory_mb is the idle server's"]
        return report
    }
}
