import GRDB
import GRDBSQLite
import Store

/// A prepared statement with its values and its current row. Columns and values are bound by SQLite's own calls.
final class SQLiteStatement: RowSource, RowBinder {
    /// Keeps the statement alive; GRDB finalises it with its connection.
    private let owner: Statement
    private let handle: OpaquePointer
    private var position: Int32 = 0

    init(_ statement: Statement) {
        owner = statement
        handle = statement.sqliteStatement
    }

    /// True while its rows are being read.
    var isBusy: Bool { sqlite3_stmt_busy(handle) != 0 }

    func execute(_ values: [SQLValue]) throws -> Int {
        startRow()
        for value in values { bind(value) }
        try run()
        return Int(sqlite3_changes64(sqlite3_db_handle(handle)))
    }

    /// Steps to the end, so that RETURNING and ON CONFLICT have their whole effect, and resets.
    func run() throws {
        var code = sqlite3_step(handle)
        while code == SQLITE_ROW { code = sqlite3_step(handle) }
        let reset = sqlite3_reset(handle)
        guard code == SQLITE_DONE, reset == SQLITE_OK else { throw failure(code == SQLITE_DONE ? reset : code) }
    }

    func forEach(_ values: [SQLValue], _ body: (Store.Row) throws -> Void) throws {
        startRow()
        for value in values { bind(value) }
        defer { sqlite3_reset(handle) }
        let row = Store.Row(self)
        while true {
            let code = sqlite3_step(handle)
            if code == SQLITE_DONE { return }
            guard code == SQLITE_ROW else { throw failure(code) }
            try body(row)
        }
    }

    private func failure(_ code: Int32) -> StoreError {
        SQLiteFailure.storeError(code: code, message: String(cString: sqlite3_errmsg(sqlite3_db_handle(handle))))
    }

    // MARK: values

    func startRow() { position = 0 }

    func integer(_ value: Int64) {
        position += 1
        sqlite3_bind_int64(handle, position, value)
    }

    func text(_ value: String) {
        position += 1
        var value = value
        value.withUTF8 { utf8 in
            let start = UnsafeRawPointer(utf8.baseAddress)?.assumingMemoryBound(to: CChar.self)
            _ = sqlite3_bind_text(
                handle, position, start ?? SQLiteStatement.empty, Int32(utf8.count), SQLiteStatement.copied)
        }
    }

    func bytes(_ value: [UInt8]) {
        position += 1
        value.withUnsafeBytes { bytes in
            if bytes.isEmpty {
                sqlite3_bind_zeroblob(handle, position, 0)
            } else {
                _ = sqlite3_bind_blob(handle, position, bytes.baseAddress, Int32(bytes.count), SQLiteStatement.copied)
            }
        }
    }

    func null() {
        position += 1
        sqlite3_bind_null(handle, position)
    }

    // MARK: the current row

    func isNull(_ column: Int) -> Bool { sqlite3_column_type(handle, Int32(column)) == SQLITE_NULL }

    func int64(_ column: Int) -> Int64 { sqlite3_column_int64(handle, Int32(column)) }

    func text(_ column: Int) -> String {
        guard let start = sqlite3_column_text(handle, Int32(column)) else { return "" }
        let count = Int(sqlite3_column_bytes(handle, Int32(column)))
        return String(decoding: UnsafeBufferPointer(start: start, count: count), as: UTF8.self)
    }

    func bytes(_ column: Int) -> [UInt8] {
        guard let start = sqlite3_column_blob(handle, Int32(column)) else { return [] }
        return [UInt8](UnsafeRawBufferPointer(start: start, count: Int(sqlite3_column_bytes(handle, Int32(column)))))
    }

    func value(_ column: Int) -> SQLValue {
        switch sqlite3_column_type(handle, Int32(column)) {
        case SQLITE_INTEGER: .integer(int64(column))
        case SQLITE_TEXT: .text(text(column))
        case SQLITE_BLOB: .bytes(bytes(column))
        default: .null
        }
    }

    /// SQLITE_TRANSIENT: SQLite copies the value, because ours may move before the statement runs.
    private static let copied = unsafeBitCast(-1, to: sqlite3_destructor_type.self)
    /// SQLite reads a null pointer as NULL, so an empty text needs an address.
    nonisolated(unsafe) private static let empty = UnsafePointer<CChar>(
        UnsafeMutablePointer<CChar>.allocate(capacity: 1))
}
