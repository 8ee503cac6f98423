/// How two values stand to one another.
public enum Ordering: Sendable, Equatable { case less, equal, greater, unordered }

/// Compares numbers across int, uint and double by their mathematical values; `.unordered` for NaN, nil when one of
/// them is no number.
@inline(__always)
func compareNumbers(_ left: Value, _ right: Value) -> Ordering? {
    switch (left, right) {
    case (.int(let a), .int(let b)): .of(a, b)
    case (.uint(let a), .uint(let b)): .of(a, b)
    case (.double(let a), .double(let b)): .of(a, b)
    case (.int(let a), .uint(let b)): a < 0 ? .less : .of(UInt64(a), b)
    case (.uint(let a), .int(let b)): b < 0 ? .greater : .of(a, UInt64(b))
    case (.int(let a), .double(let b)): .of(a, b)
    case (.double(let a), .int(let b)): Ordering.of(b, a).reversed
    case (.uint(let a), .double(let b)): .of(a, b)
    case (.double(let a), .uint(let b)): Ordering.of(b, a).reversed
    default: nil
    }
}

extension Ordering {
    @inline(__always)
    static func of<Number: Comparable>(_ left: Number, _ right: Number) -> Ordering {
        left < right ? .less : left == right ? .equal : left > right ? .greater : .unordered
    }

    /// An integer is compared as the double it is nearest to. The conformance suite asks for that at the edges of int64
    /// (`9223372036854775807 < 9223372036854775808.0` is false there), and Google's runtimes do so everywhere.
    static func of<Whole: FixedWidthInteger>(_ left: Whole, _ right: Double) -> Ordering {
        of(Double(left), right)
    }

    var reversed: Ordering {
        switch self {
        case .less: .greater
        case .greater: .less
        case .equal, .unordered: self
        }
    }
}

extension Value {
    /// The order of two values as `<` has it, or nil when their types have none.
    public func ordering(against other: Value) -> Ordering? {
        switch (self, other) {
        case (.string(let left), .string(let right)): return .lexical(left.utf8, right.utf8)
        case (.bytes(let left), .bytes(let right)): return .lexical(left, right)
        case (.bool(let left), .bool(let right)): return .of(left ? 1 : 0, right ? 1 : 0)
        case (.timestamp(let left), .timestamp(let right)): return .of(left, right)
        case (.duration(let left), .duration(let right)): return .of(left, right)
        default: return compareNumbers(self, other)
        }
    }
}

extension Ordering {
    /// UTF-8 orders as its code points do.
    static func lexical<Bytes: Sequence<UInt8>>(_ left: Bytes, _ right: Bytes) -> Ordering {
        var others = right.makeIterator()
        for byte in left {
            guard let other = others.next() else { return .greater }
            if byte != other { return byte < other ? .less : .greater }
        }
        return others.next() == nil ? .equal : .less
    }
}
