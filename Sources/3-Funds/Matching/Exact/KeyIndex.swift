/// Groups the lines of both sides by kind and key: a hash table of line numbers with open addressing.
///
/// Keys are compared byte for byte. Hashes carry a seed of their own run, so that nobody can write keys that collide;
/// nothing that comes out depends on it.
struct KeyIndex {
    /// Lines of one group; `first…` is only set where the count is not 0.
    struct Group {
        var firstOurs: Int32 = -1
        var firstTheirs: Int32 = -1
        var oursCount: Int32 = 0
        var theirsCount: Int32 = 0
    }

    private(set) var groups: [Group] = []
    /// Lines of groups that have more than one on a side, by group.
    private(set) var crowded: [Int32: (ours: [Int], theirs: [Int])] = [:]
    private var slots: [Int32]
    private var hashes: [UInt64] = []
    private let mask: Int
    private let position: Int

    /// - Parameters:
    ///   - lines: Numbers of the lines to index, those whose key may be used.
    ///   - hashes: A hash for every line of the side, `KeyIndex.hash`.
    init(
        position: Int, ours: UnsafeBufferPointer<MatchRow>, oursLines: [Int32], oursHashes: UnsafeBufferPointer<UInt64>,
        theirs: UnsafeBufferPointer<MatchRow>, theirsLines: [Int32], theirsHashes: UnsafeBufferPointer<UInt64>
    ) {
        self.position = position
        var capacity = 16
        while capacity < 2 * (oursLines.count + theirsLines.count) { capacity *= 2 }
        slots = Array(repeating: -1, count: capacity)
        mask = capacity - 1
        groups.reserveCapacity(max(oursLines.count, theirsLines.count))
        hashes.reserveCapacity(max(oursLines.count, theirsLines.count))
        for line in oursLines {
            let group = group(of: Int(line), in: ours, hash: oursHashes[Int(line)], ours, theirs)
            if groups[group].oursCount == 0 { groups[group].firstOurs = line }
            groups[group].oursCount += 1
            if groups[group].oursCount > 1 { crowd(group, Int(line), isOurs: true) }
        }
        for line in theirsLines {
            let group = group(of: Int(line), in: theirs, hash: theirsHashes[Int(line)], ours, theirs)
            if groups[group].theirsCount == 0 { groups[group].firstTheirs = line }
            groups[group].theirsCount += 1
            if groups[group].theirsCount > 1 { crowd(group, Int(line), isOurs: false) }
        }
    }

    /// All lines of a crowded group, its first ones included.
    func lines(of group: Int) -> (ours: [Int], theirs: [Int]) {
        var lines = crowded[Int32(group)] ?? ([], [])
        if groups[group].oursCount > 0 { lines.ours.append(Int(groups[group].firstOurs)) }
        if groups[group].theirsCount > 0 { lines.theirs.append(Int(groups[group].firstTheirs)) }
        return lines
    }

    private mutating func crowd(_ group: Int, _ line: Int, isOurs: Bool) {
        if isOurs {
            crowded[Int32(group), default: ([], [])].ours.append(line)
        } else {
            crowded[Int32(group), default: ([], [])].theirs.append(line)
        }
    }

    private mutating func group(
        of line: Int, in side: UnsafeBufferPointer<MatchRow>, hash: UInt64, _ ours: UnsafeBufferPointer<MatchRow>,
        _ theirs: UnsafeBufferPointer<MatchRow>
    ) -> Int {
        // The lowest bit is set in every hash, because 0 means that a line has no key.
        var slot = Int(truncatingIfNeeded: hash >> 1) & mask
        while slots[slot] >= 0 {
            let group = Int(slots[slot])
            if hashes[group] == hash {
                let known = groups[group]
                let other = known.oursCount > 0 ? ours[Int(known.firstOurs)] : theirs[Int(known.firstTheirs)]
                if Self.isSame(side[line], other, position) { return group }
            }
            slot = (slot + 1) & mask
        }
        slots[slot] = Int32(groups.count)
        groups.append(Group())
        hashes.append(hash)
        return groups.count - 1
    }

    static func isSame(_ left: MatchRow, _ right: MatchRow, _ position: Int) -> Bool {
        left.kind == right.kind && left.keys[position].utf8.elementsEqual(right.keys[position].utf8)
    }

    /// Never 0: that is the mark of a line without a key.
    static func hash(_ key: String, _ kind: MatchKind, seed: Hasher) -> UInt64 {
        var hasher = seed
        var key = key
        key.withUTF8 { hasher.combine(bytes: UnsafeRawBufferPointer($0)) }
        hasher.combine(kind.rawValue)
        return UInt64(bitPattern: Int64(hasher.finalize())) | 1
    }
}
