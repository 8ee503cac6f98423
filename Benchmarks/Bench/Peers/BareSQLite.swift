import Foundation
import GRDBSQLite

/// The peer of the ledger's benchmark: the same transfers as a bare SQLite loop: insert and two balance updates in
/// batches, without checks, journal or secondary index.
enum BareSQLite {
    struct Failure: Error { let message: String }

    /// Returns transfers per second, with every batch durable.
    static func run(accounts: Int, transfers: Int, batch: Int) throws -> Double {
        let folder = NSTemporaryDirectory() + "kontor-bare-" + UUID().uuidString
        try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
        defer { try? FileManager.default.removeItem(atPath: folder) }
        var handle: OpaquePointer?
        guard sqlite3_open(folder + "/bare.sqlite", &handle) == SQLITE_OK, let handle else {
            throw Failure(message: "cannot open")
        }
        defer { sqlite3_close(handle) }
        try execute(handle, "PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL; PRAGMA cache_size = -65536")
        try execute(handle, "PRAGMA wal_autocheckpoint = 8192")
        try execute(handle, "CREATE TABLE accounts (id INTEGER PRIMARY KEY, debits INTEGER, credits INTEGER)")
        try execute(
            handle, "CREATE TABLE transfers (id INTEGER PRIMARY KEY, debit INTEGER, credit INTEGER, amount INTEGER)")
        try execute(handle, "BEGIN")
        let open = try prepare(handle, "INSERT INTO accounts VALUES (?, 0, 0)")
        for account in 0..<accounts {
            sqlite3_bind_int64(open, 1, Int64(account))
            try step(open)
        }
        sqlite3_finalize(open)
        try execute(handle, "COMMIT")

        let insert = try prepare(handle, "INSERT INTO transfers VALUES (?, ?, ?, ?)")
        let debit = try prepare(handle, "UPDATE accounts SET debits = debits + ? WHERE id = ?")
        let credit = try prepare(handle, "UPDATE accounts SET credits = credits + ? WHERE id = ?")
        defer { for statement in [insert, debit, credit] { sqlite3_finalize(statement) } }
        var pairs = AccountPairs(accounts: accounts, seed: 7)
        let started = ContinuousClock.now
        var done = 0
        while done < transfers {
            try execute(handle, "BEGIN")
            for _ in 0..<min(batch, transfers - done) {
                let (from, to, amount) = pairs.next()
                done += 1
                sqlite3_bind_int64(insert, 1, Int64(done))
                sqlite3_bind_int64(insert, 2, Int64(from))
                sqlite3_bind_int64(insert, 3, Int64(to))
                sqlite3_bind_int64(insert, 4, amount)
                try step(insert)
                sqlite3_bind_int64(debit, 1, amount)
                sqlite3_bind_int64(debit, 2, Int64(from))
                try step(debit)
                sqlite3_bind_int64(credit, 1, amount)
                sqlite3_bind_int64(credit, 2, Int64(to))
                try step(credit)
            }
            try execute(handle, "COMMIT")
        }
        return Double(transfers) / (ContinuousClock.now - started).inSeconds
    }

    private static func execute(_ handle: OpaquePointer, _ sql: String) throws {
        guard sqlite3_exec(handle, sql, nil, nil, nil) == SQLITE_OK else {
            throw Failure(message: String(cString: sqlite3_errmsg(handle)))
        }
    }

    private static func prepare(_ handle: OpaquePointer, _ sql: String) throws -> OpaquePointer {
        var statement: OpaquePointer?
        guard sqlite3_prepare_v2(handle, sql, -1, &statement, nil) == SQLITE_OK, let statement else {
            throw Failure(message: String(cString: sqlite3_errmsg(handle)))
        }
        return statement
    }

    private static func step(_ statement: OpaquePointer) throws {
        guard sqlite3_step(statement) == SQLITE_DONE else { throw Failure(message: "step failed") }
        sqlite3_reset(statement)
    }
}

/// Random pairs of different accounts with an amount; the same for the ledger and for its peer.
struct AccountPairs {
    private var state: UInt64
    private let accounts: UInt64

    init(accounts: Int, seed: UInt64) {
        self.accounts = UInt64(accounts)
        state = seed &* 0x9E37_79B9_7F4A_7C15 | 1
    }

    mutating func next() -> (from: Int, to: Int, amount: Int64) {
        let from = word() % accounts
        let to = (from + 1 + word() % (accounts - 1)) % accounts
        return (Int(from), Int(to), Int64(1 + word() % 10_000))
    }

    /// xorshift64* (Vigna 2016).
    private mutating func word() -> UInt64 {
        state ^= state >> 12
        state ^= state << 25
        state ^= state >> 27
        return (state &* 0x2545_F491_4F6C_DD1D) >> 16
    }
}
