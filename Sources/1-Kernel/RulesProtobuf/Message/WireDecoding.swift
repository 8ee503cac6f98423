// Reading the wire format: https://protobuf.dev/programming-guides/encoding

extension DynamicMessage {
    /// Reads a message of this type from its bytes.
    public init(named name: String, bytes: [UInt8], schema: ProtobufSchema) throws(ProtobufError) {
        try self.init(named: name, schema: schema)
        try merge(bytes)
    }

    /// Reads the fields of `bytes` into this message: later singular fields win, messages merge, repeated fields grow.
    public mutating func merge(_ bytes: [UInt8]) throws(ProtobufError) {
        var reader = WireReader(bytes: bytes, position: 0, end: bytes.count)
        try merge(&reader, depth: 0, group: nil)
    }

    private mutating func merge(_ reader: inout WireReader, depth: Int, group: UInt64?) throws(ProtobufError) {
        guard depth < Self.maximumDepth else {
            throw ProtobufError(.depth, "messages nest deeper than \(Self.maximumDepth)")
        }
        while reader.position < reader.end {
            let start = reader.position
            let tag = try reader.varint()
            guard tag >> 3 != 0, tag >> 3 <= 0x1FFF_FFFF else {
                throw ProtobufError(.malformedMessage, "field number \(tag >> 3) is not allowed")
            }
            if tag & 7 == 4 {
                guard let group, group == tag >> 3 else {
                    throw ProtobufError(.malformedMessage, "a group ends that did not begin")
                }
                return
            }
            if let field = field(numbered: Int32(tag >> 3)),
                try read(field, wireType: Int(tag & 7), &reader, depth: depth)
            {
                continue
            }
            try reader.skip(tag, depth: depth)
            unknown += reader.bytes[start..<reader.position]
        }
        if group != nil { throw ProtobufError(.malformedMessage, "a group does not end") }
    }

    /// Reads one occurrence of a known field. False when the wire type is not one of the field's: then it is unknown.
    private mutating func read(
        _ field: FieldDescriptor, wireType: Int, _ reader: inout WireReader, depth: Int
    ) throws(ProtobufError) -> Bool {
        switch field.shape {
        case .map(let keyKind, let valueKind):
            guard wireType == 2 else { return false }
            var entry = try reader.sub()
            try readEntry(field, keyKind, valueKind, &entry, depth: depth)
            return true
        case .repeated:
            if wireType == 2, field.kind.isPackable {
                var packed = try reader.sub()
                while packed.position < packed.end {
                    append(field, try packed.scalar(field.kind))
                }
                return true
            }
            guard wireType == field.kind.wireType else { return false }
            append(field, try value(field.kind, field.number, &reader, merging: nil, depth: depth))
            return true
        case .singular:
            guard wireType == field.kind.wireType else { return false }
            let known = self.value(field)?.asMessage
            set(field, try value(field.kind, field.number, &reader, merging: known, depth: depth))
            return true
        }
    }

    private mutating func readEntry(
        _ field: FieldDescriptor, _ keyKind: FieldDescriptor.Kind, _ valueKind: FieldDescriptor.Kind,
        _ entry: inout WireReader, depth: Int
    ) throws(ProtobufError) {
        var key = keyKind.zero(schema)
        var mapped = valueKind.zero(schema)
        while entry.position < entry.end {
            let tag = try entry.varint()
            switch (tag >> 3, Int(tag & 7)) {
            case (1, keyKind.wireType): key = try entry.scalar(keyKind)
            case (2, valueKind.wireType): mapped = try value(valueKind, 2, &entry, merging: nil, depth: depth)
            default: try entry.skip(tag, depth: depth)
            }
        }
        guard let key = key.flatMap(ProtobufValue.Key.init), let mapped else {
            throw ProtobufError(.malformedMessage, "a map's entry cannot be read")
        }
        insert(field, key, mapped)
    }

    private func value(
        _ kind: FieldDescriptor.Kind, _ number: Int32, _ reader: inout WireReader, merging known: DynamicMessage?,
        depth: Int
    ) throws(ProtobufError) -> ProtobufValue {
        switch kind {
        case .message(let name):
            var message = if let known { known } else { try DynamicMessage(named: name, schema: schema) }
            message.anys = anys
            var inner = try reader.sub()
            try message.merge(&inner, depth: depth + 1, group: nil)
            return .message(message)
        case .group(let name):
            var message = if let known { known } else { try DynamicMessage(named: name, schema: schema) }
            message.anys = anys
            try message.merge(&reader, depth: depth + 1, group: UInt64(number))
            return .message(message)
        default:
            return try reader.scalar(kind)
        }
    }
}

/// A cursor over the bytes of a message.
struct WireReader {
    let bytes: [UInt8]
    var position: Int
    let end: Int

