/// What a channel is expected to keep, as data: the first rule that fits a line decides.
public struct FeeSchedule: Sendable, Hashable, Codable {
    public var rules: [FeeRule]

    static let maximumRules = 1_000

    public init(_ rules: [FeeRule]) {
        self.rules = rules
    }

    /// The expected fee in minor units, plus where the channel keeps it and minus where it gives it back;
    /// nil when no rule fits.
    public func fee(of row: MatchRow) -> Int64? {
        rules.first { $0.fits(row) }?.fee(of: row.amountMinor)
    }

    public init(from decoder: any Decoder) throws {
        rules = try decoder.singleValueContainer().decode([FeeRule].self)
    }

    public func encode(to encoder: any Encoder) throws {
        var container = encoder.singleValueContainer()
        try container.encode(rules)
    }
}

/// One row of a fee table: a share and a fixed part, within a least and a most.
public struct FeeRule: Sendable, Hashable, Codable {
    /// How the share's fractions of a minor unit are rounded, on the magnitude.
    public enum Rounding: String, Sendable, Hashable, Codable, CaseIterable { case halfUp, halfEven, up, down }

    public var kinds: Set<MatchKind>
    /// Nil is any.
    public var currency: String?
    /// Magnitudes this rule is for; nil is without an end.
    public var fromMinor: Int64?
    public var belowMinor: Int64?
    /// Millionths of the amount: 0.6 % is 6,000.
    public var ratePartsPerMillion: Int64
    public var fixedMinor: Int64
    public var leastMinor: Int64
    public var mostMinor: Int64?
    public var rounding: Rounding

    public init(
        kinds: Set<MatchKind> = [.payment], currency: String? = nil, fromMinor: Int64? = nil, belowMinor: Int64? = nil,
        ratePartsPerMillion: Int64 = 0, fixedMinor: Int64 = 0, leastMinor: Int64 = 0, mostMinor: Int64? = nil,
        rounding: Rounding = .halfUp
    ) {
        self.kinds = kinds
        self.currency = currency
        self.fromMinor = fromMinor
        self.belowMinor = belowMinor
        self.ratePartsPerMillion = ratePartsPerMillion
        self.fixedMinor = fixedMinor
        self.leastMinor = leastMinor
        self.mostMinor = mostMinor
        self.rounding = rounding
    }

    func fits(_ row: MatchRow) -> Bool {
        let magnitude = row.amountMinor.magnitude
        return kinds.contains(row.kind) && (currency ?? row.currency) == row.currency
            && magnitude >= UInt64(clamping: fromMinor ?? 0)
            && (belowMinor.map { magnitude < UInt64(clamping: $0) } ?? true)
    }

    /// The fee has the sign of the amount: what a refund gives back is negative.
    func fee(of amountMinor: Int64) -> Int64 {
        let product = UInt128(amountMinor.magnitude) * UInt128(UInt64(clamping: ratePartsPerMillion))
        let (quotient, rest) = product.quotientAndRemainder(dividingBy: 1_000_000)
        let up: Bool =
            switch rounding {
            case .halfUp: rest >= 500_000
            case .halfEven: rest > 500_000 || (rest == 500_000 && quotient % 2 == 1)
            case .up: rest > 0
            case .down: false
            }
        let share = Int128(quotient) + (up ? 1 : 0) + Int128(fixedMinor)
        let bounded = min(max(share, Int128(leastMinor)), Int128(mostMinor ?? .max))
        return Int64(clamping: amountMinor < 0 ? -bounded : bounded)
    }

    func faults(in name: String) -> [MatchRulesFault] {
        var faults: [MatchRulesFault] = []
        if kinds.isEmpty { faults.append(.init("\(name).kinds", "name at least one kind")) }
        if !(0...1_000_000).contains(ratePartsPerMillion) {
            faults.append(.init("\(name).ratePartsPerMillion", "0 to 1000000 (all of it)"))
        }
        for (field, value) in [
            ("fromMinor", fromMinor), ("belowMinor", belowMinor), ("fixedMinor", fixedMinor),
            ("leastMinor", leastMinor), ("mostMinor", mostMinor)
        ] where (value ?? 0) < 0 {
            faults.append(.init("\(name).\(field)", "not negative"))
        }
        if let mostMinor, mostMinor < leastMinor {
            faults.append(.init("\(name).mostMinor", "not less than leastMinor"))
        }
        return faults
    }

    private enum Key: String, CodingKey, CaseIterable {
        case kinds, currency, fromMinor, belowMinor, ratePartsPerMillion, fixedMinor, leastMinor, mostMinor, rounding
    }

    public init(from decoder: any Decoder) throws {
        try decoder.refuseOthers(than: Key.self)
        let values = try decoder.container(keyedBy: Key.self)
        self.init(
            kinds: try values.get(.kinds, or: [.payment]),
            currency: try values.decodeIfPresent(String.self, forKey: .currency),
            fromMinor: try values.decodeIfPresent(Int64.self, forKey: .fromMinor),
            belowMinor: try values.decodeIfPresent(Int64.self, forKey: .belowMinor),
            ratePartsPerMillion: try values.get(.ratePartsPerMillion, or: 0),
            fixedMinor: try values.get(.fixedMinor, or: 0), leastMinor: try values.get(.leastMinor, or: 0),
            mostMinor: try values.decodeIfPresent(Int64.self, forKey: .mostMinor),
            rounding: try values.get(.rounding, or: .halfUp))
    }
}

/// Kinds are written by their words: `payment`.
extension MatchKind: Codable {
    public init(from decoder: any Decoder) throws {
        let text = try decoder.singleValueContainer().decode(String.self)
        guard let kind = Self.allCases.first(where: { $0.code == text }) else {
            throw DecodingError.dataCorrupted(
                .init(
                    codingPath: decoder.codingPath,
                    debugDescription: "'\(text)' is none of \(Self.allCases.map(\.code))"))
        }
        self = kind
    }

    public func encode(to encoder: any Encoder) throws {
        var container = encoder.singleValueContainer()
        try container.encode(code)
    }
}
