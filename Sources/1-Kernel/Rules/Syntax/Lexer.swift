/// Cuts a source into tokens, one at a time.
struct Lexer {
    let bytes: [UInt8]
    private var position = 0

    init(_ source: SourceText) { bytes = source.bytes }

    mutating func next() throws(SyntaxError) -> Token {
        skipBlanks()
        let start = position
        guard start < bytes.count else { return Token(kind: .end, start: start, end: start) }
        let byte = bytes[start]
        if byte.isLetter {
            if let form = stringForm() { return try string(form, from: start) }
            return word(from: start)
        }
        if byte.isDigit || byte == Ascii.dot && peek(1).isDigit { return try number(from: start) }
        switch byte {
        case Ascii.quote, Ascii.apostrophe: return try string(stringForm() ?? Token.StringForm(), from: start)
        case Ascii.backtick: return try quotedIdentifier(from: start)
        default: return try punctuation(byte, from: start)
        }
    }

    /// The byte so far ahead; 0 beyond the end.
    private func peek(_ distance: Int) -> UInt8 {
        position + distance < bytes.count ? bytes[position + distance] : 0
    }

    private mutating func skipBlanks() {
        while position < bytes.count {
            switch bytes[position] {
            case 0x20, 0x09, 0x0A, 0x0C, 0x0D: position += 1
            case Ascii.slash where peek(1) == Ascii.slash:
                while position < bytes.count, bytes[position] != Ascii.newline { position += 1 }
            default: return
            }
        }
    }

    private mutating func take(_ kind: Token.Kind, _ length: Int) -> Token {
        position += length
        return Token(kind: kind, start: position - length, end: position)
    }

    private mutating func word(from start: Int) -> Token {
        while peek(0).isLetter || peek(0).isDigit { position += 1 }
        let word = bytes[start..<position]
        let kind: Token.Kind =
            switch word.count {
            case 2 where word.elementsEqual("in".utf8): .in
            case 4 where word.elementsEqual("true".utf8): .true
            case 4 where word.elementsEqual("null".utf8): .null
            case 5 where word.elementsEqual("false".utf8): .false
            default: .identifier
            }
        return Token(kind: kind, start: start, end: position)
    }

    private mutating func quotedIdentifier(from start: Int) throws(SyntaxError) -> Token {
        position += 1
        while let byte = bytes.indices.contains(position) ? bytes[position] : nil, byte != Ascii.backtick {
            guard byte.isLetter || byte.isDigit || " ./-".utf8.contains(byte) else {
                throw SyntaxError(
                    message: "a quoted name holds letters, digits, '_', '.', '-', '/' and spaces",
                    offset: position)
            }
            position += 1
        }
        guard position < bytes.count, position > start + 1 else {
            throw SyntaxError(message: "the quoted name is empty or does not end", offset: start)
        }
        position += 1
        return Token(kind: .quotedIdentifier, start: start, end: position)
    }

    private mutating func number(from start: Int) throws(SyntaxError) -> Token {
        if bytes[start] == Ascii.zero, peek(1) | 0x20 == UInt8(ascii: "x"), peek(2).isHexDigit {
            position += 2
            while peek(0).isHexDigit { position += 1 }
            let isUnsigned = peek(0) | 0x20 == UInt8(ascii: "u")
            if isUnsigned { position += 1 }
            return Token(kind: isUnsigned ? .hexUint : .hexInt, start: start, end: position)
        }
        var kind = Token.Kind.int
        while peek(0).isDigit { position += 1 }
        if peek(0) == Ascii.dot, peek(1).isDigit {
            kind = .double
            position += 1
            while peek(0).isDigit { position += 1 }
        }
        if peek(0) | 0x20 == UInt8(ascii: "e") {
            let sign = peek(1) == UInt8(ascii: "+") || peek(1) == UInt8(ascii: "-") ? 1 : 0
            if peek(1 + sign).isDigit {
                kind = .double
                position += 1 + sign
                while peek(0).isDigit { position += 1 }
            }
        }
        if kind == .int, peek(0) | 0x20 == UInt8(ascii: "u") {
            kind = .uint
            position += 1
        }
        if peek(0).isLetter {
            throw SyntaxError(message: "a number does not go on with a letter", offset: position)
        }
        return Token(kind: kind, start: start, end: position)
    }

