// Writing the wire format: fields in the order of their numbers, then the unknown bytes; maps in the order of their
// keys, so that equal messages give equal bytes.

extension DynamicMessage {
    /// The message's bytes.
    public func encoded() -> [UInt8] {
        var out: [UInt8] = []
        encode(into: &out)
        return out
    }

    private func encode(into out: inout [UInt8]) {
        for (field, value) in setFields {
            switch (field.shape, value) {
            case (.map(let keyKind, let valueKind), .map(let entries)):
                for (key, mapped) in entries.sorted(by: { $0.key < $1.key }) {
                    var entry: [UInt8] = []
                    write(&entry, 1, keyKind, key.asValue)
                    write(&entry, 2, valueKind, mapped)
                    tag(&out, field.number, 2)
                    varint(&out, UInt64(entry.count))
                    out += entry
                }
            case (.repeated, .list(let values)) where field.isPacked:
                var packed: [UInt8] = []
                for value in values { scalar(&packed, field.kind, value) }
                tag(&out, field.number, 2)
                varint(&out, UInt64(packed.count))
                out += packed
            case (.repeated, .list(let values)):
                for value in values { write(&out, field.number, field.kind, value) }
            default:
                write(&out, field.number, field.kind, value)
            }
        }
        out += unknown
    }

    private func write(_ out: inout [UInt8], _ number: Int32, _ kind: FieldDescriptor.Kind, _ value: ProtobufValue) {
        tag(&out, number, kind.wireType)
        if case .message(let message) = value {
            if case .group = kind {
                message.encode(into: &out)
                tag(&out, number, 4)
            } else {
                var inner: [UInt8] = []
                message.encode(into: &inner)
                varint(&out, UInt64(inner.count))
                out += inner
            }
        } else {
            scalar(&out, kind, value)
        }
    }

    private func tag(_ out: inout [UInt8], _ number: Int32, _ wireType: Int) {
        varint(&out, UInt64(number) << 3 | UInt64(wireType))
    }

    private func varint(_ out: inout [UInt8], _ value: UInt64) {
        var rest = value
        while rest >= 0x80 {
            out.append(UInt8(truncatingIfNeeded: rest) | 0x80)
            rest >>= 7
        }
        out.append(UInt8(rest))
    }

    private func fixed(_ out: inout [UInt8], _ value: UInt64, _ count: Int) {
        for index in 0..<count { out.append(UInt8(truncatingIfNeeded: value >> UInt64(8 * index))) }
    }

    private func scalar(_ out: inout [UInt8], _ kind: FieldDescriptor.Kind, _ value: ProtobufValue) {
        switch (kind, value) {
        case (.float, .double(let value)): fixed(&out, UInt64(Float(value).bitPattern), 4)
        case (_, .double(let value)): fixed(&out, value.bitPattern, 8)
        case (.sint32, .int(let value)), (.sint64, .int(let value)):
            varint(&out, UInt64(bitPattern: value << 1 ^ value >> 63))
        case (.sfixed32, .int(let value)): fixed(&out, UInt64(bitPattern: value), 4)
        case (.sfixed64, .int(let value)): fixed(&out, UInt64(bitPattern: value), 8)
        case (_, .int(let value)): varint(&out, UInt64(bitPattern: value))
        case (.fixed32, .uint(let value)): fixed(&out, value, 4)
        case (.fixed64, .uint(let value)): fixed(&out, value, 8)
        case (_, .uint(let value)): varint(&out, value)
        case (_, .bool(let value)): out.append(value ? 1 : 0)
        case (_, .string(let text)):
            varint(&out, UInt64(text.utf8.count))
            out += text.utf8
        case (_, .bytes(let bytes)):
            varint(&out, UInt64(bytes.count))
            out += bytes
        case (_, .message), (_, .list), (_, .map), (_, .enumName):
            // These never stand in a scalar field: `set` is only reached through conversions that check the kind.
            break
        }
    }
}

extension ProtobufValue.Key: Comparable {
    static func < (left: Self, right: Self) -> Bool {
        switch (left, right) {
        case (.int(let a), .int(let b)): a < b
        case (.uint(let a), .uint(let b)): a < b
        case (.bool(let a), .bool(let b)): !a && b
        case (.string(let a), .string(let b)): a.utf8.lexicographicallyPrecedes(b.utf8)
        default: left.rank < right.rank
        }
    }

    private var rank: Int {
        switch self {
        case .bool: 0
        case .int: 1
        case .uint: 2
        case .string: 3
        }
    }
}
