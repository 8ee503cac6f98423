internal import CScan
internal import Glibc

/// One run of a job: scan, join, then the lines that did not match at once.
final class FileJob {
    private let job: FileReconciliation
    private let settings: FileReconciliation.Settings
    private let meter: ProgressMeter
    private let words = WordTable()
    private let sides: [FileSide]
    private let secret: UnsafeMutablePointer<cscan_secret>
    private var report = FileReconciliationReport()
    private var lines: [LineIndex] = []

    init(_ job: FileReconciliation, _ meter: ProgressMeter) throws(FileReconciliationError) {
        self.job = job
        self.meter = meter
        settings = job.settings
        let placeholders = job.settings.rules.placeholders
        if mkdir(job.folder, 0o777) != 0, errno != EEXIST { throw .system(job.folder, "make the folder") }
        sides = [
            try FileSide(
                name: "ours", path: job.ours.path, profile: job.ours.profile, words: words, placeholders: placeholders),
            try FileSide(
                name: "theirs", path: job.theirs.path, profile: job.theirs.profile, words: words,
                placeholders: placeholders)
        ]
        secret = .allocate(capacity: 1)
        var random = SystemRandomNumberGenerator()
        withUnsafeMutableBytes(of: &secret.pointee) { bytes in
            for place in bytes.bindMemory(to: UInt64.self).indices {
                bytes.bindMemory(to: UInt64.self)[place] = random.next()
            }
        }
        // A fee is compared where both sides may know it: ours from the file or from the rules' table.
        let wanted =
            sides[1].layout.fee >= 0 && (sides[0].layout.fee >= 0 || job.settings.rules.fees != nil) ? UInt8(1) : 0
        for side in sides { side.layout.fee_wanted = wanted }
    }

    deinit { secret.deallocate() }

    func run() throws(FileReconciliationError) -> FileReconciliationReport {
        let files = try ResultFiles(folder: job.folder)
        let (joined, keyless) = try scanAndJoin(files)
        report.counts[Int(MatchClass.matched.rawValue)] += joined.matched
        for side in sides { side.file.releaseAll() }
        let left = joined.residues.reduce(0) { $0 + $1.count } + keyless[0].count + keyless[1].count
        let rest = RestOfJob(sides: sides, lines: lines, settings: settings, files: files, meter: meter)
        if left <= settings.linesInMemory {
            try rest.matchInMemory(joined.residues, keyless: keyless, into: &report)
        } else {
            for side in sides { side.file.expectSorted(reads: left / 2) }
            let passes = KeyPasses(sides: sides, settings: settings, secret: secret, folder: job.folder, meter: meter)
            let final = try passes.run(joined.residues, keyless: keyless, matched: &report.counts[0])
            report.tolerantSkipped = settings.rules.tolerant != nil
            try rest.matchByKeys(final, into: &report)
        }
        try files.commit()
        return report
    }

    // MARK: The fast part

    private func scanAndJoin(
        _ files: ResultFiles
    ) throws(FileReconciliationError) -> (PartitionJoin.Outcome, [[UInt64]]) {
        let lines = sides.reduce(0) { $0 + $1.file.size / $1.lineBytes }
        let third = LineSketch.third(lines: lines, settings: settings, layout: sides[0].layout)
        if let third, let found = try joinBySketch(third, files) { return found }
        return try joinByEntries(lines, files)
    }

    /// Both files read once; again when one has quotes that its beginning did not show.
    private func scan(
        _ purpose: () throws(FileReconciliationError) -> ScanPurpose
    ) throws(FileReconciliationError) -> (scan: FileScan, outcome: FileScan.Outcome) {
        while true {
            meter.begin(.scanning, total: sides[0].file.size + sides[1].file.size)
            var workers: [ScanWorker] = []
            for _ in 0..<settings.threads { workers.append(ScanWorker(try purpose(), secret: secret)) }
            let scan = FileScan(sides, chunkBytes: settings.chunkBytes, threads: settings.threads, meter: meter)
            if let outcome = try scan.run(workers) { return (scan, outcome) }
        }
    }

    private func joinBySketch(
        _ third: Int, _ files: ResultFiles
    ) throws(FileReconciliationError) -> (PartitionJoin.Outcome, [[UInt64]])? {
        let (scan, outcome) = try scan { () throws(FileReconciliationError) in .sketch(try LineSketch(third: third)) }
        meter.begin(.joining, total: sides[0].file.size + sides[1].file.size)
        let join = SketchJoin(scan: scan, outcome: outcome, secret: secret)
        let residue = try makeResidues()[0]
        guard let matched = try join.run(into: residue) else { return nil }
        lines = outcome.lines
        report.isSketched = true
        try take(outcome, files)
        return (PartitionJoin.Outcome(matched: matched, residues: [residue]), outcome.keyless)
    }

    private func joinByEntries(
        _ lines: Int, _ files: ResultFiles
    ) throws(FileReconciliationError) -> (PartitionJoin.Outcome, [[UInt64]]) {
        var partitions = 1
        while partitions < FileReconciliation.maximumPartitions,
            partitions * FileReconciliation.partitionLines < lines
        { partitions *= 2 }
        let (_, outcome) = try scan { () throws(FileReconciliationError) in
            .entries(
                try EntryStore(
                    partitions: partitions, stride: sides[0].layout.fee_wanted == 1 ? 32 : 24,
                    arenaBytes: settings.memoryBytes / settings.threads, spillFile: try TemporaryFile(in: job.folder)))
        }
        self.lines = outcome.lines
        let stores = outcome.workers.compactMap(\.store)
        report.spilled = stores.contains { $0.hasSpilled }
        try take(outcome, files)
        meter.begin(.joining, total: report.ours.rows + report.theirs.rows)
        let join = PartitionJoin(stores: stores, isFeeExpected: settings.rules.fees != nil, meter: meter)
        return (try join.run(try makeResidues()), outcome.keyless)
    }

    private func makeResidues() throws(FileReconciliationError) -> [Residue] {
        var residues: [Residue] = []
        let limit = max(4096, min(4 << 20, settings.memoryBytes / 8 / settings.threads / 16))
        for _ in 0..<settings.threads {
            residues.append(Residue(limit: limit, file: try TemporaryFile(in: job.folder)))
        }
        return residues
    }

    private func take(_ outcome: FileScan.Outcome, _ files: ResultFiles) throws(FileReconciliationError) {
        var found = [FileReconciliationReport.Side(), FileReconciliationReport.Side()]
        for side in 0..<2 {
            found[side].bytes = sides[side].file.size
            for worker in outcome.workers {
                found[side].rows += worker.rows[side]
                found[side].leftOut += worker.leftOut[side]
                found[side].rejects += worker.rejected[side]
            }
        }
        (report.ours, report.theirs) = (found[0], found[1])
        var refusal: FileReconciliationError?
        for side in 0..<2 {
            let rejects = outcome.rejects[side].sorted { $0.offset < $1.offset }
            for reject in rejects { try files.reject(reject, of: sides[side]) }
            guard found[side].rejects > settings.allowedRejects, refusal == nil, let first = rejects.first else {
                continue
            }
            refusal = .rejected(
                side: sides[side].name, count: found[side].rejects, allowed: settings.allowedRejects,
                first: "line \(first.line), \(RejectText.reason(first, of: sides[side]))")
        }
        if let refusal {
            try files.commitRejects()
            throw refusal
        }
    }
}