    /// The form of the string that starts here, or nil when none does.
    private func stringForm() -> Token.StringForm? {
        var form = Token.StringForm()
        while form.prefix < 2 {
            switch peek(form.prefix) | 0x20 {
            case UInt8(ascii: "r") where !form.isRaw: form.isRaw = true
            case UInt8(ascii: "b") where !form.isBytes: form.isBytes = true
            default: return closing(form)
            }
            form.prefix += 1
        }
        return closing(form)
    }

    private func closing(_ form: Token.StringForm) -> Token.StringForm? {
        let quote = peek(form.prefix)
        guard quote == Ascii.quote || quote == Ascii.apostrophe else { return nil }
        var form = form
        form.quotes = peek(form.prefix + 1) == quote && peek(form.prefix + 2) == quote ? 3 : 1
        return form
    }

    private mutating func string(_ form: Token.StringForm, from start: Int) throws(SyntaxError) -> Token {
        position += form.prefix
        let quote = bytes[position]
        position += form.quotes
        while position < bytes.count {
            let byte = bytes[position]
            if byte == quote, form.quotes == 1 || peek(1) == quote && peek(2) == quote {
                position += form.quotes
                return Token(kind: .string(form), start: start, end: position)
            }
            if form.quotes == 1, byte == Ascii.newline || byte == Ascii.carriageReturn { break }
            position += byte == Ascii.backslash && !form.isRaw ? 2 : 1
        }
        throw SyntaxError(message: "the string does not end", offset: start)
    }

    private mutating func punctuation(_ byte: UInt8, from start: Int) throws(SyntaxError) -> Token {
        let followedByEqual = peek(1) == UInt8(ascii: "=")
        switch byte {
        case UInt8(ascii: "("): return take(.leftParen, 1)
        case UInt8(ascii: ")"): return take(.rightParen, 1)
        case UInt8(ascii: "["): return take(.leftBracket, 1)
        case UInt8(ascii: "]"): return take(.rightBracket, 1)
        case UInt8(ascii: "{"): return take(.leftBrace, 1)
        case UInt8(ascii: "}"): return take(.rightBrace, 1)
        case Ascii.dot: return take(.dot, 1)
        case UInt8(ascii: ","): return take(.comma, 1)
        case UInt8(ascii: ":"): return take(.colon, 1)
        case UInt8(ascii: "?"): return take(.question, 1)
        case UInt8(ascii: "+"): return take(.plus, 1)
        case UInt8(ascii: "-"): return take(.minus, 1)
        case UInt8(ascii: "*"): return take(.star, 1)
        case Ascii.slash: return take(.slash, 1)
        case UInt8(ascii: "%"): return take(.percent, 1)
        case UInt8(ascii: "<"): return followedByEqual ? take(.lessOrEqual, 2) : take(.less, 1)
        case UInt8(ascii: ">"): return followedByEqual ? take(.greaterOrEqual, 2) : take(.greater, 1)
        case UInt8(ascii: "!"): return followedByEqual ? take(.notEqual, 2) : take(.bang, 1)
        case UInt8(ascii: "="):
            if followedByEqual { return take(.equal, 2) }
            throw SyntaxError(message: "equality is written '=='", offset: start)
        case UInt8(ascii: "&"):
            if peek(1) == byte { return take(.and, 2) }
            throw SyntaxError(message: "'and' is written '&&'", offset: start)
        case UInt8(ascii: "|"):
            if peek(1) == byte { return take(.or, 2) }
            throw SyntaxError(message: "'or' is written '||'", offset: start)
        default:
            throw SyntaxError(message: "a character that no expression holds", offset: start)
        }
    }
}

enum Ascii {
    static let quote = UInt8(ascii: "\"")
    static let apostrophe = UInt8(ascii: "'")
    static let backtick = UInt8(ascii: "`")
    static let backslash = UInt8(ascii: "\\")
    static let newline = UInt8(ascii: "\n")
    static let carriageReturn = UInt8(ascii: "\r")
    static let dot = UInt8(ascii: ".")
    static let slash = UInt8(ascii: "/")
    static let zero = UInt8(ascii: "0")
}

extension UInt8 {
    /// A letter of a name: ASCII letters and the underscore.
    var isLetter: Bool { (0x61...0x7A).contains(self | 0x20) || self == 0x5F }
    var isDigit: Bool { (0x30...0x39).contains(self) }
    var isHexDigit: Bool { isDigit || (0x61...0x66).contains(self | 0x20) }

    /// The worth of a hexadecimal digit.
    var digitValue: UInt32 { isDigit ? UInt32(self - 0x30) : UInt32((self | 0x20) - 0x57) }
}
