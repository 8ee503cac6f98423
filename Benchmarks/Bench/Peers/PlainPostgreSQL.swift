import Foundation

/// The peers of the ledger's benchmark on PostgreSQL: the same double entry (a transfer's row and two balances) in bare
/// tables, without checks, journal or secondary index, driven by pgbench.
struct PlainPostgreSQL {
    let database: BenchDatabase
    let accounts: Int

    static let clients = 32
    static let batch = 1_000
    /// Batches that are written out beforehand, so that pgbench only sends them.
    private static let files = 16
    private static let schema = "bench_plain"

    func prepare() throws {
        let schema = Self.schema
        try database.sql("DROP SCHEMA IF EXISTS \(schema) CASCADE")
        try database.sql("CREATE SCHEMA \(schema)")
        try database.sql(
            "CREATE TABLE \(schema).accounts (id BIGINT PRIMARY KEY, debits BIGINT NOT NULL, credits BIGINT NOT NULL)")
        try database.sql(
            """
            CREATE TABLE \(schema).transfers (id BIGINT GENERATED ALWAYS AS IDENTITY PRIMARY KEY, debit BIGINT NOT NULL,
            credit BIGINT NOT NULL, amount BIGINT NOT NULL)
            """)
        try database.sql("INSERT INTO \(schema).accounts SELECT n, 0, 0 FROM generate_series(1, \(accounts)) AS n")
        // The lower account first, so that two transfers never wait for each other in a circle.
        try database.sql(
            """
            CREATE FUNCTION \(schema).transfer(debited BIGINT, credited BIGINT, amount BIGINT) RETURNS BIGINT
            LANGUAGE plpgsql AS $$
            DECLARE made BIGINT;
            BEGIN
                IF debited < credited THEN
                    UPDATE \(schema).accounts SET debits = debits + amount WHERE id = debited;
                    UPDATE \(schema).accounts SET credits = credits + amount WHERE id = credited;
                ELSE
                    UPDATE \(schema).accounts SET credits = credits + amount WHERE id = credited;
                    UPDATE \(schema).accounts SET debits = debits + amount WHERE id = debited;
                END IF;
                INSERT INTO \(schema).transfers (debit, credit, amount) VALUES (debited, credited, amount)
                RETURNING id INTO made;
                RETURN made;
            END $$
            """)
        try database.sql("VACUUM ANALYZE \(schema).accounts")
    }

    func remove() throws { try database.sql("DROP SCHEMA IF EXISTS \(Self.schema) CASCADE") }

    /// One function call per transaction from 32 clients, so many from each: transfers per second. Counted and not
    /// timed, because pgbench's own alarm is a signal that the threads here keep blocked for their children.
    func single(transactions: Int) throws -> Double {
        try inFolder { folder in
            let script = folder + "/single.sql"
            try """
            \\set a random(1, :accounts)
            \\set b random(1, :accounts - 1)
            \\set b case when :b >= :a then :b + 1 else :b end
            \\set amount random(1, 10000)
            SELECT \(Self.schema).transfer(:a, :b, :amount);
            """.write(toFile: script, atomically: false, encoding: .utf8)
            return try pgbench(
                [
                    "-c", "\(Self.clients)", "-j", "2", "-t", "\(transactions)", "-D", "accounts=\(accounts)", "-f",
                    script
                ])
        }
    }

    /// Batches of 1,000 from one client, each one statement over arrays: transfers per second.
    func batches(transactions: Int) throws -> Double {
        try inFolder { folder in
            var pairs = AccountPairs(accounts: accounts, seed: 11)
            var arguments = ["-c", "1", "-j", "1", "-t", "\(transactions)"]
            for number in 0..<Self.files {
                let path = folder + "/batch-\(number).sql"
                try batch(&pairs).write(toFile: path, atomically: false, encoding: .utf8)
                arguments += ["-f", path]
            }
            return try pgbench(arguments) * Double(Self.batch)
        }
    }

    private func batch(_ pairs: inout AccountPairs) -> String {
        let moves = (0..<Self.batch).map { _ in pairs.next() }
        func array(_ values: [Int64]) -> String {
            "'{" + values.map(String.init).joined(separator: ",") + "}'::bigint[]"
        }
        let debits = array(moves.map { Int64($0.from + 1) })
        let credits = array(moves.map { Int64($0.to + 1) })
        return """
            WITH batch AS (
                SELECT * FROM unnest(\(debits), \(credits), \(array(moves.map(\.amount)))) AS t(debit, credit, amount)
            ), made AS (
                INSERT INTO \(Self.schema).transfers (debit, credit, amount) SELECT debit, credit, amount FROM batch
            )
            UPDATE \(Self.schema).accounts a SET debits = a.debits + s.debits, credits = a.credits + s.credits
            FROM (SELECT id, SUM(debit)::bigint AS debits, SUM(credit)::bigint AS credits FROM (
                SELECT debit AS id, amount AS debit, 0 AS credit FROM batch
                UNION ALL SELECT credit, 0, amount FROM batch) AS sides GROUP BY id) AS s
            WHERE a.id = s.id;
            """
    }

    /// Transactions per second, without the time to connect.
    private func pgbench(_ arguments: [String]) throws -> Double {
        let text = try Programs.run(
            try Programs.ofPostgreSQL("pgbench"), ["-n", "-M", "prepared"] + arguments + [database.url])
        let rates = text.split(separator: "\n").filter { $0.hasPrefix("tps = ") }
        guard let rate = rates.first?.split(separator: " ").dropFirst(2).first.flatMap({ Double($0) }) else {
            throw Programs.Failure(description: "pgbench says no rate: \(text.suffix(500))")
        }
        return rate
    }

    private func inFolder(_ body: (String) throws -> Double) throws -> Double {
        let folder = NSTemporaryDirectory() + "kontor-pgbench-" + UUID().uuidString
        try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
        defer { try? FileManager.default.removeItem(atPath: folder) }
        return try body(folder)
    }
}
