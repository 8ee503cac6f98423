/// A pattern as a program for a machine that is in many places at once.
///
/// The scalars of Unicode fall into few classes that the pattern cannot tell apart, so instructions and tables
/// speak of classes: `[a-z]+\d` has three.
struct PatternProgram: Sendable {
    enum Instruction: Sendable {
        /// Takes a scalar of the classes in this row of `rows` and goes on behind it.
        case take(row: Int)
        case split(Int, Int)
        case jump(Int)
        case check(PatternNode.Assertion)
        case match
    }

    /// A hundred thousand scalars against this many instructions stay below a second even without the table.
    static let maximumInstructions = 10_000

    private(set) var instructions: [Instruction] = []
    private(set) var classes = ScalarClasses.none
    /// Whether a match can only begin at the start of the text.
    private(set) var isAnchored = false
    private(set) var checksWords = false
    private(set) var checksLines = false
    private(set) var checksText = false

    private var rows: [ScalarSet: Int] = [:]

    init(_ node: PatternNode) throws(PatternError) {
        try emit(node)
        append(.match)
        var sets = [ScalarSet](repeating: .empty, count: rows.count)
        for (set, row) in rows { sets[row] = set }
        rows = [:]
        let words = checksWords ? [UnicodeClasses.word] : []
        classes = ScalarClasses(sets, separating: words + (checksLines ? [.newline] : []))
        isAnchored = PatternProgram.startsAtText(node)
    }

    private mutating func append(_ instruction: Instruction) { instructions.append(instruction) }

    private mutating func emit(_ node: PatternNode) throws(PatternError) {
        guard instructions.count < PatternProgram.maximumInstructions else {
            throw PatternError("it needs more than \(PatternProgram.maximumInstructions) instructions")
        }
        switch node {
        case .empty: break
        case .set(let set):
            let row = rows[set] ?? rows.count
            rows[set] = row
            append(.take(row: row))
        case .assertion(let assertion):
            note(assertion)
            append(.check(assertion))
        case .sequence(let parts):
            for part in parts { try emit(part) }
        case .choice(let branches): try emit(choice: branches)
        case .repetition(let part, let minimum, let maximum):
            try emit(part, minimum: minimum, maximum: maximum)
        }
    }

    private mutating func note(_ assertion: PatternNode.Assertion) {
        switch assertion {
        case .textStart, .textEnd: checksText = true
        case .lineStart, .lineEnd: checksLines = true
        case .wordBoundary, .noWordBoundary: checksWords = true
        }
    }

    private mutating func emit(choice branches: [PatternNode]) throws(PatternError) {
        var jumps: [Int] = []
        for (index, branch) in branches.enumerated() {
            guard index < branches.count - 1 else {
                try emit(branch)
                break
            }
            let split = instructions.count
            append(.split(split + 1, 0))
            try emit(branch)
            jumps.append(instructions.count)
            append(.jump(0))
            instructions[split] = .split(split + 1, instructions.count)
        }
        for jump in jumps { instructions[jump] = .jump(instructions.count) }
    }

    private mutating func emit(_ part: PatternNode, minimum: Int, maximum: Int?) throws(PatternError) {
        for _ in 0..<minimum { try emit(part) }
        guard let maximum else {
            let split = instructions.count
            append(.split(split + 1, 0))
            try emit(part)
            append(.jump(split))
            instructions[split] = .split(split + 1, instructions.count)
            return
        }
        var splits: [Int] = []
        for _ in minimum..<maximum {
            splits.append(instructions.count)
            append(.split(instructions.count + 1, 0))
            try emit(part)
        }
        for split in splits { instructions[split] = .split(split + 1, instructions.count) }
    }

    private static func startsAtText(_ node: PatternNode) -> Bool {
        switch node {
        case .assertion(.textStart): true
        case .sequence(let parts): parts.first.map(startsAtText) ?? false
        case .choice(let branches): branches.allSatisfy(startsAtText)
        case .repetition(let part, let minimum, _): minimum > 0 && startsAtText(part)
        default: false
        }
    }
}
