public import Store

/// Where the next page begins, as an opaque text for callers: base64url (RFC 4648) of the last row's key.
public struct PageToken: Sendable, Hashable {
    public let values: [SQLValue]

    public init(_ values: [SQLValue]) { self.values = values }

    public var text: String {
        var bytes: [UInt8] = []
        for value in values {
            switch value {
            case .null: bytes.append(0)
            case .integer(let number):
                bytes.append(1)
                withUnsafeBytes(of: number.bigEndian) { bytes.append(contentsOf: $0) }
            case .text(let text): PageToken.append(2, Array(text.utf8), to: &bytes)
            case .bytes(let data): PageToken.append(3, data, to: &bytes)
            }
        }
        return Base64URL.encode(bytes)
    }

    /// Nil for an empty text (the first page); throws `Problem` 400 for anything we did not write.
    public static func read(_ text: String, kinds: Int) throws -> PageToken? {
        guard !text.isEmpty else { return nil }
        guard text.utf8.count <= 4_096, let bytes = Base64URL.decode(text), let values = parse(bytes),
            values.count == kinds, PageToken(values).text == text
        else {
            throw Problem.invalidParameter("page_token", value: text, rule: "is not one that we gave out for this list")
        }
        return PageToken(values)
    }

    private static func append(_ kind: UInt8, _ data: [UInt8], to bytes: inout [UInt8]) {
        bytes.append(kind)
        withUnsafeBytes(of: UInt16(clamping: data.count).bigEndian) { bytes.append(contentsOf: $0) }
        bytes.append(contentsOf: data.prefix(Int(UInt16.max)))
    }

    private static func parse(_ bytes: [UInt8]) -> [SQLValue]? {
        var values: [SQLValue] = []
        var rest = bytes[...]
        while let kind = rest.popFirst() {
            switch kind {
            case 0: values.append(.null)
            case 1:
                guard rest.count >= 8 else { return nil }
                values.append(.integer(rest.prefix(8).reduce(0) { $0 << 8 | Int64($1) }))
                rest = rest.dropFirst(8)
            case 2, 3:
                guard rest.count >= 2 else { return nil }
                let count = rest.prefix(2).reduce(0) { $0 << 8 | Int($1) }
                rest = rest.dropFirst(2)
                guard rest.count >= count else { return nil }
                let data = Array(rest.prefix(count))
                rest = rest.dropFirst(count)
                guard kind == 2 else {
                    values.append(.bytes(data))
                    continue
                }
                guard let text = String(validating: data, as: UTF8.self) else { return nil }
                values.append(.text(text))
            default: return nil
            }
        }
        return values
    }
}

enum Base64URL {
    private static let digits = Array("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_".utf8)

    static func encode(_ bytes: [UInt8]) -> String {
        var text: [UInt8] = []
        var bits: UInt32 = 0
        var count = 0
        for byte in bytes {
            bits = bits << 8 | UInt32(byte)
            count += 8
            while count >= 6 {
                count -= 6
                text.append(digits[Int(bits >> UInt32(count)) & 63])
            }
        }
        if count > 0 { text.append(digits[Int(bits << UInt32(6 - count)) & 63]) }
        return String(decoding: text, as: UTF8.self)
    }

    static func decode(_ text: String) -> [UInt8]? {
        var bytes: [UInt8] = []
        var bits: UInt32 = 0
        var count = 0
        for digit in text.utf8 {
            guard let value = digits.firstIndex(of: digit) else { return nil }
            bits = bits << 6 | UInt32(value)
            count += 6
            if count >= 8 {
                count -= 8
                bytes.append(UInt8(truncatingIfNeeded: bits >> UInt32(count)))
            }
        }
        return bytes
    }
}
