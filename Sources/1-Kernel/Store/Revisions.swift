/// Says whether something that a state keeps in memory is still what the book holds: equal to an earlier one, nothing
/// of its topic was changed since, in any process.
public struct Revision: Hashable, Sendable {
    /// Changes that were committed, by whomever.
    let stored: Int64
    /// Changes in this process, undone ones too.
    let local: Int64
}

extension Transaction {
    /// The revision of a topic as this command sees it. The first question of a batch reads those of all topics, where
    /// other processes may have changed them.
    public func revision(of topic: String) throws -> Revision {
        try state(Revisions.self) { Revisions() }.revision(of: topic, self)
    }

    /// Tells that something of a topic was changed. Returns the revision that the topic has from now on, also in later
    /// batches, until somebody changes it again.
    @discardableResult
    public func changed(_ topic: String) throws -> Revision {
        try state(Revisions.self) { Revisions() }.changed(topic, self)
    }
}

/// Counts changes by topic: in memory for this process, in a table for others where there are others.
final class Revisions: BookState {
    static let migration = Migration(
        capability: "store", version: 3, name: "revisions",
        statements: [
            "CREATE TABLE book_revisions (topic TEXT PRIMARY KEY, revision BIGINT NOT NULL) /* clustered */"
        ])

    /// Others tell of changes while they are flushed.
    let isFlushedLast = true

    private var stored: [String: Int64] = [:]
    private var local: [String: Int64] = [:]
    private var isCurrent = false
    /// Topics changed in this batch, each once.
    private var changed: [String] = []
    /// Each change since the batch began, so that an undone one counts as another.
    private var touched: [String] = []
    private var marked = 0

    func revision(of topic: String, _ tx: Transaction) throws -> Revision {
        try refresh(tx)
        let pending: Int64 = tx.isShared && changed.contains(topic) ? 1 : 0
        return Revision(stored: stored[topic, default: 0] + pending, local: local[topic, default: 0])
    }

    func changed(_ topic: String, _ tx: Transaction) throws -> Revision {
        local[topic, default: 0] += 1
        touched.append(topic)
        if !changed.contains(topic) { changed.append(topic) }
        return try revision(of: topic, tx)
    }

    private func refresh(_ tx: Transaction) throws {
        guard tx.isShared, !isCurrent else { return }
        stored.removeAll(keepingCapacity: true)
        try tx.forEach(Self.select, []) { stored[$0.text(0)] = $0.int64(1) }
        isCurrent = true
    }

    func mark() { marked = touched.count }

    func undoToMark() {
        for topic in touched[min(marked, touched.count)...] { local[topic, default: 0] += 1 }
        touched.removeLast(touched.count - min(marked, touched.count))
    }

    func undoAll() {
        marked = 0
        undoToMark()
        changed.removeAll(keepingCapacity: true)
        isCurrent = false
    }

    func flush(_ tx: Transaction) throws {
        guard tx.isShared else { return }
        try tx.execute(each: Self.upsert, count: changed.count) { index, row in
            row.text(changed[index])
            row.integer(1)
        }
    }

    func committed() {
        changed.removeAll(keepingCapacity: true)
        touched.removeAll(keepingCapacity: true)
        marked = 0
        isCurrent = false
    }

    private static let select = Prepared("SELECT topic, revision FROM book_revisions")
    private static let upsert = Prepared(
        """
        INSERT INTO book_revisions VALUES (?, ?)
        ON CONFLICT (topic) DO UPDATE SET revision = book_revisions.revision + excluded.revision
        """)
}
