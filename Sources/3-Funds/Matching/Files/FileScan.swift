internal import CScan
internal import Synchronization

/// Both files, read by all threads into entries by partition.
final class FileScan: Sendable {
    /// What scanning found out beside the entries.
    struct Outcome {
        var workers: [ScanWorker]
        /// Of ours and theirs.
        var lines: [LineIndex]
        var rejects: [[cscan_reject]]

        /// Offsets of lines without a key, ours and theirs.
        var keyless: [[UInt64]] { [0, 1].map { side in workers.flatMap { $0.keyless[side] } } }
    }

    private struct Progress {
        var records: [[ChunkRecord?]]
        var failure: FileReconciliationError?
        var quotesIn: Int?
        var isTooMuch = false
    }

    private let sides: [FileSide]
    private let chunks: [Chunk]
    private let next = Atomic<Int>(0)
    private let stopped = Atomic<Bool>(false)
    private let progress: Mutex<Progress>
    private let meter: ProgressMeter
    /// How many chunks before its turn a chunk is asked for.
    private let ahead: Int

    init(_ sides: [FileSide], chunkBytes: Int, threads: Int, meter: ProgressMeter) {
        self.sides = sides
        self.meter = meter
        ahead = 2 * threads
        let perSide = sides.indices.map {
            ChunkPlan.chunks(of: sides[$0], number: $0, bytes: chunkBytes, threads: threads)
        }
        chunks = perSide.flatMap { $0 }
        progress = Mutex(Progress(records: perSide.map { Array(repeating: nil, count: $0.count) }))
    }

    /// Reads both files again for lines that are looked for; false when they are too many.
    func reread(_ workers: [ScanWorker]) throws(FileReconciliationError) -> Bool {
        next.store(0, ordering: .relaxed)
        Parallel.run(workers.count) { work(workers[$0]) }
        let (failure, isTooMuch) = progress.withLock { ($0.failure, $0.isTooMuch) }
        if let failure { throw failure }
        return !isTooMuch
    }

    /// - Returns: Nil when a file has quotes that its first mebibyte did not show: `expectQuotes`, and begin anew.
    func run(_ workers: [ScanWorker]) throws(FileReconciliationError) -> Outcome? {
        Parallel.run(workers.count) { work(workers[$0]) }
        let (records, failure, quotesIn) = progress.withLock { ($0.records, $0.failure, $0.quotesIn) }
        if let failure { throw failure }
        if let quotesIn {
            sides[quotesIn].expectQuotes()
            return nil
        }
        var outcome = Outcome(workers: workers, lines: [LineIndex(), LineIndex()], rejects: [[], []])
        for side in sides.indices {
            try assemble(side, records[side].compactMap { $0 }, &outcome)
        }
        return outcome
    }

    private func work(_ worker: ScanWorker) {
        while !stopped.load(ordering: .relaxed) {
            let number = next.wrappingAdd(1, ordering: .relaxed).oldValue
            guard number < chunks.count else { return }
            let chunk = chunks[number]
            if number + ahead < chunks.count {
                let later = chunks[number + ahead]
                sides[later.side].file.prepare(later.start, later.stop)
            }
            do throws(FileReconciliationError) {
                let (outcome, record) = try worker.scan(chunk, of: sides[chunk.side])
                guard outcome == .done else {
                    progress.withLock {
                        if outcome == .quotes { $0.quotesIn = chunk.side } else { $0.isTooMuch = true }
                    }
                    return stopped.store(true, ordering: .relaxed)
                }
                sides[chunk.side].file.release(chunk.start, record.end)
                progress.withLock { $0.records[chunk.side][chunk.index] = record }
                meter.add(max(0, record.end - chunk.start))
            } catch {
                progress.withLock { $0.failure = $0.failure ?? error }
                return stopped.store(true, ordering: .relaxed)
            }
        }
    }

    /// Chains the chunks of a side: each must begin where the one before ended, or a line was lost or read twice.
    private func assemble(
        _ side: Int, _ records: [ChunkRecord], _ outcome: inout Outcome
    ) throws(FileReconciliationError) {
        let starts = chunks.filter { $0.side == side }
        for (place, record) in records.enumerated() {
            let before = outcome.lines[side].total
            for reject in record.rejects {
                var reject = reject
                reject.line += UInt64(sides[side].firstLine + before)
                outcome.rejects[side].append(reject)
            }
            outcome.lines[side].add(record, first: sides[side].firstLine)
            guard place + 1 < starts.count, record.end >= starts[place].stop else { continue }
            // A line longer than a chunk ends beyond the next ones, which are empty then.
            if starts[place + 1].start != record.end { throw .changed(path: sides[side].file.path) }
        }
    }
}
