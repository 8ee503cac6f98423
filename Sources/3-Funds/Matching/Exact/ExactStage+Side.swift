internal import Synchronization

extension ExactStage {
    /// The lines of one side and which of them are used.
    ///
    /// Unchecked, because parts that run side by side write the flags of different lines, and each key's lines are of
    /// one part; what they share otherwise is behind the mutex.
    final class Side: @unchecked Sendable {
        let rows: UnsafeBufferPointer<MatchRow>
        let used: UnsafeMutablePointer<Bool>
        let keyCount: Int
        private let owner: UnsafeMutableBufferPointer<MatchRow>
        private let surplus = Mutex([Int: MatchRow]())

        init(_ lines: [MatchRow]) {
            owner = .allocate(capacity: lines.count)
            _ = owner.initialize(from: lines)
            rows = UnsafeBufferPointer(owner)
            used = .allocate(capacity: lines.count)
            used.initialize(repeating: false, count: lines.count)
            keyCount = lines.reduce(0) { max($0, $1.keys.count) }
        }

        deinit {
            owner.deinitialize()
            owner.deallocate()
            used.deallocate()
        }

        /// Takes over what a group left: its other lines are used.
        func note(_ lines: [Int], surplus over: [(row: MatchRow, first: MatchRow)], open: [MatchRow]) {
            let left = Set(open.map(\.id)).union(over.map(\.row.id))
            for line in lines where !left.contains(rows[line].id) { used[line] = true }
            guard !over.isEmpty else { return }
            let firsts = Dictionary(uniqueKeysWithValues: over.map { ($0.row.id, $0.first) })
            surplus.withLock { surplus in
                for line in lines {
                    if let first = firsts[rows[line].id] { surplus[line] = first }
                }
            }
        }

        /// A line that is surplus already keeps the first line that was named for it.
        func note(_ line: Int, repeats row: MatchRow) {
            surplus.withLock { surplus in
                if surplus[line] == nil { surplus[line] = row }
            }
        }

        /// The surplus lines that no later key found a counterpart for; they are used from here on.
        func takeSurplus() -> [(row: MatchRow, first: MatchRow)] {
            surplus.withLock { surplus in
                let left = surplus.filter { !used[$0.key] }
                for line in left.keys { used[line] = true }
                return left.map { (rows[$0.key], $0.value) }
            }
        }

        func usedBatches() -> Set<String> {
            var batches: Set<String> = []
            for line in rows.indices where used[line] && !rows[line].batch.isEmpty { batches.insert(rows[line].batch) }
            return batches
        }

        func open() -> [MatchRow] {
            rows.indices.filter { !used[$0] }.map { rows[$0] }
        }
    }

    /// A hash for every line of a side. Unchecked, because threads write the hashes of different lines and read them
    /// only when all are written.
    final class Hashes: @unchecked Sendable {
        let values: UnsafeMutablePointer<UInt64>
        let count: Int

        var all: UnsafeBufferPointer<UInt64> { UnsafeBufferPointer(start: values, count: count) }

        init(count: Int) {
            self.count = count
            values = .allocate(capacity: max(count, 1))
            values.initialize(repeating: 0, count: count)
        }

        deinit { values.deallocate() }

        /// The unused lines with a key whose hash falls into a part; the upper bits choose, the lower ones place it within.
        func lines(ofPart part: Int, of parts: Int, unusedIn side: Side) -> [Int32] {
            var lines: [Int32] = []
            lines.reserveCapacity(count / parts + 16)
            for line in 0..<count where values[line] != 0 && !side.used[line] {
                if Int((values[line] >> 48) % UInt64(parts)) == part { lines.append(Int32(line)) }
            }
            return lines
        }
    }
}
