/// How far two amounts of one currency may lie apart and still agree.
///
/// The three ways are alternatives: one that allows the distance is enough. None of them lets plus agree with minus.
public struct AmountTolerance: Sendable, Hashable, Codable {
    /// Minor units.
    public var absoluteMinor: Int64
    /// Hundredths of a per cent of the larger amount.
    public var basisPoints: Int32
    /// A side may have rounded to whole multiples of this, up, down or to the nearest: 100 is whole yuan. 1 is none.
    public var roundingUnitMinor: Int64

    public static let none = AmountTolerance()

    public init(absoluteMinor: Int64 = 0, basisPoints: Int32 = 0, roundingUnitMinor: Int64 = 1) {
        self.absoluteMinor = absoluteMinor
        self.basisPoints = basisPoints
        self.roundingUnitMinor = roundingUnitMinor
    }

    /// Symmetric in its arguments; never traps.
    @inlinable
    public func agrees(_ left: Int64, _ right: Int64) -> Bool {
        if left == right { return true }
        if left.signum() * right.signum() < 0 { return false }
        let distance = left > right ? left.distanceMagnitude(to: right) : right.distanceMagnitude(to: left)
        if distance <= UInt64(clamping: absoluteMinor) { return true }
        if basisPoints > 0 {
            let larger = max(left.magnitude, right.magnitude)
            if UInt128(distance) * 10_000 <= UInt128(larger) * UInt128(UInt32(basisPoints)) { return true }
        }
        guard roundingUnitMinor > 1, distance < UInt64(roundingUnitMinor) else { return false }
        return left % roundingUnitMinor == 0 || right % roundingUnitMinor == 0
    }

    /// The most that an amount near `amount` may differ: what a search has to look through.
    func reach(around amount: Int64) -> UInt64 {
        // The larger of both amounts decides the share, and it may itself lie that share above `amount`.
        let share = UInt128(amount.magnitude) * UInt128(UInt32(clamping: basisPoints))
        let room = UInt128(max(1, 10_000 - Int64(min(basisPoints, 9_999))))
        let scaled = basisPoints > 0 ? share / room + 1 : 0
        let unit = UInt64(clamping: max(0, roundingUnitMinor - 1))
        return max(UInt64(clamping: max(0, absoluteMinor)), UInt64(clamping: scaled), unit)
    }

    func faults(in name: String) -> [MatchRulesFault] {
        var faults: [MatchRulesFault] = []
        if absoluteMinor < 0 { faults.append(.init("\(name).absoluteMinor", "not negative")) }
        if !(0...5_000).contains(basisPoints) { faults.append(.init("\(name).basisPoints", "0 to 5000 (a half)")) }
        if !(1...1_000_000_000).contains(roundingUnitMinor) {
            faults.append(.init("\(name).roundingUnitMinor", "1 (none) to 1000000000"))
        }
        return faults
    }

    private enum Key: String, CodingKey, CaseIterable { case absoluteMinor, basisPoints, roundingUnitMinor }

    public init(from decoder: any Decoder) throws {
        try decoder.refuseOthers(than: Key.self)
        let values = try decoder.container(keyedBy: Key.self)
        self.init(
            absoluteMinor: try values.get(.absoluteMinor, or: 0), basisPoints: try values.get(.basisPoints, or: 0),
            roundingUnitMinor: try values.get(.roundingUnitMinor, or: 1))
    }
}

extension Int64 {
    /// How far this number lies above a smaller one; exact over the whole range.
    @usableFromInline
    func distanceMagnitude(to smaller: Int64) -> UInt64 {
        UInt64(bitPattern: self) &- UInt64(bitPattern: smaller)
    }
}
