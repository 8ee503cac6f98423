/// How many minor units of `to` one minor unit of `from` is worth, exact to twelve decimals.
///
/// Minor to minor, because this room knows no table of currencies: at 150.25 yen a euro, one cent is 1.5025 yen.
public struct ExchangeRate: Sendable, Hashable, Codable {
    public var from: String
    public var to: String
    /// The rate times 10^12.
    public var scaled: Int128

    static let scale: Int128 = 1_000_000_000_000
    static let maximumRates = 10_000
    /// A million minor units for one: beyond it an Int64 of money could not be converted without overflow checks.
    static let highest: Int128 = scale * 1_000_000

    public init(from: String, to: String, scaled: Int128) {
        self.from = from
        self.to = to
        self.scaled = scaled
    }

    /// Reads `1.5025`; nil for anything but digits with at most one point and twelve decimals.
    public init?(from: String, to: String, _ text: String) {
        var scaled: Int128 = 0
        var decimals = -1
        var digits = 0
        for byte in text.utf8 {
            if byte == UInt8(ascii: "."), decimals < 0, digits > 0 {
                decimals = 0
                continue
            }
            guard (48...57).contains(byte), digits < 30, decimals < 12 else { return nil }
            scaled = scaled * 10 + Int128(byte - 48)
            digits += 1
            if decimals >= 0 { decimals += 1 }
        }
        guard digits > 0, decimals != 0 else { return nil }
        for _ in max(0, decimals)..<12 { scaled *= 10 }
        self.init(from: from, to: to, scaled: scaled)
    }

    /// The amount in minor units of `to`, rounded half away from zero; saturates.
    public func converted(_ amountMinor: Int64) -> Int64 {
        let bounded = min(max(scaled, 0), Self.highest)
        let product = Int128(amountMinor.magnitude) * bounded
        let rounded = (product + Self.scale / 2) / Self.scale
        return Int64(clamping: amountMinor < 0 ? -rounded : rounded)
    }

    /// The rate as text, without needless zeros.
    public var text: String {
        let whole = scaled / Self.scale
        var decimals = String(scaled % Self.scale)
        decimals = String(repeating: "0", count: max(0, 12 - decimals.count)) + decimals
        while decimals.hasSuffix("0") { decimals.removeLast() }
        return decimals.isEmpty ? "\(whole)" : "\(whole).\(decimals)"
    }

    private enum Key: String, CodingKey, CaseIterable { case from, to, rate }

    /// The rate is written as text, so that no reader makes a binary fraction of it.
    public init(from decoder: any Decoder) throws {
        try decoder.refuseOthers(than: Key.self)
        let values = try decoder.container(keyedBy: Key.self)
        let text = try values.decode(String.self, forKey: .rate)
        guard
            let rate = ExchangeRate(
                from: try values.decode(String.self, forKey: .from), to: try values.decode(String.self, forKey: .to),
                text)
        else {
            throw DecodingError.dataCorruptedError(
                forKey: .rate, in: values, debugDescription: "'\(text)' is no rate like \"1.5025\", twelve decimals")
        }
        self = rate
    }

    public func encode(to encoder: any Encoder) throws {
        var values = encoder.container(keyedBy: Key.self)
        try values.encode(from, forKey: .from)
        try values.encode(to, forKey: .to)
        try values.encode(text, forKey: .rate)
    }
}
