import Runtime
import Store

/// A task of a run, as its row has it.
struct RunTask: Hashable, Sendable {
    /// A task that failed so often is left to a person.
    static let attemptLimit = 8
    /// How long a claim counts without a word from its holder.
    static let claim = Duration.seconds(60)

    let run: RunID
    let number: Int
    let kind: TaskKind
    let shard: Int
    var state: TaskState
    /// How far it is: pieces that are done.
    var place: Int64
    var attempts: Int
    /// Grows with every claim: a write that names another one writes nothing.
    var token: Int64
    var process: String
    var notBefore: Timestamp
    var problem: String
    var counts: RunCounts
    var updatedAt: Timestamp
}

/// Another process has the task now, or the run has moved on. Nothing of the piece remains.
struct ClaimLost: Error {}

/// The rows of `recon_tasks`.
enum TaskRows {
    private static let columns: SQL = """
        run_id, number, kind, shard, state, place, attempts, token, process, not_before, problem, counts, updated_at
        """

    static func insert(_ specs: [TaskSpec], run: RunID, after last: Int, in tx: Transaction) throws {
        for (index, spec) in specs.enumerated() {
            try tx.execute(
                """
                INSERT INTO recon_tasks (\(columns), made_at) VALUES (\(run), \(last + index + 1),
                \(spec.kind.rawValue), \(spec.shard), \(TaskState.waiting.rawValue), 0, 0, 0, \(""), \(tx.now), \(""),
                \(RunCounts().packed), \(tx.now), \(tx.now))
                """)
        }
    }

    static func update(_ task: RunTask, in tx: Transaction) throws {
        try tx.execute(
            """
            UPDATE recon_tasks SET state = \(task.state.rawValue), place = \(task.place), attempts = \(task.attempts),
            token = \(task.token), process = \(task.process), not_before = \(task.notBefore), problem = \(task.problem),
            counts = \(task.counts.packed), updated_at = \(tx.now) WHERE run_id = \(task.run)
            AND number = \(task.number)
            """)
    }

    static func of(_ run: RunID, _ reader: any SQLReader) throws -> [RunTask] {
        try reader.query("SELECT \(columns) FROM recon_tasks WHERE run_id = \(run) ORDER BY number", read)
    }

    static func find(_ run: RunID, _ number: Int, _ reader: any SQLReader) throws -> RunTask? {
        try reader.first("SELECT \(columns) FROM recon_tasks WHERE run_id = \(run) AND number = \(number)", read)
    }

    /// The next that may be taken: it waits, or its claim is over.
    static func due(at now: Timestamp, _ reader: any SQLReader) throws -> RunTask? {
        try reader.first(
            """
            SELECT \(columns) FROM recon_tasks WHERE state IN ('waiting', 'claimed') AND not_before <= \(now)
            ORDER BY not_before, run_id, number LIMIT 1
            """, read)
    }

    /// Whether a task of a run was given up; only a person helps then.
    static func hasFailed(_ run: RunID, _ reader: any SQLReader) throws -> Bool {
        try reader.first(
            "SELECT 1 FROM recon_tasks WHERE run_id = \(run) AND state = \(TaskState.failed.rawValue) LIMIT 1"
        ) { _ in true } ?? false
    }

    /// When the first task of a run was made: nothing was read before.
    static func began(_ run: RunID, _ reader: any SQLReader) throws -> Timestamp? {
        try reader.first("SELECT made_at FROM recon_tasks WHERE run_id = \(run) ORDER BY number LIMIT 1") {
            try $0.get(0)
        }
    }

    static func clear(_ run: RunID, in tx: Transaction) throws {
        try tx.execute("DELETE FROM recon_tasks WHERE run_id = \(run)")
    }

    /// Tasks that nobody works on, and since when the oldest of them may be taken.
    static func waiting(at now: Timestamp, _ reader: any SQLReader) throws -> (count: Int64, since: Timestamp?) {
        try reader.first(
            """
            SELECT COUNT(*), MIN(not_before) FROM recon_tasks WHERE state IN ('waiting', 'claimed')
            AND not_before <= \(now)
            """
        ) { ($0.int64(0), try $0.get(1)) } ?? (0, nil)
    }

    private static func read(_ row: Row) throws -> RunTask {
        guard let kind = TaskKind(rawValue: row.text(2)), let state = TaskState(rawValue: row.text(4)) else {
            throw StoreError(.unexpectedValue, "a task is of kind \(row.text(2)) and state \(row.text(4))")
        }
        return RunTask(
            run: try row.get(0), number: try row.get(1), kind: kind, shard: try row.get(3), state: state,
            place: row.int64(5), attempts: try row.get(6), token: row.int64(7), process: row.text(8),
            notBefore: try row.get(9), problem: row.text(10), counts: try RunCounts(packed: row.bytes(11)),
            updatedAt: try row.get(12))
    }
}

/// A task that this process holds. Every write of its work goes through `write`, which checks the claim in the
/// transaction that writes: who was overtaken writes nothing.
struct HeldTask: Sendable {
    let task: RunTask
    let book: Book

    /// Takes the next task that may be taken; nil when there is none.
    static func take(in book: Book, process: String) async throws -> HeldTask? {
        let now = book.world.now()
        // Looked at first without a transaction, because most often there is nothing.
        guard try await book.read({ try TaskRows.due(at: now, $0) }) != nil else { return nil }
        let task = try await book.write("reconciliation.take") { tx -> RunTask? in
            guard var task = try TaskRows.due(at: tx.now, tx) else { return nil }
            task.state = .claimed
            task.token += 1
            task.attempts += 1
            task.process = process
            task.notBefore = tx.now.adding(RunTask.claim)
            try TaskRows.update(task, in: tx)
            return task
        }
        return task.map { HeldTask(task: $0, book: book) }
    }

    /// One piece: checks the claim, lets `body` write, and remembers what it did to the task.
    @discardableResult
    func write<Answer: Sendable>(
        _ point: String, _ body: @escaping @Sendable (inout RunTask, Transaction) throws -> Answer
    ) async throws -> Answer {
        try Interruption.reach("before " + point)
        let (held, number, token) = (task.run, task.number, task.token)
        let answer = try await book.write("reconciliation." + task.kind.rawValue) { tx in
            guard var task = try TaskRows.find(held, number, tx), task.state == .claimed, task.token == token else {
                throw ClaimLost()
            }
            task.notBefore = tx.now.adding(RunTask.claim)
            let answer = try body(&task, tx)
            try TaskRows.update(task, in: tx)
            return answer
        }
        try Interruption.reach("after " + point)
        return answer
    }
}

/// Where a test may stop a task as a crash would: nothing is written any more, nothing is given back.
enum Interruption {
    struct Crashed: Error {}

    @TaskLocal static var probe: (@Sendable (String) throws -> Void)?

    static func reach(_ point: String) throws { try probe?(point) }
}
