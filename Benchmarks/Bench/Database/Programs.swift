import Foundation

/// Other programs that a benchmark runs: PostgreSQL's own, and `kontor` itself.
enum Programs {
    struct Failure: Error, CustomStringConvertible { let description: String }

    /// Where one of PostgreSQL's programs is: the newest of Debian's, which are not on the PATH, else the one that is.
    static func ofPostgreSQL(_ name: String) throws -> String {
        let root = "/usr/lib/postgresql"
        let versions = (try? FileManager.default.contentsOfDirectory(atPath: root)) ?? []
        let newest = versions.compactMap { Int($0) }.sorted(by: >).map { "\(root)/\($0)/bin/\(name)" }
        let onPath = (ProcessInfo.processInfo.environment["PATH"] ?? "").split(separator: ":").map { "\($0)/\(name)" }
        guard let found = (newest + onPath).first(where: FileManager.default.isExecutableFile) else {
            throw Failure(description: "\(name) was not found: install Debian's postgresql (Scripts/setup.sh test)")
        }
        return found
    }

    /// Runs a program to its end and returns what it wrote; throws what it complained of when it failed.
    @discardableResult
    static func run(_ program: String, _ arguments: [String]) throws -> String {
        let process = Process()
        process.executableURL = URL(fileURLWithPath: program)
        process.arguments = arguments
        let output = Pipe()
        // One pipe for both, so that neither can fill up while the other is read.
        process.standardOutput = output
        process.standardError = output
        process.standardInput = FileHandle.nullDevice
        try process.run()
        let text = String(decoding: output.fileHandleForReading.readDataToEndOfFile(), as: UTF8.self)
        process.waitUntilExit()
        guard process.terminationStatus == 0 else {
            let name = program.split(separator: "/").last ?? ""
            throw Failure(description: "\(name) ended with \(process.terminationStatus): \(text.suffix(2_000))")
        }
        return text
    }
}
