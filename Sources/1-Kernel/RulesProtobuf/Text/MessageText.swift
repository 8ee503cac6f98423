/// Reads messages from protocol buffers' text format: https://protobuf.dev/reference/protobuf/textformat-spec
///
///     single_int64: 17  repeated_string: ["a", "b"]  [kontor.ext.note]: "x"
///     single_any { [type.googleapis.com/google.protobuf.Int64Value] { value: 3 } }
enum MessageText {
    static func read(_ text: String, _ name: String, schema: ProtobufSchema) throws(ProtobufError) -> DynamicMessage {
        var reader = TextReader(bytes: Array(text.utf8))
        var message = try DynamicMessage(named: name, schema: schema)
        try reader.fields(into: &message, until: nil, depth: 0)
        return message
    }

    /// Reads a text that is one Any in its expanded form, `[type.googleapis.com/shop.Cart] { … }`, and gives the
    /// message in it.
    static func readAny(_ text: String, schema: ProtobufSchema) throws(ProtobufError) -> DynamicMessage {
        try read(text, "google.protobuf.Any", schema: schema).unpackedAny()
    }
}

private struct TextReader {
    private enum Token: Equatable {
        case word(String)
        case text([UInt8])
        case symbol(UInt8)
        case end
    }

    private let bytes: [UInt8]
    private var position = 0

    init(bytes: [UInt8]) { self.bytes = bytes }

    private func failure(_ what: String) -> ProtobufError {
        ProtobufError(.malformedMessage, "not text format at byte \(position): \(what)")
    }

    private var next: UInt8? { position < bytes.count ? bytes[position] : nil }

    private mutating func skipSpace() {
        while let byte = next {
            if byte == UInt8(ascii: "#") {
                while let byte = next, byte != UInt8(ascii: "\n") { position += 1 }
            } else if byte == 0x20 || (0x09...0x0D).contains(byte) {
                position += 1
            } else {
                return
            }
        }
    }

    private mutating func take(_ character: Character) -> Bool {
        skipSpace()
        guard let byte = next, byte == character.asciiValue else { return false }
        position += 1
        return true
    }

