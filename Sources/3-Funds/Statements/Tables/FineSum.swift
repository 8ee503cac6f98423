/// An exact sum of decimals with up to ten places, wide enough for any number of rows.
struct FineSum: Hashable, Sendable {
    static let scale = 10
    private(set) var units: Int128 = 0

    init() {}

    init(_ value: ExactDecimal) throws(FieldProblem) { try add(value) }

    mutating func add(_ value: ExactDecimal) throws(FieldProblem) {
        guard value.scale <= Self.scale else { throw FieldProblem("has more than \(Self.scale) decimals: \(value)") }
        units += Int128(value.units) * Int128(ExactDecimal.power(Self.scale - value.scale))
    }

    var magnitude: FineSum {
        var sum = self
        sum.units = units < 0 ? -units : units
        return sum
    }

    /// Two decimals, or as many more as there are.
    var text: String {
        let digits = Digits.padded(magnitudeText: String(units.magnitude), to: Self.scale + 1)
        let decimals = digits.suffix(Self.scale)
        let kept = max(2, Self.scale - decimals.reversed().prefix { $0 == "0" }.count)
        return (units < 0 ? "-" : "") + digits.dropLast(Self.scale) + "." + decimals.prefix(kept)
    }
}
