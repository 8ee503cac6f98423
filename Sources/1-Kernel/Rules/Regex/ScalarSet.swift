/// A set of Unicode scalars, as sorted ranges that neither touch nor overlap.
struct ScalarSet: Hashable, Sendable {
    struct Range: Hashable, Sendable {
        var low: UInt32
        var high: UInt32
    }

    private(set) var ranges: [Range]

    static let highest: UInt32 = 0x10_FFFF
    static let empty = ScalarSet(sorted: [])
    static let everything = ScalarSet(sorted: [Range(low: 0, high: highest)])
    static let newline = ScalarSet(0x0A)

    private init(sorted: [Range]) { ranges = sorted }

    init(_ scalar: UInt32) { ranges = [Range(low: scalar, high: scalar)] }

    init(_ low: UInt32, _ high: UInt32) { ranges = [Range(low: low, high: high)] }

    init(_ pairs: [(UInt32, UInt32)]) { self.init(pairs.map { Range(low: $0.0, high: $0.1) }) }

    /// Takes ranges in any order and joins those that touch.
    init(_ unsorted: [Range]) {
        ranges = []
        for range in unsorted.sorted(by: { $0.low < $1.low }) {
            if let last = ranges.last, range.low <= last.high || range.low == last.high + 1 {
                ranges[ranges.count - 1].high = max(last.high, range.high)
            } else {
                ranges.append(range)
            }
        }
    }

    var isEmpty: Bool { ranges.isEmpty }

    var inverted: ScalarSet {
        var result: [Range] = []
        var next: UInt32 = 0
        for range in ranges {
            if range.low > next { result.append(Range(low: next, high: range.low - 1)) }
            next = range.high + 1
        }
        if next <= ScalarSet.highest { result.append(Range(low: next, high: ScalarSet.highest)) }
        return ScalarSet(sorted: result)
    }

    func union(_ other: ScalarSet) -> ScalarSet { ScalarSet(ranges + other.ranges) }

    func subtracting(_ other: ScalarSet) -> ScalarSet { inverted.union(other).inverted }

    func contains(_ scalar: UInt32) -> Bool {
        var low = 0
        var high = ranges.count
        while low < high {
            let middle = (low + high) / 2
            if scalar < ranges[middle].low {
                high = middle
            } else if scalar > ranges[middle].high {
                low = middle + 1
            } else {
                return true
            }
        }
        return false
    }

    /// The set with every scalar that differs from one of its own only in case.
    func foldingCase() -> ScalarSet {
        var added: [Range] = []
        let span = ranges.reduce(into: 0) { $0 += Int($1.high - $1.low) + 1 }
        if span <= CaseFolding.worthScanning {
            for range in ranges {
                for scalar in range.low...range.high {
                    for other in CaseFolding.variants(of: scalar) { added.append(Range(low: other, high: other)) }
                }
            }
        } else {
            for (scalar, others) in CaseFolding.orbits where contains(scalar) {
                for other in others { added.append(Range(low: other, high: other)) }
            }
        }
        return added.isEmpty ? self : ScalarSet(ranges + added)
    }
}
