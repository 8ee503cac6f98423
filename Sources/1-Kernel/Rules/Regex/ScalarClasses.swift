/// The scalars of Unicode sorted into the classes that a pattern tells apart.
struct ScalarClasses: Sendable {
    /// What stands behind the last scalar is a class of its own.
    var end: Int { count }
    private(set) var count = 1
    /// The class of each ASCII scalar.
    private(set) var ascii = [UInt16](repeating: 0, count: 128)
    private(set) var isWord: [Bool] = [false]
    private(set) var isNewline: [Bool] = [false]

    /// Where the class changes, from 128 upwards, and to which.
    private var starts: [UInt32] = [128]
    private var values: [UInt16] = [0]
    /// For each set the classes that it consists of, as bits.
    private var rows: [[UInt64]] = []

    static let none = ScalarClasses([], separating: [])

    /// Each set is a union of whole classes, and so is each of `extra`.
    init(_ sets: [ScalarSet], separating extra: [ScalarSet]) {
        var boundaries: Set<UInt32> = [0, 128]
        for set in sets + extra {
            for range in set.ranges {
                boundaries.insert(range.low)
                if range.high < ScalarSet.highest { boundaries.insert(range.high + 1) }
            }
        }
        let starts = boundaries.sorted()
        var position: [UInt32: Int] = [:]
        for (index, start) in starts.enumerated() { position[start] = index }
        var classes = [UInt16](repeating: 0, count: starts.count)
        var sizes = [starts.count]
        for set in sets + extra {
            ScalarClasses.refine(&classes, by: ScalarClasses.intervals(of: set, position, starts.count), &sizes)
        }
        count = sizes.count
        for set in sets {
            var row = [UInt64](repeating: 0, count: count / 64 + 1)
            for interval in ScalarClasses.intervals(of: set, position, starts.count) {
                row[Int(classes[interval]) / 64] |= 1 << (UInt64(classes[interval]) % 64)
            }
            rows.append(row)
        }
        isWord = [Bool](repeating: false, count: count + 1)
        isNewline = isWord
        for (index, start) in starts.enumerated() {
            if UnicodeClasses.word.contains(start) { isWord[Int(classes[index])] = true }
            if start == 0x0A { isNewline[Int(classes[index])] = true }
            let end = index + 1 < starts.count ? starts[index + 1] : ScalarSet.highest + 1
            if start < 128 { for scalar in start..<min(end, 128) { ascii[Int(scalar)] = classes[index] } }
        }
        let firstBeyond = position[128] ?? 0
        self.starts = Array(starts[firstBeyond...])
        values = Array(classes[firstBeyond...])
    }

    /// The positions of the intervals that a set covers.
    private static func intervals(of set: ScalarSet, _ position: [UInt32: Int], _ count: Int) -> [Int] {
        set.ranges.flatMap { range in
            let first = position[range.low] ?? 0
            let last = range.high == ScalarSet.highest ? count : position[range.high + 1] ?? count
            return Array(first..<last)
        }
    }

    /// Splits every class that lies partly inside. `sizes` counts the intervals of each class.
    private static func refine(_ classes: inout [UInt16], by inside: [Int], _ sizes: inout [Int]) {
        var covered: [UInt16: Int] = [:]
        for interval in inside { covered[classes[interval], default: 0] += 1 }
        var renamed: [UInt16: UInt16] = [:]
        for (old, number) in covered where number < sizes[Int(old)] {
            // There are fewer classes than intervals, and no pattern has 65,536 of those: Unicode's own categories
            // and scripts meet at about 7,000 places, and a pattern adds two at most for each of its scalars.
            renamed[old] = UInt16(sizes.count)
            sizes[Int(old)] -= number
            sizes.append(number)
        }
        guard !renamed.isEmpty else { return }
        for interval in inside { classes[interval] = renamed[classes[interval]] ?? classes[interval] }
    }

    @inline(__always)
    func contains(row: Int, _ value: Int) -> Bool { rows[row][value / 64] & (1 << (UInt64(value) % 64)) != 0 }

    /// The class of a scalar from 128 upwards.
    func beyondASCII(_ scalar: UInt32) -> Int {
        var low = 0
        var high = starts.count
        while high - low > 1 {
            let middle = (low + high) / 2
            if starts[middle] <= scalar { low = middle } else { high = middle }
        }
        return Int(values[low])
    }
}
