import Clibpq
import Foundation
import Logging
import Runtime
import Store
import Synchronization

#if canImport(Glibc)
    import Glibc
#elseif canImport(Musl)
    import Musl
#endif

/// One connection to PostgreSQL in libpq's pipeline mode: statements are queued, and one `synchronise` sends them and
/// reads all answers. Used from one thread; it blocks that thread, which is why it has its own.
final class Link {
    /// What is done with a statement's answer.
    typealias Receive = (LinkResult) throws -> Void

    private let settings: LinkSettings
    private var connection: OpaquePointer?
    private var expected: [Receive?] = []
    private var statements: [String: LinkStatement] = [:]
    private var byIdentity: [ObjectIdentifier: LinkStatement] = [:]
    private var statementCount = 0
    private var schemas: Set<String> = []
    private(set) var lastSchema: String?
    /// The transaction's statements have no limit, so neither has the wait for their answers.
    var takesTime = false
    /// Cancels what runs, from any thread.
    let canceller = Canceller()

    init(settings: LinkSettings) { self.settings = settings }

    deinit { disconnect() }

    var isConnected: Bool { connection != nil }

    // ---- The connection ----

    /// Connects when there is no connection, trying again with growing pauses until the settings' patience ends.
    func connect() throws {
        if connection != nil, isExhausted { disconnect() }
        guard connection == nil else { return }
        let deadline = ContinuousClock.now + settings.options.patience
        var pause = 0.05
        while true {
            do {
                try connectOnce()
                return
            } catch let failure as PostgreSQLFailure {
                disconnect()
                PoolMetrics.failedToConnect()
                let isWorthwhile = failure.isConnectionLost || failure.state.hasPrefix("53")
                guard isWorthwhile, ContinuousClock.now + .seconds(pause) < deadline else { throw failure.storeError }
                Thread.sleep(forTimeInterval: pause)
                pause = min(pause * 2, 1)
            }
        }
    }

    private func connectOnce() throws {
        let made = settings.withParameters { PQconnectdbParams($0, $1, 1) }
        connection = made
        guard PQstatus(made) == CONNECTION_OK else { throw PostgreSQLFailure(connection: made) }
        // Notices ("schema exists already") are of no interest.
        PQsetNoticeProcessor(made, { _, _ in }, nil)
        let result = PQexec(made, settings.session)
        defer { PQclear(result) }
        guard PQresultStatus(result) == PGRES_TUPLES_OK || PQresultStatus(result) == PGRES_COMMAND_OK else {
            throw PostgreSQLFailure(result: result)
        }
        PQenterPipelineMode(made)
        canceller.set(PQgetCancel(made))
        PoolMetrics.connected()
    }

    func disconnect() {
        guard let connection else { return }
        canceller.set(nil)
        PQfinish(connection)
        self.connection = nil
        expected.removeAll(keepingCapacity: true)
        statements = [:]
        byIdentity = [:]
        statementCount = 0
        schemas = []
        lastSchema = nil
    }

    /// Remembers which book is used; a server process grows with each schema that it has seen.
    func visit(_ schema: String) {
        lastSchema = schema
        schemas.insert(schema)
    }

    private var isExhausted: Bool {
        schemas.count > settings.options.booksPerConnection || statementCount > 2_000
            || PQstatus(connection) != CONNECTION_OK
    }

    // ---- Statements ----

    /// The server's prepared form of a text, made on first use in one exchange.
    func statement(_ text: String) throws -> LinkStatement {
        if let known = statements[text] { return known }
        let statement = LinkStatement(name: "k\(statementCount)", text: text)
        statementCount += 1
        try send { PQsendPrepare($0, statement.name, statement.text, 0, nil) }
        try send({ PQsendDescribePrepared($0, statement.name) }) { result in
            statement.types = (0..<PQnparams(result.pointer)).map { PQparamtype(result.pointer, $0) }
        }
        try synchronise()
        statements[text] = statement
        return statement
    }

    func statement(_ prepared: Prepared) throws -> LinkStatement {
        if let known = byIdentity[ObjectIdentifier(prepared)] { return known }
        let found = try statement(prepared.text)
        byIdentity[ObjectIdentifier(prepared)] = found
        return found
    }

    /// Queues a prepared statement with its values; nothing is awaited.
    func queue(_ statement: LinkStatement, _ values: [SQLValue], _ receive: Receive? = nil) throws {
        let parameters = settings.parameters
        parameters.reset()
        guard values.count == statement.types.count else {
            throw StoreError(.database, "\(values.count) values for \(statement.types.count) marks: \(statement.text)")
        }
        for (value, type) in zip(values, statement.types) { try parameters.append(value, as: type) }
        try queue(statement, parameters, receive)
    }

    func queue(_ statement: LinkStatement, _ parameters: Parameters, _ receive: Receive? = nil) throws {
        try send(
            { connection in
                parameters.withPointers { values, lengths, formats, count in
                    PQsendQueryPrepared(connection, statement.name, count, values, lengths, formats, 1)
                }
            }, receive)
    }

    /// Queues a statement without values that is run once, such as a CREATE TABLE.
    func queue(once text: String) throws {
        try send { PQsendQueryParams($0, text, 0, nil, nil, nil, nil, 1) }
    }

