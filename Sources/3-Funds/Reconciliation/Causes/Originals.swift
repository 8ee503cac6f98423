import Matching
import Store

/// The line that a duplicate repeats: the first one with its number on its own side, which was matched and so is no case.
///
/// It lies in the run's blocks, in the duplicate's own shard, because lines of one number are always together.
enum Originals {
    static func find(_ rows: [CaseRecord], of run: Run, _ reader: any SQLReader) throws -> [CaseID: DifferenceSide] {
        var found: [CaseID: DifferenceSide] = [:]
        for (matchClass, kind) in [(MatchClass.duplicateOurs, BlockKind.ours), (.duplicateTheirs, .theirs)] {
            let duplicates = rows.filter { $0.matchClass == matchClass && $0.oneSided != nil }
            let shards = Dictionary(grouping: duplicates) { row in
                row.oneSided.map { Reconciliation.shard(RunLine(named: $0), of: run.shards) } ?? 0
            }
            for (shard, rows) in shards {
                let wanted = Set(rows.compactMap { $0.oneSided?.merchantReference }).subtracting([""])
                var named: [String: [RunLine]] = [:]
                try BlockRows.forEach(kind, run: run.id, shard: shard, reader) { packed in
                    let line = try RunLine(from: &packed)
                    if wanted.contains(line.merchantReference) {
                        named[line.merchantReference, default: []].append(line)
                    }
                }
                for row in rows {
                    guard let side = row.oneSided else { continue }
                    let others = (named[side.merchantReference] ?? []).filter {
                        $0.kind.code == side.kind && !$0.isItself(side)
                    }
                    found[row.id] = others.min { $0.id < $1.id }.map(DifferenceSide.init(original:))
                }
            }
        }
        return found
    }
}

extension RunLine {
    /// As much of a line as says which shard it is in.
    fileprivate init(named side: DifferenceSide) {
        self.init(id: 0, kind: .payment, currency: side.currency, amountMinor: side.amountMinor)
        merchantReference = side.merchantReference
        channelReference = side.channelReference
    }

    /// Their lines have a place in the file; ours are told apart by what Payments knows of them.
    fileprivate func isItself(_ side: DifferenceSide) -> Bool {
        line > 0 || side.line > 0
            ? line == side.line
            : paymentID == side.paymentID && channelReference == side.channelReference && timeUs == side.timeUs
    }
}

extension DifferenceSide {
    fileprivate init(original line: RunLine) {
        self.init(
            kind: line.kind.code, merchantReference: line.merchantReference, channelReference: line.channelReference,
            reference: line.reference, paymentID: line.paymentID, currency: line.currency,
            amountMinor: line.amountMinor, feeMinor: line.feeMinor, status: line.status.code, rawStatus: "",
            timeUs: line.timeUs, line: line.line, lines: 1)
    }
}
