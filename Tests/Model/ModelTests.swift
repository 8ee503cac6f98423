import Foundation
import Synchronization
import TestStores
import Testing

/// A seeded random sequence of commands against a model that was written by itself, compared after every command, on
/// both stores. `KONTOR_MODEL_SEQUENCES` (500 in CI), `KONTOR_MODEL_STEPS` and `KONTOR_MODEL_SEED` make it longer or
/// another one.
@Suite("The house against a simple model", .onBothStores)
struct ModelTests {
    static func setting(_ name: String, _ usual: Int) -> Int {
        ProcessInfo.processInfo.environment[name].flatMap(Int.init) ?? usual
    }

    /// Sequences that run at once: as many as a small machine has cores, and one for the time in which they wait.
    static let atOnce = 3

    @Test("whatever is asked in whatever order, the house answers as the model does and adds up")
    func agrees() async throws {
        let count = Self.setting("KONTOR_MODEL_SEQUENCES", 60)
        let steps = Self.setting("KONTOR_MODEL_STEPS", 500)
        let first = UInt64(Self.setting("KONTOR_MODEL_SEED", 1))
        let isThorough = ProcessInfo.processInfo.environment["KONTOR_MODEL_CARE"] == "everything"
        let total = try await withThrowingTaskGroup(of: Play.Tally.self) { group in
            var tally = Play.Tally()
            var next = first
            func start() {
                let seed = next
                next += 1
                // One sequence in ten is watched at every command.
                let care = isThorough || seed % 10 == 1 ? Play.Care.everything : Play.Care()
                group.addTask { try await Self.play(seed, steps, care) }
            }
            for _ in 0..<min(Self.atOnce, count) { start() }
            while let done = try await group.next() {
                tally = tally + done
                if next < first + UInt64(count) { start() }
            }
            return tally
        }
        Report.say(
            "model on \(TestStore.current.title): \(count) sequences, \(total.steps) commands compared, "
                + "\(total.refused) refused and compared byte for byte, \(total.repeated) repeated")
    }

    /// Runs one sequence; a failure is shrunk and told with its seed.
    private static func play(_ seed: UInt64, _ count: Int, _ care: Play.Care) async throws -> Play.Tally {
        let steps = Generator.sequence(seed: seed, steps: count)
        let play = Play(seed: seed, care: care)
        do {
            return try await play.run(steps)
        } catch let mismatch as Play.Mismatch {
            let (short, found) = await shrink(steps, play)
            Issue.record(
                """
                seed \(seed), command \(mismatch.step.number): \(mismatch.what)
                \(short.count) commands suffice; then \(found?.what ?? "it does not fail any more"):
                \(short.map { "  \($0)" }.joined(separator: "\n"))
                """)
            throw mismatch
        }
    }

    static func shrink(
        _ steps: [NumberedStep], _ play: Play
    ) async -> (steps: [NumberedStep], mismatch: Play.Mismatch?) {
        let last = Mutex<Play.Mismatch?>(nil)
        var play = play
        play.care = .everything
        let short = await Shrinker.shrink(steps) { [play] candidate in
            do {
                _ = try await play.run(candidate)
                return nil
            } catch let mismatch as Play.Mismatch {
                last.withLock { $0 = mismatch }
                return mismatch.place
            } catch {
                return nil
            }
        }
        return (short, last.withLock { $0 })
    }
}
