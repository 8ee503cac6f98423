extension PatternParser {
    // MARK: escapes

    /// What a backslash begins, outside of a bracketed class.
    mutating func escape() throws(PatternError) -> PatternNode? {
        let start = position
        switch peek(1) {
        case "A": return assertion(.textStart)
        case "z": return assertion(.textEnd)
        case "b": return assertion(.wordBoundary)
        case "B": return assertion(.noWordBoundary)
        // An end without a beginning is read as nothing.
        case "E":
            position += 2
            return nil
        case "C":
            position += 2
            throw PatternError("single bytes are not supported", text(from: start))
        default: break
        }
        if let set = try namedClass() { return .set(set) }
        return .set(folded(ScalarSet(try escapedScalar())))
    }

    private mutating func assertion(_ assertion: PatternNode.Assertion) -> PatternNode {
        position += 2
        return .assertion(assertion)
    }

    /// `\n`, `\x{1F600}`, `\052`, `\.`: an escape that stands for one scalar.
    private mutating func escapedScalar() throws(PatternError) -> UInt32 {
        let start = position
        position += 1
        guard let scalar = next else { throw PatternError("a backslash at the end") }
        position += 1
        switch scalar {
        case "a": return 0x07
        case "f": return 0x0C
        case "t": return 0x09
        case "n": return 0x0A
        case "r": return 0x0D
        case "v": return 0x0B
        case "x": return try hexadecimal(from: start)
        case "1"..."7":
            guard let following = next, ("0"..."7").contains(following) else { break }
            return octal(scalar)
        case "0": return octal(scalar)
        default:
            if scalar.value < 0x80, !UnicodeClasses.word.contains(scalar.value) || scalar == "_" { return scalar.value }
        }
        if ("1"..."9").contains(scalar) { throw PatternError("backreferences are not supported", text(from: start)) }
        throw PatternError("unknown escape", text(from: start))
    }

    /// Up to three octal digits, the first of which is read already.
    private mutating func octal(_ first: Unicode.Scalar) -> UInt32 {
        var number = first.value - 0x30
        for _ in 0..<2 {
            guard let digit = next, ("0"..."7").contains(digit) else { break }
            number = number * 8 + digit.value - 0x30
            position += 1
        }
        return number
    }

    private mutating func hexadecimal(from start: Int) throws(PatternError) -> UInt32 {
        var digits = ""
        let isBraced = take("{")
        while let digit = next, digit.properties.isASCIIHexDigit, isBraced ? digits.count < 8 : digits.count < 2 {
            digits.unicodeScalars.append(digit)
            position += 1
        }
        guard let number = UInt32(digits, radix: 16), number <= ScalarSet.highest,
            isBraced ? take("}") : digits.count == 2
        else { throw PatternError("invalid hexadecimal escape", text(from: start)) }
        return number
    }

    /// `\d`, `\S`, `\pL`, `\p{^Greek}`, `\P{Lu}`; nil when something else stands here.
    private mutating func namedClass() throws(PatternError) -> ScalarSet? {
        let start = position
        guard next == "\\", let letter = peek(1) else { return nil }
        let perl: ScalarSet
        switch letter {
        case "d", "D": perl = UnicodeClasses.digit
        case "s", "S": perl = UnicodeClasses.space
        case "w", "W": perl = UnicodeClasses.word
        case "p", "P": return try unicodeClass(from: start, isInverted: letter == "P")
        default: return nil
        }
        position += 2
        return letter.properties.isUppercase ? folded(perl).inverted : folded(perl)
    }

    private mutating func unicodeClass(from start: Int, isInverted: Bool) throws(PatternError) -> ScalarSet {
        position += 2
        var isInverted = isInverted
        var name = ""
        if take("{") {
            if take("^") { isInverted.toggle() }
            while let scalar = next, scalar != "}" {
                name.unicodeScalars.append(scalar)
                position += 1
            }
            guard take("}") else { throw PatternError("missing }", text(from: start)) }
        } else if let scalar = next {
            name.unicodeScalars.append(scalar)
            position += 1
        }
        guard let set = UnicodeClasses.named(name) else {
            throw PatternError("unknown class of characters", text(from: start))
        }
        return isInverted ? folded(set).inverted : folded(set)
    }

    // MARK: brackets

    /// `[a-z\d[:^alpha:]]`
    mutating func bracketed() throws(PatternError) -> ScalarSet {
        let start = position
        position += 1
        let isInverted = take("^")
        var ranges: [ScalarSet.Range] = []
        var isFirst = true
        while let scalar = next, scalar != "]" || isFirst {
            isFirst = false
            if let named = try posixClass() {
                ranges += named.ranges
            } else if let named = try namedClass() {
                ranges += named.ranges
            } else {
                ranges += folded(try range(from: start)).ranges
            }
            guard ranges.count <= Limit.ranges else { throw PatternError("a class has too many ranges") }
        }
        guard take("]") else { throw PatternError("missing ]", text(from: start)) }
        return isInverted ? ScalarSet(ranges).inverted : ScalarSet(ranges)
    }

    private mutating func posixClass() throws(PatternError) -> ScalarSet? {
        let start = position
        guard take("[:") else { return nil }
        let isInverted = take("^")
        var name = ""
        while let scalar = next, scalar.value < 0x80, scalar.properties.isAlphabetic {
            name.unicodeScalars.append(scalar)
            position += 1
        }
        guard take(":]") else {
            // Without its end the bracket is a character like any other.
            position = start
            return nil
        }
        guard let set = UnicodeClasses.posix[name] else {
            throw PatternError("unknown class of characters", text(from: start))
        }
        return isInverted ? folded(set).inverted : folded(set)
    }

    private mutating func range(from classStart: Int) throws(PatternError) -> ScalarSet {
        let start = position
        let low = try classScalar(from: classStart)
        // A hyphen before the closing bracket is a hyphen.
        guard next == "-", let after = peek(1), after != "]" else { return ScalarSet(low) }
        position += 1
        let high = try classScalar(from: classStart)
        guard low <= high else { throw PatternError("invalid range of characters", text(from: start)) }
        return ScalarSet(low, high)
    }

    private mutating func classScalar(from classStart: Int) throws(PatternError) -> UInt32 {
        guard let scalar = next else { throw PatternError("missing ]", text(from: classStart)) }
        if scalar == "\\" { return try escapedScalar() }
        position += 1
        return scalar.value
    }
}
