public import Runtime

/// When the file of a channel's day is asked for: decided purely, from what is known of it.
///
///     due ── tries, each further from the last ──► deadline: told once ── hourly ──► given up
public struct FetchPlan: Sendable, Hashable {
    /// When the channel says that the file is there.
    public let due: Timestamp
    /// From when on people have to know that it is not.
    public let deadline: Timestamp
    /// After this nobody asks any more; a person may send the file.
    public let end: Timestamp

    public static let firstPause = Duration.seconds(60)
    public static let longestPause = Duration.seconds(1_800)
    static let pauseAfterDeadline = Duration.seconds(3_600)
    static let keepsAsking = Duration.seconds(7 * 86_400)

    public init(due: Timestamp, patience: Duration) {
        self.due = due
        deadline = due.adding(patience)
        end = due.adding(max(patience, FetchPlan.keepsAsking))
    }

    /// When it is asked for again after so many tries; nil when it is given up.
    public func next(afterTries tries: Int, at now: Timestamp) -> Timestamp? {
        guard now < end else { return nil }
        guard tries > 0 else { return due }
        guard now < deadline else { return now.adding(Self.pauseAfterDeadline) }
        // 1, 2, 4 … minutes, at most half an hour; never past the deadline, so that the last try before it is at it.
        let pause = min(Self.firstPause * (1 << min(tries - 1, 10)), Self.longestPause)
        return min(now.adding(pause), deadline)
    }

    public func isOverdue(at now: Timestamp) -> Bool { now >= deadline }
}
