internal import CScan
internal import Glibc

/// One thread's entries, by side and partition: chains of small blocks in one arena, and what was written to disk when
/// the arena was full.
///
/// Unchecked, because one thread fills it and others only read it when all threads have stopped writing.
final class EntryStore: @unchecked Sendable {
    static let blockBytes = Int(CSCAN_BLOCK)

    /// One emptying of the arena to disk: for each side and partition, in this order, how many entries.
    private struct Spill {
        var start: Int
        var counts: [UInt32]
    }

    let partitions: Int
    let stride: Int
    /// Sinks of ours and theirs; they share the arena.
    let sinks: UnsafeMutablePointer<cscan_sink>
    private let used: UnsafeMutablePointer<UInt32>
    private let cursors: UnsafeMutablePointer<UnsafeMutablePointer<UInt8>?>
    private let heads: UnsafeMutablePointer<UInt32>
    private let arena: UnsafeMutableRawPointer
    private let arenaBytes: Int
    private let spillFile: TemporaryFile
    private var spills: [Spill] = []
    private var spillEnd = 0

    /// - Parameter arenaBytes: Address space that is taken as it is needed; at least a block for every partition.
    init(partitions: Int, stride: Int, arenaBytes: Int, spillFile: TemporaryFile) throws(FileReconciliationError) {
        self.partitions = partitions
        self.stride = stride
        let blocks = max(arenaBytes / Self.blockBytes, partitions * 2 + 16)
        self.arenaBytes = blocks * Self.blockBytes
        self.spillFile = spillFile
        guard
            let memory = mmap(
                nil, self.arenaBytes, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0),
            memory != MAP_FAILED
        else { throw .system("memory", "reserve \(self.arenaBytes) bytes") }
        arena = memory
        sinks = .allocate(capacity: 2)
        used = .allocate(capacity: 1)
        cursors = .allocate(capacity: 2 * partitions)
        heads = .allocate(capacity: 2 * partitions)
        for side in 0..<2 {
            (sinks + side).initialize(
                to: cscan_sink(
                    cursors: cursors + side * partitions, heads: heads + side * partitions,
                    arena: memory.assumingMemoryBound(to: UInt8.self),
                    blocks: UInt32(blocks), used: used, partitions: UInt32(partitions), stride: UInt32(stride)))
        }
        clear()
    }

    deinit {
        munmap(arena, arenaBytes)
        sinks.deallocate()
        used.deallocate()
        cursors.deallocate()
        heads.deallocate()
    }

    private var fullCursor: Int { 8 + (Self.blockBytes - 8) / stride * stride }

    var hasSpilled: Bool { !spills.isEmpty }

    private func clear() {
        used.pointee = 0
        // No chain has a block: every cursor stands as at the end of a full one.
        cursors.update(repeating: UnsafeMutablePointer(bitPattern: fullCursor), count: 2 * partitions)
        heads.update(repeating: UInt32.max, count: 2 * partitions)
    }

    // MARK: Chains

    /// The blocks of a chain: the newest may be partly full, all others are full.
    private func forEachBlock(_ chain: Int, _ body: (UnsafeRawPointer, Int) -> Void) {
        let full = fullCursor - 8
        var block = heads[chain]
        var bytes = 0
        if block != .max, let at = cursors[chain] {
            bytes = UnsafeRawPointer(at) - (UnsafeRawPointer(arena) + Int(block) * Self.blockBytes + 8)
        }
        while block != .max {
            let start = UnsafeRawPointer(arena) + Int(block) * Self.blockBytes
            body(start + 8, bytes)
            block = UInt32(truncatingIfNeeded: start.load(as: UInt64.self))
            bytes = full
        }
    }

    private func chainCount(_ chain: Int) -> Int {
        var bytes = 0
        forEachBlock(chain) { bytes += $1 }
        return bytes / stride
    }

    // MARK: Disk

    /// Writes everything to disk, partition by partition, and begins anew.
    func spill() throws(FileReconciliationError) {
        var spill = Spill(start: spillEnd, counts: [])
        spill.counts.reserveCapacity(2 * partitions)
        var writer = BlockWriter(spillFile, at: spillEnd)
        for chain in 0..<2 * partitions {
            spill.counts.append(UInt32(chainCount(chain)))
            var failure: FileReconciliationError?
            forEachBlock(chain) { start, bytes in
                do throws(FileReconciliationError) { try writer.append(start, bytes) } catch { failure = error }
            }
            if let failure { throw failure }
        }
        try writer.flush()
        spillEnd = writer.at
        spills.append(spill)
        clear()
    }

    // MARK: Reading

    /// How many entries a partition has, for each partition; the sum of several stores says how large a join becomes.
    func addCounts(side: Int, to counts: inout [Int]) {
        for partition in 0..<partitions {
            counts[partition] += chainCount(side * partitions + partition)
            for spill in spills { counts[partition] += Int(spill.counts[side * partitions + partition]) }
        }
    }

    /// The entries of a partition, in portions of up to a few hundred.
    func read(
        side: Int, partition: Int, scratch: inout [UInt8], _ body: (UnsafeRawPointer, Int) -> Void
    ) throws(FileReconciliationError) {
        let chain = side * partitions + partition
        forEachBlock(chain) { body($0, $1 / stride) }
        for index in spills.indices {
            let count = Int(spills[index].counts[chain])
            if count == 0 { continue }
            var start = spills[index].start + offset(of: chain, in: index) * stride
            var left = count * stride
            let portion = scratch.count / stride * stride
            while left > 0 {
                let bytes = min(left, portion)
                try spillFile.read(&scratch, bytes, at: start)
                scratch.withUnsafeBytes { bytesRead in
                    // The array is never empty: it was made with room for many entries.
                    if let base = bytesRead.baseAddress { body(base, bytes / stride) }
                }
                start += bytes
                left -= bytes
            }
        }
    }

    /// How many entries stand before a chain's in a spill; sums are made once, when reading begins.
    private func offset(of chain: Int, in index: Int) -> Int { offsets[index][chain] }

    private lazy var offsets: [[Int]] = spills.map { spill in
        var sum = 0
        return spill.counts.map { count in
            defer { sum += Int(count) }
            return sum
        }
    }

    /// Before several threads read: what is made lazily is made.
    func prepareReading() { _ = offsets.count }
}
