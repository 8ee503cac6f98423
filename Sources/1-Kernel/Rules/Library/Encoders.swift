extension Library {
    /// `base64.encode(bytes)` and `base64.decode(text)`.
    public static let encoders = Library(
        "encoders",
        functions: [
            Function(
                "base64.encode",
                Overload("base64_encode_bytes", [.bytes], .string) { arguments, budget in
                    let bytes = try arguments[0].asBytes
                    try budget.admit(bytes: (bytes.count + 2) / 3 * 4)
                    try budget.walk(bytes.count)
                    return .string(Base64.encode(bytes))
                }),
            Function(
                "base64.decode",
                Overload("base64_decode_string", [.string], .bytes) { arguments, budget in
                    let text = try arguments[0].asString
                    try budget.walk(text.utf8.count)
                    guard let bytes = Base64.decode(text) else {
                        throw EvaluationError(.invalidArgument, "\(arguments[0]) is no base64")
                    }
                    return .bytes(bytes)
                })
        ].costed)
}

/// Base64 with the standard alphabet (RFC 4648).
enum Base64 {
    private static let alphabet = Array("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/".utf8)
    private static let padding = UInt8(ascii: "=")

    private static let values: [UInt8?] = {
        var values = [UInt8?](repeating: nil, count: 256)
        for (value, character) in alphabet.enumerated() { values[Int(character)] = UInt8(value) }
        return values
    }()

    static func encode(_ bytes: [UInt8]) -> String {
        var text: [UInt8] = []
        text.reserveCapacity((bytes.count + 2) / 3 * 4)
        for start in stride(from: 0, to: bytes.count, by: 3) {
            let count = min(3, bytes.count - start)
            var group: UInt32 = 0
            for offset in 0..<3 { group = group << 8 | (offset < count ? UInt32(bytes[start + offset]) : 0) }
            for position in 0..<4 {
                text.append(position <= count ? alphabet[Int(group >> UInt32(18 - 6 * position) & 63)] : padding)
            }
        }
        return String(decoding: text, as: UTF8.self)
    }

    /// Padding may be left out, but must be right where it stands. Nil for what is no base64.
    static func decode(_ text: String) -> [UInt8]? {
        var digits = Array(text.utf8)
        if digits.count % 4 == 0 {
            for _ in 0..<2 where digits.last == padding { digits.removeLast() }
        }
        guard digits.count % 4 != 1 else { return nil }
        var bytes: [UInt8] = []
        bytes.reserveCapacity(digits.count / 4 * 3 + 2)
        for start in stride(from: 0, to: digits.count, by: 4) {
            let count = min(4, digits.count - start)
            var group: UInt32 = 0
            for offset in 0..<4 {
                var value: UInt8 = 0
                if offset < count {
                    guard let found = values[Int(digits[start + offset])] else { return nil }
                    value = found
                }
                group = group << 6 | UInt32(value)
            }
            for position in 0..<(count - 1) {
                bytes.append(UInt8(truncatingIfNeeded: group >> UInt32(16 - 8 * position)))
            }
        }
        return bytes
    }
}
