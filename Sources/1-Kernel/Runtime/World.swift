/// Everything from outside that makes two runs differ: the time, randomness, new identifiers.
///
/// Passing one `World` down instead of reading the machine lets a whole scenario replay from a seed.
public struct World: Sendable {
    public let clock: any WallClock
    public let random: RandomSource
    public let identifiers: IdentifierSource

    public init(clock: any WallClock, random: RandomSource) {
        self.clock = clock
        self.random = random
        identifiers = IdentifierSource(clock: clock, random: random)
    }

    /// The real clock and the operating system's randomness.
    public static func system() -> World { World(clock: SystemClock(), random: .system()) }

    /// A clock that stands still at `start` until it is moved, and randomness from a seed.
    public static func simulated(seed: UInt64, start: Timestamp = World.simulatedStart) -> World {
        World(clock: ManualClock(start), random: RandomSource(seed: seed))
    }

    /// 2026-01-01T00:00:00Z: a round number for tests.
    public static let simulatedStart = Timestamp(microseconds: 1_767_225_600_000_000)

    public func now() -> Timestamp { clock.now() }

    public func newUUID() -> UUIDv7 { identifiers.next() }

    public func newID<Tag>(_ tag: Tag.Type = Tag.self) -> Identifier<Tag> { Identifier(identifiers.next()) }

    /// The clock to move in a simulated world; nil in the real one.
    public var manualClock: ManualClock? { clock as? ManualClock }
}
