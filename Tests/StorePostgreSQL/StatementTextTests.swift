import Store
import Testing

@testable import StorePostgreSQL

@Suite("Statements for PostgreSQL") struct StatementTextTests {
    @Test("marks are numbered, except inside a quoted text")
    func marks() {
        #expect(
            StatementText.numbered("SELECT '?' || a FROM t WHERE b = ? AND c = ?")
                == "SELECT '?' || a FROM t WHERE b = $1 AND c = $2")
    }

    @Test("texts compare by their bytes whatever the database's locale")
    func collation() {
        #expect(
            StatementText.definition("CREATE TABLE t (a TEXT NOT NULL, text_b BIGINT) /* clustered */")
                == "CREATE TABLE t (a TEXT COLLATE \"C\" NOT NULL, text_b BIGINT)  ")
        #expect(StatementText.definition("CREATE INDEX i ON t (a)") == "CREATE INDEX i ON t (a)")
    }

    @Test("a plain insert can be sent for many rows at once, and nothing else can")
    func inserts() throws {
        let plain = try #require(InsertText("INSERT INTO journal VALUES (?, ?)"))
        #expect(plain.table == "journal" && plain.count == 2 && !plain.isUpsert)
        #expect(plain.bulk([20, 17]) == "INSERT INTO journal SELECT * FROM unnest($1::bigint[], $2::bytea[]) ")
        let upsert = try #require(
            InsertText("INSERT INTO a (b, c) VALUES (?, ?)\nON CONFLICT (b) DO UPDATE SET c = excluded.c"))
        #expect(upsert.table == "a" && upsert.isUpsert)
        #expect(upsert.tail == "ON CONFLICT (b) DO UPDATE SET c = excluded.c")
        for other in [
            "UPDATE a SET b = ?", "INSERT INTO a VALUES (?, 1)", "INSERT INTO a VALUES (?) RETURNING b",
            "INSERT INTO a SELECT ?"
        ] {
            #expect(InsertText(other) == nil, "\(other)")
        }
    }

    @Test("an address is shown without its password, and one that cannot be read is refused")
    func address() throws {
        let address = try DatabaseAddress("postgres://kontor:secret@db.example:5433/shop?sslmode=verify-full")
        #expect(address.shown == "postgres://kontor@db.example:5433/shop")
        #expect(address.hasPassword)
        #expect(throws: StoreError.self) { try DatabaseAddress("postgres://db/shop?colour=red") }
    }

    @Test(
        "a book's name is refused when it is no schema's name",
        arguments: ["", "a\"b", "a b", String(repeating: "a", count: 41)])
    func names(_ name: String) {
        #expect(throws: StoreError.self) { try BookSchema(name) }
    }

    @Test("whole sums come as integers, however large PostgreSQL's type is")
    func numeric() {
        // 12,345,678 as base-10,000 digits: 1234, 5678; weight 1, positive, scale 0.
        let bytes: [UInt8] = [0, 2, 0, 1, 0, 0, 0, 0, 0x04, 0xD2, 0x16, 0x2E]
        #expect(bytes.withUnsafeBytes { BinaryFormat.wholeNumeric($0.baseAddress!, $0.count) } == 12_345_678)
        // 20,000: one digit, weight 1: what follows is zeros.
        let round: [UInt8] = [0, 1, 0, 1, 0x40, 0, 0, 0, 0, 2]
        #expect(round.withUnsafeBytes { BinaryFormat.wholeNumeric($0.baseAddress!, $0.count) } == -20_000)
    }
}
