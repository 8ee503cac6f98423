import Contract
import Journal
import Runtime
import Store

/// What the ledger tells the journal: one event a batch for the accounts opened, and one for every 8,192 transfers.
enum LedgerEvents {
    static func tell(_ work: LedgerWork, in tx: Transaction) throws {
        for start in stride(from: 0, to: work.opened.count, by: LedgerState.eventLimit) {
            var event = V1AccountsOpened()
            event.accounts = work.opened[start..<min(start + LedgerState.eventLimit, work.opened.count)]
                .map(V1LedgerAccount.init)
            try tx.record(event)
        }
        for start in stride(from: 0, to: work.staged.count, by: LedgerState.eventLimit) {
            let end = min(start + LedgerState.eventLimit, work.staged.count)
            try tx.record(transfersPosted(work, start..<end))
        }
    }

    private static func transfersPosted(_ work: LedgerWork, _ range: Range<Int>) -> V1TransfersPosted {
        let transfers = work.staged[range]
        var event = V1TransfersPosted()
        event.firstSequence = work.lastSequence + 1 + Int64(range.lowerBound)
        event.timeUs = work.time
        event.debit = transfers.map(\.debit)
        event.credit = transfers.map(\.credit)
        event.amount = column(transfers) { $0.effect.amount }
        event.held = column(transfers) { $0.effect.held }
        event.transferCode = column(transfers) { UInt32($0.code.number) }
        event.kind = column(transfers) { UInt32(truncatingIfNeeded: $0.kind.rawValue) }
        event.pendingID = column(transfers) { $0.pending }
        event.expiresAtUs = column(transfers) { $0.expiresAt ?? 0 }
        if transfers.contains(where: { !$0.reference.isEmpty }) { event.reference = transfers.map(\.reference) }
        return event
    }

    /// One column; empty when it would hold nothing but zeros.
    private static func column<Value: FixedWidthInteger>(
        _ transfers: ContiguousArray<StagedTransfer>.SubSequence, _ value: (StagedTransfer) -> Value
    ) -> [Value] {
        guard transfers.contains(where: { value($0) != 0 }) else { return [] }
        return transfers.map(value)
    }
}
