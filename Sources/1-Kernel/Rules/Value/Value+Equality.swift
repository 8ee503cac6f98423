extension Value {
    /// Equality as `==` has it: numbers compare across their types, values of different types are unequal, NaN
    /// equals nothing.
    /// - Throws: what a host's object throws when it is compared, or `.tooDeep`.
    public func isEqual(to other: Value) throws -> Bool { try isEqual(to: other, depth: 0) }

    /// Values that a host lends may stand deeper in one another than a rule can build them.
    static let comparedDepth = 200

    func isEqual(to other: Value, depth: Int) throws -> Bool {
        switch (self, other) {
        case (.int(let left), .int(let right)): return left == right
        case (.string(let left), .string(let right)): return left.hasSameScalars(as: right)
        case (.bool(let left), .bool(let right)): return left == right
        case (.null, .null): return true
        case (.uint(let left), .uint(let right)): return left == right
        case (.double(let left), .double(let right)): return left == right
        case (.bytes(let left), .bytes(let right)): return left == right
        case (.timestamp(let left), .timestamp(let right)): return left == right
        case (.duration(let left), .duration(let right)): return left == right
        case (.type(let left), .type(let right)): return left.runtimeName == right.runtimeName
        case (.list(let left), .list(let right)): return try left.isEqual(to: right, depth: depth + 1)
        case (.map(let left), .map(let right)): return try left.isEqual(to: right, depth: depth + 1)
        case (.optional(let left), .optional(let right)):
            guard let inner = left.wrapped, let otherInner = right.wrapped else {
                return left.wrapped == nil && right.wrapped == nil
            }
            if depth > Self.comparedDepth { throw Value.tooDeepToCompare }
            return try inner.isEqual(to: otherInner, depth: depth + 1)
        case (.object(let left), .object(let right)):
            guard left.type.runtimeName == right.type.runtimeName else { return false }
            return try left.isEqual(to: right)
        default:
            return compareNumbers(self, other) == .equal
        }
    }

    static let tooDeepToCompare = EvaluationError(.tooDeep, "the values are nested too deeply to compare")
}

extension String {
    /// Strings are sequences of code points, so `"é"` composed and decomposed differ; Swift's `==` would not.
    @inline(__always)
    func hasSameScalars(as other: String) -> Bool {
        if utf8.count != other.utf8.count { return false }
        return utf8.elementsEqual(other.utf8)
    }
}

extension ListValue {
    func isEqual(to other: ListValue, depth: Int) throws -> Bool {
        if depth > Value.comparedDepth { throw Value.tooDeepToCompare }
        guard count == other.count else { return false }
        for index in 0..<count where try !self[index].isEqual(to: other[index], depth: depth) { return false }
        return true
    }
}

extension MapValue {
    func isEqual(to other: MapValue, depth: Int) throws -> Bool {
        if depth > Value.comparedDepth { throw Value.tooDeepToCompare }
        guard count == other.count else { return false }
        for entry in entries {
            guard let match = other[entry.key], try entry.value.isEqual(to: match, depth: depth) else { return false }
        }
        return true
    }
}
