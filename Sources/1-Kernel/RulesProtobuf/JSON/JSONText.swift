/// A JSON document, with its numbers as they were written: an int64 must not pass through a double.
public indirect enum JSONText: Sendable, Equatable {
    case null
    case bool(Bool)
    case number(String)
    case string(String)
    case array([JSONText])
    case object([Member])

    /// One `"name": value`; members keep their order.
    public struct Member: Sendable, Equatable {
        public let name: String
        public let value: JSONText
    }

    /// How deep arrays and objects may nest.
    static let maximumDepth = 200

    /// Reads one document.
    /// - Throws: `ProtobufError` with the byte at which it stops being JSON.
    public init(parsing text: String) throws(ProtobufError) {
        var reader = JSONReader(bytes: Array(text.utf8))
        self = try reader.document()
    }

    public subscript(name: String) -> JSONText? {
        guard case .object(let members) = self else { return nil }
        return members.last { $0.name == name }?.value
    }

    /// The first of several names that is there and not null.
    subscript(names: [String]) -> JSONText? {
        for name in names {
            if let found = self[name], found != .null { return found }
        }
        return nil
    }

    public var text: String? { if case .string(let text) = self { text } else { nil } }
    public var elements: [JSONText]? { if case .array(let elements) = self { elements } else { nil } }
    public var members: [Member]? { if case .object(let members) = self { members } else { nil } }
    var flag: Bool? { if case .bool(let flag) = self { flag } else { nil } }

    /// The text of a string or of a number.
    var scalarText: String? {
        switch self {
        case .string(let text), .number(let text): text
        default: nil
        }
    }
}

private struct JSONReader {
    let bytes: [UInt8]
    var position = 0

    init(bytes: [UInt8]) { self.bytes = bytes }

    mutating func document() throws(ProtobufError) -> JSONText {
        let value = try value(0)
        skipSpace()
        guard position == bytes.count else { throw failure("something stands after the document") }
        return value
    }

    private func failure(_ what: String) -> ProtobufError {
        ProtobufError(.malformedMessage, "not JSON at byte \(position): \(what)")
    }

    private var next: UInt8? { position < bytes.count ? bytes[position] : nil }

    private mutating func skipSpace() {
        while let byte = next, byte == 0x20 || (0x09...0x0D).contains(byte) { position += 1 }
    }

    private mutating func take(_ character: Character) -> Bool {
        skipSpace()
        guard let byte = next, byte == character.asciiValue else { return false }
        position += 1
        return true
    }

    private mutating func value(_ depth: Int) throws(ProtobufError) -> JSONText {
        guard depth < JSONText.maximumDepth else { throw failure("it nests too deeply") }
        skipSpace()
        switch next {
        case UInt8(ascii: "{"): return try object(depth)
        case UInt8(ascii: "["): return try array(depth)
        case UInt8(ascii: "\""): return .string(try string())
        case UInt8(ascii: "t"): return try word("true", .bool(true))
        case UInt8(ascii: "f"): return try word("false", .bool(false))
        case UInt8(ascii: "n"): return try word("null", .null)
        case nil: throw failure("it ends too early")
        default: return try number()
        }
    }

    private mutating func word(_ text: String, _ value: JSONText) throws(ProtobufError) -> JSONText {
        guard bytes[position...].starts(with: text.utf8) else { throw failure("a value is expected") }
        position += text.utf8.count
        return value
    }

    private mutating func object(_ depth: Int) throws(ProtobufError) -> JSONText {
        position += 1
        var members: [JSONText.Member] = []
        if take("}") { return .object(members) }
        repeat {
            skipSpace()
            guard next == UInt8(ascii: "\"") else { throw failure("a name is expected") }
            let name = try string()
            guard take(":") else { throw failure("':' is expected") }
            members.append(JSONText.Member(name: name, value: try value(depth + 1)))
        } while take(",")
        guard take("}") else { throw failure("'}' is expected") }
        return .object(members)
    }

    private mutating func array(_ depth: Int) throws(ProtobufError) -> JSONText {
        position += 1
        var elements: [JSONText] = []
        if take("]") { return .array(elements) }
        repeat { elements.append(try value(depth + 1)) } while take(",")
        guard take("]") else { throw failure("']' is expected") }
        return .array(elements)
    }

    private mutating func number() throws(ProtobufError) -> JSONText {
        let start = position
        while let byte = next, "+-.eE0123456789".utf8.contains(byte) { position += 1 }
        let text = String(decoding: bytes[start..<position], as: UTF8.self)
        guard Double(text) != nil else { throw failure("a value is expected") }
        return .number(text)
    }

    private mutating func string() throws(ProtobufError) -> String {
        position += 1
        var out: [UInt8] = []
        while let byte = next {
            position += 1
            switch byte {
            case UInt8(ascii: "\""):
                guard let text = String(validating: out, as: UTF8.self) else { throw failure("a text is not UTF-8") }
                return text
            case UInt8(ascii: "\\"): try escape(&out)
            default: out.append(byte)
            }
        }
        throw failure("a text does not end")
    }

    private mutating func escape(_ out: inout [UInt8]) throws(ProtobufError) {
        guard let byte = next else { throw failure("a text does not end") }
        position += 1
        switch byte {
        case UInt8(ascii: "n"): out.append(10)
        case UInt8(ascii: "t"): out.append(9)
        case UInt8(ascii: "r"): out.append(13)
        case UInt8(ascii: "b"): out.append(8)
        case UInt8(ascii: "f"): out.append(12)
        case UInt8(ascii: "u"):
            var point = try hex()
            if (0xD800..<0xDC00).contains(point), bytes[position...].starts(with: "\\u".utf8) {
                position += 2
                let low = try hex()
                // A pair of surrogates is one character beyond the first 65,536; other pairs are refused below.
                point = (0xDC00..<0xE000).contains(low) ? 0x10000 + (point - 0xD800) << 10 + (low - 0xDC00) : 0xD800
            }
            guard let scalar = UnicodeScalar(point) else { throw failure("half a surrogate pair") }
            out += Array(String(Character(scalar)).utf8)
        default: out.append(byte)
        }
    }

    private mutating func hex() throws(ProtobufError) -> UInt32 {
        guard position + 4 <= bytes.count,
            let number = UInt32(String(decoding: bytes[position..<position + 4], as: UTF8.self), radix: 16)
        else { throw failure("'\\u' takes four hexadecimal digits") }
        position += 4
        return number
    }
}

extension JSONText: CustomStringConvertible {
    /// The document on one line.
    public var description: String {
        switch self {
        case .null: "null"
        case .bool(let flag): flag ? "true" : "false"
        case .number(let text): text
        case .string(let text): Self.quoted(text)
        case .array(let elements): "[" + elements.map(\.description).joined(separator: ",") + "]"
        case .object(let members):
            "{" + members.map { Self.quoted($0.name) + ":" + $0.value.description }.joined(separator: ",") + "}"
        }
    }

    private static func quoted(_ text: String) -> String {
        var out = "\""
        for scalar in text.unicodeScalars {
            switch scalar {
            case "\"": out += "\\\""
            case "\\": out += "\\\\"
            case "\n": out += "\\n"
            case "\r": out += "\\r"
            case "\t": out += "\\t"
            case "\u{0}"..<"\u{20}":
                let digits = String(scalar.value, radix: 16)
                out += "\\u" + String(repeating: "0", count: 4 - digits.count) + digits
            default: out.unicodeScalars.append(scalar)
            }
        }
        return out + "\""
    }
}
