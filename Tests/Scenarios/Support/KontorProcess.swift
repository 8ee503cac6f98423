import Foundation
import Synchronization

#if canImport(Glibc)
    import Glibc
#endif

/// The real `kontor serve` as a process of its own, over a folder that outlives it.
final class KontorProcess: Sendable {
    /// The program as it was built beside this test bundle; nil when it was not built.
    static let program: String? = {
        var folder = URL(filePath: Bundle.main.executablePath ?? CommandLine.arguments[0]).deletingLastPathComponent()
        // On some platforms the bundle is a folder beside the program, on others a file.
        for _ in 0..<4 {
            let path = folder.appending(path: "kontor").path
            if FileManager.default.isExecutableFile(atPath: path) { return path }
            folder.deleteLastPathComponent()
        }
        return nil
    }()

    struct Failure: Error, CustomStringConvertible { let description: String }

    let address: String
    private let process: Process
    private let ended: AsyncStream<Int32>

    private init(process: Process, address: String, ended: AsyncStream<Int32>) {
        self.process = process
        self.address = address
        self.ended = ended
    }

    /// Starts the program and returns once it takes connections.
    static func serve(
        _ data: String, sandbox: String, database: String? = nil, _ arguments: [String] = []
    ) async throws -> KontorProcess {
        guard let program else { throw Failure(description: "the program was not built") }
        // Several processes may serve one house, each with an output of its own.
        let output = data + "/stdout-\(UUID().uuidString).txt"
        _ = FileManager.default.createFile(atPath: output, contents: nil)
        guard let writing = FileHandle(forWritingAtPath: output) else { throw Failure(description: "no \(output)") }
        let process = Process()
        process.executableURL = URL(filePath: program)
        process.arguments =
            ["serve", "--data", data, "--port", "0"] + (database.map { ["--database", $0] } ?? []) + arguments
        process.environment = [
            "KONTOR_SANDBOX_ADDRESS": sandbox, "KONTOR_ENVIRONMENT": "test", "KONTOR_LOG_LEVEL": "error"
        ]
        process.standardOutput = writing
        process.standardError = writing
        let (ended, tell) = AsyncStream.makeStream(of: Int32.self)
        process.terminationHandler = { ended in
            tell.yield(ended.terminationReason == .exit ? ended.terminationStatus : -ended.terminationStatus)
            tell.finish()
        }
        try process.run()
        try writing.close()
        let patience = ContinuousClock.now + .seconds(20)
        while ContinuousClock.now < patience {
            let text = String(decoding: FileManager.default.contents(atPath: output) ?? Data(), as: UTF8.self)
            if let start = text.firstRange(of: "kontor serves "),
                let end = text[start.upperBound...].firstIndex(of: " ")
            {
                return KontorProcess(process: process, address: String(text[start.upperBound..<end]), ended: ended)
            }
            guard process.isRunning else { throw Failure(description: "it ended at once: \(text)") }
            try await Task.sleep(for: .milliseconds(5))
        }
        process.terminate()
        throw Failure(description: "it did not serve within 20 seconds")
    }

    /// Runs one command to its end.
    static func run(_ arguments: [String]) async throws -> (code: Int32, output: String) {
        guard let program else { throw Failure(description: "the program was not built") }
        let process = Process()
        process.executableURL = URL(filePath: program)
        process.arguments = arguments
        process.environment = ["KONTOR_ENVIRONMENT": "test"]
        let output = Pipe()
        process.standardOutput = output
        process.standardError = output
        let (ended, tell) = AsyncStream.makeStream(of: Int32.self)
        process.terminationHandler = { tell.yield($0.terminationStatus) }
        try process.run()
        // The outputs of these commands fit the pipe's buffer, so reading after the end cannot block the program.
        for await code in ended {
            return (code, String(decoding: output.fileHandleForReading.readDataToEndOfFile(), as: UTF8.self))
        }
        return (process.terminationStatus, "")
    }

    /// Sends a signal and does not wait for what comes of it, such as SIGSTOP.
    func signal(_ number: Int32) { kill(process.processIdentifier, number) }

    /// SIGKILL: no handler runs, nothing is flushed. Returns when the process is gone.
    func killHard() async {
        kill(process.processIdentifier, SIGKILL)
        _ = await exitCode()
    }

    /// SIGTERM; returns the exit code, negative when a signal ended the process.
    func stop() async -> Int32 {
        process.terminate()
        return await exitCode()
    }

    private func exitCode() async -> Int32 {
        for await code in ended { return code }
        return process.terminationStatus
    }
}
