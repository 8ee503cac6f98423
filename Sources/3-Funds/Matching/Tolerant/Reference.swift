/// References as people and banks write them: case, punctuation and leading zeros say nothing.
struct Reference: Sendable, Hashable {
    let bytes: [UInt8]

    /// Shorter ones are in every purpose text by chance.
    static let leastContained = 6
    /// Longer ones are cut: a purpose text may be hostile.
    static let longest = 512

    init(_ text: String) {
        var bytes: [UInt8] = []
        for byte in text.utf8.prefix(Self.longest) {
            switch byte {
            case 0x30:
                if !bytes.isEmpty { bytes.append(byte) }
            case 0x31...0x39, 0x61...0x7A, 0x80...: bytes.append(byte)
            case 0x41...0x5A: bytes.append(byte | 0x20)
            default: break
            }
        }
        self.bytes = bytes
    }

    var isEmpty: Bool { bytes.isEmpty }

    /// Whether the shorter one stands within the longer one.
    func sharesText(with other: Reference) -> Bool {
        let (short, long) = bytes.count <= other.bytes.count ? (bytes, other.bytes) : (other.bytes, bytes)
        guard short.count >= Self.leastContained else { return false }
        return (0...(long.count - short.count)).contains { start in
            long[start] == short[0] && long[start..<start + short.count].elementsEqual(short)
        }
    }

    /// What the references of two lines say about them.
    static func ground(_ ours: [Reference], _ theirs: [Reference]) -> ScoreWeights.Ground? {
        var contained = false
        for left in ours where !left.isEmpty {
            for right in theirs where !right.isEmpty {
                if left == right { return .sameReference }
                contained = contained || left.sharesText(with: right)
            }
        }
        if contained { return .containedReference }
        let contradicts = zip(ours, theirs).contains { !$0.isEmpty && !$1.isEmpty }
        return contradicts ? .contradictingReference : nil
    }
}
