/// Where a tenant stands.
///
///     preparing → active ⇄ suspended
///                    ↘       ↙
///                      closed
public enum TenantState: String, Sendable, CaseIterable {
    /// Its row stands in the directory; its book is being made.
    case preparing
    case active
    case suspended
    /// For good. The book is kept for the auditors.
    case closed

    var moves: [TenantState] {
        switch self {
        case .preparing: [.active]
        case .active: [.suspended, .closed]
        case .suspended: [.active, .closed]
        case .closed: []
        }
    }

    /// True when there is something to do; false when the tenant stands there already. Throws `illegalMove`.
    func move(to next: TenantState) throws -> Bool {
        if self == next { return false }
        guard moves.contains(next) else {
            let allowed = moves.isEmpty ? "none" : moves.map(\.rawValue).joined(separator: ", ")
            throw TenancyError(
                .illegalMove, "a tenant that is \(rawValue) cannot become \(next.rawValue); allowed: \(allowed)")
        }
        return true
    }
}
