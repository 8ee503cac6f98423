internal import CScan

/// Tries the weaker keys on what the first one left, where that is too much for memory: the same scan and join again,
/// over single lines instead of whole files.
struct KeyPasses {
    let sides: [FileSide]
    let settings: FileReconciliation.Settings
    let secret: UnsafePointer<cscan_secret>
    let folder: String
    let meter: ProgressMeter

    /// Everything that no key matched at once, groups and single lines.
    func run(
        _ residues: [Residue], keyless: [[UInt64]], matched: inout Int
    ) throws(FileReconciliationError) -> [Residue] {
        let positions = sides[0].keyColumns.count
        var settled = try Residue(limit: 1 << 20, file: TemporaryFile(in: folder))
        guard positions > 1 else {
            try addSingles(keyless, to: &settled)
            return residues + [settled]
        }
        var (open, waiting) = (residues, keyless)
        for position in 1..<positions {
            for side in sides { side.setKey(position) }
            let (worker, store) = try feed(open, waiting, into: &settled)
            waiting = worker.keyless
            let join = PartitionJoin(stores: [store], isFeeExpected: settings.rules.fees != nil, meter: meter)
            let outcome = try join.run([Residue(limit: 1 << 20, file: TemporaryFile(in: folder))])
            matched += outcome.matched
            open = outcome.residues
        }
        for side in sides { side.setKey(0) }
        try addSingles(waiting, to: &settled)
        return open + [settled]
    }

    /// Lines without any key are groups of their own.
    private func addSingles(_ keyless: [[UInt64]], to settled: inout Residue) throws(FileReconciliationError) {
        for side in 0..<2 {
            let bit: UInt64 = side == 0 ? 0 : CSCAN_THEIRS_BIT
            let lines = keyless[side].map { cscan_found(group: $0 | bit, line: $0 | bit) }
            try settled.append(lines)
        }
    }

    /// Puts single lines into a new store by the key of this pass; groups of several lines are settled.
    private func feed(
        _ open: [Residue], _ waiting: [[UInt64]], into settled: inout Residue
    ) throws(FileReconciliationError) -> (ScanWorker, EntryStore) {
        let count = open.reduce(0) { $0 + $1.count } + waiting[0].count + waiting[1].count
        meter.begin(.comparing, total: count)
        var partitions = 1
        while partitions < FileReconciliation.maximumPartitions,
            partitions * FileReconciliation.partitionLines < count
        { partitions *= 2 }
        let store = try EntryStore(
            partitions: partitions, stride: sides[0].layout.fee_wanted == 1 ? 32 : 24,
            arenaBytes: settings.memoryBytes, spillFile: TemporaryFile(in: folder))
        let worker = ScanWorker(.entries(store), secret: secret)
        var merge = Residue.merged(open)
        var group: [cscan_found] = []
        while let found = try merge.next() {
            if let first = group.first, first.group != found.group { try settle(&group, worker, &settled) }
            group.append(found)
            meter.add(1)
        }
        try settle(&group, worker, &settled)
        for side in 0..<2 {
            for offset in waiting[side] { try worker.scanLine(at: Int(offset), side: side, of: sides[side]) }
        }
        return (worker, store)
    }

    private func settle(
        _ group: inout [cscan_found], _ worker: ScanWorker, _ settled: inout Residue
    ) throws(FileReconciliationError) {
        if group.count == 1, let found = group.first {
            let side = found.line & CSCAN_THEIRS_BIT == 0 ? 0 : 1
            try worker.scanLine(at: Int(found.line & ~CSCAN_THEIRS_BIT), side: side, of: sides[side])
        } else {
            try settled.append(group)
        }
        group.removeAll(keepingCapacity: true)
    }
}