    private static func isWord(_ byte: UInt8) -> Bool {
        switch byte {
        case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
            UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "_"), UInt8(ascii: "."), UInt8(ascii: "-"),
            UInt8(ascii: "+"), UInt8(ascii: "/"):
            true
        default: false
        }
    }

    private mutating func word() throws(ProtobufError) -> String {
        skipSpace()
        let start = position
        while let byte = next, Self.isWord(byte) { position += 1 }
        guard position > start else { throw failure("a name or a number is expected") }
        return String(decoding: bytes[start..<position], as: UTF8.self)
    }

    /// One or more quoted texts that stand beside one another.
    private mutating func text() throws(ProtobufError) -> [UInt8]? {
        var out: [UInt8]?
        while true {
            skipSpace()
            guard let quote = next, quote == UInt8(ascii: "\"") || quote == UInt8(ascii: "'") else { return out }
            position += 1
            let start = position
            while let byte = next, byte != quote { position += byte == UInt8(ascii: "\\") ? 2 : 1 }
            guard next == quote else { throw failure("a text does not end") }
            let raw = String(decoding: bytes[start..<position], as: UTF8.self)
            out = (out ?? []) + (try CEscapes.decode(raw))
            position += 1
        }
    }

    mutating func fields(
        into message: inout DynamicMessage, until end: Character?, depth: Int
    ) throws(ProtobufError) {
        guard depth < DynamicMessage.maximumDepth else {
            throw ProtobufError(.depth, "messages nest deeper than \(DynamicMessage.maximumDepth)")
        }
        while true {
            while take(",") || take(";") {}
            skipSpace()
            if let end {
                if take(end) { return }
                if next == nil { throw failure("a message does not end") }
            } else if next == nil {
                return
            }
            try field(into: &message, depth: depth)
        }
    }

    private mutating func field(into message: inout DynamicMessage, depth: Int) throws(ProtobufError) {
        if take("[") {
            let name = try word()
            guard take("]") else { throw failure("']' is expected") }
            _ = take(":")
            if let slash = name.lastIndex(of: "/") {
                // The expanded form of an Any: its type's address and its message.
                let type = String(name[name.index(after: slash)...])
                let inner = try self.message(type, message.schema, depth: depth)
                message = try inner.packedAny()
                return
            }
            guard let field = message.field(named: name) else { throw unknown(name, message) }
            return try value(of: field, into: &message, depth: depth)
        }
        let name = try word()
        let descriptor = message.descriptor
        // A group is written with the name of its type.
        let found = descriptor.field(named: name) ?? descriptor.field(named: name.lowercased())
        guard let field = found else { throw unknown(name, message) }
        _ = take(":")
        try value(of: field, into: &message, depth: depth)
    }

    private func unknown(_ name: String, _ message: DynamicMessage) -> ProtobufError {
        ProtobufError(.unknownField, "'\(message.typeName)' has no field '\(name)'")
    }

    private mutating func value(
        of field: FieldDescriptor, into message: inout DynamicMessage, depth: Int
    ) throws(ProtobufError) {
        if case .singular = field.shape {
            return message.set(field, try value(field.kind, message.schema, depth: depth))
        }
        guard take("[") else { return try add(field, &message, depth) }
        if take("]") { return }
        repeat { try add(field, &message, depth) } while take(",")
        guard take("]") else { throw failure("']' is expected") }
    }

    /// One element of a repeated field or one entry of a map.
    private mutating func add(
        _ field: FieldDescriptor, _ message: inout DynamicMessage, _ depth: Int
    ) throws(ProtobufError) {
        guard case .map(let keyKind, let valueKind) = field.shape, let entry = field.kind.messageName else {
            return message.append(field, try value(field.kind, message.schema, depth: depth))
        }
        let schema = message.schema
        let read = try self.message(entry, schema, depth: depth)
        let key = read.named("key") ?? keyKind.zero(schema)
        guard let key = key.flatMap(ProtobufValue.Key.init), let mapped = read.named("value") ?? valueKind.zero(schema)
        else { throw failure("an entry of a map is expected") }
        message.insert(field, key, mapped)
    }

    private mutating func message(
        _ name: String, _ schema: ProtobufSchema, depth: Int
    ) throws(ProtobufError) -> DynamicMessage {
        var message = try DynamicMessage(named: name, schema: schema)
        if take("{") {
            try fields(into: &message, until: "}", depth: depth + 1)
        } else if take("<") {
            try fields(into: &message, until: ">", depth: depth + 1)
        } else {
            throw failure("'{' is expected")
        }
        return message
    }

    private mutating func value(
        _ kind: FieldDescriptor.Kind, _ schema: ProtobufSchema, depth: Int
    ) throws(ProtobufError) -> ProtobufValue {
        switch kind {
        case .message(let name), .group(let name): return .message(try message(name, schema, depth: depth))
        case .string:
            guard let bytes = try text(), let text = String(validating: bytes, as: UTF8.self) else {
                throw failure("a text is expected")
            }
            return .string(text)
        case .bytes:
            guard let bytes = try text() else { throw failure("a text is expected") }
            return .bytes(bytes)
        default: break
        }
        let negative = take("-")
        let word = (negative ? "-" : "") + (try word())
        switch kind {
        case .bool:
            switch word {
            case "true", "True", "t", "1": return .bool(true)
            case "false", "False", "f", "0": return .bool(false)
            default: throw failure("true or false is expected")
            }
        case .float, .double:
            let bare =
                word.hasSuffix("f") && word.last != word.first && !word.hasSuffix("inf") ? word.dropLast() : word[...]
            guard let number = Double(bare) else { throw failure("a number is expected") }
            if case .float = kind { return .double(Double(Float(number))) }
            return .double(number)
        case .enumeration(let name):
            guard let number = schema.enumeration(name)?.number(of: word) ?? Int32(word) else {
                throw failure("a constant of '\(name)' is expected")
            }
            return .int(Int64(number))
        case .uint32, .uint64, .fixed32, .fixed64:
            guard let number = Self.unsigned(word) else { throw failure("a whole number is expected") }
            return .uint(number)
        default:
            if let number = Int64(word) { return .int(number) }
            let digits = word.hasPrefix("-") ? String(word.dropFirst()) : word
            guard let magnitude = Self.unsigned(digits), magnitude <= UInt64(Int64.max) else {
                throw failure("a whole number is expected")
            }
            return .int(word.hasPrefix("-") ? -Int64(magnitude) : Int64(magnitude))
        }
    }

    /// Decimal, hexadecimal (`0x1f`) or octal (`017`).
    private static func unsigned(_ word: String) -> UInt64? {
        if word.hasPrefix("0x") || word.hasPrefix("0X") { return UInt64(word.dropFirst(2), radix: 16) }
        if word.hasPrefix("0"), word.utf8.count > 1 { return UInt64(word, radix: 8) }
        return UInt64(word)
    }
}
