internal import CScan

/// Finds the lines that did not match at once from the sketches of a scan: their keys, then, in a second reading, the
/// lines themselves.
///
/// Hardly anything is kept, where `PartitionJoin` keeps an entry for every line. It gives up when too much differs, and
/// `PartitionJoin` does the job.
struct SketchJoin {
    let scan: FileScan
    let outcome: FileScan.Outcome
    let secret: UnsafePointer<cscan_secret>

    /// - Returns: how many lines of each side match at once; nil when too much differs.
    func run(into residue: Residue) throws(FileReconciliationError) -> Int? {
        let sketches = outcome.workers.compactMap { worker in
            if case .sketch(let sketch) = worker.purpose { sketch } else { nil }
        }
        guard let keys = LineSketch.differences(of: sketches) else { return nil }
        let keyed = [0, 1].map { side in
            outcome.workers.reduce(0) { $0 + $1.rows[side] - $1.keyless[side].count }
        }
        guard !keys.isEmpty else { return keyed[0] == keyed[1] ? keyed[0] : nil }
        let selection = KeySelection(keys)
        // A key may have many lines of which one differs; beyond a quarter of all lines entries are smaller.
        let limit = (keyed[0] + keyed[1]) / 4 / outcome.workers.count + 4 * keys.count
        let workers = outcome.workers.map { _ in
            ScanWorker(.selection(selection), secret: secret, selectedLimit: limit)
        }
        guard try scan.reread(workers) else { return nil }
        let found = [0, 1].map { side in workers.reduce(0) { $0 + $1.selected[side].count } }
        // What is left over on both sides is equal, so it is as much on one as on the other.
        guard keyed[0] - found[0] == keyed[1] - found[1] else { return nil }
        try group(workers, into: residue)
        return keyed[0] - found[0]
    }

    /// Lines of one key are a group, named by its first line.
    private func group(_ workers: [ScanWorker], into residue: Residue) throws(FileReconciliationError) {
        var lines: [cscan_selected] = []
        for worker in workers {
            lines += worker.selected[0]
            lines += worker.selected[1].map {
                cscan_selected(one: $0.one, two: $0.two, offset: $0.offset | CSCAN_THEIRS_BIT)
            }
        }
        lines.sort { ($0.one, $0.two, $0.offset) < ($1.one, $1.two, $1.offset) }
        var first = 0
        var found: [cscan_found] = []
        for place in lines.indices {
            if (lines[place].one, lines[place].two) != (lines[first].one, lines[first].two) { first = place }
            found.append(cscan_found(group: lines[first].offset, line: lines[place].offset))
        }
        try residue.append(found)
    }
}
