extension SubsetSum {
    /// Sums that a prefix of the amounts reaches, a bit each, up to the highest that matters.
    private struct Row {
        var words: [UInt64]

        init(bits: Int) {
            words = Array(repeating: 0, count: bits / 64 + 1)
        }

        subscript(bit: Int) -> Bool {
            words[bit / 64] >> UInt64(bit % 64) & 1 == 1
        }

        /// This row moved up by `shift` places; what leaves the row is no sum that matters.
        func moved(by shift: Int) -> Row {
            var moved = self
            let (whole, part) = (shift / 64, UInt64(shift % 64))
            for index in words.indices.reversed() {
                let lower = index - whole
                var word = lower >= 0 ? words[lower] << part : 0
                if part > 0, lower >= 1 { word |= words[lower - 1] >> (64 - part) }
                moved.words[index] = word
            }
            return moved
        }

        func union(_ other: Row) -> Row { combined(other, |) }
        func common(_ other: Row) -> Row { combined(other, &) }

        private func combined(_ other: Row, _ join: (UInt64, UInt64) -> UInt64) -> Row {
            var result = self
            for index in words.indices { result.words[index] = join(words[index], other.words[index]) }
            return result
        }
    }

    /// The table from the last amount to the first, so that the walk back over it takes the first amounts that can be
    /// part of a set. Here the nearest sum decides, then the order given; the number of amounts does not.
    func table(_ target: UInt64, _ tolerance: UInt64, _ amounts: [UInt64]) -> Answer {
        let bits = Int(target + tolerance) + 1
        // reached[i] are the sums of amounts i and after it; `twice` those that more than one set reaches.
        var reached = Array(repeating: Row(bits: bits), count: amounts.count + 1)
        var twice = Row(bits: bits)
        reached[amounts.count].words[0] = 1
        for index in amounts.indices.reversed() {
            let before = reached[index + 1]
            guard amounts[index] < UInt64(bits) else {
                reached[index] = before
                continue
            }
            let shift = Int(amounts[index])
            let added = before.moved(by: shift)
            twice = twice.union(twice.moved(by: shift)).union(before.common(added))
            reached[index] = before.union(added)
        }
        return answer(Int(target), Int(tolerance), amounts, reached, twice)
    }

    private func answer(
        _ target: Int, _ tolerance: Int, _ amounts: [UInt64], _ reached: [Row], _ twice: Row
    ) -> Answer {
        let sums = (target - tolerance...target + tolerance).filter { reached[0][$0] }
        guard let sum = sums.min(by: { (abs($0 - target), $0) < (abs($1 - target), $1) }) else { return .none }
        var left = sum
        var chosen: [Int] = []
        for index in amounts.indices where left > 0 {
            guard amounts[index] <= UInt64(left), reached[index + 1][left - Int(amounts[index])] else { continue }
            chosen.append(index)
            left -= Int(amounts[index])
        }
        return .found(chosen, isOnly: sums.count == 1 && !twice[sum])
    }
}
