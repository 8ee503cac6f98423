internal import Foundation

/// Carries rows from the thread that reads a book to the thread that writes another, a bounded number at a time.
///
/// Both are threads of databases, made for waiting. `@unchecked Sendable` because the condition guards everything.
final class RowPipe: @unchecked Sendable {
    typealias Values = [SQLValue]

    private static let rowsInPiece = 500
    private static let bytesInPiece = 1 << 20
    private static let piecesWaiting = 4

    private let condition = NSCondition()
    private var pieces: [[Values]] = []
    private var failure: (any Error)?
    private var isWriting = false

    // Only the reading thread touches these.
    private var filling: [Values] = []
    private var fillingBytes = 0
    // Only the writing thread touches these.
    private var emptying: ArraySlice<Values> = []

    // ---- The reading thread ----

    /// Waits while the writer is far behind; throws when it has failed.
    func send(_ row: Values) throws {
        filling.append(row)
        fillingBytes += row.reduce(0) { $0 + $1.size }
        if filling.count >= RowPipe.rowsInPiece || fillingBytes >= RowPipe.bytesInPiece { try pass() }
    }

    /// The table has no more rows: an empty piece says so.
    func endTable() throws {
        if !filling.isEmpty { try pass() }
        try pass()
    }

    private func pass() throws {
        condition.lock()
        defer { condition.unlock() }
        while pieces.count >= RowPipe.piecesWaiting, failure == nil { condition.wait() }
        if let failure { throw failure }
        pieces.append(filling)
        filling = []
        fillingBytes = 0
        condition.broadcast()
    }

    // ---- The writing thread ----

    /// Rows are carried once: a transaction that is run again finds them gone.
    func startWriting() throws {
        condition.lock()
        defer { condition.unlock() }
        guard !isWriting else {
            throw StoreError(.database, "the copy was interrupted in the database; repeat the command")
        }
        isWriting = true
    }

    /// The table's next row, or nil after its last. Waits for the reader; throws when it has failed.
    func receive() throws -> Values? {
        if let row = emptying.popFirst() { return row }
        condition.lock()
        defer { condition.unlock() }
        while pieces.isEmpty, failure == nil { condition.wait() }
        if let failure { throw failure }
        emptying = pieces.removeFirst()[...]
        condition.broadcast()
        return emptying.popFirst()
    }

    /// Ends both sides.
    func fail(_ error: any Error) {
        condition.lock()
        defer { condition.unlock() }
        failure = failure ?? error
        condition.broadcast()
    }
}

extension SQLValue {
    fileprivate var size: Int {
        switch self {
        case .null, .integer: 8
        case .text(let text): text.utf8.count
        case .bytes(let bytes): bytes.count
        }
    }
}
