extension Value: CustomStringConvertible {
    /// The value as an expression would write it, shortened when it is large; for people, not for programs.
    public var description: String {
        var text = ""
        write(to: &text, depth: 0)
        return text
    }

    /// So many elements are shown, and so many levels.
    private static let shown = (elements: 100, levels: 10, characters: 10_000)

    private func write(to text: inout String, depth: Int) {
        if depth > Self.shown.levels || text.utf8.count > Self.shown.characters {
            text += "…"
            return
        }
        switch self {
        case .null: text += "null"
        case .bool(let flag): text += flag ? "true" : "false"
        case .int(let number): text += "\(number)"
        case .uint(let number): text += "\(number)u"
        case .double(let number): text += number.description
        case .string(let string): text += Value.quoted(string)
        case .bytes(let bytes):
            text += "b\"" + bytes.prefix(Self.shown.characters).map(Value.escaped).joined() + "\""
        case .list(let list):
            text += "["
            for index in 0..<min(list.count, Self.shown.elements) {
                if index > 0 { text += ", " }
                list[index].write(to: &text, depth: depth + 1)
            }
            text += list.count > Self.shown.elements ? ", …]" : "]"
        case .map(let map):
            text += "{"
            for (index, entry) in map.entries.prefix(Self.shown.elements).enumerated() {
                if index > 0 { text += ", " }
                entry.key.write(to: &text, depth: depth + 1)
                text += ": "
                entry.value.write(to: &text, depth: depth + 1)
            }
            text += map.count > Self.shown.elements ? ", …}" : "}"
        case .timestamp(let time): text += "timestamp(\(time.seconds)s + \(time.nanos)ns)"
        case .duration(let span): text += "duration(\(span.seconds)s + \(span.nanos)ns)"
        case .type(let type): text += type.runtimeName
        case .optional(let optional):
            guard let wrapped = optional.wrapped else {
                text += "optional.none()"
                return
            }
            text += "optional.of("
            wrapped.write(to: &text, depth: depth + 1)
            text += ")"
        case .object(let object): text += "\(object)"
        }
    }

    static func quoted(_ string: String) -> String {
        var text = "\""
        for scalar in string.unicodeScalars.prefix(shown.characters) {
            switch scalar {
            case "\"": text += "\\\""
            case "\\": text += "\\\\"
            case "\n": text += "\\n"
            case "\r": text += "\\r"
            case "\t": text += "\\t"
            default: text.unicodeScalars.append(scalar)
            }
        }
        return text + "\""
    }

    private static func escaped(_ byte: UInt8) -> String {
        if byte >= 0x20, byte < 0x7F, byte != UInt8(ascii: "\""), byte != UInt8(ascii: "\\") {
            return String(UnicodeScalar(byte))
        }
        let digits = String(byte, radix: 16)
        return "\\x" + (digits.count == 1 ? "0" : "") + digits
    }
}
