import Clibpq
import Store

/// The types that the portable schema leads to, by their numbers in pg_type.dat.
enum PostgreSQLType {
    static let bool: Oid = 16
    static let bytea: Oid = 17
    static let name: Oid = 19
    static let int8: Oid = 20
    static let int2: Oid = 21
    static let int4: Oid = 23
    static let text: Oid = 25
    static let oid: Oid = 26
    static let varchar: Oid = 1043
    static let numeric: Oid = 1700
    static let tsvector: Oid = 3614

    /// The type of an array of `element`; nil when bulk inserts do not know it.
    static func array(of element: Oid) -> Oid? {
        switch element {
        case int8: 1016
        case int4: 1007
        case int2: 1005
        case bool: 1000
        case text: 1009
        case varchar: 1015
        case bytea: 1001
        default: nil
        }
    }

    static func sqlName(of element: Oid) -> String {
        switch element {
        case int8: "bigint"
        case int4: "integer"
        case int2: "smallint"
        case bool: "boolean"
        case varchar: "varchar"
        case bytea: "bytea"
        default: "text"
        }
    }
}

/// Values in PostgreSQL's binary format: integers big-endian, texts and bytes as they are.
enum BinaryFormat {
    /// Appends an integer in the width of its column; throws `constraint` when the column is too narrow.
    static func append(_ value: Int64, as type: Oid, to bytes: inout [UInt8]) throws {
        switch type {
        case PostgreSQLType.int4, PostgreSQLType.oid: append(try narrow(value, Int32.self), to: &bytes)
        case PostgreSQLType.int2: append(try narrow(value, Int16.self), to: &bytes)
        case PostgreSQLType.bool: bytes.append(value == 0 ? 0 : 1)
        case PostgreSQLType.text, PostgreSQLType.varchar: bytes.append(contentsOf: String(value).utf8)
        default: append(value, to: &bytes)
        }
    }

    static func append(_ value: some FixedWidthInteger, to bytes: inout [UInt8]) {
        withUnsafeBytes(of: value.bigEndian) { bytes.append(contentsOf: $0) }
    }

    static func set(_ value: Int32, at position: Int, in bytes: inout [UInt8]) {
        withUnsafeBytes(of: value.bigEndian) { source in
            for (offset, byte) in source.enumerated() { bytes[position + offset] = byte }
        }
    }

    private static func narrow<T: FixedWidthInteger>(_ value: Int64, _ type: T.Type) throws -> T {
        guard let narrow = T(exactly: value) else {
            throw StoreError(.constraint, "\(value) does not fit in \(T.bitWidth) bits")
        }
        return narrow
    }

    /// An integer of 1, 2, 4 or 8 bytes; a boolean counts as 0 or 1.
    static func integer(_ start: UnsafeRawPointer, _ length: Int) -> Int64 {
        switch length {
        case 8: Int64(bitPattern: UInt64(bigEndian: start.loadUnaligned(as: UInt64.self)))
        case 4: Int64(Int32(bitPattern: UInt32(bigEndian: start.loadUnaligned(as: UInt32.self))))
        case 2: Int64(Int16(bitPattern: UInt16(bigEndian: start.loadUnaligned(as: UInt16.self))))
        case 1: Int64(start.load(as: UInt8.self))
        default: 0
        }
    }

    /// A NUMERIC without a fraction (what SUM over BIGINT is): base-10,000 digits after count, weight, sign and scale.
    /// Nil when it has a fraction or does not fit.
    static func wholeNumeric(_ start: UnsafeRawPointer, _ length: Int) -> Int64? {
        guard length >= 8 else { return nil }
        func word(_ index: Int) -> Int {
            Int(UInt16(bigEndian: start.loadUnaligned(fromByteOffset: index * 2, as: UInt16.self)))
        }
        let count = word(0)
        let weight = Int(Int16(truncatingIfNeeded: word(1)))
        let sign = word(2)
        guard sign == 0 || sign == 0x4000, length >= 8 + count * 2, count <= weight + 1 || count == 0 else {
            return nil
        }
        var value: Int64 = 0
        for index in 0..<(count == 0 ? 0 : weight + 1) {
            let digit = index < count ? Int64(word(4 + index)) : 0
            let (product, tooLarge) = value.multipliedReportingOverflow(by: 10_000)
            let (sum, tooLow) = product.subtractingReportingOverflow(digit)
            guard !tooLarge, !tooLow else { return nil }
            value = sum
        }
        if sign == 0x4000 { return value }
        return value == .min ? nil : -value
    }
}
