import Glibc

/// JSON as the corpus states what a correct reader reports. Foundation stays out: its ICU and libxml2's do not go
/// together in one module.
indirect enum JSON: Equatable {
    case null, bool(Bool), number(String), string(String), array([JSON]), object([String: JSON])

    subscript(_ key: String) -> JSON? { if case .object(let members) = self { members[key] } else { nil } }
    subscript(_ index: Int) -> JSON? {
        if case .array(let items) = self, index < items.count { items[index] } else { nil }
    }

    var string: String? { if case .string(let text) = self { text } else { nil } }
    var items: [JSON] { if case .array(let items) = self { items } else { [] } }
    var members: [String: JSON] { if case .object(let members) = self { members } else { [:] } }
    var int: Int? { if case .number(let text) = self { Int(text) } else { nil } }

    init(_ text: String) {
        var reader = Reader(bytes: Array(text.utf8))
        self = reader.value()
    }

    private struct Reader {
        let bytes: [UInt8]
        var at = 0

        mutating func value() -> JSON {
            skip()
            guard at < bytes.count else { return .null }
            switch bytes[at] {
            case UInt8(ascii: "{"): return object()
            case UInt8(ascii: "["): return array()
            case UInt8(ascii: "\""): return .string(text())
            default:
                let word = String(decoding: bytes[at...].prefix { !",]} \n".utf8.contains($0) }, as: UTF8.self)
                at += word.utf8.count
                return word == "null"
                    ? .null : word == "true" || word == "false" ? .bool(word == "true") : .number(word)
            }
        }

        private mutating func object() -> JSON {
            var members: [String: JSON] = [:]
            at += 1
            while true {
                skip()
                guard at < bytes.count, bytes[at] != UInt8(ascii: "}") else { break }
                if bytes[at] == UInt8(ascii: ",") { at += 1; continue }
                let key = text()
                skip()
                at += 1
                members[key] = value()
            }
            at += 1
            return .object(members)
        }

        private mutating func array() -> JSON {
            var items: [JSON] = []
            at += 1
            while true {
                skip()
                guard at < bytes.count, bytes[at] != UInt8(ascii: "]") else { break }
                if bytes[at] == UInt8(ascii: ",") { at += 1; continue }
                items.append(value())
            }
            at += 1
            return .array(items)
        }

        /// The corpus has no escapes but quotes, slashes and `\uXXXX` below the surrogates.
        private mutating func text() -> String {
            var result = ""
            var plain: [UInt8] = []
            at += 1
            while at < bytes.count, bytes[at] != UInt8(ascii: "\"") {
                if bytes[at] == UInt8(ascii: "\\") {
                    at += 1
                    if bytes[at] == UInt8(ascii: "u"),
                        let code = UInt32(String(decoding: bytes[at + 1...at + 4], as: UTF8.self), radix: 16)
                    {
                        plain += Array(String(Unicode.Scalar(code).map(Character.init) ?? "?").utf8)
                        at += 4
                    } else {
                        plain.append(bytes[at])
                    }
                } else {
                    plain.append(bytes[at])
                }
                at += 1
            }
            at += 1
            result = String(decoding: plain, as: UTF8.self)
            return result
        }

        private mutating func skip() { while at < bytes.count, bytes[at] == 32 || bytes[at] == 10 { at += 1 } }
    }
}

extension Corpus {
    /// What `expected.jsonl` states of the files of a folder: path and expectation.
    static func expected(in folder: String) -> [(path: String, expected: JSON)] {
        guard isThere, let file = fopen(file("expected.jsonl"), "r") else { return [] }
        defer { fclose(file) }
        var bytes: [UInt8] = []
        var chunk = [UInt8](repeating: 0, count: 1 << 16)
        while case let count = fread(&chunk, 1, chunk.count, file), count > 0 { bytes += chunk[..<count] }
        return bytes.split(separator: 10).compactMap { line in
            let json = JSON(String(decoding: line, as: UTF8.self))
            guard let path = json["path"]?.string, path.hasPrefix(folder + "/"), let expected = json["expected"] else {
                return nil
            }
            return (path, expected)
        }
    }
}
