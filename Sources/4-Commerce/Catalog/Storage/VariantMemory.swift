import Contract
import Store

/// What orders read of variants, kept between the batches of a book: the same few are bought over and over.
///
/// Every write to a variant or product moves the catalogue's revision, in whichever process, and the memory is empty.
final class VariantMemory: BookState {
    static let topic = "catalog"
    /// Variants that are kept; a catalogue may have millions.
    static let limit = 20_000

    private var snapshots: [VariantID: VariantSnapshot] = [:]
    private var revision: Revision?

    static func snapshots(_ ids: [VariantID], in tx: Transaction) throws -> [VariantID: VariantSnapshot] {
        try tx.state { VariantMemory() }.find(ids, in: tx)
    }

    private func find(_ ids: [VariantID], in tx: Transaction) throws -> [VariantID: VariantSnapshot] {
        let current = try tx.revision(of: Self.topic)
        if current != revision || snapshots.count > Self.limit {
            snapshots.removeAll(keepingCapacity: true)
            revision = current
        }
        var found: [VariantID: VariantSnapshot] = [:]
        found.reserveCapacity(ids.count)
        var missing: [VariantID] = []
        for id in ids {
            if let known = snapshots[id] { found[id] = known } else { missing.append(id) }
        }
        guard !missing.isEmpty else { return found }
        let read = try VariantStorage.read(missing, in: tx)
        snapshots.merge(read) { _, new in new }
        return found.merging(read) { _, new in new }
    }

    // Nothing is staged: what was read after a change that is undone has another revision.
    func mark() {}
    func undoToMark() {}
    func undoAll() {}
    func flush(_ transaction: Transaction) throws {}
    func committed() {}
}
