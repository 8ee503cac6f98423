import Foundation
import Testing

@testable import Matching

/// The same lines as lists in memory and as files: both engines must tell the same differences of the same lines.
@Suite("Both engines") struct BothEnginesTests {
    @Test("files and lists come to the same findings, whatever the threads, chunks and order", arguments: 0..<16)
    func sameFindings(round: UInt64) throws {
        let seed = Seeded.base &+ round &+ 1_000
        var book = CorruptBook(seed: seed, lines: 600)
        book.corrupt()
        let expected = try Matcher(rules: book.rules, businessDay: friday).match(ours: book.ours, theirs: book.theirs)
        let folder = try Folder()
        let settings = FileReconciliation.Settings(
            rules: book.rules, businessDay: friday, threads: Int(round % 3) + 1, memoryBytes: 16 << 20,
            chunkBytes: round % 2 == 0 ? 64 : 4_096)
        let report = try run(book.ours, book.theirs, folder, settings)
        for matchClass in MatchClass.allCases {
            #expect(report.count(matchClass) == expected.count(matchClass), "seed \(seed): \(matchClass.code)")
        }
        let found = try outcomes(folder.path + "/differences.csv")
        #expect(Set(found) == Set(expected.differences.map(Outcome.init)), "seed \(seed)")
        #expect(found.count == report.differences, "seed \(seed)")
        #expect(report.ours.rows == book.ours.count && report.theirs.rows == book.theirs.count, "seed \(seed)")
    }

    @Test("with no room for the rest in memory, keys alone come to the same classes", arguments: 0..<8)
    func byKeysAlone(round: UInt64) throws {
        let seed = Seeded.base &+ round &+ 2_000
        var book = CorruptBook(seed: seed, lines: 600)
        book.corrupt()
        var rules = book.rules
        rules.tolerant = nil
        let expected = try Matcher(rules: rules, businessDay: friday).match(ours: book.ours, theirs: book.theirs)
        let folder = try Folder()
        let settings = FileReconciliation.Settings(
            rules: rules, businessDay: friday, threads: 2, memoryBytes: 16 << 20, linesInMemory: 0)
        _ = try run(book.ours, book.theirs, folder, settings)
        let found = try outcomes(folder.path + "/differences.csv")
        #expect(Set(found) == Set(expected.differences.map(Outcome.init)), "seed \(seed)")
    }

    @Test("lines shuffled in their files come to the same stories")
    func shuffledFiles() throws {
        var book = CorruptBook(seed: Seeded.base &+ 3_000, lines: 500)
        book.corrupt()
        let settings = FileReconciliation.Settings(rules: book.rules, businessDay: friday, threads: 2)
        let folder = try Folder()
        _ = try run(book.ours, book.theirs, folder, settings)
        let first = try outcomes(folder.path + "/differences.csv")
        var random = Seeded(seed: Seeded.base)
        _ = try run(book.ours.shuffled(using: &random), book.theirs.shuffled(using: &random), folder, settings)
        let second = try outcomes(folder.path + "/differences.csv")
        #expect(Set(first.map { book.story(of: $0) }) == Set(second.map { book.story(of: $0) }))
        #expect(first.count == second.count && !first.isEmpty)
    }

    // MARK: Files

    private func run(
        _ ours: [MatchRow], _ theirs: [MatchRow], _ folder: Folder, _ settings: FileReconciliation.Settings
    ) throws -> FileReconciliationReport {
        try text(ours).write(toFile: folder.path + "/ours.csv", atomically: false, encoding: .utf8)
        try text(theirs).write(toFile: folder.path + "/theirs.csv", atomically: false, encoding: .utf8)
        let profile = ColumnProfile(
            keys: [[.name("order")], [.name("channel")]], amount: .name("amount"), unit: .minor,
            currency: .name("currency"), status: .name("status"), fee: .name("fee"), time: .name("time"),
            kind: .name("kind"), line: .name("id"))
        return try FileReconciliation(
            ours: .init(path: folder.path + "/ours.csv", profile: profile),
            theirs: .init(path: folder.path + "/theirs.csv", profile: profile), folder: folder.path,
            settings: settings
        ).run()
    }

    private func text(_ rows: [MatchRow]) -> String {
        var text = "id,order,channel,kind,amount,currency,status,fee,time\n"
        for row in rows {
            text += "\(row.id),\(row.key(0)),\(row.key(1)),\(row.kind.code),\(row.amountMinor),\(row.currency),"
            text += "\(row.status.code),\(row.feeMinor.map(String.init) ?? ""),\(time(row.time ?? 0))\n"
        }
        return text
    }

    private func time(_ seconds: Int64) -> String {
        let ofDay = seconds - friday.at(0)
        func two(_ value: Int64) -> String { value < 10 ? "0\(value)" : "\(value)" }
        return "\(friday)T\(two(ofDay / 3_600)):\(two(ofDay / 60 % 60)):\(two(ofDay % 60))Z"
    }

    /// A finding has a row for each of its pairs of lines; the first column numbers findings.
    private func outcomes(_ path: String) throws -> [Outcome] {
        let rows = try String(contentsOfFile: path, encoding: .utf8).split(separator: "\n").map(fields)
        let names = try #require(rows.first)
        let places = try ["finding", "class", "ours_line", "theirs_line"].map { try #require(names.firstIndex(of: $0)) }
        var outcomes: [String: Outcome] = [:]
        for row in rows.dropFirst() {
            let matchClass = try #require(MatchClass(code: row[places[1]]))
            var outcome = outcomes[row[places[0]]] ?? Outcome(matchClass, [], [])
            if let ours = Int64(row[places[2]]) { outcome.ours.append(ours) }
            if let theirs = Int64(row[places[3]]) { outcome.theirs.append(theirs) }
            outcomes[row[places[0]]] = outcome
        }
        return Array(outcomes.values)
    }

    private func fields(_ line: Substring) -> [String] {
        var fields = [""]
        var isQuoted = false
        for character in line {
            if character == "\"" {
                isQuoted.toggle()
            } else if character == ",", !isQuoted {
                fields.append("")
            } else {
                fields[fields.count - 1].append(character)
            }
        }
        return fields
    }
}

/// A folder of a test, removed with it.
private final class Folder {
    let path: String

    init() throws {
        let made = FileManager.default.temporaryDirectory.appendingPathComponent("kontor-\(UUID().uuidString)")
        try FileManager.default.createDirectory(at: made, withIntermediateDirectories: true)
        path = made.path
    }

    deinit { try? FileManager.default.removeItem(atPath: path) }
}
