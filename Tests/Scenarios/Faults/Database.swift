import Foundation
import Synchronization

#if canImport(Glibc)
    import Glibc
#endif

/// A PostgreSQL of one test's own, with durable commits, that can be made to fall over and stand up again.
///
/// `Scripts/postgres.sh keep` makes it and tidies up when its standard input ends, so it never outlives this process.
final class Database: Sendable {
    struct Failure: Error, CustomStringConvertible { let description: String }

    let url: String
    /// Where the server's socket is.
    let folder: String
    private let programs: String
    private let keeper: Process
    private let line: FileHandle

    private init(url: String, folder: String, programs: String, keeper: Process, line: FileHandle) {
        self.url = url
        self.folder = folder
        self.programs = programs
        self.keeper = keeper
        self.line = line
    }

    static func with<Answer: Sendable>(_ body: @Sendable (Database) async throws -> Answer) async throws -> Answer {
        let database = try start()
        defer { database.end() }
        return try await body(database)
    }

    private static func start() throws -> Database {
        let keeper = Process()
        keeper.executableURL = URL(filePath: Folders.repository("Scripts/postgres.sh"))
        keeper.arguments = ["keep"]
        let (input, output) = (Pipe(), Pipe())
        keeper.standardInput = input
        keeper.standardOutput = output
        try keeper.run()
        var text = ""
        while !text.hasSuffix("\n") {
            let bytes = output.fileHandleForReading.readData(ofLength: 1)
            if bytes.isEmpty { throw Failure(description: "there is no PostgreSQL; Scripts/setup.sh test installs it") }
            text += String(decoding: bytes, as: UTF8.self)
        }
        let url = text.trimmingCharacters(in: .newlines)
        guard let start = url.firstRange(of: "host="),
            let folder = url[start.upperBound...].split(separator: "&").first.map(String.init),
            let options = try? String(contentsOfFile: folder + "/data/postmaster.opts", encoding: .utf8),
            let server = options.split(separator: " ").first
        else { throw Failure(description: "no server at \(url)") }
        return Database(
            url: url, folder: folder, programs: URL(filePath: String(server)).deletingLastPathComponent().path,
            keeper: keeper, line: input.fileHandleForWriting)
    }

    /// The same database by another way to its server.
    func url(through folder: String) -> String { url.replacing(self.folder, with: folder) }

    /// All server processes end at once, as in a power cut: nothing is flushed, nobody is told.
    func crash() async throws { try await control(["stop", "-m", "immediate", "-w"]) }

    func start() async throws { try await control(["start", "-w", "-t", "60", "-l", folder + "/log"]) }

    private func control(_ arguments: [String]) async throws {
        var command = [programs + "/pg_ctl", "-D", folder + "/data"] + arguments
        let owner = try FileManager.default.attributesOfItem(atPath: folder + "/data")
        // It refuses to be handled by root, so root lends itself to the owner of the files.
        if geteuid() == 0, let user = owner[.ownerAccountID] as? NSNumber,
            let group = owner[.groupOwnerAccountID] as? NSNumber
        {
            command = ["/usr/bin/setpriv", "--reuid=\(user)", "--regid=\(group)", "--clear-groups"] + command
        }
        try await Spawned.run(command)
    }

    private func end() {
        try? line.close()
        keeper.waitUntilExit()
    }
}
