/// Messages of the checker for people who write rules.
enum Explanation {
    /// The operators as they are written.
    private static let written: [String: String] = [
        Operator.add: "+", Operator.subtract: "-", Operator.multiply: "*", Operator.divide: "/",
        Operator.modulo: "%", Operator.equals: "==", Operator.notEquals: "!=", Operator.less: "<",
        Operator.lessOrEqual: "<=", Operator.greater: ">", Operator.greaterOrEqual: ">=", Operator.and: "&&",
        Operator.or: "||", Operator.contained: "in"
    ]

    /// At most so many signatures are shown.
    private static let shown = 5

    static func noOverload(
        _ function: (name: String, signatures: [Signature]), _ arguments: [Type], _ isMember: Bool
    ) -> String {
        let types = arguments.map(\.readable)
        switch function.name {
        case Operator.conditional where types.count == 3:
            return arguments[0] == .bool
                ? "both sides of ':' must be of one type, these are '\(types[1])' and '\(types[2])'"
                : "before '?' stands a 'bool', this is of type '\(types[0])'"
        case Operator.index, Operator.optionalIndex:
            return "a value of type '\(types[0])' cannot be indexed by '\(types[1])'"
        case Operator.not: return "'!' takes a 'bool', this is of type '\(types[0])'"
        case Operator.negate: return "'-' takes an 'int' or a 'double', this is of type '\(types[0])'"
        case Operator.and, Operator.or:
            return "'\(written[function.name] ?? "")' takes bools, these are '\(types[0])' and '\(types[1])'"
        default: break
        }
        if let symbol = written[function.name], types.count == 2 {
            return "'\(symbol)' cannot be applied to '\(types[0])' and '\(types[1])'"
        }
        let call =
            isMember
            ? "\(types[0]).\(function.name)(\(types.dropFirst().joined(separator: ", ")))"
            : "\(function.name)(\(types.joined(separator: ", ")))"
        let offers = function.signatures.prefix(shown).map { $0.overload.written(function.name) }
        let more = function.signatures.count > shown ? ", …" : ""
        return "there is no \(call); there is \(offers.joined(separator: ", "))\(more)"
    }
}

extension Overload {
    /// The signature as it is called: `string.contains(string)`.
    fileprivate func written(_ name: String) -> String {
        let types = parameters.map(\.readable)
        return isMember
            ? "\(types.first ?? "").\(name)(\(types.dropFirst().joined(separator: ", ")))"
            : "\(name)(\(types.joined(separator: ", ")))"
    }
}

extension Type {
    /// The type for people: a variable that is not bound yet reads as `dyn`.
    fileprivate var readable: String {
        Substitution().apply(self, closing: true).description
    }
}

/// Proposes the name that was probably meant.
enum Spelling {
    /// Names longer than this are not compared, which bounds the work.
    private static let longest = 64
    private static let mostNames = 1_000

    static func nearest(to name: String, among known: [String]) -> String? {
        let wanted = Array(name.utf8)
        guard wanted.count > 2, wanted.count <= longest else { return nil }
        var best: (distance: Int, name: String)?
        for candidate in known.sorted().prefix(mostNames) where candidate.utf8.count <= longest {
            let distance = distance(wanted, Array(candidate.utf8))
            if distance <= wanted.count / 3, distance < best?.distance ?? .max { best = (distance, candidate) }
        }
        return best?.name
    }

    /// Levenshtein's distance.
    private static func distance(_ left: [UInt8], _ right: [UInt8]) -> Int {
        var row = Array(0...right.count)
        for (i, a) in left.enumerated() {
            var diagonal = row[0]
            row[0] = i + 1
            for (j, b) in right.enumerated() {
                let above = row[j + 1]
                row[j + 1] = min(above + 1, row[j] + 1, diagonal + (a == b ? 0 : 1))
                diagonal = above
            }
        }
        return row[right.count]
    }
}
