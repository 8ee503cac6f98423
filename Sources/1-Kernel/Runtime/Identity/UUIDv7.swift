/// A 16-byte identifier whose first 48 bits are the time in milliseconds, so that new rows land at a table's end.
///
/// Source: RFC 9562, section 5.7. The 12 bits after the version count up within a millisecond (method 1).
public struct UUIDv7: Hashable, Comparable, Sendable {
    public let high: UInt64
    public let low: UInt64

    public init(high: UInt64, low: UInt64) {
        self.high = high
        self.low = low
    }

    /// Reads exactly 16 bytes, most significant first. Of a concrete type, because every row of a query passes here.
    public init?(bytes: [UInt8]) {
        guard bytes.count == 16 else { return nil }
        self = bytes.withUnsafeBytes { raw in
            UUIDv7(
                high: UInt64(bigEndian: raw.loadUnaligned(as: UInt64.self)),
                low: UInt64(bigEndian: raw.loadUnaligned(fromByteOffset: 8, as: UInt64.self)))
        }
    }

    /// The same for any other collection of bytes.
    public init?(bytes: some Collection<UInt8>) { self.init(bytes: Array(bytes)) }

    public var bytes: [UInt8] {
        [UInt8](unsafeUninitializedCapacity: 16) { buffer, count in
            for place in 0..<8 {
                buffer[place] = UInt8(truncatingIfNeeded: high >> UInt64(56 - 8 * place))
                buffer[place + 8] = UInt8(truncatingIfNeeded: low >> UInt64(56 - 8 * place))
            }
            count = 16
        }
    }

    public static func < (left: UUIDv7, right: UUIDv7) -> Bool {
        left.high == right.high ? left.low < right.low : left.high < right.high
    }
}

extension UUIDv7: CustomStringConvertible {
    /// The usual form, `01890a5d-ac96-774b-bcce-b302099a8057`.
    public var description: String {
        let hex = Array("0123456789abcdef".utf8)
        var text: [UInt8] = []
        text.reserveCapacity(36)
        for (index, byte) in bytes.enumerated() {
            if index == 4 || index == 6 || index == 8 || index == 10 { text.append(UInt8(ascii: "-")) }
            text.append(hex[Int(byte >> 4)])
            text.append(hex[Int(byte & 15)])
        }
        return String(decoding: text, as: UTF8.self)
    }
}
