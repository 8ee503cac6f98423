import Runtime
import Synchronization

/// Short ids of requests: a part drawn once per process and a counter, in Crockford's base 32.
///
/// They are unguessable enough to quote to support and cheap enough to make for each request.
struct RequestIDs: ~Copyable, Sendable {
    private let high: UInt64
    private let counter: Atomic<UInt64>

    init(random: RandomSource) {
        high = random.next()
        counter = Atomic(random.next() & 0xFFFF_FFFF)
    }

    func next() -> String {
        let low = counter.wrappingAdd(1, ordering: .relaxed).newValue
        return String(unsafeUninitializedCapacity: 20) { text in
            for place in 0..<12 {
                text[place] = Self.alphabet[Int(truncatingIfNeeded: high &>> (UInt64(place) * 5)) & 31]
            }
            for place in 0..<8 {
                text[19 - place] = Self.alphabet[Int(truncatingIfNeeded: low &>> (UInt64(place) * 5)) & 31]
            }
            return 20
        }
    }

    private static let alphabet = Array("0123456789abcdefghjkmnpqrstvwxyz".utf8)
}
