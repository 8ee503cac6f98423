/// The backslash escapes of C, as protoc writes them in the defaults of bytes and text format writes them in strings.
enum CEscapes {
    static func decode(_ text: some StringProtocol) throws(ProtobufError) -> [UInt8] {
        var out: [UInt8] = []
        var rest = Array(text.utf8)[...]
        while let byte = rest.popFirst() {
            guard byte == UInt8(ascii: "\\") else {
                out.append(byte)
                continue
            }
            guard let escape = rest.popFirst() else {
                throw ProtobufError(.malformedMessage, "a text ends in a backslash")
            }
            switch escape {
            case UInt8(ascii: "n"): out.append(10)
            case UInt8(ascii: "r"): out.append(13)
            case UInt8(ascii: "t"): out.append(9)
            case UInt8(ascii: "a"): out.append(7)
            case UInt8(ascii: "b"): out.append(8)
            case UInt8(ascii: "f"): out.append(12)
            case UInt8(ascii: "v"): out.append(11)
            case UInt8(ascii: "x"), UInt8(ascii: "X"):
                out.append(UInt8(truncatingIfNeeded: try number(&rest, radix: 16, most: 2)))
            case UInt8(ascii: "u"): try append(&out, try number(&rest, radix: 16, most: 4))
            case UInt8(ascii: "U"): try append(&out, try number(&rest, radix: 16, most: 8))
            case UInt8(ascii: "0")...UInt8(ascii: "7"):
                rest = [escape] + rest
                out.append(UInt8(truncatingIfNeeded: try number(&rest, radix: 8, most: 3)))
            default: out.append(escape)
            }
        }
        return out
    }

    private static func number(
        _ rest: inout ArraySlice<UInt8>, radix: Int, most: Int
    ) throws(ProtobufError) -> UInt32 {
        var value: UInt32 = 0
        var count = 0
        while count < most, let byte = rest.first, let digit = Character(UnicodeScalar(byte)).hexDigitValue,
            digit < radix
        {
            // The first of at most eight hexadecimal digits cannot overflow 32 bits.
            value = value &* UInt32(radix) &+ UInt32(digit)
            rest.removeFirst()
            count += 1
        }
        guard count > 0 else { throw ProtobufError(.malformedMessage, "an escape has no digits") }
        return value
    }

    private static func append(_ out: inout [UInt8], _ point: UInt32) throws(ProtobufError) {
        guard let scalar = UnicodeScalar(point) else {
            throw ProtobufError(.malformedMessage, "an escape is not a character")
        }
        out += Array(String(Character(scalar)).utf8)
    }
}
