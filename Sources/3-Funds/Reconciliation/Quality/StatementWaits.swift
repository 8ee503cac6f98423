import Contract
public import Runtime
public import Store
import SwiftProtobuf

/// A day's statement that is fetched from a source and has not come yet, or just did.
public struct StatementWait: Hashable, Sendable {
    public enum State: String, Hashable, Sendable {
        case waiting
        /// The source will not give it: a person has to look.
        case refused
        case done
    }

    public let channel: String
    public let day: BusinessDay
    public var state = State.waiting
    public var tries: Int64 = 0
    /// What the source calls the version that we have.
    public var tag = ""
    /// What the source said last, for people.
    public var problem = ""
    public let due: Timestamp
    public let deadline: Timestamp
    /// Nil when nobody asks any more.
    public var next: Timestamp?
    /// People were told that it is overdue.
    public var isTold = false

    public init(channel: String, day: BusinessDay, due: Timestamp, deadline: Timestamp) {
        self.channel = channel
        self.day = day
        self.due = due
        self.deadline = deadline
        next = due
    }
}

/// The statements that are waited for, kept in the book so that any process goes on where another stopped.
public enum StatementWaits {
    private static let problemLength = 200

    public static func find(_ channel: String, _ day: BusinessDay, _ reader: any SQLReader) throws -> StatementWait? {
        try rows("WHERE channel = \(channel) AND day = \(day.number)", reader).first
    }

    /// Those that have not come, oldest first. A file that came another way has come, and a day whose run was given up
    /// with a reason waits for none.
    public static func awaited(limit: Int = 1_000, _ reader: any SQLReader) throws -> [StatementWait] {
        try rows(
            """
            WHERE state <> 'done' AND NOT EXISTS (SELECT 1 FROM recon_statements s WHERE s.channel = recon_fetches.channel
            AND s.day = recon_fetches.day AND s.state = 'active')
            AND (EXISTS (SELECT 1 FROM recon_runs r WHERE r.channel = recon_fetches.channel
            AND r.day = recon_fetches.day AND r.state <> 'aborted')
            OR NOT EXISTS (SELECT 1 FROM recon_runs r WHERE r.channel = recon_fetches.channel
            AND r.day = recon_fetches.day)) ORDER BY day, channel LIMIT \(limit)
            """, reader)
    }

    /// Whether nobody waits for the file of a day any more: it has come, if another way, or its run was given up.
    static func isOver(_ channel: String, _ day: BusinessDay, _ reader: any SQLReader) throws -> Bool {
        if try StatementRows.ofDay(channel, day, reader).contains(where: { $0.state == .active }) { return true }
        let runs = try RunRows.ofDay(channel, day, reader)
        return !runs.isEmpty && runs.allSatisfy { $0.state == .aborted }
    }

    /// Tells the journal of the channel's files that are overdue and that nobody is told of yet, also of those that are
    /// not asked for any more. Returns how many it told.
    public static func tellOverdue(_ channel: String, in tx: Transaction) throws -> Int {
        try untold(channel, at: tx.now, tx).count { wait in
            try save(wait, in: tx)
            return try find(wait.channel, wait.day, tx)?.isTold == true
        }
    }

    /// Whether `tellOverdue` has something to tell.
    public static func hasUntold(_ channel: String, at now: Timestamp, _ reader: any SQLReader) throws -> Bool {
        try untold(channel, at: now, reader).contains { try !isOver($0.channel, $0.day, reader) }
    }

    private static func untold(
        _ channel: String, at now: Timestamp, _ reader: any SQLReader
    ) throws -> [StatementWait] {
        try rows(
            """
            WHERE channel = \(channel) AND state <> 'done' AND told = 0 AND deadline_at <= \(now)
            ORDER BY day LIMIT 100
            """, reader)
    }

    /// Writes what became of a try. The first time that one is overdue the journal is told.
    public static func save(_ wait: StatementWait, in tx: Transaction) throws {
        var wait = wait
        // Whoever tries may have read the row before another told.
        if try find(wait.channel, wait.day, tx)?.isTold == true { wait.isTold = true }
        let isOverdue = wait.state != .done && tx.now >= wait.deadline
        if isOverdue, !wait.isTold, try !isOver(wait.channel, wait.day, tx) {
            wait.isTold = true
            try tx.record(
                V1StatementOverdue.with {
                    $0.channel = wait.channel
                    $0.day = wait.day.description
                    $0.tries = Int32(clamping: wait.tries)
                    $0.problem = String(wait.problem.prefix(problemLength))
                    $0.deadlineAtUs = wait.deadline.microseconds
                    $0.atUs = tx.now.microseconds
                })
        }
        try tx.execute(
            """
            INSERT INTO recon_fetches (channel, day, state, tries, tag, problem, due_at, deadline_at, next_at, told,
            updated_at) VALUES (\(wait.channel), \(wait.day.number), \(wait.state.rawValue), \(wait.tries),
            \(wait.tag), \(String(wait.problem.prefix(problemLength))), \(wait.due), \(wait.deadline), \(wait.next.sqlValue),
            \(wait.isTold), \(tx.now))
            ON CONFLICT (channel, day) DO UPDATE SET state = excluded.state, tries = excluded.tries, tag = excluded.tag,
            problem = excluded.problem, next_at = excluded.next_at, told = excluded.told,
            updated_at = excluded.updated_at
            """)
    }

    private static func rows(_ filter: SQL, _ reader: any SQLReader) throws -> [StatementWait] {
        try reader.query(
            """
            SELECT channel, day, state, tries, tag, problem, due_at, deadline_at, next_at, told FROM recon_fetches
            \(filter)
            """
        ) { row in
            var wait = StatementWait(
                channel: row.text(0), day: BusinessDay(number: row.int64(1)), due: try row.get(6),
                deadline: try row.get(7))
            wait.state = StatementWait.State(rawValue: row.text(2)) ?? .waiting
            wait.tries = row.int64(3)
            wait.tag = row.text(4)
            wait.problem = row.text(5)
            wait.next = row.isNull(8) ? nil : try row.get(8)
            wait.isTold = try row.get(9)
            return wait
        }
    }
}

extension ChannelProfile {
    /// How long after a business day has ended the channel's file is there.
    public var delay: Duration { .seconds(Int64(message.delayMinutes) * 60) }
}
