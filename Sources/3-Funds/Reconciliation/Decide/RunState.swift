/// How far a run has come. The table of moves is the whole truth: what it does not name is refused.
public enum RunState: String, Hashable, Sendable, CaseIterable {
    /// Opened; the day's statement is not here yet.
    case pending
    /// The statement is being read and compared, or waits for its confirmation.
    case preparing
    /// Somebody, or the profile's policy, let it settle; the money is being booked.
    case confirmed
    case settled
    case aborted

    public var isUnderWay: Bool { self != .settled && self != .aborted }
}

/// What can happen to a run.
public enum RunEvent: String, Hashable, Sendable, CaseIterable {
    case statementArrived, confirm, finished, abort
}

extension RunState {
    /// Where an event leads; nil when it must not happen in this state.
    public func after(_ event: RunEvent) -> RunState? {
        switch (self, event) {
        case (.pending, .statementArrived): .preparing
        // A corrected file that comes before the confirmation is read instead of the first.
        case (.preparing, .statementArrived): .preparing
        case (.preparing, .confirm): .confirmed
        case (.confirmed, .finished): .settled
        // What has begun to settle is not given up: money is booked already.
        case (.pending, .abort), (.preparing, .abort): .aborted
        default: nil
        }
    }
}
