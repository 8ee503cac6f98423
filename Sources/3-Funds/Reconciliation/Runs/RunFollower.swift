public import Store

/// Why a difference is no longer one.
public enum DifferenceEnd: String, Hashable, Sendable {
    /// The next day's run matched the line that was carried.
    case matchedLater
    /// A corrected file does not have it any more.
    case corrected
    /// Its run was aborted.
    case aborted
    /// It was carried as long as the profile says; the last day's run has it as missing.
    case becameMissing
}

/// Who is told what runs find: cases, quality figures. Called inside the transaction that makes it true, so it stands
/// and falls with it; a call is never repeated once its transaction has committed.
public protocol RunFollower: Sendable {
    /// New or found again by a later run of the day (then with the same identifiers), at most
    /// `Reconciliation.differencesAtOnce` in one call. The run is preparing.
    func opened(_ differences: [Difference], of run: Run, in tx: Transaction) throws
    /// They are no longer differences.
    func ended(_ differences: [Difference], because end: DifferenceEnd, by run: Run, in tx: Transaction) throws
    /// The run is now in another state; `before` is nil for a run that was just opened.
    func moved(_ run: Run, from before: RunState?, in tx: Transaction) throws
}

extension RunFollower {
    public func opened(_ differences: [Difference], of run: Run, in tx: Transaction) throws {}
    public func ended(_ differences: [Difference], because end: DifferenceEnd, by run: Run, in tx: Transaction) throws {
    }
    public func moved(_ run: Run, from before: RunState?, in tx: Transaction) throws {}
}

extension Reconciliation {
    /// Differences told in one transaction.
    public static let differencesAtOnce = 500
}
