import Clibpq
import Store

/// COPY in PostgreSQL's binary format (manual, "COPY", Binary Format): a signature, then of each row the number of its
/// columns and of each column its length, or -1 for NULL, and its bytes.
enum CopyStream {
    static let signature: [UInt8] = Array("PGCOPY\n".utf8) + [0xFF, 0x0D, 0x0A, 0x00]

    static func begin(_ connection: OpaquePointer, _ text: String, expecting status: ExecStatusType) throws {
        let result = PQexec(connection, text)
        defer { PQclear(result) }
        guard PQresultStatus(result) == status else {
            throw result == nil ? PostgreSQLFailure(connection: connection) : PostgreSQLFailure(result: result)
        }
    }

    /// Reads the command's own answer after the data.
    static func end(_ connection: OpaquePointer) throws {
        var failure: PostgreSQLFailure?
        while let result = PQgetResult(connection) {
            if PQresultStatus(result) != PGRES_COMMAND_OK, failure == nil {
                failure = PostgreSQLFailure(result: result)
            }
            PQclear(result)
        }
        if let failure { throw failure }
    }
}

/// Rows out of a COPY, one at a time.
final class CopyReader: RowSource {
    private let kinds: [BookTable.Kind]
    private var base: UnsafeRawPointer?
    private var places: [(start: Int, length: Int)] = []

    init(kinds: [BookTable.Kind]) { self.kinds = kinds }

    func run(_ connection: OpaquePointer, _ body: (Row) throws -> Void) throws {
        var failure: (any Error)?
        var isFirst = true
        let row = Row(self)
        while true {
            var buffer: UnsafeMutablePointer<CChar>?
            let count = Int(PQgetCopyData(connection, &buffer, 0))
            if count == -1 { break }
            guard count > 0, let buffer else { throw PostgreSQLFailure(connection: connection) }
            defer { PQfreemem(buffer) }
            // What the reader throws is kept until the stream has ended, so that the connection stays usable.
            guard failure == nil else { continue }
            do {
                let hasRow = try take(UnsafeRawPointer(buffer), count, isFirst: isFirst)
                if hasRow { try body(row) }
            } catch {
                failure = error
            }
            isFirst = false
        }
        try CopyStream.end(connection)
        if let failure { throw failure }
    }

    /// One message is one row; the first has the header before it, the last says that there is none.
    private func take(_ start: UnsafeRawPointer, _ count: Int, isFirst: Bool) throws -> Bool {
        // Signature, flags, and the length of an extension that nobody uses.
        var offset = isFirst ? CopyStream.signature.count + 8 : 0
        guard offset + 2 <= count else { return false }
        let columns = BinaryFormat.integer(start + offset, 2)
        offset += 2
        if columns < 0 { return false }
        base = start
        places.removeAll(keepingCapacity: true)
        for _ in 0..<columns {
            guard offset + 4 <= count else { throw StoreError(.unexpectedValue, "a row of COPY ends too early") }
            let length = Int(BinaryFormat.integer(start + offset, 4))
            offset += 4
            places.append((offset, length))
            offset += max(0, length)
        }
        guard places.count == kinds.count, offset <= count else {
            throw StoreError(.unexpectedValue, "a row of COPY has \(places.count) columns instead of \(kinds.count)")
        }
        return true
    }

    func isNull(_ column: Int) -> Bool { places[column].length < 0 }

    func int64(_ column: Int) -> Int64 {
        guard let base, places[column].length >= 0 else { return 0 }
        return BinaryFormat.integer(base + places[column].start, places[column].length)
    }

    func text(_ column: Int) -> String { String(decoding: span(column), as: UTF8.self) }

    func bytes(_ column: Int) -> [UInt8] { Array(span(column)) }

    func value(_ column: Int) -> SQLValue {
        if isNull(column) { return .null }
        return switch kinds[column] {
        case .integer: .integer(int64(column))
        case .text: .text(text(column))
        case .bytes: .bytes(bytes(column))
        }
    }

    private func span(_ column: Int) -> UnsafeRawBufferPointer {
        UnsafeRawBufferPointer(start: base.map { $0 + places[column].start }, count: max(0, places[column].length))
    }
}

/// Rows into a COPY.
final class CopyWriter: RowBinder {
    private static let chunk = 1 << 18

    private let columns: Int
    private var bytes: [UInt8] = []
    private var position = 0

    init(columns: Int) { self.columns = columns }

    func run(_ connection: OpaquePointer, _ next: (any RowBinder) throws -> Bool) throws {
        bytes = CopyStream.signature + [UInt8](repeating: 0, count: 8)
        do {
            while true {
                let start = bytes.count
                BinaryFormat.append(Int16(columns), to: &bytes)
                position = 0
                guard try next(self) else {
                    bytes.removeLast(bytes.count - start)
                    break
                }
                guard position == columns else {
                    throw StoreError(.database, "\(position) values for \(columns) columns of a copy")
                }
                if bytes.count > CopyWriter.chunk { try put(connection) }
            }
            BinaryFormat.append(Int16(-1), to: &bytes)
            try put(connection)
        } catch {
            // The server ends the copy with an error, which is not the one to tell.
            PQputCopyEnd(connection, "the rows could not be read")
            try? CopyStream.end(connection)
            throw error
        }
        guard PQputCopyEnd(connection, nil) == 1 else { throw PostgreSQLFailure(connection: connection) }
        try CopyStream.end(connection)
    }

    private func put(_ connection: OpaquePointer) throws {
        let sent = bytes.withUnsafeBytes { buffer in
            PQputCopyData(connection, buffer.baseAddress?.assumingMemoryBound(to: CChar.self), Int32(buffer.count))
        }
        bytes.removeAll(keepingCapacity: true)
        guard sent == 1 else { throw PostgreSQLFailure(connection: connection) }
    }

    func integer(_ value: Int64) {
        position += 1
        BinaryFormat.append(Int32(8), to: &bytes)
        BinaryFormat.append(value, to: &bytes)
    }

    func text(_ value: String) {
        position += 1
        BinaryFormat.append(Int32(value.utf8.count), to: &bytes)
        bytes.append(contentsOf: value.utf8)
    }

    func bytes(_ value: [UInt8]) {
        position += 1
        BinaryFormat.append(Int32(value.count), to: &bytes)
        bytes.append(contentsOf: value)
    }

    func null() {
        position += 1
        BinaryFormat.append(Int32(-1), to: &bytes)
    }
}
