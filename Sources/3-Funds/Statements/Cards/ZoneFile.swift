import Glibc

/// One zone of the IANA data base as the system keeps it (RFC 9636, "TZif").
///
/// It is read here because a pure room does without Foundation.
struct ZoneFile: Sendable {
    /// When an offset begins to hold, in seconds since 1970, and what it is.
    private let changes: [(at: Int64, offset: Int32)]
    private let first: Int32
    /// The rule for moments behind the last change.
    private let rule: ZoneRule?

    /// Seconds east of UTC at a moment.
    func offset(at moment: Int64) -> Int32 {
        if let last = changes.last, moment >= last.at { return rule?.offset(at: moment) ?? last.offset }
        if changes.isEmpty { return rule?.offset(at: moment) ?? first }
        var low = 0
        var high = changes.count
        while low < high {
            let middle = (low + high) / 2
            if changes[middle].at <= moment { low = middle + 1 } else { high = middle }
        }
        return low == 0 ? first : changes[low - 1].offset
    }

    /// Nil for a name that the system does not have.
    init?(named name: String) {
        // A name leads to a file below one folder and nowhere else.
        let isPlain = name.utf8.allSatisfy {
            FieldText.digitValue($0) != nil || (0x41...0x5A).contains($0) || (0x61...0x7A).contains($0)
                || [UInt8(ascii: "/"), UInt8(ascii: "_"), UInt8(ascii: "-"), UInt8(ascii: "+")].contains($0)
        }
        guard isPlain, !name.isEmpty, name.utf8.count <= 64, name.first != "/" else { return nil }
        guard let stream = try? FileStream(path: "/usr/share/zoneinfo/" + name), let bytes = try? stream.head(64 << 10)
        else { return nil }
        self.init(bytes)
    }

    init?(_ bytes: [UInt8]) {
        guard var block = Block(bytes[...]) else { return nil }
        var wide = false
        if block.version >= UInt8(ascii: "2") {
            // The first block has 32-bit times for readers of old; the second has all.
            guard let second = Block(bytes[...].dropFirst(block.size(wide: false))) else { return nil }
            block = second
            wide = true
        }
        guard let read = block.read(wide: wide), let first = read.first else { return nil }
        changes = read.changes
        self.first = first
        rule = wide ? ZoneRule(String(decoding: read.rest.dropFirst().prefix { $0 != 10 }, as: UTF8.self)) : nil
    }

    /// A header with its data.
    private struct Block {
        let version: UInt8
        private let counts: [Int]
        private let data: ArraySlice<UInt8>

        init?(_ bytes: ArraySlice<UInt8>) {
            guard bytes.count >= 44, bytes.starts(with: Array("TZif".utf8)) else { return nil }
            version = bytes[bytes.startIndex + 4]
            // isutcnt, isstdcnt, leapcnt, timecnt, typecnt, charcnt
            counts = (0..<6).map { Int(Self.number(bytes.dropFirst(20 + $0 * 4).prefix(4))) }
            data = bytes.dropFirst(44)
            guard counts.allSatisfy({ (0...10_000).contains($0) }) else { return nil }
        }

        func size(wide: Bool) -> Int {
            let time = wide ? 8 : 4
            return 44 + counts[3] * (time + 1) + counts[4] * 6 + counts[5] + counts[2] * (time + 4) + counts[1]
                + counts[0]
        }

        func read(wide: Bool) -> (changes: [(at: Int64, offset: Int32)], first: Int32?, rest: ArraySlice<UInt8>)? {
            guard data.count >= size(wide: wide) - 44 else { return nil }
            let time = wide ? 8 : 4
            let kinds = data.dropFirst(counts[3] * time)
            let types = kinds.dropFirst(counts[3])
            let offsets = (0..<counts[4]).map {
                Int32(truncatingIfNeeded: Self.number(types.dropFirst($0 * 6).prefix(4)))
            }
            var changes: [(at: Int64, offset: Int32)] = []
            for index in 0..<counts[3] {
                let kind = Int(kinds[kinds.startIndex + index])
                guard kind < offsets.count else { return nil }
                changes.append((Self.number(data.dropFirst(index * time).prefix(time)), offsets[kind]))
            }
            return (changes, offsets.first, data.dropFirst(size(wide: wide) - 44))
        }

        /// A signed number of four or eight bytes, the highest first.
        private static func number(_ bytes: ArraySlice<UInt8>) -> Int64 {
            var value: UInt64 = (bytes.first ?? 0) >= 0x80 ? .max : 0
            for byte in bytes { value = value << 8 | UInt64(byte) }
            return Int64(bitPattern: value)
        }
    }
}
