/// What an identifier names; its prefix stands before the identifier's text.
public protocol IdentifierTag: Sendable {
    static var prefix: String { get }
}

/// An identifier of one kind of thing, so that an order's never passes for a payment's.
///
/// Its text is a TypeID (github.com/jetify-com/typeid, 0.3): the prefix, `_`, and 26 digits of Crockford's base 32.
public struct Identifier<Tag: IdentifierTag>: Hashable, Comparable, Sendable {
    public let uuid: UUIDv7

    public init(_ uuid: UUIDv7) { self.uuid = uuid }

    public static func < (left: Self, right: Self) -> Bool { left.uuid < right.uuid }
}

extension Identifier: LosslessStringConvertible {
    public var description: String { TypeIDText.text(prefix: Tag.prefix, uuid) }

    /// Reads exactly the text that `description` writes; nil for another prefix, length, case or digit.
    public init?(_ text: String) {
        guard let uuid = TypeIDText.uuid(text, prefix: Tag.prefix) else { return nil }
        self.init(uuid)
    }
}

/// The text of all identifiers; not generic, so that it is compiled once and for every kind.
private enum TypeIDText {
    static func text(prefix: String, _ uuid: UUIDv7) -> String {
        String(unsafeUninitializedCapacity: prefix.utf8.count + 27) { buffer in
            var index = 0
            for byte in prefix.utf8 {
                buffer[index] = byte
                index += 1
            }
            buffer[index] = UInt8(ascii: "_")
            index += 1
            for place in stride(from: 125, through: 0, by: -5) {
                buffer[index] = Crockford.digit(Int(truncatingIfNeeded: uuid.shifted(right: place)) & 31)
                index += 1
            }
            return index
        }
    }

    static func uuid(_ text: String, prefix: String) -> UUIDv7? {
        var text = text
        var prefix = prefix
        return text.withUTF8 { bytes in
            prefix.withUTF8 { prefix in
                guard bytes.count == prefix.count + 27, bytes[..<prefix.count].elementsEqual(prefix),
                    bytes[prefix.count] == UInt8(ascii: "_")
                else { return nil }
                return uuid(UnsafeBufferPointer(rebasing: bytes[(prefix.count + 1)...]))
            }
        }
    }

    private static func uuid(_ digits: UnsafeBufferPointer<UInt8>) -> UUIDv7? {
        // 26 digits hold 130 bits; the first may use only three of its five.
        guard let first = Crockford.value(digits[0]), first < 8 else { return nil }
        var high: UInt64 = 0
        var low = UInt64(first)
        for index in 1..<26 {
            guard let value = Crockford.value(digits[index]) else { return nil }
            high = high << 5 | low >> 59
            low = low << 5 | UInt64(value)
        }
        return UUIDv7(high: high, low: low)
    }
}

extension UUIDv7 {
    fileprivate func shifted(right places: Int) -> UInt64 {
        if places >= 64 { return high >> UInt64(places - 64) }
        return places == 0 ? low : low >> UInt64(places) | high << UInt64(64 - places)
    }
}

private enum Crockford {
    static func digit(_ value: Int) -> UInt8 { digits[value] }

    static func value(_ digit: UInt8) -> Int? {
        let value = values[Int(digit)]
        return value < 0 ? nil : Int(value)
    }

    private static let digits = Array("0123456789abcdefghjkmnpqrstvwxyz".utf8)

    private static let values: [Int8] = {
        var values = [Int8](repeating: -1, count: 256)
        for (value, digit) in digits.enumerated() { values[Int(digit)] = Int8(value) }
        return values
    }()
}