    private func truncated() -> ProtobufError { ProtobufError(.malformedMessage, "the message ends too early") }

    mutating func varint() throws(ProtobufError) -> UInt64 {
        var result: UInt64 = 0
        var shift: UInt64 = 0
        while position < end, shift < 64 {
            let byte = bytes[position]
            position += 1
            result |= UInt64(byte & 0x7F) << shift
            if byte < 0x80 { return result }
            shift += 7
        }
        throw truncated()
    }

    mutating func fixed(_ count: Int) throws(ProtobufError) -> UInt64 {
        guard end - position >= count else { throw truncated() }
        var result: UInt64 = 0
        for index in 0..<count { result |= UInt64(bytes[position + index]) << UInt64(8 * index) }
        position += count
        return result
    }

    mutating func sub() throws(ProtobufError) -> WireReader {
        let length = try varint()
        guard length <= UInt64(end - position) else { throw truncated() }
        let inner = WireReader(bytes: bytes, position: position, end: position + Int(length))
        position += Int(length)
        return inner
    }

    mutating func skip(_ tag: UInt64, depth: Int) throws(ProtobufError) {
        switch tag & 7 {
        case 0: _ = try varint()
        case 1: _ = try fixed(8)
        case 2: _ = try sub()
        case 5: _ = try fixed(4)
        case 3:
            guard depth < DynamicMessage.maximumDepth else {
                throw ProtobufError(.depth, "groups nest deeper than \(DynamicMessage.maximumDepth)")
            }
            while true {
                let inner = try varint()
                if inner & 7 == 4 {
                    guard inner >> 3 == tag >> 3 else {
                        throw ProtobufError(.malformedMessage, "a group ends that did not begin")
                    }
                    return
                }
                try skip(inner, depth: depth + 1)
            }
        default: throw ProtobufError(.malformedMessage, "wire type \(tag & 7) is not allowed")
        }
    }

    mutating func scalar(_ kind: FieldDescriptor.Kind) throws(ProtobufError) -> ProtobufValue {
        switch kind {
        case .double: return .double(Double(bitPattern: try fixed(8)))
        case .float: return .double(Double(Float(bitPattern: UInt32(truncatingIfNeeded: try fixed(4)))))
        case .int32, .enumeration: return .int(Int64(Int32(truncatingIfNeeded: try varint())))
        case .int64: return .int(Int64(bitPattern: try varint()))
        case .uint32: return .uint(UInt64(UInt32(truncatingIfNeeded: try varint())))
        case .uint64: return .uint(try varint())
        case .sint32:
            let raw = UInt32(truncatingIfNeeded: try varint())
            return .int(Int64(Int32(bitPattern: raw >> 1) ^ -Int32(bitPattern: raw & 1)))
        case .sint64:
            let raw = try varint()
            return .int(Int64(bitPattern: raw >> 1) ^ -Int64(bitPattern: raw & 1))
        case .fixed32: return .uint(try fixed(4))
        case .fixed64: return .uint(try fixed(8))
        case .sfixed32: return .int(Int64(Int32(truncatingIfNeeded: try fixed(4))))
        case .sfixed64: return .int(Int64(bitPattern: try fixed(8)))
        case .bool: return .bool(try varint() != 0)
        case .string:
            let inner = try sub()
            guard let text = String(validating: bytes[inner.position..<inner.end], as: UTF8.self) else {
                throw ProtobufError(.malformedMessage, "a string is not UTF-8")
            }
            return .string(text)
        case .bytes:
            let inner = try sub()
            return .bytes(Array(bytes[inner.position..<inner.end]))
        case .message, .group:
            throw ProtobufError(.malformedMessage, "a message stands where a scalar is expected")
        }
    }
}

extension FieldDescriptor.Kind {
    /// The wire type of one value: 0 varint, 1 eight bytes, 2 with a length, 3 group, 5 four bytes.
    var wireType: Int {
        switch self {
        case .int32, .int64, .uint32, .uint64, .sint32, .sint64, .bool, .enumeration: 0
        case .fixed64, .sfixed64, .double: 1
        case .string, .bytes, .message: 2
        case .group: 3
        case .fixed32, .sfixed32, .float: 5
        }
    }

    /// What a map's entry holds when its key or value is left out.
    func zero(_ schema: ProtobufSchema) -> ProtobufValue? {
        switch self {
        case .double, .float: .double(0)
        case .int32, .int64, .sint32, .sint64, .sfixed32, .sfixed64, .enumeration: .int(0)
        case .uint32, .uint64, .fixed32, .fixed64: .uint(0)
        case .bool: .bool(false)
        case .string: .string("")
        case .bytes: .bytes([])
        case .message(let name), .group(let name):
            schema.message(name).map { .message(DynamicMessage($0, schema: schema)) }
        }
    }
}
