import Foundation
import Glibc

/// A real `kontor serve` of its own, and what the kernel says of it.
///
/// `@unchecked Sendable` because only its owner starts and ends it; others ask the kernel by its number.
final class ServerProcess: @unchecked Sendable {
    struct Failure: Error, CustomStringConvertible { let description: String }

    let port: Int
    private let process = Process()

    /// Starts it; `waitUntilReady` says when it serves.
    init(_ arguments: [String], port: Int, environment: [String: String] = [:]) throws {
        self.port = port
        process.executableURL = URL(fileURLWithPath: CommandLine.arguments[0])
        process.arguments = ["serve", "--port", "\(port)", "--log-level", "error"] + arguments
        process.environment = ProcessInfo.processInfo.environment.merging(environment) { _, own in own }
        process.standardOutput = FileHandle.nullDevice
        try process.run()
    }

    /// A port that is probably free, different for each process that measures.
    static func port(_ number: Int = 0) -> Int {
        20_000 + Int(ProcessInfo.processInfo.processIdentifier) % 20_000 + number
    }

    func waitUntilReady(seconds: Int = 20) throws {
        let started = ContinuousClock.now
        while !isReady() {
            guard process.isRunning, ContinuousClock.now - started < .seconds(seconds) else {
                throw Failure(description: "kontor serve was not ready within \(seconds) s")
            }
            usleep(2_000)
        }
    }

    func stop() throws {
        process.terminate()
        process.waitUntilExit()
        guard process.terminationStatus == 0 else {
            throw Failure(description: "kontor serve ended with \(process.terminationStatus)")
        }
    }

    /// For a caller that failed and only tidies up.
    func kill() {
        guard process.isRunning else { return }
        process.interrupt()
        process.waitUntilExit()
    }

    /// One request over a plain socket, so that no client library's start is measured.
    private func isReady() -> Bool {
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

    // ---- What the kernel says ----

    /// Memory in MiB: what it holds now and the most it has held.
    var memory: (now: Double, peak: Double) {
        (ProcessMemory.read("VmRSS:", of: "\(identifier)"), ProcessMemory.read("VmHWM:", of: "\(identifier)"))
    }

    /// Files and sockets that are open, and different SQLite files among them.
    func openFiles() -> (all: Int, books: Int) {
        let folder = "/proc/\(identifier)/fd"
        let names = (try? FileManager.default.contentsOfDirectory(atPath: folder)) ?? []
        let books = Set(
            names.compactMap { try? FileManager.default.destinationOfSymbolicLink(atPath: folder + "/" + $0) }
                .filter { $0.hasSuffix(".sqlite") })
        return (names.count, books.count)
    }

    private var identifier: Int32 { process.processIdentifier }
}
