/// A small part of regular expressions: literal characters and bracket expressions, each with `?`, `*`, `+`, `{n}` or
/// `{m,n}`. It matches whole texts in time linear in the text, whatever the pattern.
public struct TextPattern: Sendable {
    private struct Piece: Sendable {
        var ranges: [ClosedRange<Unicode.Scalar>]
        var negated = false
        var least = 1
        var most = 1

        func accepts(_ scalar: Unicode.Scalar) -> Bool { ranges.contains { $0.contains(scalar) } != negated }
    }

    public let text: String
    /// A pattern of one piece, as most are, is matched by counting.
    private var only: Piece?
    /// One state a possible occurrence; optional ones may be skipped, the last of an unbounded piece repeats.
    private var states: [(piece: Piece, isOptional: Bool, repeats: Bool)] = []

    public init(_ text: String) {
        self.text = text
        let pieces = TextPattern.parse(Array(text.unicodeScalars))
        if pieces.count == 1 {
            only = pieces[0]
            return
        }
        for piece in pieces {
            let unbounded = piece.most == .max
            let count = unbounded ? max(piece.least, 1) : piece.most
            for index in 0..<count {
                states.append((piece, index >= piece.least, unbounded && index == count - 1))
            }
        }
    }

    /// True when the whole of `value` matches.
    public func matches(_ value: String) -> Bool {
        if let only {
            var count = 0
            for scalar in value.unicodeScalars {
                count += 1
                guard count <= only.most, only.accepts(scalar) else { return false }
            }
            return count >= only.least
        }
        var current = Set([0])
        skip(&current)
        for scalar in value.unicodeScalars {
            var next: Set<Int> = []
            for index in current where index < states.count && states[index].piece.accepts(scalar) {
                next.insert(index + 1)
                if states[index].repeats { next.insert(index) }
            }
            if next.isEmpty { return false }
            skip(&next)
            current = next
        }
        return current.contains(states.count)
    }

    private func skip(_ positions: inout Set<Int>) {
        for var index in Array(positions) {
            while index < states.count, states[index].isOptional {
                index += 1
                positions.insert(index)
            }
        }
    }

    private static func parse(_ scalars: [Unicode.Scalar]) -> [Piece] {
        var pieces: [Piece] = []
        var index = 0
        while index < scalars.count {
            var piece = Piece(ranges: [])
            if scalars[index] == "[" {
                let end = scalars[(index + 1)...].firstIndex(of: "]") ?? scalars.count
                piece = bracket(Array(scalars[(index + 1)..<end]))
                index = end + 1
            } else {
                if scalars[index] == "\\", index + 1 < scalars.count { index += 1 }
                piece.ranges = [scalars[index]...scalars[index]]
                index += 1
            }
            index = quantify(&piece, scalars, index)
            pieces.append(piece)
        }
        return pieces
    }

    private static func bracket(_ scalars: [Unicode.Scalar]) -> Piece {
        var piece = Piece(ranges: [])
        var index = 0
        if scalars.first == "^" {
            piece.negated = true
            index = 1
        }
        while index < scalars.count {
            if index + 2 < scalars.count, scalars[index + 1] == "-", scalars[index] <= scalars[index + 2] {
                piece.ranges.append(scalars[index]...scalars[index + 2])
                index += 3
            } else {
                piece.ranges.append(scalars[index]...scalars[index])
                index += 1
            }
        }
        return piece
    }

    private static func quantify(_ piece: inout Piece, _ scalars: [Unicode.Scalar], _ index: Int) -> Int {
        guard index < scalars.count else { return index }
        switch scalars[index] {
        case "?": (piece.least, piece.most) = (0, 1)
        case "*": (piece.least, piece.most) = (0, .max)
        case "+": (piece.least, piece.most) = (1, .max)
        case "{":
            let end = scalars[index...].firstIndex(of: "}") ?? scalars.count
            var inside = ""
            inside.unicodeScalars.append(contentsOf: scalars[(index + 1)..<end])
            let bounds = inside.split(separator: ",", omittingEmptySubsequences: false).map { Int($0) }
            piece.least = (bounds.first ?? nil) ?? 0
            piece.most = bounds.count == 1 ? piece.least : (bounds[1] ?? .max)
            return end + 1
        default: return index
        }
        return index + 1
    }
}
