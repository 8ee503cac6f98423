import Clibpq
import Store

/// The values of one statement in binary format, in one buffer that is used again and again.
final class Parameters {
    private var bytes: [UInt8] = []
    private var places: [(start: Int, length: Int32)] = []
    private var formats: [Int32] = []
    private var lengths: [Int32] = []
    private var pointers: [UnsafePointer<CChar>?] = []

    func reset() {
        bytes.removeAll(keepingCapacity: true)
        places.removeAll(keepingCapacity: true)
        formats.removeAll(keepingCapacity: true)
    }

    /// Throws `constraint` when the value does not fit the column's type.
    func append(_ value: SQLValue, as type: Oid) throws {
        let start = bytes.count
        // A type that is not ours (NUMERIC, xid8, tsvector) is given as text, which every type can read.
        var isBinary = true
        switch value {
        case .null:
            places.append((start, -1))
            formats.append(1)
            return
        case .integer(let value):
            switch type {
            case PostgreSQLType.int8, PostgreSQLType.int4, PostgreSQLType.int2, PostgreSQLType.bool, PostgreSQLType.oid:
                try BinaryFormat.append(value, as: type, to: &bytes)
            default:
                isBinary = false
                bytes.append(contentsOf: String(value).utf8)
            }
        case .text(let value):
            isBinary = type == PostgreSQLType.text || type == PostgreSQLType.varchar
            bytes.append(contentsOf: value.utf8)
        case .bytes(let value):
            bytes.append(contentsOf: value)
        }
        places.append((start, Int32(bytes.count - start)))
        formats.append(isBinary ? 1 : 0)
        // libpq reads a value in text format up to its zero.
        if !isBinary { bytes.append(0) }
    }

    /// Appends an array of one dimension whose elements are already in `content`: length and bytes of each.
    func appendArray(of element: Oid, count: Int, hasNulls: Bool, content: [UInt8]) {
        let start = bytes.count
        BinaryFormat.append(Int32(1), to: &bytes)
        BinaryFormat.append(Int32(hasNulls ? 1 : 0), to: &bytes)
        BinaryFormat.append(Int32(bitPattern: element), to: &bytes)
        BinaryFormat.append(Int32(count), to: &bytes)
        BinaryFormat.append(Int32(1), to: &bytes)
        bytes.append(contentsOf: content)
        places.append((start, Int32(bytes.count - start)))
        formats.append(1)
    }

    func withPointers(
        _ body: (
            UnsafePointer<UnsafePointer<CChar>?>?, UnsafePointer<Int32>?, UnsafePointer<Int32>?, Int32
        ) -> Int32
    ) -> Int32 {
        lengths.removeAll(keepingCapacity: true)
        pointers.removeAll(keepingCapacity: true)
        // An empty value needs an address, because a null pointer means NULL.
        if bytes.isEmpty { bytes.append(0) }
        return bytes.withUnsafeBytes { buffer in
            let base = buffer.baseAddress?.assumingMemoryBound(to: CChar.self)
            for place in places {
                pointers.append(place.length < 0 ? nil : base.map { $0 + min(place.start, buffer.count - 1) })
                lengths.append(max(0, place.length))
            }
            return pointers.withUnsafeBufferPointer { pointers in
                lengths.withUnsafeBufferPointer { lengths in
                    formats.withUnsafeBufferPointer { formats in
                        body(pointers.baseAddress, lengths.baseAddress, formats.baseAddress, Int32(places.count))
                    }
                }
            }
        }
    }
}
