/// The right to do a job of a book, as the book's own database knows it.
///
/// The token grows with every change of hands. A transaction that reads holder and token before it writes can only be
/// that of the holder: who was paused and overtaken finds another token and writes nothing.
public struct Lease: Sendable, Hashable {
    public let job: String
    /// The process, by the identifier that its heartbeat has.
    public let holder: String
    public let token: Int64

    /// Of every book: who does a book's jobs.
    public static var migrations: [Migration] { LeaseTables.book }
    /// Of the platform's book, beside those of every book.
    public static var platformMigrations: [Migration] { LeaseTables.platform }

    private static let select = Prepared("SELECT holder, token FROM lease_jobs WHERE job = ?")

    /// Who holds a job now; nil when nobody ever did. A job that was given back has an empty holder.
    public static func read(_ job: String, _ reader: any SQLReader) throws -> Lease? {
        try reader.first(select, [.text(job)]) { Lease(job: job, holder: $0.text(0), token: $0.int64(1)) }
    }

    /// Takes a job over from what was `seen` before; nil when somebody else was faster.
    static func take(_ job: String, for process: String, after seen: Lease?, in tx: Transaction) throws -> Lease? {
        guard try read(job, tx) == seen else { return nil }
        let lease = Lease(job: job, holder: process, token: (seen?.token ?? 0) + 1)
        try tx.execute(
            """
            INSERT INTO lease_jobs (job, holder, token) VALUES (\(job), \(process), \(lease.token))
            ON CONFLICT (job) DO UPDATE SET holder = excluded.holder, token = excluded.token
            """)
        return lease
    }

    /// Throws `LeaseLost` unless this lease is the one that counts in this transaction.
    public func check(in reader: any SQLReader) throws {
        guard try Lease.read(job, reader) == self else { throw LeaseLost(lease: self) }
    }

    /// Gives the job back; nothing happens when it was lost before. The token stays, so that it never counts again.
    func giveBack(in tx: Transaction) throws {
        try tx.execute(
            "UPDATE lease_jobs SET holder = '' WHERE job = \(job) AND holder = \(holder) AND token = \(token)")
    }
}

/// Another process does the job now; nothing of the transaction remains.
public struct LeaseLost: Error, Sendable, CustomStringConvertible {
    public let lease: Lease

    public var description: String { "another process has taken over the job \(lease.job)" }
}
