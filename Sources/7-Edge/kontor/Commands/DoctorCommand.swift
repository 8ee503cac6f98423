import ArgumentParser
import Assembly
import Foundation

struct DoctorCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "doctor",
        abstract: "Check an installation and say what to change; exit code 1 when something is wrong.",
        discussion: """
            With --database it asks the server as well: version, rights, settings on which the safety of an answered \
            command rests, room, clock, disk. "advice" works, and could be better; it does not change the exit code.
            """)

    @OptionGroup var options: HouseOptions
    @Flag(help: "One JSON document instead of a table.") var json = false

    /// A check as programs read it.
    struct Shown: Encodable {
        let name, detail: String
        let ok: Bool
        let verdict: DoctorCheck.Verdict
    }

    func run() async throws {
        let settings = try options.settings()
        var checks = [folder(settings.dataFolder), space(settings.dataFolder), keys(settings.dataFolder)]
        let server = await House.databaseChecks(settings)
        checks += server
        // A database that cannot be reached was told above; its books cannot be looked at.
        if server.first?.verdict != .wrong { checks += try await books(settings) }
        if json {
            try Terminal.json(
                checks.map {
                    Shown(name: $0.name, detail: $0.detail, ok: $0.verdict != .wrong, verdict: $0.verdict)
                })
        } else {
            Terminal.table(["check", "", "detail"], checks.map { [$0.name, word($0.verdict), $0.detail] })
        }
        if checks.contains(where: { $0.verdict == .wrong }) { throw ExitCode(1) }
    }

    private func word(_ verdict: DoctorCheck.Verdict) -> String { verdict == .wrong ? "WRONG" : verdict.rawValue }

    private func books(_ settings: HouseSettings) async throws -> [DoctorCheck] {
        let exists = try await CommandFailure.explained { try await House.exists(in: settings) }
        guard exists else { return [DoctorCheck("books", .ok, "none yet; `kontor tenant create` begins them")] }
        return try await options.withHouse(.reading) { house in
            try await house.furtherDatabaseChecks() + house.bookChecks()
        }
    }

    private func folder(_ path: String) -> DoctorCheck {
        let exists = FileManager.default.fileExists(atPath: path)
        let writable = !exists || FileManager.default.isWritableFile(atPath: path)
        return DoctorCheck(
            "data folder", writable ? .ok : .wrong,
            writable ? path : "\(path) is not writable: chown it to the user that runs kontor")
    }

    private func space(_ path: String) -> DoctorCheck {
        let existing = FileManager.default.fileExists(atPath: path) ? path : "."
        let attributes = try? FileManager.default.attributesOfFileSystem(forPath: existing)
        let free = (attributes?[.systemFreeSize] as? NSNumber)?.int64Value ?? 0
        let isEnough = free > 1 << 30
        return DoctorCheck(
            "free space", isEnough ? .ok : .wrong,
            "\(free >> 20) MiB\(isEnough ? "" : ": below 1 GiB; writes are refused when the disk is full")")
    }

    private func keys(_ path: String) -> DoctorCheck {
        let file = path + "/keys/master.key"
        guard let attributes = try? FileManager.default.attributesOfItem(atPath: file) else {
            return DoctorCheck("key file", .ok, "will be made at the first start")
        }
        let mode = (attributes[.posixPermissions] as? NSNumber)?.intValue ?? 0
        let isPrivate = mode & 0o077 == 0
        return DoctorCheck(
            "key file", isPrivate ? .ok : .wrong,
            isPrivate ? "private; back it up apart from the books" : "readable by others: chmod 600 \(file)")
    }
}
