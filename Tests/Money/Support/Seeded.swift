import Foundation
import Testing

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

    mutating func pick<Element>(_ choices: [Element]) -> Element {
        choices[Int.random(in: 0..<choices.count, using: &self)]
    }

    /// Any Int64: every length in bits is as likely as the others, and the ends of the range come often.
    mutating func int64() -> Int64 {
        if Int.random(in: 0..<8, using: &self) == 0 {
            return pick([0, 1, -1, 2, -2, 5, -5, .max, .min, .max - 1, .min + 1])
        }
        return Int64(bitPattern: next()) >> Int64.random(in: 0..<64, using: &self)
    }

    /// Any Int128, in the same manner.
    mutating func int128() -> Int128 {
        if Int.random(in: 0..<16, using: &self) == 0 { return pick([0, 1, -1, .max, .min]) }
        return (Int128(Int64(bitPattern: next())) << 64 | Int128(next())) >> Int128.random(in: 0..<128, using: &self)
    }

    /// A weight: not negative, often zero or small, sometimes huge.
    mutating func weight() -> Int64 {
        switch Int.random(in: 0..<4, using: &self) {
        case 0: pick([0, 0, 1, 100, .max])
        case 1: Int64.random(in: 0...10, using: &self)
        default: int64() & .max
        }
    }
}

/// A claim that a case refuted, with the values of the case.
struct Refuted: Error, CustomStringConvertible {
    let description: String
}

func claim(_ holds: Bool, _ values: @autoclosure () -> String) throws {
    guard holds else { throw Refuted(description: values()) }
}

/// Runs `body` for many random cases, each with a seed of its own. The first case that fails stops the run; its seed is
/// printed, and `KONTOR_SEED=<seed>` makes it the first case of the next run.
func forAll(
    cases: UInt64 = 5_000, sourceLocation: SourceLocation = #_sourceLocation, _ body: (inout Seeded) throws -> Void
) {
    for number in 0..<cases {
        let seed = Seeded.base &+ number
        var random = Seeded(seed: seed)
        do {
            try body(&random)
        } catch {
            Issue.record("KONTOR_SEED=\(seed): \(error)", sourceLocation: sourceLocation)
            return
        }
    }
}
