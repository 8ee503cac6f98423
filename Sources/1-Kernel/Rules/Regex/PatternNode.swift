/// A pattern as a tree. Groups leave no trace: whether a text matches does not depend on what a group captured,
/// nor on whether a repetition is greedy.
indirect enum PatternNode {
    case empty
    case set(ScalarSet)
    case assertion(Assertion)
    case sequence([PatternNode])
    case choice([PatternNode])
    /// Without `maximum` there is no upper bound.
    case repetition(PatternNode, minimum: Int, maximum: Int?)

    /// What can be asked of a place between two scalars.
    enum Assertion: UInt8, Sendable {
        case textStart, textEnd, lineStart, lineEnd, wordBoundary, noWordBoundary
    }

    /// RE2 allows a repetition count of up to 1,000, and no more for the product of nested ones.
    static let maximumRepeat = 1_000

    /// Whether the counts of repetitions inside one another stay within `allowance` when multiplied.
    func repeats(within allowance: Int) -> Bool {
        if allowance == 0 { return false }
        switch self {
        case .empty, .set, .assertion: return true
        case .sequence(let parts), .choice(let parts): return parts.allSatisfy { $0.repeats(within: allowance) }
        case .repetition(let part, let minimum, let maximum):
            let count = max(maximum ?? minimum, 1)
            return part.repeats(within: allowance / count)
        }
    }
}