    private func send(_ body: (OpaquePointer?) -> Int32, _ receive: Receive? = nil) throws {
        guard connection != nil else { throw PostgreSQLFailure(state: "", message: "not connected") }
        guard body(connection) == 1 else {
            let failure = PostgreSQLFailure(connection: connection)
            disconnect()
            throw failure
        }
        expected.append(receive)
    }

    var hasQueued: Bool { !expected.isEmpty }

    // ---- The exchange ----

    /// Sends what is queued and reads every answer. Throws the first failure; then the rest was not run.
    func synchronise() throws {
        guard connection != nil else { throw PostgreSQLFailure(state: "", message: "not connected") }
        let receivers = expected
        expected.removeAll(keepingCapacity: true)
        guard PQpipelineSync(connection) == 1, PQflush(connection) >= 0 else { throw lost() }
        var failure: (any Error)?
        for receive in receivers {
            while let result = try nextResult() {
                switch PQresultStatus(result.pointer) {
                case PGRES_TUPLES_OK, PGRES_COMMAND_OK:
                    guard failure == nil, let receive else { continue }
                    do { try receive(result) } catch { failure = error }
                case PGRES_PIPELINE_ABORTED: continue
                default: if failure == nil { failure = PostgreSQLFailure(result: result.pointer) }
                }
            }
        }
        // The sync itself answers last, without a null result after it.
        _ = try nextResult()
        guard let failure else { return }
        if let known = failure as? PostgreSQLFailure, known.isConnectionLost { disconnect() }
        throw failure
    }

    /// The next result; nil at the end of a statement's results. Waits no longer than a statement may take.
    private func nextResult() throws -> LinkResult? {
        if PQisBusy(connection) == 1 { try waitForAnswer() }
        let result = PQgetResult(connection).map(LinkResult.init)
        guard PQstatus(connection) != CONNECTION_OK else { return result }
        let failure = result.map { PostgreSQLFailure(result: $0.pointer) } ?? PostgreSQLFailure(connection: connection)
        disconnect()
        // Without a SQLSTATE or with one of the server's own end: either way the connection is no more.
        throw PostgreSQLFailure(state: "", message: failure.message)
    }

    private func waitForAnswer() throws {
        let deadline = ContinuousClock.now + settings.options.statementTimeout + .seconds(5)
        while PQisBusy(connection) == 1 {
            var descriptor = pollfd(fd: PQsocket(connection), events: Int16(POLLIN), revents: 0)
            let ready = poll(&descriptor, 1, 1_000)
            if ready > 0 || ready < 0 && errno != EINTR {
                guard PQconsumeInput(connection) == 1 else { throw lost() }
            } else if ContinuousClock.now > deadline, !takesTime {
                disconnect()
                throw PostgreSQLFailure(state: "", message: "the server did not answer in time")
            }
        }
    }

    private func lost() -> PostgreSQLFailure {
        let failure = PostgreSQLFailure(connection: connection)
        disconnect()
        return PostgreSQLFailure(state: "", message: failure.message)
    }

    // ---- Without the pipeline ----

    /// Runs `body` with the bare connection outside pipeline mode, for COPY; nothing may be queued.
    func plainly(_ body: (OpaquePointer) throws -> Void) throws {
        guard let connection, PQexitPipelineMode(connection) == 1 else {
            throw PostgreSQLFailure(connection: connection)
        }
        do {
            try body(connection)
        } catch {
            if self.connection != nil { PQenterPipelineMode(connection) }
            throw error
        }
        PQenterPipelineMode(connection)
    }
}

/// An answer of the server; lives as long as somebody reads it, also when the connection is gone.
final class LinkResult {
    let pointer: OpaquePointer

    init(_ pointer: OpaquePointer) { self.pointer = pointer }

    deinit { PQclear(pointer) }
}

/// A prepared statement of one connection.
final class LinkStatement {
    let name: String
    /// As the server has it, with numbered marks.
    let text: String
    var types: [Oid] = []
    /// Set when the statement is an insert that may be sent for many rows at once.
    let insert: InsertText?
    /// The form of it that takes arrays, once it was needed.
    var bulk: LinkStatement?
    private var named: [String: Bool] = [:]

    init(name: String, text: String) {
        self.name = name
        self.text = StatementText.numbered(text)
        insert = InsertText(text)
    }

    /// Whether a table's name occurs in the text: a statement that does not name it has nothing to do with it.
    func names(_ table: String) -> Bool {
        if let known = named[table] { return known }
        let answer = text.contains(table)
        named[table] = answer
        return answer
    }
}

/// Asks the server to stop what a connection runs; safe from any thread, as PQcancel is.
final class Canceller: Sendable {
    private struct Handle: @unchecked Sendable {
        // libpq documents PQcancel as safe from any thread while the handle lives, and the mutex keeps it alive.
        var pointer: OpaquePointer?
    }
    private let handle = Mutex(Handle())

    func set(_ pointer: OpaquePointer?) {
        handle.withLock { handle in
            if let old = handle.pointer { PQfreeCancel(old) }
            handle.pointer = pointer
        }
    }

    func cancel() {
        handle.withLock { handle in
            guard let pointer = handle.pointer else { return }
            var message = [CChar](repeating: 0, count: 256)
            PQcancel(pointer, &message, Int32(message.count))
        }
    }

    deinit { set(nil) }
}
