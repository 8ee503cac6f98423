/// Which of a few amounts sum to a target: for payouts that bring many payments in one line.
///
/// Few amounts are searched whole by meeting in the middle (Horowitz and Sahni 1974): O(2^(n/2)) sums of each half,
/// sorted, then one sweep. More amounts of one sign are searched by a table of reachable sums (Bellman 1957), O(n ×
/// target) bits. What neither may do within its limit is `notTried`, never silently nothing.
///
/// Deterministic: of several sets the nearest to the target is given, then the one of fewest amounts, then the one that
/// comes first in the order given.
public struct SubsetSum: Sendable {
    public enum Answer: Sendable, Equatable {
        /// Indexes of the amounts, ascending. `isOnly` is false when another set would do as well.
        case found([Int], isOnly: Bool)
        /// Everything was tried: no set sums to the target.
        case none
        case notTried(candidates: Int, limit: Int)
    }

    /// Halves of at most 2^16 sums: 2 MiB each.
    public static let mostHalved = 32
    /// 2^28 cells of one bit: 32 MiB.
    public static let mostCells = 268_435_456

    /// A table has a row an amount; more of them are never a person's payout.
    public static let mostTabled = 1_000

    public var maximumCandidates: Int
    public var maximumCells: Int

    public init(maximumCandidates: Int = 28, maximumCells: Int = 64_000_000) {
        self.maximumCandidates = min(maximumCandidates, Self.mostHalved)
        self.maximumCells = min(maximumCells, Self.mostCells)
    }

    /// How many amounts may be searched for a target at most.
    public func most(for target: Int64) -> Int {
        let tabled = UInt64(max(0, maximumCells)) / max(1, target.magnitude)
        return max(maximumCandidates, Int(min(tabled, UInt64(Self.mostTabled))))
    }

    /// - Parameters:
    ///   - target: Not zero, and further from it than `tolerance`: nothing at all would sum to it otherwise.
    ///   - tolerance: How far the sum may lie from the target.
    /// - Returns: `none` as well for a target that no set can mean.
    public func find(_ target: Int64, tolerance: UInt64 = 0, in amounts: [Int64]) -> Answer {
        guard target.magnitude > tolerance, !amounts.isEmpty else { return .none }
        if amounts.count <= maximumCandidates { return halves(target, tolerance, amounts) }
        let positive = target > 0
        let oneSign = amounts.allSatisfy { positive ? $0 > 0 : $0 < 0 }
        let reach = target.magnitude.addingReportingOverflow(tolerance)
        let cells = reach.partialValue.multipliedReportingOverflow(by: UInt64(amounts.count))
        guard oneSign, amounts.count <= Self.mostTabled, !reach.overflow, !cells.overflow,
            cells.partialValue <= UInt64(maximumCells)
        else {
            return .notTried(candidates: amounts.count, limit: maximumCandidates)
        }
        return table(target.magnitude, tolerance, amounts.map(\.magnitude))
    }

    // MARK: Meeting in the middle

    private struct Sum {
        var value: Int128
        /// Bit i is amount i of the half.
        var mask: UInt32
        /// Sets of the half with this sum, counted to two.
        var ways: UInt8
    }

    private struct Best {
        var distance: UInt128 = .max
        var size = Int.max
        var mask: UInt64 = 0

        /// Fewer amounts first; of as many those that come first: their bits, read from the lowest, are set earlier.
        mutating func take(distance: UInt128, mask: UInt64) {
            let size = mask.nonzeroBitCount
            let isBetter: Bool
            if distance != self.distance {
                isBetter = distance < self.distance
            } else if size != self.size {
                isBetter = size < self.size
            } else {
                isBetter = SubsetSum.comesFirst(mask, self.mask)
            }
            if isBetter { self = Best(distance: distance, size: size, mask: mask) }
        }
    }

    private func halves(_ target: Int64, _ tolerance: UInt64, _ amounts: [Int64]) -> Answer {
        let middle = amounts.count / 2
        let low = Self.sums(of: amounts[..<middle])
        let high = Self.sums(of: amounts[middle...])
        let least = Int128(target) - Int128(tolerance)
        let most = Int128(target) + Int128(tolerance)
        var best = Best()
        var ways = 0
        // `low` rises, so the window of `high` that completes it falls: both its ends only move down.
        var end = high.count
        var start = high.count
        for first in low {
            while end > 0, first.value + high[end - 1].value > most { end -= 1 }
            while start > 0, first.value + high[start - 1].value >= least { start -= 1 }
            guard start < end else { continue }
            ways = min(2, ways + Self.ways(first, high[start..<end]))
            // Of the window only the sums beside the target can be nearest.
            var place = start
            var upper = end
            while place < upper {
                let half = (place + upper) / 2
                if first.value + high[half].value < Int128(target) { place = half + 1 } else { upper = half }
            }
            for index in max(start, place - 1)..<min(end, place + 1) {
                let distance = (first.value + high[index].value - Int128(target)).magnitude
                best.take(distance: distance, mask: UInt64(first.mask) | UInt64(high[index].mask) << UInt64(middle))
            }
        }
        guard ways > 0 else { return .none }
        return .found(amounts.indices.filter { best.mask >> UInt64($0) & 1 == 1 }, isOnly: ways == 1)
    }

    private static func ways(_ first: Sum, _ window: ArraySlice<Sum>) -> Int {
        if window.count > 1 || first.ways > 1 { return 2 }
        return Int(window[window.startIndex].ways)
    }

    /// All sums of a half, ascending, each once with its smallest set. Built by merging, so that no sort is needed.
    private static func sums(of amounts: ArraySlice<Int64>) -> [Sum] {
        var sums = [Sum(value: 0, mask: 0, ways: 1)]
        for (bit, amount) in amounts.enumerated() {
            let added = sums.map {
                Sum(value: $0.value + Int128(amount), mask: $0.mask | 1 << UInt32(bit), ways: $0.ways)
            }
            sums = merged(sums, added)
        }
        return sums
    }

    private static func merged(_ left: [Sum], _ right: [Sum]) -> [Sum] {
        var all: [Sum] = []
        all.reserveCapacity(left.count + right.count)
        var (i, j) = (0, 0)
        while i < left.count || j < right.count {
            if j == right.count || (i < left.count && left[i].value < right[j].value) {
                all.append(left[i])
                i += 1
            } else if i == left.count || right[j].value < left[i].value {
                all.append(right[j])
                j += 1
            } else {
                let size = (left[i].mask.nonzeroBitCount, right[j].mask.nonzeroBitCount)
                let isLeft =
                    size.0 != size.1 ? size.0 < size.1 : comesFirst(UInt64(left[i].mask), UInt64(right[j].mask))
                all.append(Sum(value: left[i].value, mask: isLeft ? left[i].mask : right[j].mask, ways: 2))
                i += 1
                j += 1
            }
        }
        return all
    }

    /// Whether the first place in which two sets differ is one that `left` has.
    fileprivate static func comesFirst(_ left: UInt64, _ right: UInt64) -> Bool {
        let differing = left ^ right
        return differing != 0 && left >> UInt64(differing.trailingZeroBitCount) & 1 == 1
    }
}
