import Clibpq
import Store

/// The writes of a transaction that were not sent yet: inserts gathered by statement, everything else in its order.
///
/// Inserts into different tables change places with each other and with statements that do not name their table,
/// which nobody can see: there are no triggers and no foreign keys, and a query that could see one sends all first.
final class WriteBehind {
    /// Rows of one insert. Above `rowLimit` or `byteLimit` a new group begins, so that no message grows without bound.
    static let rowLimit = 8_192
    static let byteLimit = 4 << 20

    private enum Step {
        case rows(InsertRows)
        case statement(LinkStatement, [SQLValue])
    }

    private var steps: [Step] = []
    private var openRows: [ObjectIdentifier: InsertRows] = [:]

    var isEmpty: Bool { steps.isEmpty }

    func removeAll() {
        steps.removeAll(keepingCapacity: true)
        openRows.removeAll(keepingCapacity: true)
    }

    /// Keeps a statement for later. An insert joins those of the same statement before it.
    func add(_ statement: LinkStatement, _ values: [SQLValue]) throws {
        guard let insert = statement.insert, !insert.isUpsert, values.count == statement.types.count,
            let rows = rows(of: statement, insert)
        else {
            closeRows(namedBy: statement)
            steps.append(.statement(statement, values))
            return
        }
        rows.startRow()
        for value in values { rows.bind(value) }
        try rows.endRow()
    }

    /// Where the rows of a bulk statement go; nil when the statement is no plain insert.
    func rows(of statement: LinkStatement) -> InsertRows? {
        guard let insert = statement.insert else { return nil }
        // An upsert may come after one that gathered the same key, so each begins a group of its own.
        if insert.isUpsert { openRows[ObjectIdentifier(statement)] = nil }
        return rows(of: statement, insert)
    }

    /// The same for a further row of that statement.
    func rows(continuing statement: LinkStatement) -> InsertRows? {
        statement.insert.flatMap { rows(of: statement, $0) }
    }

    private func rows(of statement: LinkStatement, _ insert: InsertText) -> InsertRows? {
        let key = ObjectIdentifier(statement)
        if let open = openRows[key], open.count < WriteBehind.rowLimit, open.byteCount < WriteBehind.byteLimit {
            return open
        }
        guard let rows = InsertRows(statement, insert) else { return nil }
        if insert.isUpsert { closeRows(namedBy: statement) }
        openRows[key] = rows
        steps.append(.rows(rows))
        return rows
    }

    /// What comes after this statement and names its tables may not overtake it.
    private func closeRows(namedBy statement: LinkStatement) {
        for (key, rows) in openRows where statement.names(rows.insert.table) { openRows[key] = nil }
    }

    /// Whether a query by this statement could see something that was not sent yet.
    func concerns(_ statement: LinkStatement) -> Bool {
        steps.contains { step in
            switch step {
            case .rows(let rows): statement.names(rows.insert.table)
            case .statement: true
            }
        }
    }

    /// Queues everything on the connection, in an order that has the same effect.
    func send(on link: Link) throws {
        guard !steps.isEmpty else { return }
        let sending = steps
        removeAll()
        for step in sending {
            switch step {
            case .rows(let rows): try rows.send(on: link)
            case .statement(let statement, let values): try link.queue(statement, values)
            }
        }
    }
}

/// Rows of one insert, column by column in the binary format of PostgreSQL's arrays.
final class InsertRows: RowBinder {
    let insert: InsertText
    private let statement: LinkStatement
    private let types: [Oid]
    private var columns: [[UInt8]]
    private var hasNulls: [Bool]
    private var position = 0
    private var failure: (any Error)?
    private(set) var count = 0
    private(set) var byteCount = 0

    /// Nil when a column has a type of which there is no array here.
    init?(_ statement: LinkStatement, _ insert: InsertText) {
        guard statement.types.allSatisfy({ PostgreSQLType.array(of: $0) != nil }), !statement.types.isEmpty else {
            return nil
        }
        self.insert = insert
        self.statement = statement
        types = statement.types
        columns = Array(repeating: [], count: types.count)
        hasNulls = Array(repeating: false, count: types.count)
    }

    func startRow() { position = 0 }

    /// Throws what a value of the row broke, or `database` when columns are missing.
    func endRow() throws {
        if let failure { throw failure }
        guard position == types.count else {
            throw StoreError(.database, "\(position) values for \(types.count) columns of \(insert.table)")
        }
        count += 1
    }

    func integer(_ value: Int64) {
        guard let column = next() else { return }
        switch types[column] {
        case PostgreSQLType.int8:
            BinaryFormat.append(Int32(8), to: &columns[column])
            BinaryFormat.append(value, to: &columns[column])
            byteCount += 12
        case PostgreSQLType.text: text(String(value), in: column)
        default:
            let start = columns[column].count
            BinaryFormat.append(Int32(0), to: &columns[column])
            do { try BinaryFormat.append(value, as: types[column], to: &columns[column]) } catch { failure = error }
            BinaryFormat.set(Int32(columns[column].count - start - 4), at: start, in: &columns[column])
            byteCount += columns[column].count - start
        }
    }

    func text(_ value: String) {
        guard let column = next() else { return }
        text(value, in: column)
    }

    private func text(_ value: String, in column: Int) {
        let utf8 = value.utf8
        BinaryFormat.append(Int32(utf8.count), to: &columns[column])
        columns[column].append(contentsOf: utf8)
        byteCount += utf8.count + 4
    }

    func bytes(_ value: [UInt8]) {
        guard let column = next() else { return }
        BinaryFormat.append(Int32(value.count), to: &columns[column])
        columns[column].append(contentsOf: value)
        byteCount += value.count + 4
    }

    func null() {
        guard let column = next() else { return }
        BinaryFormat.append(Int32(-1), to: &columns[column])
        hasNulls[column] = true
        byteCount += 4
    }

    private func next() -> Int? {
        guard position < types.count else {
            failure = StoreError(.database, "too many values for \(insert.table)")
            return nil
        }
        defer { position += 1 }
        return position
    }

    /// Queues the rows as one statement over arrays.
    func send(on link: Link) throws {
        guard count > 0 else { return }
        let bulk: LinkStatement
        if let made = statement.bulk {
            bulk = made
        } else {
            bulk = try link.statement(insert.bulk(types))
            statement.bulk = bulk
        }
        let parameters = Parameters()
        for (column, content) in columns.enumerated() {
            parameters.appendArray(
                of: types[column], count: count, hasNulls: hasNulls[column], content: content)
        }
        try link.queue(bulk, parameters)
    }
}
