import Testing

@testable import Reconciliation

@Suite("Which run of a channel waits for which")
struct RunOrderTests {
    private typealias Standing = RunOrder.Standing

    private let day = BusinessDay(number: 20_000)

    private func standing(
        _ offset: Int64, _ state: RunState, _ change: (inout RunOrder.Standing) -> Void = { _ in }
    ) -> RunOrder.Standing {
        var standing = Standing(day: day.adding(days: offset), number: 1, state: state)
        change(&standing)
        return standing
    }

    @Test("a day waits for an earlier one that could begin, and not for a later one")
    func inOrder() {
        let run = standing(0, .pending)
        #expect(RunOrder.waits(run, for: standing(-1, .pending)))
        #expect(!RunOrder.waits(run, for: standing(1, .pending)))
        #expect(!RunOrder.waits(run, for: standing(-1, .pending) { $0.hasStatement = false }))
    }

    @Test("a day waits while another is compared or booked, whichever day that is", arguments: [-1, 1])
    func oneAtATime(offset: Int64) {
        let run = standing(0, .pending)
        #expect(RunOrder.waits(run, for: standing(offset, .preparing)))
        #expect(RunOrder.waits(run, for: standing(offset, .confirmed)))
        #expect(!RunOrder.waits(run, for: standing(offset, .settled)))
        #expect(!RunOrder.waits(run, for: standing(offset, .aborted)))
    }

    @Test("a day that waits for a person keeps no other waiting", arguments: [-1, 1])
    func forAPerson(offset: Int64) {
        let run = standing(0, .pending)
        #expect(!RunOrder.waits(run, for: standing(offset, .preparing) { $0.isReady = true }))
        #expect(!RunOrder.waits(run, for: standing(offset, .preparing) { $0.isStuck = true }))
        // What is being booked and cannot go on has booked a part of it.
        #expect(RunOrder.waits(run, for: standing(offset, .confirmed) { $0.isStuck = true }))
    }

    @Test("a correction of a settled day has the channel for itself, but a stuck run is nothing to wait for")
    func corrections() {
        let correction = standing(0, .pending) { $0.isCorrection = true }
        #expect(RunOrder.waits(correction, for: standing(1, .preparing) { $0.isReady = true }))
        #expect(!RunOrder.waits(correction, for: standing(1, .preparing) { $0.isStuck = true }))
        let run = standing(0, .pending)
        #expect(
            RunOrder.waits(
                run,
                for: standing(-1, .preparing) {
                    $0.isReady = true
                    $0.isCorrection = true
                }))
        // One that has not begun may have to wait for a person, and new days do not wait with it.
        #expect(!RunOrder.waits(run, for: standing(-1, .pending) { $0.isCorrection = true }))
        #expect(
            RunOrder.waits(correction, for: standing(-1, .pending) { $0.isCorrection = true }),
            "corrections go in the order of their days")
    }
}
