import Store

/// The pending transfers in use, with what the running batch did to them.
struct HoldCache {
    /// Holds kept in memory after a commit: an authorisation is often captured soon.
    static let limit = 65_536

    private var known: [Int64: Hold] = [:]
    /// The value before each change of this batch, the oldest first.
    private var changes: [(sequence: Int64, before: Hold?)] = []
    /// No open hold expires before this moment; nil when none ever does.
    private(set) var nextExpiry: Int64?

    init(nextExpiry: Int64?) { self.nextExpiry = nextExpiry }

    var changeCount: Int { changes.count }

    mutating func find(_ sequence: Int64, _ reader: any SQLReader) throws -> Hold? {
        if let hold = known[sequence] { return hold }
        guard let hold = try HoldRows.find(sequence, reader) else { return nil }
        known[sequence] = hold
        return hold
    }

    mutating func set(_ sequence: Int64, _ hold: Hold) {
        changes.append((sequence, known.updateValue(hold, forKey: sequence)))
        if hold.state == .open, let expiresAt = hold.expiresAt {
            nextExpiry = min(nextExpiry ?? expiresAt, expiresAt)
        }
    }

    // MARK: other processes

    /// Another process has written a pending transfer.
    mutating func follow(_ sequence: Int64, _ hold: Hold) {
        known[sequence] = hold
        if let expiresAt = hold.expiresAt { nextExpiry = min(nextExpiry ?? expiresAt, expiresAt) }
    }

    /// Another process has ended a pending transfer. The next expiry may be too early now, which does no harm.
    mutating func follow(_ sequence: Int64, endedAs state: Hold.State, by resolver: Int64) {
        known[sequence]?.state = state
        known[sequence]?.resolvedBy = resolver
    }

    /// Open holds whose time is over, the oldest first, as this batch left them.
    mutating func due(at now: Int64, limit: Int, _ reader: any SQLReader) throws -> [(sequence: Int64, hold: Hold)] {
        try HoldRows.due(at: now, limit: limit, reader).filter { known[$0.sequence]?.state ?? .open == .open }
    }

    /// All that was due has been released: look for the next.
    mutating func findNextExpiry(after now: Int64, _ reader: any SQLReader) throws {
        var next = try HoldRows.nextExpiry(after: now, reader)
        for change in changes {
            guard let hold = known[change.sequence], hold.state == .open, let expiresAt = hold.expiresAt else {
                continue
            }
            next = min(next ?? expiresAt, expiresAt)
        }
        nextExpiry = next
    }

    mutating func undo(to count: Int) {
        while changes.count > count {
            let change = changes.removeLast()
            known[change.sequence] = change.before
        }
    }

    /// Restores the bound when what moved it was undone; a bound that is too early does no harm.
    mutating func restore(nextExpiry: Int64?) { self.nextExpiry = nextExpiry }

    func write(in tx: Transaction) throws {
        guard !changes.isEmpty else { return }
        let sequences = Set(changes.map(\.sequence)).sorted()
        try HoldRows.write(sequences.compactMap { sequence in known[sequence].map { (sequence, $0) } }, in: tx)
    }

    mutating func committed() {
        changes.removeAll(keepingCapacity: true)
        if known.count > HoldCache.limit { known = [:] }
    }
}
