import Crypto
import Store

/// What is to be booked for one line of a statement: money that settled, and the fee that the books do not have yet.
struct Posting: Hashable, Sendable {
    /// Names the line: the same line of a corrected file has the same key.
    struct Key: Hashable, Comparable, Sendable {
        let high: UInt64
        let low: UInt64

        static func < (left: Key, right: Key) -> Bool {
            left.high == right.high ? left.low < right.low : left.high < right.high
        }

        /// The first half of the SHA-256 of what tells the line from every other one of its channel and day.
        init(_ parts: [String]) {
            // Made for each line, so it is written into one buffer.
            var text: [UInt8] = []
            text.reserveCapacity(parts.reduce(parts.count) { $0 + $1.utf8.count })
            for (index, part) in parts.enumerated() {
                if index > 0 { text.append(0x1F) }
                text.append(contentsOf: part.utf8)
            }
            (high, low) = SHA256.hash(data: text).withUnsafeBytes { digest in
                (
                    UInt64(bigEndian: digest.loadUnaligned(as: UInt64.self)),
                    UInt64(bigEndian: digest.loadUnaligned(fromByteOffset: 8, as: UInt64.self))
                )
            }
        }

        init(high: UInt64, low: UInt64) {
            self.high = high
            self.low = low
        }

        var bytes: [UInt8] {
            [high, low].flatMap { value in (0..<8).map { UInt8(truncatingIfNeeded: value >> UInt64(56 - 8 * $0)) } }
        }
    }

    enum Kind: UInt64, Sendable {
        /// `settlement account ← clearing` for the net, `channel_fees ← clearing` for the fee.
        case settlement = 0
        /// A fee on a line of its own: `channel_fees ← settlement account`.
        case ownFee = 1
        /// `payout account ← settlement account`.
        case payout = 2
    }

    let key: Key
    let kind: Kind
    let reference: String
    let currency: String
    /// Plus: money that came.
    var netMinor: Int64
    /// Plus: what the channel kept and the books do not know yet.
    var feeMinor: Int64

    var isNothing: Bool { netMinor == 0 && feeMinor == 0 }

    func pack(into packer: inout Packer) {
        packer.unsigned(key.high)
        packer.unsigned(key.low)
        packer.unsigned(kind.rawValue)
        packer.text(reference)
        packer.text(currency)
        packer.integer(netMinor)
        packer.integer(feeMinor)
    }

    init(from packed: inout Unpacker) throws {
        key = Key(high: try packed.unsigned(), low: try packed.unsigned())
        guard let kind = Kind(rawValue: try packed.unsigned()) else {
            throw StoreError(.unexpectedValue, "a packed posting is of no known kind")
        }
        self.kind = kind
        reference = try packed.text()
        currency = try packed.text()
        netMinor = try packed.integer()
        feeMinor = try packed.integer()
    }

    init(key: Key, kind: Kind, reference: String, currency: String, netMinor: Int64, feeMinor: Int64) {
        self.key = key
        self.kind = kind
        self.reference = reference
        self.currency = currency
        self.netMinor = netMinor
        self.feeMinor = feeMinor
    }
}

/// What a corrected run has to book on top of the run that it corrects: for each line what is now less what was then.
enum PostingDelta {
    /// In the order of their references, because that is how open items lie in the ledger: what is booked together is
    /// near together there.
    ///
    /// - Parameter frozen: lines that another day has settled meanwhile; what was booked for them stays.
    static func between(
        _ now: [Posting], _ before: [Posting], frozen: Set<Posting.Key> = []
    ) -> [Posting] {
        var all = now + before.map(\.reversed)
        if !frozen.isEmpty { all.removeAll { frozen.contains($0.key) } }
        all.sort { $0.isBefore($1) }
        var sums: [Posting] = []
        sums.reserveCapacity(all.count)
        for posting in all {
            if let last = sums.last, last.isSamePlace(posting) {
                sums[sums.count - 1].netMinor += posting.netMinor
                sums[sums.count - 1].feeMinor += posting.feeMinor
            } else {
                sums.append(posting)
            }
        }
        sums.removeAll(where: \.isNothing)
        return sums
    }
}

extension Posting {
    fileprivate var reversed: Posting {
        var reversed = self
        reversed.netMinor = 0 - netMinor
        reversed.feeMinor = 0 - feeMinor
        return reversed
    }

    fileprivate func isSamePlace(_ other: Posting) -> Bool {
        key == other.key && kind == other.kind && reference == other.reference && currency == other.currency
    }

    fileprivate func isBefore(_ other: Posting) -> Bool {
        if reference != other.reference { return reference < other.reference }
        if key != other.key { return key < other.key }
        return (kind.rawValue, currency) < (other.kind.rawValue, other.currency)
    }
}
