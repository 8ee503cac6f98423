internal import CScan
internal import Synchronization

/// Joins all partitions, each within one core's cache.
final class PartitionJoin: Sendable {
    struct Outcome {
        /// Lines that each side has once, with equal values.
        var matched = 0
        /// All others, by groups.
        var residues: [Residue]
    }

    private struct State {
        var matched = 0
        var failure: FileReconciliationError?
    }

    private let stores: [EntryStore]
    private let counts: [[Int]]
    private let partitions: Int
    private let stride: Int
    private let isFeeExpected: Bool
    private let next = Atomic<Int>(0)
    private let state = Mutex(State())
    private let meter: ProgressMeter

    init(stores: [EntryStore], isFeeExpected: Bool, meter: ProgressMeter) {
        self.stores = stores
        self.isFeeExpected = isFeeExpected
        self.meter = meter
        // There is a store for every thread, and at least one.
        partitions = stores.first?.partitions ?? 0
        stride = stores.first?.stride ?? 24
        var counts = [[Int]](repeating: Array(repeating: 0, count: stores.first?.partitions ?? 0), count: 2)
        for store in stores {
            for side in 0..<2 { store.addCounts(side: side, to: &counts[side]) }
            store.prepareReading()
        }
        self.counts = counts
    }

    /// - Parameter residues: One for each thread.
    func run(_ residues: [Residue]) throws(FileReconciliationError) -> Outcome {
        Parallel.run(residues.count) { work(residues[$0]) }
        let (matched, failure) = state.withLock { ($0.matched, $0.failure) }
        if let failure { throw failure }
        return Outcome(matched: matched, residues: residues)
    }

    private func work(_ residue: Residue) {
        var tables = JoinTables(stride: stride)
        var matched: UInt64 = 0
        while state.withLock({ $0.failure == nil }) {
            let partition = next.wrappingAdd(1, ordering: .relaxed).oldValue
            guard partition < partitions else { break }
            let entries = counts[0][partition] + counts[1][partition]
            guard entries > 0 else { continue }
            do throws(FileReconciliationError) {
                try join(partition, &tables, &matched, residue)
            } catch {
                state.withLock { $0.failure = $0.failure ?? error }
            }
            meter.add(entries)
        }
        state.withLock { $0.matched += Int(matched) }
    }

    private func join(
        _ partition: Int, _ tables: inout JoinTables, _ matched: inout UInt64, _ residue: Residue
    ) throws(FileReconciliationError) {
        let (ours, theirs) = (counts[0][partition], counts[1][partition])
        guard ours + theirs < Int(Int32.max) / 2 else {
            throw .settings("\(ours + theirs) lines fall into one partition: there cannot be so many")
        }
        tables.reserve(ours, theirs)
        for side in 0..<2 {
            var place = tables.entries[side]
            for store in stores {
                try store.read(side: side, partition: partition, scratch: &tables.scratch) { start, count in
                    place.copyMemory(from: start, byteCount: count * stride)
                    place += count * stride
                }
            }
        }
        let written = cscan_join(
            tables.entries[0].assumingMemoryBound(to: UInt8.self), UInt32(ours),
            tables.entries[1].assumingMemoryBound(to: UInt8.self), UInt32(theirs), UInt32(stride),
            isFeeExpected ? 1 : 0, tables.slots, UInt32(tables.slotCount(ours + theirs)), tables.found, &matched)
        try residue.append(UnsafeBufferPointer(start: tables.found, count: Int(written)))
    }
}

/// A thread's scratch for joins; it grows to the largest partition.
struct JoinTables: ~Copyable {
    private(set) var entries: [UnsafeMutableRawPointer]
    private(set) var slots: UnsafeMutablePointer<cscan_slot>
    private(set) var found: UnsafeMutablePointer<cscan_found>
    var scratch: [UInt8]
    private let stride: Int
    private var rooms = [0, 0]
    private var slotRoom = 0

    init(stride: Int) {
        self.stride = stride
        entries = [.allocate(byteCount: 1, alignment: 64), .allocate(byteCount: 1, alignment: 64)]
        slots = .allocate(capacity: 1)
        found = .allocate(capacity: 1)
        scratch = Array(repeating: 0, count: 512 * 96)
    }

    deinit {
        for side in entries { side.deallocate() }
        slots.deallocate()
        found.deallocate()
    }

    /// A power of two with a fifth to spare, so that a search always ends at an empty place.
    borrowing func slotCount(_ lines: Int) -> Int {
        var count = 64
        while count < lines + lines / 4 { count *= 2 }
        return count
    }

    mutating func reserve(_ ours: Int, _ theirs: Int) {
        for (side, count) in [ours, theirs].enumerated() where count > rooms[side] {
            rooms[side] = count + count / 4
            entries[side].deallocate()
            entries[side] = .allocate(byteCount: rooms[side] * stride, alignment: 64)
        }
        let wanted = slotCount(ours + theirs)
        if wanted > slotRoom {
            slots.deallocate()
            found.deallocate()
            slotRoom = wanted
            slots = .allocate(capacity: wanted)
            slots.initialize(repeating: cscan_slot(), count: wanted)
            found = .allocate(capacity: wanted)
        }
    }
}
