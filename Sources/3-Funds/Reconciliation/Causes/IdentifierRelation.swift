/// How two identifiers that are not equal may still be one: what a system on the way does to them.
enum IdentifierRelation: String, Sendable, CaseIterable {
    case none
    case equal
    /// Only upper and lower case differ.
    case letterCase = "case"
    case leadingZeros = "leading_zeros"
    /// Only hyphens, spaces, slashes and the like differ.
    case separators
    /// One has something before the other.
    case prefix
    /// One has something after the other.
    case suffix
    /// More than one of the first ones.
    case mixed

    /// The shortest text that may be found within another one: shorter ones are contained by chance.
    static let shortestPart = 6

    static func of(_ left: String, _ right: String) -> IdentifierRelation {
        if left.isEmpty || right.isEmpty { return .none }
        let (first, second) = (Array(left.utf8), Array(right.utf8))
        if first == second { return .equal }
        if lowered(first) == lowered(second) { return .letterCase }
        if withoutZeros(first) == withoutZeros(second) { return .leadingZeros }
        if bare(first) == bare(second) { return .separators }
        let (one, other) = (withoutZeros(lowered(bare(first))), withoutZeros(lowered(bare(second))))
        if one == other, !one.isEmpty { return .mixed }
        let (long, short) = first.count >= second.count ? (first, second) : (second, first)
        guard short.count >= shortestPart else { return .none }
        if long.suffix(short.count).elementsEqual(short) { return .prefix }
        if long.starts(with: short) { return .suffix }
        return .none
    }

    private static func lowered(_ bytes: [UInt8]) -> [UInt8] {
        bytes.map { (65...90).contains($0) ? $0 | 0x20 : $0 }
    }

    private static func withoutZeros(_ bytes: [UInt8]) -> [UInt8] { Array(bytes.drop { $0 == UInt8(ascii: "0") }) }

    /// Letters, digits and everything beyond ASCII.
    private static func bare(_ bytes: [UInt8]) -> [UInt8] {
        bytes.filter { (48...57).contains($0) || (65...90).contains($0) || (97...122).contains($0) || $0 > 127 }
    }
}
