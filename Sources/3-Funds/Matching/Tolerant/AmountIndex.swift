/// Open lines of one kind and currency, found by amount and day.
struct AmountIndex {
    struct Entry {
        var amountMinor: Int64
        /// Lines without a day stand before all others of their amount.
        var day: Int32
        var line: Int32
    }

    static let noDay = Int32.min
    /// How many different amounts within tolerance are looked at for one line.
    static let maximumAmounts = 256

    private let entries: [Entry]
    /// Where the run of equal amounts ends that an entry belongs to.
    private let ends: [Int32]

    init(_ entries: [Entry]) {
        let sorted = entries.sorted { ($0.amountMinor, $0.day, $0.line) < ($1.amountMinor, $1.day, $1.line) }
        var ends = Array(repeating: Int32(sorted.count), count: sorted.count)
        for index in sorted.indices.dropLast().reversed() {
            let isSame = sorted[index].amountMinor == sorted[index + 1].amountMinor
            ends[index] = isSame ? ends[index + 1] : Int32(index + 1)
        }
        self.entries = sorted
        self.ends = ends
    }

    /// Lines whose amount lies within `amounts` and whose day, where known, within `days`.
    ///
    /// - Returns: nil when there are more than `limit`, or more different amounts than are looked at.
    func lines(amounts: ClosedRange<Int64>, days: ClosedRange<Int32>?, limit: Int) -> [Int32]? {
        var found: [Int32] = []
        var start = lowerBound(amounts.lowerBound, .min, 0, entries.count)
        var looked = 0
        while start < entries.count, entries[start].amountMinor <= amounts.upperBound {
            looked += 1
            if looked > Self.maximumAmounts { return nil }
            let end = Int(ends[start])
            // A line of ours without a day fits every day of theirs.
            let first = days == nil ? start : afterUndated(start, end)
            let from = days.map { lowerBound(entries[start].amountMinor, $0.lowerBound, first, end) } ?? start
            for index in [start..<first, from..<end].joined() {
                if let days, entries[index].day > days.upperBound { break }
                found.append(entries[index].line)
                if found.count > limit { return nil }
            }
            start = end
        }
        return found
    }

    private func afterUndated(_ start: Int, _ end: Int) -> Int {
        lowerBound(entries[start].amountMinor, Self.noDay + 1, start, end)
    }

    private func lowerBound(_ amount: Int64, _ day: Int32, _ start: Int, _ end: Int) -> Int {
        var (low, high) = (start, end)
        while low < high {
            let middle = (low + high) / 2
            if (entries[middle].amountMinor, entries[middle].day) < (amount, day) {
                low = middle + 1
            } else {
                high = middle
            }
        }
        return low
    }
}
