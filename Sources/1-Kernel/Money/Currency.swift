/// A currency of ISO 4217 that is in use and has a minor unit.
///
/// A currency is 32 bits, copied like an integer: amounts are made by the million, and a string in each would cost an
/// allocation and a reference count. From the high bits down: three letters of five bits, the numeric code (10 bits),
/// the digits of the minor unit (3 bits); so the order of the bits is the order of the codes.
public struct Currency: Hashable, Sendable {
    private let bits: UInt32

    init(key: UInt32, number: UInt32, minorUnits: UInt32) {
        bits = key << 13 | number << 3 | minorUnits
    }

    /// Finds a currency by its three capital letters.
    ///
    /// Throws `unknownCurrency` for lower case, for currencies that are no longer in use (DEM, HRK, BGN) and for
    /// entries of the standard that have no minor unit (XAU, XDR, XXX).
    public init(code: String) throws(MoneyError) {
        guard let key = Self.letterKey(code.utf8), let found = Self.find(key: key) else {
            throw MoneyError(
                .unknownCurrency, value: code,
                rule: "must be the three capital letters of an active ISO 4217 currency that has a minor unit")
        }
        self = found
    }

    /// Finds a currency by its ISO 4217 number (978 is EUR), as card networks and bank files write it.
    public init(numericCode: Int) throws(MoneyError) {
        guard let found = Self.all.first(where: { $0.numericCode == numericCode }) else {
            throw MoneyError(
                .unknownCurrency, value: String(numericCode),
                rule: "must be the number of an active ISO 4217 currency that has a minor unit")
        }
        self = found
    }

    /// The three letters, for example `EUR`.
    public var code: String {
        // Three ASCII bytes live inside the String value itself: nothing is allocated here.
        var text = ""
        for shift: UInt32 in [10, 5, 0] {
            text.unicodeScalars.append(Unicode.Scalar(UInt8(ascii: "A") + UInt8(key >> shift & 31)))
        }
        return text
    }

    /// The ISO 4217 number, for example 978.
    public var numericCode: Int { Int(bits >> 3 & 1023) }

    /// How many decimals the minor unit has: 0, 2, 3 or 4.
    public var minorUnits: Int { Int(bits & 7) }

    /// The three letters as a number of fifteen bits, in the order of the alphabet.
    var key: UInt32 { bits >> 13 }

    /// Packs exactly three capital ASCII letters; nil for anything else.
    static func letterKey(_ text: some Collection<UInt8>) -> UInt32? {
        var key: UInt32 = 0
        var count = 0
        for byte in text {
            guard count < 3, (UInt8(ascii: "A")...UInt8(ascii: "Z")).contains(byte) else { return nil }
            key = key << 5 | UInt32(byte - UInt8(ascii: "A"))
            count += 1
        }
        return count == 3 ? key : nil
    }
}

extension Currency: Comparable {
    /// Currencies are ordered by their code, so that reports list them alike.
    public static func < (left: Currency, right: Currency) -> Bool { left.bits < right.bits }
}

extension Currency: CustomStringConvertible {
    public var description: String { code }
}

extension Currency: Codable {
    /// Reads the code; what it does not know is refused, with the place where it stood.
    public init(from decoder: any Decoder) throws {
        let container = try decoder.singleValueContainer()
        do {
            try self.init(code: container.decode(String.self))
        } catch let error as MoneyError {
            throw DecodingError.dataCorruptedError(in: container, debugDescription: error.description)
        }
    }

    /// Writes the code.
    public func encode(to encoder: any Encoder) throws {
        var container = encoder.singleValueContainer()
        try container.encode(code)
    }
}
