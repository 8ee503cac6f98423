/// Reads a pattern in RE2's syntax. Whatever RE2 refuses is refused: backreferences and look-around above all.
struct PatternParser {
    struct Flags {
        var ignoresCase = false
        var isMultiline = false
        var dotTakesNewline = false
    }

    enum Limit {
        /// Scalars of a pattern.
        static let length = 4_096
        /// Groups inside one another, so that reading and compiling cannot exhaust the stack.
        static let depth = 200
        /// Ranges that all classes of a pattern have together.
        static let ranges = 100_000
    }

    let scalars: [Unicode.Scalar]
    var position = 0
    var flags = Flags()
    private var groupNames: Set<String> = []
    private var ranges = 0

    static func parse(_ source: String) throws(PatternError) -> PatternNode {
        // A scalar takes at most four bytes, so this costs nothing for an endless pattern.
        guard source.utf8.count <= Limit.length * 4 else { throw PatternError("it is longer than 4096 characters") }
        var parser = PatternParser(scalars: Array(source.unicodeScalars))
        guard parser.scalars.count <= Limit.length else { throw PatternError("it is longer than 4096 characters") }
        let node = try parser.choice(depth: 0)
        if parser.position < parser.scalars.count { throw PatternError("unexpected )") }
        guard node.repeats(within: PatternNode.maximumRepeat) else {
            throw PatternError("repetitions inside one another exceed 1000 in all")
        }
        return node
    }

    private init(scalars: [Unicode.Scalar]) { self.scalars = scalars }

    // MARK: reading

    var next: Unicode.Scalar? { position < scalars.count ? scalars[position] : nil }

    func peek(_ offset: Int) -> Unicode.Scalar? {
        position + offset < scalars.count ? scalars[position + offset] : nil
    }

    mutating func take(_ text: String) -> Bool {
        var index = position
        for scalar in text.unicodeScalars {
            guard index < scalars.count, scalars[index] == scalar else { return false }
            index += 1
        }
        position = index
        return true
    }

    func text(from start: Int) -> String {
        var text = String.UnicodeScalarView()
        text.append(contentsOf: scalars[start..<min(position, scalars.count)])
        return String(text)
    }

    // MARK: structure

    private mutating func choice(depth: Int) throws(PatternError) -> PatternNode {
        guard depth <= Limit.depth else { throw PatternError("groups stand more than \(Limit.depth) deep") }
        var branches = [try sequence(depth: depth)]
        while next == "|" {
            position += 1
            branches.append(try sequence(depth: depth))
        }
        return branches.count == 1 ? branches[0] : .choice(branches)
    }

    private mutating func sequence(depth: Int) throws(PatternError) -> PatternNode {
        var parts: [PatternNode] = []
        // Whether a repetition may follow: not at the start, after `(` or `|`, nor after flags.
        var isRepeatable = false
        var isRepeated = false
        while let scalar = next, scalar != "|", scalar != ")" {
            let start = position
            if let (minimum, maximum) = try repetition() {
                guard isRepeatable, let last = parts.popLast() else {
                    throw PatternError("nothing to repeat", text(from: start))
                }
                if isRepeated { throw PatternError("a repetition of a repetition", text(from: start)) }
                parts.append(.repetition(last, minimum: minimum, maximum: maximum))
                isRepeated = true
                continue
            }
            isRepeated = false
            if take("\\Q") {
                while position < scalars.count, !take("\\E") {
                    parts.append(try literal(scalars[position]))
                    position += 1
                }
                isRepeatable = !parts.isEmpty
            } else if let atom = try atom(depth: depth) {
                parts.append(atom)
                isRepeatable = true
            }
        }
        return parts.count == 1 ? parts[0] : parts.isEmpty ? .empty : .sequence(parts)
    }

    /// One part of a sequence; nil for flags, which leave nothing behind.
    private mutating func atom(depth: Int) throws(PatternError) -> PatternNode? {
        guard let scalar = next else { return .empty }
        switch scalar {
        case "(": return try group(depth: depth)
        case "[": return .set(try counted(bracketed()))
        case ".":
            position += 1
            return .set(try counted(flags.dotTakesNewline ? .everything : ScalarSet.newline.inverted))
        case "^":
            position += 1
            return .assertion(flags.isMultiline ? .lineStart : .textStart)
        case "$":
            position += 1
            return .assertion(flags.isMultiline ? .lineEnd : .textEnd)
        case "\\": return try escape()
        default:
            position += 1
            return try literal(scalar)
        }
    }

