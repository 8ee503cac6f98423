/// What a driver offers the group commit: one database connection, used from one thread at a time.
public protocol Connection: SQLReader {
    /// True when other processes may have written since the last transaction.
    var isShared: Bool { get }

    /// True when another book waits for this connection: the caller ends after its batch and comes again.
    var shouldYield: Bool { get }

    /// Throws `unavailable` when the database cannot be reached; nothing has happened then.
    func begin() throws
    /// Throws `unavailable` when the transaction was lost with its connection and is known to have left nothing, and
    /// `outcomeUnknown` when even that cannot be found out.
    func commit() throws
    func rollback() throws

    /// One level suffices: a command inside a batch. When `releaseSavepoint` returns, all statements since
    /// `savepoint` have succeeded.
    func savepoint() throws
    func releaseSavepoint() throws
    func rollbackToSavepoint() throws

    /// True when the transaction can only be rolled back, whoever's statement it was that failed.
    var hasFailed: Bool { get }

    /// Runs a statement, at the latest before the next query that could see it. A driver may hold it back to send it
    /// with its neighbours; then its failure is thrown by a later call.
    func execute(_ text: String, _ values: [SQLValue]) throws
    func execute(_ prepared: Prepared, _ values: [SQLValue]) throws
    /// Runs a statement now and returns how many rows it changed.
    func executeCounted(_ text: String, _ values: [SQLValue]) throws -> Int
    func executeCounted(_ prepared: Prepared, _ values: [SQLValue]) throws -> Int

    /// Runs one statement for `count` rows; `bind` receives the row's number and binds its columns in order. The rows
    /// of an upsert must name different keys.
    func execute(each prepared: Prepared, count: Int, bind: (Int, any RowBinder) throws -> Void) throws

    /// Tells listeners in other processes after the commit; a driver without other processes does nothing.
    func announce(_ topic: String, _ key: String) throws

    /// Runs a portable DDL statement, rewritten where this database differs.
    func define(_ statement: String) throws
    func defineTextIndex(_ name: String) throws
    func putText(_ index: String, key: Int64, text: String) throws
    func removeText(_ index: String, key: Int64) throws

    /// Adds rows in bulk, faster than any statement. `next` binds the columns of one row in their order, or returns
    /// false when there is none left.
    func copyIn(_ table: BookTable, _ next: (any RowBinder) throws -> Bool) throws
}
