/// Turns the written form of a string or bytes literal into its value.
struct StringLiteral {
    private let bytes: [UInt8]
    private let isBytes: Bool
    private var position: Int
    private let end: Int
    private var output: [UInt8] = []

    static func value(of token: Token, form: Token.StringForm, in bytes: [UInt8]) throws(SyntaxError) -> Value {
        var literal = StringLiteral(
            bytes: bytes, isBytes: form.isBytes, position: token.start + form.prefix + form.quotes,
            end: token.end - form.quotes)
        try literal.unescape(isRaw: form.isRaw)
        return form.isBytes ? .bytes(literal.output) : .string(String(decoding: literal.output, as: UTF8.self))
    }

    private init(bytes: [UInt8], isBytes: Bool, position: Int, end: Int) {
        self.bytes = bytes
        self.isBytes = isBytes
        self.position = position
        self.end = end
        output.reserveCapacity(end - position)
    }

    private mutating func unescape(isRaw: Bool) throws(SyntaxError) {
        while position < end {
            let byte = bytes[position]
            position += 1
            switch byte {
            case Ascii.backslash where !isRaw: try escape()
            case Ascii.carriageReturn:
                // A line may end as Windows or old Macs end it; the value always has a line feed.
                if position < end, bytes[position] == Ascii.newline { position += 1 }
                output.append(Ascii.newline)
            default: output.append(byte)
            }
        }
    }

    private mutating func escape() throws(SyntaxError) {
        let start = position - 1
        guard position < end else { throw SyntaxError(message: "a lonely backslash", offset: start) }
        let byte = bytes[position]
        position += 1
        switch byte {
        case UInt8(ascii: "a"): output.append(0x07)
        case UInt8(ascii: "b"): output.append(0x08)
        case UInt8(ascii: "f"): output.append(0x0C)
        case UInt8(ascii: "n"): output.append(0x0A)
        case UInt8(ascii: "r"): output.append(0x0D)
        case UInt8(ascii: "t"): output.append(0x09)
        case UInt8(ascii: "v"): output.append(0x0B)
        case Ascii.backslash, Ascii.quote, Ascii.apostrophe, Ascii.backtick, UInt8(ascii: "?"): output.append(byte)
        case UInt8(ascii: "x"), UInt8(ascii: "X"): try append(digits(2, radix: 16, from: start), from: start)
        case UInt8(ascii: "0")...UInt8(ascii: "3"):
            position -= 1
            try append(digits(3, radix: 8, from: start), from: start)
        case UInt8(ascii: "u") where !isBytes: try append(digits(4, radix: 16, from: start), from: start)
        case UInt8(ascii: "U") where !isBytes: try append(digits(8, radix: 16, from: start), from: start)
        default:
            throw SyntaxError(message: isBytes ? "no escape of bytes" : "no escape of a string", offset: start)
        }
    }

    private mutating func digits(_ count: Int, radix: UInt32, from start: Int) throws(SyntaxError) -> UInt32 {
        var number: UInt32 = 0
        for _ in 0..<count {
            guard position < end, bytes[position].isHexDigit, bytes[position].digitValue < radix else {
                throw SyntaxError(message: "the escape needs \(count) digits", offset: start)
            }
            number = number &* radix &+ bytes[position].digitValue
            position += 1
        }
        return number
    }

    private mutating func append(_ number: UInt32, from start: Int) throws(SyntaxError) {
        if isBytes {
            output.append(UInt8(truncatingIfNeeded: number))
        } else if let scalar = Unicode.Scalar(number) {
            output.append(contentsOf: UTF8.encode(scalar).map { Array($0) } ?? [])
        } else {
            throw SyntaxError(message: "the escape is no Unicode code point", offset: start)
        }
    }
}
