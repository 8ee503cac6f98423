import Foundation

/// The same job by the engines that people would take for it, through their Python packages.
///
/// Each in the fastest form found for it: a full join of two grouped sides (DuckDB, chDB), or one grouping of both sides
/// together (Polars). They only count; `kontor reconcile` writes the differences as well. Time runs from after the
/// import to the counts.
enum ReconcileEngines {
    static let known = ["duckdb", "chdb", "polars"]

    struct Result {
        var seconds: Double
        var peakMegabytes: Double
        var counts: ReconcileData.Expected
    }

    static func run(
        _ engine: String, python: String, ours: String, theirs: String
    ) throws -> Result {
        let process = try MeasuredProcess.run(python, [try script(), engine, ours, theirs])
        guard let last = process.output.split(separator: "\n").last,
            let answer = try JSONSerialization.jsonObject(with: Data(last.utf8)) as? [String: Any],
            let seconds = answer["seconds"] as? Double
        else { throw ReconcileBench.Failure.program(engine, process.output) }
        func count(_ name: String) -> Int { answer[name] as? Int ?? -1 }
        return Result(
            seconds: seconds, peakMegabytes: process.peakMegabytes,
            counts: ReconcileData.Expected(
                matched: count("matched"), missingOurs: count("missing_ours"), missingTheirs: count("missing_theirs"),
                amount: count("amount"), status: count("status"), duplicateOurs: count("duplicate_ours"),
                duplicateTheirs: count("duplicate_theirs")))
    }

    /// The engines' form of the job stands with the checkout's scripts: above the folder one is in, or above the command.
    private static func script() throws -> String {
        let program = (try? FileManager.default.destinationOfSymbolicLink(atPath: "/proc/self/exe")) ?? ""
        for start in [FileManager.default.currentDirectoryPath, program] {
            var folder = URL(fileURLWithPath: start)
            while folder.path.count > 1 {
                let path = folder.appendingPathComponent("Scripts/reconcile-engines.py").path
                if FileManager.default.fileExists(atPath: path) { return path }
                folder.deleteLastPathComponent()
            }
        }
        throw ReconcileBench.Failure.file("Scripts/reconcile-engines.py (run this from the checkout)", ENOENT)
    }
}
