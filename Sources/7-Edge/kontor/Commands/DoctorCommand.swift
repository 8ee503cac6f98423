import ArgumentParser
import Assembly
import Foundation
import Journal
import Ledger
import Money

struct DoctorCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "doctor",
        abstract: "Check an installation and say what to change; exit code 1 when something is wrong.")

    @OptionGroup var options: HouseOptions
    @Flag(help: "One JSON document instead of a table.") var json = false

    struct Check: Encodable {
        let name: String
        let ok: Bool
        let detail: String
    }

    func run() async throws {
        let settings = try options.settings()
        var checks = [folder(settings.dataFolder), space(settings.dataFolder), keys(settings.dataFolder)]
        checks += try await House.exists(in: settings) ? try await books() : [Self.noBooks]
        if json {
            try Terminal.json(checks)
        } else {
            Terminal.table(["check", "", "detail"], checks.map { [$0.name, $0.ok ? "ok" : "WRONG", $0.detail] })
        }
        if checks.contains(where: { !$0.ok }) { throw ExitCode(1) }
    }

    private static let noBooks = Check(
        name: "books", ok: true, detail: "none yet; `kontor tenant create` begins them")

    private func books() async throws -> [Check] {
        try await options.withHouse(.reading) { house in
            var found: [Check] = []
            for book in try await AuditedBook.all(house) {
                let head = try await book.read { try Journal.head($0) }
                found.append(Check(name: "book \(book.label)", ok: true, detail: "\(head.sequence) events"))
                guard book.tenant != nil else { continue }
                let balances = try await book.read { try Ledger().trialBalance(in: $0) }
                let wrong = balances.filter { !$0.isBalanced }.map(\.currency.code)
                found.append(
                    Check(
                        name: "trial balance \(book.label)", ok: wrong.isEmpty,
                        detail: wrong.isEmpty
                            ? "balanced" : "debits and credits differ in \(wrong.joined(separator: ", "))"))
            }
            return found
        }
    }

    private func folder(_ path: String) -> Check {
        let exists = FileManager.default.fileExists(atPath: path)
        let writable = !exists || FileManager.default.isWritableFile(atPath: path)
        return Check(
            name: "data folder", ok: writable,
            detail: writable ? path : "\(path) is not writable: chown it to the user that runs kontor")
    }

    private func space(_ path: String) -> Check {
        let existing = FileManager.default.fileExists(atPath: path) ? path : "."
        let attributes = try? FileManager.default.attributesOfFileSystem(forPath: existing)
        let free = (attributes?[.systemFreeSize] as? NSNumber)?.int64Value ?? 0
        return Check(
            name: "free space", ok: free > 1 << 30,
            detail:
                "\(free >> 20) MiB\(free > 1 << 30 ? "" : ": below 1 GiB; writes are refused when the disk is full")")
    }

    private func keys(_ path: String) -> Check {
        let file = path + "/keys/master.key"
        guard let attributes = try? FileManager.default.attributesOfItem(atPath: file) else {
            return Check(name: "key file", ok: true, detail: "will be made at the first start")
        }
        let mode = (attributes[.posixPermissions] as? NSNumber)?.intValue ?? 0
        let isPrivate = mode & 0o077 == 0
        return Check(
            name: "key file", ok: isPrivate,
            detail: isPrivate ? "private; back it up apart from the books" : "readable by others: chmod 600 \(file)")
    }
}
