/// Gives the nodes of a tree their ids and keeps their offsets and heights.
struct NodeTable {
    /// By id; no node has the id 0.
    private(set) var offsets: [Int32] = [0]
    private var heights: [Int32] = [0]
    private let limits: Limits
    /// What was exceeded first, with the place.
    private(set) var excess: SyntaxError?

    init(limits: Limits) { self.limits = limits }

    mutating func freshID(at offset: Int32, height: Int32 = 1) -> Int {
        offsets.append(offset)
        heights.append(height)
        if offsets.count > limits.nodes {
            exceed("the expression has more than \(limits.nodes) parts", offset)
        } else if height > limits.depth {
            exceed("the expression is nested more than \(limits.depth) levels deep", offset)
        }
        return offsets.count - 1
    }

    mutating func make(_ kind: Expression.Kind, at offset: Int32) -> Expression {
        Expression(id: freshID(at: offset, height: height(of: kind) + 1), kind: kind)
    }

    private mutating func exceed(_ message: String, _ offset: Int32) {
        if excess == nil { excess = SyntaxError(message: message, offset: Int(offset)) }
    }

    private func height(of kind: Expression.Kind) -> Int32 {
        switch kind {
        case .literal, .identifier: return 0
        case .select(let operand, _, _): return heights[operand.id]
        case .call(_, let target, let arguments):
            return max(target.map { heights[$0.id] } ?? 0, highest(arguments))
        case .list(let elements, _): return highest(elements)
        case .map(let entries):
            return entries.reduce(0) { max($0, heights[$1.key.id], heights[$1.value.id]) }
        case .message(_, let fields): return fields.reduce(0) { max($0, heights[$1.value.id]) }
        case .comprehension(let fold):
            return highest([fold.range, fold.initial, fold.condition, fold.step, fold.result])
        }
    }

    private func highest(_ expressions: [Expression]) -> Int32 {
        expressions.reduce(0) { max($0, heights[$1.id]) }
    }
}
