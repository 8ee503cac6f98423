/// What a driver offers the group commit: one database connection, used from one thread at a time.
public protocol Connection: SQLReader {
    func begin() throws
    func commit() throws
    func rollback() throws

    /// One level suffices: a command inside a batch.
    func savepoint() throws
    func releaseSavepoint() throws
    func rollbackToSavepoint() throws

    /// Runs a statement and returns how many rows it changed.
    func execute(_ text: String, _ values: [SQLValue]) throws -> Int
    func execute(_ prepared: Prepared, _ values: [SQLValue]) throws -> Int

    /// Runs one statement for `count` rows; `bind` receives the row's number and binds its columns in order.
    func execute(each prepared: Prepared, count: Int, bind: (Int, any RowBinder) throws -> Void) throws

    /// Runs a portable DDL statement, rewritten where this database differs.
    func define(_ statement: String) throws
    func defineTextIndex(_ name: String) throws
    func putText(_ index: String, key: Int64, text: String) throws
    func removeText(_ index: String, key: Int64) throws
}
