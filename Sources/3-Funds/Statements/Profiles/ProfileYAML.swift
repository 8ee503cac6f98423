import Yams

/// One mapping of a profile, read strictly: a key that nobody asks for is an error that names it.
struct ProfileYAML {
    private let values: [String: Node]
    private let path: String
    let line: Int?

    init(_ node: Node, path: String, keys: Set<String>) throws(StatementError) {
        line = node.mark?.line
        self.path = path
        guard let mapping = node.mapping else {
            throw StatementError.malformed("\(Self.shown(path)) has to be a mapping of keys", line: node.mark?.line)
        }
        var values: [String: Node] = [:]
        for (key, value) in mapping {
            guard let name = key.scalar?.string else {
                throw StatementError.malformed("\(Self.shown(path)) has a key that is no text", line: key.mark?.line)
            }
            guard keys.contains(name) else {
                throw StatementError.malformed(
                    "\(Self.shown(path)) has the unknown key \"\(name)\"; it may have "
                        + keys.sorted().joined(separator: ", "),
                    line: key.mark?.line)
            }
            values[name] = value
        }
        self.values = values
    }

    private static func shown(_ path: String) -> String { path.isEmpty ? "the profile" : path }

    private func at(_ key: String) -> String { path.isEmpty ? key : "\(path).\(key)" }

    subscript(_ key: String) -> Node? { values[key] }

    func fault(_ key: String, _ reason: String) -> StatementError {
        .malformed("\(at(key)) \(reason)", line: values[key]?.mark?.line ?? line)
    }

    func map(_ key: String, keys: Set<String>) throws(StatementError) -> ProfileYAML? {
        guard let node = values[key] else { return nil }
        return try ProfileYAML(node, path: at(key), keys: keys)
    }

    func text(_ key: String) throws(StatementError) -> String? {
        guard let node = values[key] else { return nil }
        guard let scalar = node.scalar else { throw fault(key, "has to be a text") }
        return scalar.string
    }

    func required(_ key: String) throws(StatementError) -> String {
        guard let text = try text(key), !text.isEmpty else { throw fault(key, "is missing") }
        return text
    }

    func bool(_ key: String) throws(StatementError) -> Bool? {
        guard let text = try text(key) else { return nil }
        switch text {
        case "true", "yes": return true
        case "false", "no": return false
        default: throw fault(key, "has to be true or false, not \(text)")
        }
    }

    func int(_ key: String, _ range: ClosedRange<Int>) throws(StatementError) -> Int? {
        guard let text = try text(key) else { return nil }
        guard let number = Int(text), range.contains(number) else {
            throw fault(key, "has to be a number from \(range.lowerBound) to \(range.upperBound), not \(text)")
        }
        return number
    }

    /// One character, for separators and quotes; `tab` and `none` by their names.
    func mark(_ key: String) throws(StatementError) -> UInt8? {
        guard let text = try text(key) else { return nil }
        if text == "tab" { return UInt8(ascii: "\t") }
        guard text.utf8.count == 1, let byte = text.utf8.first, byte < 0x80 else {
            throw fault(key, "has to be one character of ASCII, or tab, not \"\(text)\"")
        }
        return byte
    }

    /// A text or a list of texts.
    func texts(_ key: String) throws(StatementError) -> [String] {
        guard let node = values[key] else { return [] }
        if let scalar = node.scalar { return [scalar.string] }
        guard let sequence = node.sequence else { throw fault(key, "has to be a text or a list of texts") }
        var texts: [String] = []
        for item in sequence {
            guard let scalar = item.scalar else { throw fault(key, "has to be a list of texts") }
            texts.append(scalar.string)
        }
        return texts
    }

    func nodes(_ key: String) throws(StatementError) -> [Node] {
        guard let node = values[key] else { return [] }
        guard let sequence = node.sequence else { throw fault(key, "has to be a list") }
        return Array(sequence)
    }

    /// A name, several names of which one is there, or a place from 1.
    func column(_ key: String) throws(StatementError) -> ProfileColumn? {
        guard let node = values[key] else { return nil }
        if let scalar = node.scalar, scalar.style == .plain, let place = Int(scalar.string) {
            guard (1...4_096).contains(place) else { throw fault(key, "has to be a place from 1 to 4096") }
            return .place(place - 1)
        }
        let names = try texts(key)
        guard !names.isEmpty, names.allSatisfy({ !$0.isEmpty }) else { throw fault(key, "names no column") }
        return .named(names)
    }

    func requiredColumn(_ key: String) throws(StatementError) -> ProfileColumn {
        guard let column = try column(key) else { throw fault(key, "is missing") }
        return column
    }

    /// Keys of any name, with texts.
    func words(_ key: String) throws(StatementError) -> [(word: String, value: String)] {
        guard let node = values[key] else { return [] }
        guard let mapping = node.mapping else { throw fault(key, "has to be a mapping of words") }
        var words: [(String, String)] = []
        for (word, value) in mapping {
            guard let left = word.scalar?.string, let right = value.scalar?.string else {
                throw fault(key, "has to be a mapping of words")
            }
            words.append((left, right))
        }
        return words
    }
}
