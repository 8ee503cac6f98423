import Foundation
import Glibc

/// Starts the real `kontor serve` on an existing database and asks it until it is ready.
package enum IdleBench {
    struct Failure: Error, CustomStringConvertible { let description: String }

    package static func run(starts: Int) async throws -> BenchReport {
        let folder = NSTemporaryDirectory() + "kontor-idle-" + UUID().uuidString
        defer { try? FileManager.default.removeItem(atPath: folder) }
        let program = CommandLine.arguments[0]
        try finish(program, ["tenant", "create", "idle", "--data", folder])
        var latencies = Latencies()
        var memory = 0.0
        let began = ContinuousClock.now
        for start in 0..<starts {
            let port = 20_000 + Int(ProcessInfo.processInfo.processIdentifier) % 20_000 + start
            let process = Process()
            process.executableURL = URL(fileURLWithPath: program)
            process.arguments = ["serve", "--data", folder, "--port", "\(port)", "--log-level", "error"]
            process.standardOutput = FileHandle.nullDevice
            let started = ContinuousClock.now
            try process.run()
            while ContinuousClock.now - started < .seconds(20), !isReady(port) { usleep(2_000) }
            latencies.add(ContinuousClock.now - started)
            usleep(500_000)
            memory = max(memory, resident(process.processIdentifier))
            process.terminate()
            process.waitUntilExit()
            guard process.terminationStatus == 0 else {
                throw Failure(description: "kontor serve ended with \(process.terminationStatus)")
            }
        }
        var report = BenchReport(
            name: "idle", count: starts, seconds: (ContinuousClock.now - began).inSeconds, latencies: latencies)
        report.peak_memory_mb = memory
        report.details = ["measured": "p50_ms and p99_ms from start to /readyz; peak_memory_mb is the idle server's"]
        return report
    }

    private static func finish(_ program: String, _ arguments: [String]) throws {
        let process = Process()
        process.executableURL = URL(fileURLWithPath: program)
        process.arguments = arguments
        process.standardOutput = FileHandle.nullDevice
        try process.run()
        process.waitUntilExit()
        guard process.terminationStatus == 0 else { throw Failure(description: "\(arguments) failed") }
    }

    /// One request over a plain socket, so that no client library's start is measured.
    private static func isReady(_ port: Int) -> Bool {
        let socket = Glibc.socket(AF_INET, Int32(SOCK_STREAM.rawValue), 0)
        defer { Glibc.close(socket) }
        var address = sockaddr_in()
        address.sin_family = sa_family_t(AF_INET)
        address.sin_port = in_port_t(port).bigEndian
        address.sin_addr.s_addr = in_addr_t(0x7F00_0001).bigEndian
        let connected = withUnsafePointer(to: &address) {
            $0.withMemoryRebound(to: sockaddr.self, capacity: 1) {
                Glibc.connect(socket, $0, socklen_t(MemoryLayout<sockaddr_in>.size))
            }
        }
        guard connected == 0 else { return false }
        let request = Array("GET /readyz HTTP/1.1\r\nhost: localhost\r\nconnection: close\r\n\r\n".utf8)
        guard Glibc.send(socket, request, request.count, Int32(MSG_NOSIGNAL)) == request.count else { return false }
        var answer = [UInt8](repeating: 0, count: 64)
        let count = Glibc.recv(socket, &answer, answer.count, 0)
        return count > 12 && String(decoding: answer[9..<12], as: UTF8.self) == "200"
    }

    private static func resident(_ process: Int32) -> Double {
        guard let status = try? String(contentsOfFile: "/proc/\(process)/status", encoding: .utf8),
            let line = status.split(separator: "\n").first(where: { $0.hasPrefix("VmRSS:") }),
            let kilobytes = line.split(whereSeparator: \.isWhitespace).dropFirst().first.flatMap({ Double($0) })
        else { return 0 }
        return (kilobytes / 1_024 * 10).rounded() / 10
    }
}
