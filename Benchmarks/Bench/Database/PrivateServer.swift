import Foundation

/// A PostgreSQL server of the benchmark's own, durable as in a real installation. It ends with this process, however
/// that ends: its keeper holds our pipe and tidies up when the pipe closes.
///
/// `@unchecked Sendable` because nothing in it changes, and `stop` is called once.
final class PrivateServer: @unchecked Sendable {
    let url: String
    private let keeper: Process
    private let pipe: Pipe

    /// - Parameter settings: lines for postgresql.conf.
    init(settings: [String] = []) throws {
        let keeper = Process()
        keeper.executableURL = URL(fileURLWithPath: try PrivateServer.script())
        keeper.arguments = ["keep"]
        var environment = ProcessInfo.processInfo.environment
        environment["KONTOR_POSTGRES_SETTINGS"] = settings.joined(separator: "\n")
        keeper.environment = environment
        let input = Pipe()
        let output = Pipe()
        keeper.standardInput = input
        keeper.standardOutput = output
        try keeper.run()
        var line = Data()
        while let byte = try output.fileHandleForReading.read(upToCount: 1), byte != Data([10]) { line += byte }
        let url = String(decoding: line, as: UTF8.self)
        guard url.hasPrefix("postgres") else {
            keeper.waitUntilExit()
            throw Programs.Failure(description: "no private PostgreSQL could be started; --database names another")
        }
        self.url = url
        self.keeper = keeper
        pipe = input
    }

    func stop() {
        try? pipe.fileHandleForWriting.close()
        keeper.waitUntilExit()
    }

    /// The script stands in the repository, which is the current folder or one above the program.
    private static func script() throws -> String {
        var folder = URL(fileURLWithPath: CommandLine.arguments[0]).resolvingSymlinksInPath()
        var folders = [FileManager.default.currentDirectoryPath]
        for _ in 0..<6 {
            folder.deleteLastPathComponent()
            folders.append(folder.path)
        }
        guard
            let found = folders.map({ $0 + "/Scripts/postgres.sh" }).first(where: FileManager.default.isExecutableFile)
        else {
            throw Programs.Failure(
                description: "Scripts/postgres.sh was not found: run this in Kontor's repository, or name a --database")
        }
        return found
    }
}
