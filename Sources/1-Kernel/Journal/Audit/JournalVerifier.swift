public import Store

/// Re-reads a chain from its first event and names the first one that does not belong.
public struct JournalVerifier: Sendable {
    /// What was found to be wrong with an event.
    public enum Fault: String, Sendable {
        case changed, removed, inserted, reordered, rewritten
    }

    public struct Finding: Sendable, Hashable {
        public let sequence: Int64
        public let fault: Fault
        public let detail: String
    }

    public struct Report: Sendable {
        /// How many events were read and found in order.
        public let verified: Int64
        public let headHash: [UInt8]
        public let finding: Finding?
        /// How many signed checkpoints were compared.
        public let checkpoints: Int
    }

    private var expected: Int64 = 1
    private var previous = JournalEvent.genesis
    private let checkpoints: [Int64: Checkpoint]
    private var compared = 0

    /// `checkpoints` were signed earlier and kept elsewhere; their signatures have been verified by the caller.
    public init(checkpoints: [Checkpoint] = []) {
        self.checkpoints = Dictionary(checkpoints.map { ($0.sequence, $0) }) { first, _ in first }
    }

    /// Verifies the whole chain of a book in pieces of 1,000 events, in bounded memory.
    public static func verify(
        _ reader: any SQLReader, checkpoints: [Checkpoint] = [], progress: (Int64) -> Void = { _ in }
    ) throws -> Report {
        var verifier = JournalVerifier(checkpoints: checkpoints)
        while true {
            let events = try Journal.events(after: verifier.expected - 1, limit: 1_000, reader)
            if events.isEmpty { return verifier.end() }
            if let finding = verifier.check(events) { return verifier.report(finding) }
            progress(verifier.expected - 1)
        }
    }

    /// Checks the next events of the chain; nil when they are in order.
    mutating func check(_ events: [JournalEvent]) -> Finding? {
        for (index, event) in events.enumerated() {
            if let finding = check(event, next: index + 1 < events.count ? events[index + 1] : nil) { return finding }
        }
        return nil
    }

    private mutating func check(_ event: JournalEvent, next: JournalEvent?) -> Finding? {
        if event.sequence != expected {
            return Finding(
                sequence: expected, fault: .removed,
                detail: "event \(expected) is missing; the next one found is \(event.sequence)")
        }
        if !event.isSelfConsistent { return misplaced(event, next: next) }
        if event.previousHash != previous {
            return Finding(
                sequence: event.sequence, fault: event.sequence == 1 ? .changed : .inserted,
                detail: "event \(event.sequence) does not follow the event before it: one of them was put there later")
        }
        if let checkpoint = checkpoints[event.sequence] {
            compared += 1
            guard checkpoint.hash == event.hash else {
                return Finding(
                    sequence: event.sequence, fault: .rewritten,
                    detail: "the checkpoint signed at event \(event.sequence) has another hash: the chain was rewritten"
                )
            }
        }
        expected += 1
        previous = event.hash
        return nil
    }

    /// Tells an event that was edited from one that stands in another's place.
    private func misplaced(_ event: JournalEvent, next: JournalEvent?) -> Finding {
        for other in max(1, event.sequence - 1_000)...(event.sequence + 1_000)
        where event.hash == event.digest(asSequence: other) {
            return Finding(
                sequence: event.sequence, fault: .reordered,
                detail: "event \(event.sequence) was written as event \(other)")
        }
        if let next, next.previousHash == previous, next.hash == next.digest(asSequence: event.sequence) {
            return Finding(
                sequence: event.sequence, fault: .inserted,
                detail: "event \(event.sequence) was inserted: the one after it has this place in the chain")
        }
        return Finding(
            sequence: event.sequence, fault: .changed,
            detail: "event \(event.sequence) (\(event.type)) is not what was written: its hash differs")
    }

    private func end() -> Report {
        let last = expected - 1
        let beyond = checkpoints.keys.filter { $0 > last }.min()
        return report(
            beyond.map {
                Finding(
                    sequence: last + 1, fault: .removed,
                    detail: "a checkpoint was signed at event \($0), but the chain ends at \(last)")
            })
    }

    private func report(_ finding: Finding?) -> Report {
        Report(verified: expected - 1, headHash: previous, finding: finding, checkpoints: compared)
    }
}
