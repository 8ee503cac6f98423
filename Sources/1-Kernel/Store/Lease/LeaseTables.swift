/// Where leases are kept. Decision 006 says why it is like this.
enum LeaseTables {
    /// In every book: who does which of its jobs.
    static let book = [
        Migration(
            capability: "leases", version: 1, name: "who does a book's jobs",
            statements: [
                "CREATE TABLE lease_jobs (job TEXT PRIMARY KEY, holder TEXT NOT NULL, token BIGINT NOT NULL)"
            ])
    ]

    /// In the platform's book alone: the processes with their heartbeats, and which books each looks after.
    static let platform = [
        Migration(
            capability: "processes", version: 1, name: "processes and their heartbeats",
            statements: [
                "CREATE TABLE lease_processes (id TEXT PRIMARY KEY, host TEXT NOT NULL, beat BIGINT NOT NULL)",
                "CREATE TABLE lease_books (book TEXT PRIMARY KEY, holder TEXT NOT NULL)",
                "CREATE INDEX lease_books_holder ON lease_books (holder)"
            ])
    ]
}
