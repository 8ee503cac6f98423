import Clibpq
import Store

/// The rows of one answer.
final class ResultRows: RowSource {
    private let owner: LinkResult
    private let result: OpaquePointer
    private let types: [Oid]
    private var row: Int32 = 0

    init(_ owner: LinkResult) {
        self.owner = owner
        let result = owner.pointer
        self.result = result
        types = (0..<PQnfields(result)).map { PQftype(result, $0) }
    }

    var count: Int { Int(PQntuples(result)) }

    func forEach(_ body: (Row) throws -> Void) throws {
        let current = Row(self)
        for index in 0..<PQntuples(result) {
            row = index
            try body(current)
        }
    }

    func isNull(_ column: Int) -> Bool { PQgetisnull(result, row, Int32(column)) == 1 }

    func int64(_ column: Int) -> Int64 {
        guard let (start, length) = bytesAt(column) else { return 0 }
        if types[column] == PostgreSQLType.numeric { return BinaryFormat.wholeNumeric(start, length) ?? 0 }
        if types[column] == PostgreSQLType.text { return Int64(text(column)) ?? 0 }
        return BinaryFormat.integer(start, length)
    }

    func text(_ column: Int) -> String {
        guard let (start, length) = bytesAt(column) else { return "" }
        switch types[column] {
        case PostgreSQLType.int8, PostgreSQLType.int4, PostgreSQLType.int2, PostgreSQLType.numeric:
            return String(int64(column))
        default: return String(decoding: UnsafeRawBufferPointer(start: start, count: length), as: UTF8.self)
        }
    }

    func bytes(_ column: Int) -> [UInt8] {
        guard let (start, length) = bytesAt(column) else { return [] }
        return [UInt8](UnsafeRawBufferPointer(start: start, count: length))
    }

    func value(_ column: Int) -> SQLValue {
        guard let (start, length) = bytesAt(column) else { return .null }
        switch types[column] {
        case PostgreSQLType.int8, PostgreSQLType.int4, PostgreSQLType.int2, PostgreSQLType.bool, PostgreSQLType.oid:
            return .integer(BinaryFormat.integer(start, length))
        case PostgreSQLType.numeric:
            guard let whole = BinaryFormat.wholeNumeric(start, length) else { return .text("a number with a fraction") }
            return .integer(whole)
        case PostgreSQLType.bytea:
            return .bytes([UInt8](UnsafeRawBufferPointer(start: start, count: length)))
        default:
            return .text(String(decoding: UnsafeRawBufferPointer(start: start, count: length), as: UTF8.self))
        }
    }

    private func bytesAt(_ column: Int) -> (UnsafeRawPointer, Int)? {
        guard PQgetisnull(result, row, Int32(column)) == 0, let start = PQgetvalue(result, row, Int32(column)) else {
            return nil
        }
        return (UnsafeRawPointer(start), Int(PQgetlength(result, row, Int32(column))))
    }
}
