internal import CScan
internal import Glibc

/// The difference of two files in a fixed few bytes: lines of ours are added, lines of theirs subtracted, equal ones
/// cancel in any order, and what remains can be read while it is not too much.
///
/// An invertible Bloom lookup table: M. Goodrich and M. Mitzenmacher, "Invertible Bloom lookup tables" (2011); used for
/// this by D. Eppstein and others, "What's the difference? Efficient set reconciliation without prior context" (2011).
/// Unchecked, because one thread fills it, and another merges and reads it when all threads have stopped.
final class LineSketch: @unchecked Sendable {
    private static let cellBytes = MemoryLayout<cscan_cell>.stride
    /// Five megabytes, so that the sketches of a few threads stay in the processor's third-level cache: each line touches
    /// three cells anywhere, and from memory that would be half of the job's time.
    private static let cachedCells = 200_000

    /// How large a job's sketches are, in thirds of their cells; nil for jobs that entries do better.
    ///
    /// Eight cells in ten can hold a line that differs: 0.8 % of the lines of both sides, and in jobs of more than 20
    /// million lines less, down to 0.1 %.
    static func third(lines: Int, settings: FileReconciliation.Settings, layout: cscan_layout) -> Int? {
        // A fee that one side does not know equals any, which sums cannot say.
        guard lines >= settings.sketchFrom, layout.fee_wanted == 0 else { return nil }
        let wanted = max(min(lines / 100, cachedCells), lines / 750)
        let room = settings.memoryBytes / settings.threads / cellBytes
        return max(3 * 256, min(wanted, room)) / 3
    }

    let sketch: UnsafeMutablePointer<cscan_sketch>
    private let bytes: Int

    /// - Parameter third: a third of the cells. All cells tell about 2.4 `third` differences apart.
    init(third: Int) throws(FileReconciliationError) {
        bytes = 3 * third * Self.cellBytes
        guard
            let memory = mmap(nil, bytes, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0),
            memory != MAP_FAILED
        else { throw .system("memory", "reserve \(bytes) bytes") }
        // Every line touches three cells anywhere in it, so addresses are better looked up by large pages.
        madvise(memory, bytes, MADV_HUGEPAGE)
        sketch = .allocate(capacity: 1)
        sketch.initialize(to: cscan_sketch())
        sketch.pointee.cells = memory.bindMemory(to: cscan_cell.self, capacity: 3 * third)
        sketch.pointee.third = UInt32(third)
    }

    deinit {
        munmap(sketch.pointee.cells, bytes)
        sketch.deallocate()
    }

    /// The keys whose lines differ, sorted, each once; nil when there are more than can be told apart. Uses the sketches up.
    static func differences(of sketches: [LineSketch]) -> [UInt64]? {
        guard let first = sketches.first else { return [] }
        for sketch in sketches { cscan_sketch_settle(sketch.sketch) }
        for other in sketches.dropFirst() { cscan_sketch_merge(first.sketch, other.sketch) }
        let limit = 3 * Int(first.sketch.pointee.third)
        var found = -1
        var keys = [UInt64](unsafeUninitializedCapacity: limit) { keys, count in
            let stack = UnsafeMutablePointer<UInt32>.allocate(capacity: 2 * limit + 3)
            found = Int(cscan_sketch_read(first.sketch, keys.baseAddress, UInt64(limit), stack))
            stack.deallocate()
            count = max(0, found)
        }
        guard found >= 0 else { return nil }
        keys.sort()
        var kept = 0
        for key in keys where kept == 0 || keys[kept - 1] != key {
            keys[kept] = key
            kept += 1
        }
        keys.removeLast(keys.count - kept)
        return keys
    }
}

/// Keys whose lines are looked for. Unchecked, because it is only read.
final class KeySelection: @unchecked Sendable {
    let selection: UnsafeMutablePointer<cscan_selection>
    private let bits: UnsafeMutablePointer<UInt64>
    private let places: UnsafeMutablePointer<UInt64>

    init(_ keys: [UInt64]) {
        func power(_ wanted: Int) -> Int {
            var power = 64
            while power < wanted { power *= 2 }
            return power
        }
        // One line of sixteen passes the bitmap in vain, and the bitmap of a usual day stays in a core's cache.
        let bitCount = power(16 * keys.count)
        let placeCount = power(2 * keys.count + 1)
        bits = .allocate(capacity: bitCount / 64)
        bits.initialize(repeating: 0, count: bitCount / 64)
        places = .allocate(capacity: placeCount)
        places.initialize(repeating: .max, count: placeCount)
        selection = .allocate(capacity: 1)
        selection.initialize(
            to: cscan_selection(
                bits: bits, bit_mask: UInt64(bitCount - 1), keys: places, mask: UInt64(placeCount - 1)))
        cscan_select(selection, keys, UInt64(keys.count))
    }

    deinit {
        bits.deallocate()
        places.deallocate()
        selection.deallocate()
    }
}
