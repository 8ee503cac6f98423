/// Which runs of a channel wait for which. Pure.
///
/// A day takes over what the days before have left, so the runs of a channel go in the order of their days where they
/// can. A day that waits for a person does not keep the days after it waiting: they go on without what it will leave,
/// and are compared again once it has settled (`Reconciliation.lookAgain`). Only a correction of a settled day has the
/// channel for itself, because lines of that day may stand in other days' results.
enum RunOrder {
    /// What is known of a run of the channel that is under way.
    struct Standing: Hashable, Sendable {
        var day: BusinessDay
        var number: Int
        var state: RunState
        /// Everything is compared; only the confirmation is missing.
        var isReady = false
        /// It has a file; a pending run without one has nothing to begin with.
        var hasStatement = true
        /// The day was settled before: this run books what has changed.
        var isCorrection = false
        /// Its file was refused or a task of it was given up: it goes no further, and books nothing.
        var isStuck = false
    }

    /// Whether `run`, which could begin, has to wait for `other`.
    static func waits(_ run: Standing, for other: Standing) -> Bool {
        switch other.state {
        case .settled, .aborted:
            return false
        case .confirmed:
            return true
        case .preparing:
            if other.isStuck { return false }
            return !other.isReady || run.isCorrection || other.isCorrection
        case .pending:
            guard other.hasStatement, (other.day, other.number) < (run.day, run.number) else { return false }
            // A correction may have to wait for a person, and new days do not wait with it.
            return run.isCorrection || !other.isCorrection
        }
    }
}
