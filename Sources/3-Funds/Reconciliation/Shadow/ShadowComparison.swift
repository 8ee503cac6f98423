import SwiftProtobuf

/// What two sets of rules make of the same lines or cases, side by side.
struct ShadowComparison: Sendable {
    /// Changes that are kept; all are counted.
    static let kept = 1_000

    private(set) var same: Int64 = 0
    private(set) var onlyLive: Int64 = 0
    private(set) var onlyCandidate: Int64 = 0
    private(set) var changes: [V1ShadowChange] = []
    private var counts: [String: (live: Int64, candidate: Int64)] = [:]

    /// Both say something about the same thing; empty for nothing.
    mutating func add(_ about: String, live: String, candidate: String, reason: String = "") {
        if !live.isEmpty { counts[live, default: (0, 0)].live += 1 }
        if !candidate.isEmpty { counts[candidate, default: (0, 0)].candidate += 1 }
        guard live != candidate else {
            same += 1
            return
        }
        if !live.isEmpty { onlyLive += 1 }
        if !candidate.isEmpty { onlyCandidate += 1 }
        guard changes.count < Self.kept else { return }
        changes.append(
            .with {
                $0.about = about
                $0.live = live
                $0.candidate = candidate
                $0.reason = reason
            })
    }

    /// The comparison as it is kept.
    func report(_ id: ShadowID, run: RunID, kind: RuleSetKind, number: Int64) -> V1ShadowReport {
        .with {
            $0.id = "\(id)"
            $0.runID = "\(run)"
            $0.kind = kind.rawValue
            $0.number = number
            $0.same = same
            $0.onlyLive = onlyLive
            $0.onlyCandidate = onlyCandidate
            $0.changes = changes
            $0.classes = counts.sorted { $0.key < $1.key }.map { word, count in
                .with {
                    $0.word = word
                    $0.live = count.live
                    $0.candidate = count.candidate
                }
            }
        }
    }
}
