public import Runtime

/// The writes of one batch, seen by one command at a time. Synchronous: nothing awaits between a read and its write.
///
/// A command's body may run twice, when a neighbour in its batch was refused after it had written. So a body has no
/// effect outside its transaction; what must follow the commit goes to `onCommit`.
public final class Transaction: SQLReader {
    /// The moment at which the batch began; every command of the batch sees the same.
    public let now: Timestamp
    public let world: World

    private let connection: any Connection
    private let states: BookStates
    private let announcements: Announcements
    /// The idempotency keys of this batch: those seen before, and those that it keeps.
    let answers = AnswersOfBatch()
    private(set) var hasWritten = false
    private var commitActions: [() -> Void] = []
    private var markedActions = 0

    init(
        connection: any Connection, states: BookStates, announcements: Announcements, now: Timestamp, world: World
    ) {
        self.connection = connection
        self.states = states
        self.announcements = announcements
        self.now = now
        self.world = world
    }

    /// True when other processes may have written since the last batch: what is remembered must be compared.
    public var isShared: Bool { connection.isShared }

    /// Runs a statement. Its failure may be told by a later call, at the latest by the commit.
    public func execute(_ sql: SQL) throws {
        hasWritten = true
        try connection.execute(sql.text, sql.values)
    }

    public func execute(_ prepared: Prepared, _ values: [SQLValue]) throws {
        hasWritten = true
        try connection.execute(prepared, values)
    }

    /// Runs a statement now and returns how many rows it changed; a round trip where the database is another process.
    @discardableResult
    public func executeCounted(_ sql: SQL) throws -> Int {
        hasWritten = true
        return try connection.executeCounted(sql.text, sql.values)
    }

    @discardableResult
    public func executeCounted(_ prepared: Prepared, _ values: [SQLValue]) throws -> Int {
        hasWritten = true
        return try connection.executeCounted(prepared, values)
    }

    /// Runs one statement for many rows; `bind` binds the columns of row `index` in their order.
    public func execute(each prepared: Prepared, count: Int, bind: (Int, any RowBinder) throws -> Void) throws {
        guard count > 0 else { return }
        hasWritten = true
        try connection.execute(each: prepared, count: count, bind: bind)
    }

    public func execute(each prepared: Prepared, rows: [[SQLValue]]) throws {
        try execute(each: prepared, count: rows.count) { index, row in
            for value in rows[index] { row.bind(value) }
        }
    }

    public func forEach(_ sql: SQL, _ body: (Row) throws -> Void) throws { try connection.forEach(sql, body) }

    public func forEach(_ prepared: Prepared, _ values: [SQLValue], _ body: (Row) throws -> Void) throws {
        try connection.forEach(prepared, values, body)
    }

    public func forEach(
        each prepared: Prepared, count: Int, values: (Int) -> [SQLValue], _ body: (Int, Row) throws -> Void
    ) throws {
        try connection.forEach(each: prepared, count: count, values: values, body)
    }

    public func hasTable(_ name: String) throws -> Bool { try connection.hasTable(name) }

    public func tables() throws -> [BookTable] { try connection.tables() }

    public func copyOut(_ table: BookTable, _ body: (Row) throws -> Void) throws {
        try connection.copyOut(table, body)
    }

    /// Adds rows in bulk; `next` binds one row's columns or returns false when there is none left.
    public func copyIn(_ table: BookTable, _ next: (any RowBinder) throws -> Bool) throws {
        hasWritten = true
        try connection.copyIn(table, next)
    }

    /// Tells the listeners of `topic` after the commit, in this process and in all that use the same database.
    public func announce(_ topic: String, _ key: String) throws {
        hasWritten = true
        try connection.announce(topic, key)
        if !isShared { onCommit { [announcements] in announcements.deliver(topic, key) } }
    }

    public func search(_ index: String, _ query: TextQuery, limit: Int, offset: Int) throws -> [Int64] {
        try connection.search(index, query, limit: limit, offset: offset)
    }

    public func textIndex(_ name: String) -> TextIndex { TextIndex(name: name, transaction: self) }

    public func newID<Tag>(_ tag: Tag.Type = Tag.self) -> Identifier<Tag> { world.newID() }

    /// The book's in-memory state of this type, made on first use and kept while the book is open.
    public func state<State: BookState>(_ type: State.Type = State.self, make: () throws -> State) rethrows -> State {
        try states.state(type, make: make)
    }

    /// Runs `action` after the batch is durable, on the book's lane; never when the command or the batch fails.
    public func onCommit(_ action: @escaping () -> Void) { commitActions.append(action) }

    func putText(_ index: String, key: Int64, text: String) throws {
        hasWritten = true
        try connection.putText(index, key: key, text: text)
    }

    func removeText(_ index: String, key: Int64) throws {
        hasWritten = true
        try connection.removeText(index, key: key)
    }

    // A command begins: what follows can be undone without its neighbours.
    func mark() {
        hasWritten = false
        markedActions = commitActions.count
        answers.mark()
        states.mark()
    }

    func undoToMark() {
        commitActions.removeLast(commitActions.count - markedActions)
        answers.undoToMark()
        states.undoToMark()
    }

    func runCommitActions() {
        for action in commitActions { action() }
    }
}
