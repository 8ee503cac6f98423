import ArgumentParser
import Foundation
import Matching

struct ReconcileCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "reconcile",
        abstract: "Match our file with theirs, line by line: the whole job on files, without a server.",
        discussion: """
            A CSV file whose header uses the usual names (order_no, amount or amount_minor, currency, status, fee, \
            time …) needs no profile. Formats and profiles are those of `kontor statement`. Exit code 0 when the job is \
            done, whatever it found; differences.csv, explained.csv, suggestions.csv and rejects.csv are in the folder.
            """)

    @Option(help: "Our file.") var ours: String
    @Option(help: "Their file.") var theirs: String
    @Option(help: "A YAML file that describes our file.") var oursProfile: String?
    @Option(help: "The format of our file, as `kontor statement formats` lists it.") var oursFormat: String?
    @Option(help: "A YAML file that describes their file.") var theirsProfile: String?
    @Option(help: "The format of their file; `auto` recognises it.") var theirsFormat: String?
    @Option(help: "The folder of the results; it is made.") var out: String
    @Option(help: "A JSON file of matching rules.") var rules: String?
    @Option(help: "Minor units by which amounts may differ.") var tolerance: Int64 = 0
    @Option(help: "Hundredths of a per cent by which amounts may differ.") var toleranceBp: Int32 = 0
    @Option(help: "The business day of both files (2026-11-21): lines after its cut-off are late, not missing.")
    var day: String?
    @Flag(help: "Match by keys alone: no search for similar lines and sums.") var keysOnly = false
    @Option(help: "Threads; as many as the machine has cores when not given.") var threads: Int?
    @Option(help: "Megabytes for lines in memory; beyond them they go to the folder. Half the machine's by default.")
    var memory: Int?
    @Option(help: "How many lines of a file may be unreadable before the job is refused.") var maxRejected = 0
    @Flag(help: "One JSON document instead of a table.") var json = false

    func validate() throws {
        if oursProfile != nil, oursFormat != nil {
            throw ValidationError("--ours-format and --ours-profile name different readers")
        }
        if theirsProfile != nil, theirsFormat != nil {
            throw ValidationError("--theirs-format and --theirs-profile name different readers")
        }
        if let threads { try Arguments.check("--threads", threads, in: 1...256) }
        if let memory { try Arguments.check("--memory", memory, in: 16...16_000_000) }
        if tolerance < 0 { throw ValidationError("--tolerance \(tolerance): must not be negative") }
        if !(0...5000).contains(toleranceBp) {
            throw ValidationError("--tolerance-bp \(toleranceBp): must be 0 to 5000")
        }
        if maxRejected < 0 { throw ValidationError("--max-rejected \(maxRejected): must not be negative") }
        if let day, CivilDay(day) == nil { throw ValidationError("--day \(day): must be like 2026-11-21") }
    }

    func run() throws {
        do {
            let started = ContinuousClock.now
            let report = try reconcile()
            let seconds = (ContinuousClock.now - started) / .seconds(1)
            if json { try Terminal.json(ReconcileReport(report, out, seconds)) } else { show(report, seconds) }
        } catch let error as ExitCode {
            throw error
        } catch {
            Terminal.error("\(error)")
            throw ExitCode(1)
        }
    }

    private func reconcile() throws -> FileReconciliationReport {
        try FileManager.default.createDirectory(atPath: out, withIntermediateDirectories: true)
        var extracts: [String] = []
        defer { for path in extracts { try? FileManager.default.removeItem(atPath: path) } }
        func side(_ source: ReconcileSource, _ name: String) throws -> FileReconciliation.Side {
            guard source.format != nil || source.profile != nil else {
                return FileReconciliation.Side(
                    path: source.path, profile: try ColumnProfile.detected(inFile: source.path))
            }
            let extract = "\(out)/.\(name).extract.csv"
            extracts.append(extract)
            var source = source
            if source.format == "auto" { source.format = nil }
            _ = try StatementExtract.write(source, to: extract, maxRejected: maxRejected)
            return FileReconciliation.Side(path: extract, profile: StatementExtract.profile)
        }
        var left = try side(ReconcileSource(path: ours, format: oursFormat, profile: oursProfile), "ours")
        var right = try side(ReconcileSource(path: theirs, format: theirsFormat, profile: theirsProfile), "theirs")
        try ColumnProfile.align(&left.profile, &right.profile)
        var settings = FileReconciliation.Settings(rules: try matchRules())
        settings.businessDay = day.flatMap { CivilDay($0) }
        settings.threads = threads ?? ProcessInfo.processInfo.activeProcessorCount
        settings.memoryBytes = memory.map { $0 << 20 } ?? Int(clamping: ProcessInfo.processInfo.physicalMemory / 2)
        settings.allowedRejects = maxRejected
        let bars = SharedBars()
        return try FileReconciliation(ours: left, theirs: right, folder: out, settings: settings).run { progress in
            bars.update(progress.phase.rawValue.padded(to: 9), progress.done, progress.total)
        }
    }

    private func matchRules() throws -> MatchRules {
        var matchRules = MatchRules()
        if let rules {
            let data = try Data(contentsOf: URL(fileURLWithPath: rules))
            matchRules = try JSONDecoder().decode(MatchRules.self, from: data)
        }
        if tolerance > 0 { matchRules.amount.absoluteMinor = tolerance }
        if toleranceBp > 0 { matchRules.amount.basisPoints = toleranceBp }
        if keysOnly { matchRules.tolerant = nil }
        return matchRules
    }

    private func show(_ report: FileReconciliationReport, _ seconds: Double) {
        let rows = MatchClass.allCases.map { [$0.code, String(report.count($0))] }
        Terminal.table(["class", "count"], rows, right: [1])
        Terminal.line()
        Terminal.line(
            "\(report.ours.rows) lines of ours, \(report.theirs.rows) of theirs, \(report.differences) differences, "
                + "\(report.suggestions) suggestions, in \((seconds * 100).rounded() / 100) s")
        if report.ours.leftOut + report.theirs.leftOut > 0 {
            Terminal.line(
                "\(report.ours.leftOut) and \(report.theirs.leftOut) lines were left out by their status")
        }
        if report.ours.rejects + report.theirs.rejects > 0 {
            Terminal.line("\(report.ours.rejects) and \(report.theirs.rejects) lines could not be read: rejects.csv")
        }
        if report.tolerantSkipped {
            Terminal.line("too many lines are open to look for similar ones: keys alone decided")
        }
        Terminal.line("results are in \(out)")
    }
}

/// The job's figures as programs read them.
struct ReconcileReport: Encodable {
    struct Side: Encodable {
        let bytes, rows, leftOut, rejected: Int
    }

    let ours, theirs: Side
    let counts: [String: Int]
    let differences, explained, suggestions: Int
    let spilled, sketched, tolerantSkipped: Bool
    let seconds: Double
    let folder: String

    init(_ report: FileReconciliationReport, _ folder: String, _ seconds: Double) {
        func side(_ side: FileReconciliationReport.Side) -> Side {
            Side(bytes: side.bytes, rows: side.rows, leftOut: side.leftOut, rejected: side.rejects)
        }
        ours = side(report.ours)
        theirs = side(report.theirs)
        counts = Dictionary(uniqueKeysWithValues: MatchClass.allCases.map { ($0.code, report.count($0)) })
        differences = report.differences
        explained = report.explained
        suggestions = report.suggestions
        spilled = report.spilled
        sketched = report.isSketched
        tolerantSkipped = report.tolerantSkipped
        self.seconds = (seconds * 1000).rounded() / 1000
        self.folder = folder
    }
}

extension String {
    fileprivate func padded(to width: Int) -> String { self + String(repeating: " ", count: max(0, width - count)) }
}
