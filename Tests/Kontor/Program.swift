import Foundation
import Testing

/// The built `kontor`, run as another process, as people and scripts run it.
struct Program {
    struct Answer {
        let code: Int32
        let out: String
        let err: String
    }

    /// Every run gets this data folder, which goes away with `withFolder`.
    let folder: String
    /// The PostgreSQL database of the installation, where it has one.
    var database: String?

    /// Beside the test bundle, where the build puts it.
    private static let path: String = {
        let bundle = URL(fileURLWithPath: CommandLine.arguments[0]).resolvingSymlinksInPath()
        var folder = bundle.deletingLastPathComponent()
        // The runner may stand elsewhere and name the bundle as an argument.
        if let named = CommandLine.arguments.first(where: { $0.hasSuffix(".xctest") }) {
            folder = URL(fileURLWithPath: named).resolvingSymlinksInPath().deletingLastPathComponent()
        }
        return folder.appendingPathComponent("kontor").path
    }()

    static let package = URL(fileURLWithPath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
        .deletingLastPathComponent().path

    static func withFolder(database: String? = nil, _ body: (Program) async throws -> Void) async throws {
        try #require(FileManager.default.isExecutableFile(atPath: path), "no program at \(path)")
        let folder = NSTemporaryDirectory() + "kontor-\(UUID().uuidString)"
        defer { try? FileManager.default.removeItem(atPath: folder) }
        try await body(Program(folder: folder, database: database))
    }

    /// Runs a command to its end.
    func run(_ arguments: String...) async throws -> Answer {
        let running = try start(arguments)
        return await running.end()
    }

    /// Starts a command that stays.
    func start(_ arguments: [String]) throws -> Running {
        try Running(
            Program.path, arguments,
            environment: [
                "KONTOR_DATA": folder, "KONTOR_DATABASE": database ?? "", "KONTOR_LOG_LEVEL": "warning"
            ])
    }

    /// Runs a script of this package with the program as its argument.
    func script(_ name: String, environment: [String: String]) async throws -> Answer {
        try await Running(
            "/bin/bash", [Program.package + "/Scripts/" + name, Program.path], environment: environment
        ).end()
    }
}

/// A process whose output is gathered in files, so that no pipe fills up.
final class Running: @unchecked Sendable {
    // @unchecked because Process is only told to stop and asked for its end, which it may be from any thread.
    private let process = Process()
    private let out: URL
    private let err: URL

    init(_ path: String, _ arguments: [String], environment: [String: String]) throws {
        let base = NSTemporaryDirectory() + "kontor-out-\(UUID().uuidString)"
        out = URL(fileURLWithPath: base + ".out")
        err = URL(fileURLWithPath: base + ".err")
        for file in [out, err] { try Data().write(to: file) }
        process.executableURL = URL(fileURLWithPath: path)
        process.arguments = arguments
        process.environment = ProcessInfo.processInfo.environment.merging(environment) { $1 }
        process.standardOutput = try FileHandle(forWritingTo: out)
        process.standardError = try FileHandle(forWritingTo: err)
        try process.run()
    }

    deinit {
        if process.isRunning { kill(process.processIdentifier, SIGKILL) }
        for file in [out, err] { try? FileManager.default.removeItem(at: file) }
    }

    var output: String { (try? String(contentsOf: out, encoding: .utf8)) ?? "" }
    private var errors: String { (try? String(contentsOf: err, encoding: .utf8)) ?? "" }

    func terminate() { process.terminate() }

    /// Ends it as a power cut would.
    func kill9() {
        // One that has ended has given its number back.
        if process.isRunning { kill(process.processIdentifier, SIGKILL) }
    }

    /// Waits until the output has a line with `text`, for a minute; returns the line.
    func line(with text: String) async throws -> String {
        for _ in 0..<3_000 {
            if let line = output.split(separator: "\n").first(where: { $0.contains(text) }) { return String(line) }
            try await Task.sleep(for: .milliseconds(20))
        }
        Issue.record("no line with \"\(text)\" in: \(output) \(errors)")
        return ""
    }

    /// Waits for the end; a process that does not end within a minute is killed.
    func end() async -> Program.Answer {
        for _ in 0..<3_000 where process.isRunning { try? await Task.sleep(for: .milliseconds(20)) }
        if process.isRunning { kill(process.processIdentifier, SIGKILL) }
        process.waitUntilExit()
        return Program.Answer(code: process.terminationStatus, out: output, err: errors)
    }
}
