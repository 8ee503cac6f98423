import Synchronization

/// Makes version 7 UUIDs that never go backwards, even when the clock does.
public final class IdentifierSource: Sendable {
    private let clock: any WallClock
    private let random: RandomSource
    /// Milliseconds and a 12-bit counter of the identifier made last, as one rising number.
    private let last: Mutex<UInt64>

    public init(clock: any WallClock, random: RandomSource) {
        self.clock = clock
        self.random = random
        last = Mutex(0)
    }

    public func next() -> UUIDv7 {
        let milliseconds = UInt64(max(0, clock.now().microseconds)) / 1_000
        let stamp = last.withLock { last -> UInt64 in
            // Borrowing from the next millisecond when a counter runs over keeps the order; the debt is paid at once.
            last = max(last + 1, milliseconds << 12)
            return last
        }
        let high = (stamp >> 12) << 16 | 0x7000 | (stamp & 0xFFF)
        let low = random.next() & 0x3FFF_FFFF_FFFF_FFFF | 0x8000_0000_0000_0000
        return UUIDv7(high: high, low: low)
    }
}
