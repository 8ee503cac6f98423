import Synchronization

/// Random numbers from the system's generator, or from a seed when a scenario must replay.
///
/// The system source is the operating system's cryptographic generator; the seeded one is not fit for secrets.
public final class RandomSource: Sendable {
    /// SplitMix64 (Steele, Lea, Flood 2014): one word of state, so a seed names the whole sequence.
    private let state: Mutex<UInt64?>

    private init(_ state: UInt64?) { self.state = Mutex(state) }

    public static func system() -> RandomSource { RandomSource(nil) }

    public convenience init(seed: UInt64) { self.init(.some(seed)) }

    public func next() -> UInt64 {
        let seeded = state.withLock { state -> UInt64? in
            guard let word = state else { return nil }
            let moved = word &+ 0x9E37_79B9_7F4A_7C15
            state = moved
            var mixed = moved
            mixed = (mixed ^ (mixed >> 30)) &* 0xBF58_476D_1CE4_E5B9
            mixed = (mixed ^ (mixed >> 27)) &* 0x94D0_49BB_1331_11EB
            return mixed ^ (mixed >> 31)
        }
        if let seeded { return seeded }
        var system = SystemRandomNumberGenerator()
        return system.next()
    }

    public func bytes(_ count: Int) -> [UInt8] {
        var bytes: [UInt8] = []
        bytes.reserveCapacity(count + 8)
        while bytes.count < count {
            withUnsafeBytes(of: next().littleEndian) { bytes.append(contentsOf: $0) }
        }
        bytes.removeLast(bytes.count - count)
        return bytes
    }

    /// A number of the range, each equally likely.
    public func integer(in range: Range<Int>) -> Int {
        var generator = Generator(source: self)
        return Int.random(in: range, using: &generator)
    }

    /// The source as a generator of the standard library, for `shuffled(using:)` and its kin.
    public struct Generator: RandomNumberGenerator {
        let source: RandomSource
        public mutating func next() -> UInt64 { source.next() }
    }

    public var generator: Generator { Generator(source: self) }
}
