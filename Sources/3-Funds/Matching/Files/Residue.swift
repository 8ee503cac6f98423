internal import CScan
internal import Glibc

enum ResidueOrder {
    static func precedes(_ left: cscan_found, _ right: cscan_found) -> Bool {
        left.group != right.group ? left.group < right.group : left.line < right.line
    }
}

/// Lines that did not match at once, in order of their groups; beyond a limit sorted runs of them wait on disk.
///
/// Groups of our lines come in their order in our file, then groups that only they have in the order of theirs.
/// Unchecked, because each is filled by one thread, and read by one when all have ended.
final class Residue: @unchecked Sendable {
    private struct Run {
        var start: Int
        var count: Int
    }

    private let file: TemporaryFile
    private let limit: Int
    private var lines: [cscan_found] = []
    private var runs: [Run] = []
    private var end = 0
    private(set) var count = 0

    init(limit: Int, file: TemporaryFile) {
        self.limit = max(1, limit)
        self.file = file
    }

    func append(_ found: UnsafeBufferPointer<cscan_found>) throws(FileReconciliationError) {
        guard found.count > 0 else { return }
        lines.append(contentsOf: found)
        count += found.count
        if lines.count >= limit { try spill() }
    }

    func append(_ found: [cscan_found]) throws(FileReconciliationError) {
        guard !found.isEmpty else { return }
        lines.append(contentsOf: found)
        count += found.count
        if lines.count >= limit { try spill() }
    }

    private func spill() throws(FileReconciliationError) {
        lines.sort(by: ResidueOrder.precedes)
        let bytes = lines.count * MemoryLayout<cscan_found>.size
        var failure: FileReconciliationError?
        lines.withUnsafeBytes { buffer in
            guard let base = buffer.baseAddress else { return }
            do throws(FileReconciliationError) { try file.write(base, bytes, at: end) } catch { failure = error }
        }
        if let failure { throw failure }
        runs.append(Run(start: end, count: lines.count))
        end += bytes
        lines.removeAll(keepingCapacity: true)
    }

    /// All lines of several threads' residues in one order.
    static func merged(_ residues: [Residue]) -> Merge {
        Merge(
            residues.flatMap { residue in
                residue.lines.sort(by: ResidueOrder.precedes)
                let runs = residue.runs.map { Reader(file: residue.file, start: $0.start, count: $0.count) }
                return runs + [Reader(lines: residue.lines)]
            })
    }

    /// Reads one sorted run, from disk in portions or from memory.
    final class Reader {
        private let file: TemporaryFile?
        private var start = 0
        private var left = 0
        private var portion: [cscan_found]
        private var place = 0
        private var bytes: [UInt8] = []

        init(lines: [cscan_found]) {
            file = nil
            portion = lines
        }

        init(file: TemporaryFile, start: Int, count: Int) {
            self.file = file
            self.start = start
            left = count
            portion = []
        }

        func next() throws(FileReconciliationError) -> cscan_found? {
            if place == portion.count, left > 0 { try load() }
            guard place < portion.count else { return nil }
            defer { place += 1 }
            return portion[place]
        }

        private func load() throws(FileReconciliationError) {
            guard let file else { return }
            let size = MemoryLayout<cscan_found>.size
            let count = min(left, 16_384)
            if bytes.count < count * size { bytes = Array(repeating: 0, count: count * size) }
            try file.read(&bytes, count * size, at: start)
            portion = bytes.withUnsafeBytes { Array($0.bindMemory(to: cscan_found.self).prefix(count)) }
            place = 0
            start += count * size
            left -= count
        }
    }

    /// A heap over the runs' heads.
    struct Merge {
        private var heads: [(line: cscan_found, reader: Reader)] = []
        private var waiting: [Reader]

        init(_ readers: [Reader]) { waiting = readers }

        mutating func next() throws(FileReconciliationError) -> cscan_found? {
            while let reader = waiting.popLast() {
                guard let line = try reader.next() else { continue }
                heads.append((line, reader))
                rise(heads.count - 1)
            }
            guard let first = heads.first else { return nil }
            if let line = try first.reader.next() {
                heads[0].line = line
            } else {
                heads[0] = heads[heads.count - 1]
                heads.removeLast()
            }
            sink(0)
            return first.line
        }

        private mutating func rise(_ start: Int) {
            var place = start
            while place > 0, ResidueOrder.precedes(heads[place].line, heads[(place - 1) / 2].line) {
                heads.swapAt(place, (place - 1) / 2)
                place = (place - 1) / 2
            }
        }

        private mutating func sink(_ start: Int) {
            var place = start
            while true {
                var least = place
                for child in [2 * place + 1, 2 * place + 2] where child < heads.count {
                    if ResidueOrder.precedes(heads[child].line, heads[least].line) { least = child }
                }
                if least == place { return }
                heads.swapAt(place, least)
                place = least
            }
        }
    }
}
