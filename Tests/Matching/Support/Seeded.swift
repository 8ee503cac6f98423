import Foundation

/// A generator that gives the same numbers for the same seed (SplitMix64, Steele, Lea and Flood, OOPSLA 2014).
struct Seeded: RandomNumberGenerator {
    private var state: UInt64

    init(seed: UInt64) { state = seed }

    /// The seed of a run: KONTOR_SEED, or a fixed one, so that a failure comes again.
    static let base = ProcessInfo.processInfo.environment["KONTOR_SEED"].flatMap(UInt64.init) ?? 0x4B4F_4E54_4F52

    mutating func next() -> UInt64 {
        state &+= 0x9E37_79B9_7F4A_7C15
        var mixed = state
        mixed = (mixed ^ mixed >> 30) &* 0xBF58_476D_1CE4_E5B9
        mixed = (mixed ^ mixed >> 27) &* 0x94D0_49BB_1331_11EB
        return mixed ^ mixed >> 31
    }

    mutating func int(_ range: ClosedRange<Int64>) -> Int64 { Int64.random(in: range, using: &self) }
    mutating func chance(_ percent: Int64) -> Bool { int(1...100) <= percent }
}
