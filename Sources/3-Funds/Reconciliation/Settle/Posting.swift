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
            let digest = SHA256.hash(data: Array(parts.joined(separator: "\u{1F}").utf8))
            var values: [UInt64] = [0, 0]
            for (index, byte) in digest.prefix(16).enumerated() {
                values[index / 8] = values[index / 8] << 8 | UInt64(byte)
            }
            (high, low) = (values[0], values[1])
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
    private struct Place: Hashable {
        let key: Posting.Key
        let kind: Posting.Kind
        let reference: String
        let currency: String
    }

    /// - Parameter frozen: lines that another day has settled meanwhile; what was booked for them stays.
    static func between(
        _ now: [Posting], _ before: [Posting], frozen: Set<Posting.Key> = []
    ) -> [Posting] {
        var sums: [Place: (net: Int64, fee: Int64)] = [:]
        for (list, sign) in [(now, Int64(1)), (before, Int64(-1))] {
            for posting in list where !frozen.contains(posting.key) {
                let place = Place(
                    key: posting.key, kind: posting.kind, reference: posting.reference, currency: posting.currency)
                let sum = sums[place] ?? (0, 0)
                sums[place] = (sum.net + sign * posting.netMinor, sum.fee + sign * posting.feeMinor)
            }
        }
        return sums.compactMap { place, sum in
            let posting = Posting(
                key: place.key, kind: place.kind, reference: place.reference, currency: place.currency,
                netMinor: sum.net, feeMinor: sum.fee)
            return posting.isNothing ? nil : posting
        }.sorted {
            ($0.key, $0.kind.rawValue, $0.reference, $0.currency)
                < ($1.key, $1.kind.rawValue, $1.reference, $1.currency)
        }
    }
}
