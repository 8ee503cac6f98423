import Foundation

/// `kontor reconcile` on two generated files, as a process of its own, beside the engines that are asked for.
package enum ReconcileBench {
    package struct Settings: Sendable {
        package var rows = 20_000_000
        package var against: [String] = []
        /// A Python with the engines' packages.
        package var python = "python3"
        /// Where the files go; a temporary folder that is removed when it is nil.
        package var folder: String?
        package var seed: UInt64 = 42
        package var threads: Int?
        package var memoryMegabytes: Int?
        /// The command itself.
        package var program: String

        package init(program: String) { self.program = program }
    }

    package enum Failure: Error, CustomStringConvertible {
        case file(String, Int32)
        case program(String, String)
        case counts(String)
        case unknownEngine(String)

        package var description: String {
            switch self {
            case .file(let path, let code): "\(path): \(String(cString: strerror(code)))"
            case .program(let name, let output):
                "\(name) failed: \(output.suffix(1_000)); engines need `pip install duckdb chdb polars` into the Python "
                    + "that --python names"
            case .counts(let text): text
            case .unknownEngine(let name):
                "--against \(name): known are \(ReconcileEngines.known.joined(separator: ", "))"
            }
        }
    }

    private struct Answer: Decodable {
        var counts: [String: Int]
        var seconds: Double
        var spilled: Bool
    }

    /// Our runs and the engines' take turns, because machines drift: the median of ours is what counts.
    package static func run(_ settings: Settings) throws -> BenchReport {
        for engine in settings.against where !ReconcileEngines.known.contains(engine) {
            throw Failure.unknownEngine(engine)
        }
        let folder = settings.folder ?? NSTemporaryDirectory() + "kontor-reconcile-\(UUID().uuidString)"
        try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
        defer { if settings.folder == nil { try? FileManager.default.removeItem(atPath: folder) } }
        let (ours, theirs) = ("\(folder)/ours.csv", "\(folder)/theirs.csv")
        let expected = try ReconcileData(rows: settings.rows, seed: settings.seed).write(ours: ours, theirs: theirs)
        var runs = [try measure(settings, folder, expected)]
        var peers: [(name: String, rate: Double, memory: Double)] = []
        let lines = Double(2 * settings.rows)
        for engine in settings.against {
            let result = try ReconcileEngines.run(
                engine, python: settings.python, ours: ours, theirs: theirs)
            guard result.counts == expected else {
                throw Failure.counts("\(engine) counted \(result.counts), \(expected) was written")
            }
            peers.append((engine, lines / result.seconds, result.peakMegabytes))
            runs.append(try measure(settings, folder, expected))
        }
        if runs.count < 3 { for _ in runs.count..<3 { runs.append(try measure(settings, folder, expected)) } }
        return report(settings, runs, peers, bytes: try size(ours) + size(theirs), expected)
    }

    private static func measure(
        _ settings: Settings, _ folder: String, _ expected: ReconcileData.Expected
    ) throws -> MeasuredProcess {
        var arguments = ["reconcile", "--ours", "\(folder)/ours.csv", "--theirs", "\(folder)/theirs.csv"]
        arguments += ["--out", "\(folder)/out", "--json"]
        if let threads = settings.threads { arguments += ["--threads", String(threads)] }
        if let memory = settings.memoryMegabytes { arguments += ["--memory", String(memory)] }
        let process = try MeasuredProcess.run(settings.program, arguments)
        let answer = try JSONDecoder().decode(Answer.self, from: Data(process.output.utf8))
        func count(_ name: String) -> Int { answer.counts[name] ?? -1 }
        let found = ReconcileData.Expected(
            matched: count("matched"), missingOurs: count("missing_ours"), missingTheirs: count("missing_theirs"),
            amount: count("amount"), status: count("status"), duplicateOurs: count("duplicate_ours"),
            duplicateTheirs: count("duplicate_theirs"))
        guard found == expected, count("currency") == 0, count("fee") == 0, count("late") == 0 else {
            throw Failure.counts("found \(answer.counts), \(expected) was written")
        }
        return process
    }

    private static func report(
        _ settings: Settings, _ runs: [MeasuredProcess], _ peers: [(name: String, rate: Double, memory: Double)],
        bytes: Int, _ expected: ReconcileData.Expected
    ) -> BenchReport {
        let median = runs.map(\.seconds).sorted()[runs.count / 2]
        var report = BenchReport(
            name: "reconcile", count: 2 * settings.rows, seconds: median, latencies: Latencies())
        report.peak_memory_mb = runs.map(\.peakMegabytes).max() ?? 0
        let fastestFirst = peers.sorted { $0.rate > $1.rate }
        report.compare(fastestFirst)
        report.figures = [
            "mb_per_second": Double(bytes) / 1_000_000 / median, "fastest_seconds": runs.map(\.seconds).min() ?? 0,
            "slowest_seconds": runs.map(\.seconds).max() ?? 0
        ]
        for peer in fastestFirst {
            report.figures?["\(peer.name)_seconds"] = Double(report.count) / peer.rate
            report.figures?["\(peer.name)_times_as_long"] = Double(report.count) / peer.rate / median
            report.figures?["\(peer.name)_peak_memory_mb"] = peer.memory
        }
        if let fastest = fastestFirst.first {
            report.figures?["share_of_its_memory"] = report.peak_memory_mb / fastest.memory
        }
        report.details = [
            "counts":
                "all \(runs.count) runs\(peers.isEmpty ? "" : " and all engines") found what was written: \(expected)",
            "files": "\(bytes) bytes, seed \(settings.seed)"
        ]
        return report
    }

    private static func size(_ path: String) throws -> Int {
        let attributes = try FileManager.default.attributesOfItem(atPath: path)
        return (attributes[.size] as? NSNumber)?.intValue ?? 0
    }
}
