import GRDB
import GRDBSQLite
import Store

/// Turns SQLite's result codes (sqlite.org/rescode.html) into the store's errors.
enum SQLiteFailure {
    static func storeError(_ error: any Error) -> any Error {
        guard let error = error as? DatabaseError else { return error }
        return storeError(code: error.extendedResultCode.rawValue, message: error.message ?? "no message")
    }

    static func storeError(code: Int32, message: String) -> StoreError {
        switch code & 0xFF {
        case SQLITE_CONSTRAINT: StoreError(.constraint, message)
        case SQLITE_FULL: StoreError(.diskFull, message)
        case SQLITE_IOERR where code == SQLITE_IOERR | (3 << 8): StoreError(.diskFull, message)
        default: StoreError(.database, "SQLite \(code): \(message)")
        }
    }
}
