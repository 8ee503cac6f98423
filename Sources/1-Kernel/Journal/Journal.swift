internal import Runtime
public import Store

/// A tenant's history: append-only, each event chained to the one before it by SHA-256.
///
/// It is the audit trail, the outbox for integration and the feed of every projection.
public enum Journal {
    public static var migrations: [Migration] { JournalStorage.migrations }

    /// The longest type and payload that an event may have, in bytes.
    public static let typeLimit = 200
    public static let payloadLimit = 16 << 20

    /// The events after `sequence`, oldest first.
    public static func events(after sequence: Int64, limit: Int, _ reader: any SQLReader) throws -> [JournalEvent] {
        var events: [JournalEvent] = []
        try JournalStorage.forEach(after: sequence, limit: limit, reader) { events.append($0) }
        return events
    }

    /// The last event's sequence (0 when there is none) and hash.
    public static func head(_ reader: any SQLReader) throws -> (sequence: Int64, hash: [UInt8]) {
        let head = try JournalStorage.head(reader)
        return (head.sequence, head.hash)
    }
}

extension Transaction {
    /// Appends an event; it becomes durable with the rows of its command, or not at all. Returns its sequence.
    @discardableResult
    public func append(type: String, payload: [UInt8]) throws -> Int64 {
        guard (1...Journal.typeLimit).contains(type.utf8.count), payload.count <= Journal.payloadLimit else {
            throw StoreError(
                .constraint, "event \(type.prefix(40)) of \(payload.count) bytes is over the journal's limits")
        }
        return try JournalState.of(self).append(type: type, payload: payload, time: now)
    }

    /// A number that changes when another process has told the journal something since this process last looked.
    ///
    /// Whoever remembers rows that are never changed without an event compares it instead of reading them again. On a
    /// shared book it costs one read a batch, which the batch's own events need as well; on another it costs nothing.
    public func journalGeneration() throws -> Int {
        guard isShared else { return 0 }
        return try JournalState.of(self).generation
    }
}