    private mutating func literal(_ scalar: Unicode.Scalar) throws(PatternError) -> PatternNode {
        .set(try counted(folded(ScalarSet(scalar.value))))
    }

    func folded(_ set: ScalarSet) -> ScalarSet { flags.ignoresCase ? set.foldingCase() : set }

    private mutating func counted(_ set: ScalarSet) throws(PatternError) -> ScalarSet {
        ranges += set.ranges.count
        guard ranges <= Limit.ranges else { throw PatternError("its classes have too many ranges") }
        return set
    }

    // MARK: groups

    private mutating func group(depth: Int) throws(PatternError) -> PatternNode? {
        let start = position
        position += 1
        let outer = flags
        if next == "?" {
            position += 1
            if take("P<") || (next == "<" && peek(1) != "=" && peek(1) != "!" && take("<")) {
                try groupName(from: start)
            } else if try readFlags(from: start) {
                return nil
            }
        }
        let inside = try choice(depth: depth + 1)
        guard next == ")" else { throw PatternError("missing )", text(from: start)) }
        position += 1
        flags = outer
        return inside
    }

    private mutating func groupName(from start: Int) throws(PatternError) {
        var name = ""
        while let scalar = next, scalar != ">" {
            name.unicodeScalars.append(scalar)
            position += 1
        }
        guard next == ">", !name.isEmpty, name.unicodeScalars.allSatisfy({ UnicodeClasses.word.contains($0.value) })
        else { throw PatternError("invalid name of a group", text(from: start)) }
        position += 1
        guard groupNames.insert(name).inserted else { throw PatternError("a group's name stands twice", name) }
    }

    /// Reads `i-s)` or `i-s:` after `(?`. True when the flags hold for the rest of the group around them.
    private mutating func readFlags(from start: Int) throws(PatternError) -> Bool {
        var isSet = true
        var needsFlag = false
        while let scalar = next {
            position += 1
            switch scalar {
            case "i": flags.ignoresCase = isSet
            case "m": flags.isMultiline = isSet
            case "s": flags.dotTakesNewline = isSet
            case "U": break  // Greed decides what is captured, never whether there is a match.
            case "-" where isSet:
                isSet = false
                needsFlag = true
                continue
            case ":" where !needsFlag: return false
            case ")" where !needsFlag: return true
            case "=", "!", "<": throw PatternError("look-around is not supported", text(from: start))
            default: throw PatternError("unknown or misplaced flag", text(from: start))
            }
            needsFlag = false
        }
        throw PatternError("missing )", text(from: start))
    }

    // MARK: repetitions

    private mutating func repetition() throws(PatternError) -> (Int, Int?)? {
        let start = position
        let found: (Int, Int?)
        switch next {
        case "*": found = (0, nil)
        case "+": found = (1, nil)
        case "?": found = (0, 1)
        case "{":
            guard let counted = try count() else { return nil }
            found = counted
            position -= 1
        default: return nil
        }
        position += 1
        // A lazy repetition matches the same texts.
        if next == "?" { position += 1 }
        if found.0 > PatternNode.maximumRepeat || found.1 ?? 0 > PatternNode.maximumRepeat
            || found.0 > found.1 ?? found.0
        {
            throw PatternError("invalid count of a repetition", text(from: start))
        }
        return found
    }

    /// `{n}`, `{n,}` or `{n,m}`; anything else after a brace means the brace itself.
    private mutating func count() throws(PatternError) -> (Int, Int?)? {
        let start = position
        position += 1
        guard let minimum = number() else {
            position = start
            return nil
        }
        var maximum: Int? = minimum
        if next == "," {
            position += 1
            maximum = next == "}" ? nil : number()
            if maximum == nil, next != "}" {
                position = start
                return nil
            }
        }
        guard next == "}" else {
            position = start
            return nil
        }
        position += 1
        return (minimum, maximum)
    }

    private mutating func number() -> Int? {
        let start = position
        var number = 0
        while let digit = next, ("0"..."9").contains(digit) {
            // Beyond the limit the number no longer matters.
            number = min(number * 10 + Int(digit.value - 0x30), 100_000)
            position += 1
        }
        // RE2 reads `{01}` as text.
        if position - start > 1, scalars[start] == "0" { return nil }
        return position > start ? number : nil
    }
}
