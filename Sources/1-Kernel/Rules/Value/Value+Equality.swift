extension Value {
    /// Equality as `==` has it: numbers compare across their types, values of different types are unequal, NaN
    /// equals nothing.
    /// - Throws: what a host's object throws when it is compared, or a limit's error for very large values.
    public func isEqual(to other: Value) throws -> Bool {
        var budget = Budget(.standard)
        return try isEqual(to: other, &budget, depth: 0)
    }

    /// Values that a host lends may stand deeper in one another than a rule can build them.
    static let comparedDepth = 200

    /// Charges the budget for what is walked: values that share their parts can be far larger than the memory
    /// that holds them.
    func isEqual(to other: Value, _ budget: inout Budget, depth: Int) throws -> Bool {
        switch (self, other) {
        case (.int(let left), .int(let right)): return left == right
        case (.string(let left), .string(let right)):
            try budget.spend(min(left.utf8.count, right.utf8.count) / 10)
            return left.hasSameScalars(as: right)
        case (.bool(let left), .bool(let right)): return left == right
        case (.null, .null): return true
        case (.uint(let left), .uint(let right)): return left == right
        case (.double(let left), .double(let right)): return left == right
        case (.bytes(let left), .bytes(let right)):
            try budget.spend(min(left.count, right.count) / 10)
            return left == right
        case (.timestamp(let left), .timestamp(let right)): return left == right
        case (.duration(let left), .duration(let right)): return left == right
        case (.type(let left), .type(let right)): return left.runtimeName == right.runtimeName
        case (.list, .list), (.map, .map), (.optional, .optional):
            if depth > Self.comparedDepth {
                throw EvaluationError(.tooDeep, "the values are nested too deeply to compare")
            }
            return try hasEqualParts(as: other, &budget, depth: depth + 1)
        case (.object(let left), .object(let right)):
            guard left.type.runtimeName == right.type.runtimeName else { return false }
            return try left.isEqual(to: right)
        default:
            return compareNumbers(self, other) == .equal
        }
    }

    private func hasEqualParts(as other: Value, _ budget: inout Budget, depth: Int) throws -> Bool {
        switch (self, other) {
        case (.list(let left), .list(let right)):
            guard left.count == right.count else { return false }
            for index in 0..<left.count {
                try budget.spend(1)
                if try !left[index].isEqual(to: right[index], &budget, depth: depth) { return false }
            }
            return true
        case (.map(let left), .map(let right)):
            guard left.count == right.count else { return false }
            for entry in left.entries {
                try budget.spend(1)
                guard let match = right[entry.key], try entry.value.isEqual(to: match, &budget, depth: depth) else {
                    return false
                }
            }
            return true
        case (.optional(let left), .optional(let right)):
            guard let inner = left.wrapped, let otherInner = right.wrapped else {
                return left.wrapped == nil && right.wrapped == nil
            }
            return try inner.isEqual(to: otherInner, &budget, depth: depth)
        default: return false
        }
    }
}

extension String {
    /// Strings are sequences of code points, so `"é"` composed and decomposed differ; Swift's `==` would not tell.
    @inline(__always)
    func hasSameScalars(as other: String) -> Bool {
        // Swift's comparison is fast and never misses a difference; only its "equal" needs a second look.
        self == other && utf8.count == other.utf8.count && hasSameBytes(as: other)
    }

    private func hasSameBytes(as other: String) -> Bool {
        let fast = utf8.withContiguousStorageIfAvailable { mine in
            other.utf8.withContiguousStorageIfAvailable { mine.elementsEqual($0) }
        }
        return (fast ?? nil) ?? utf8.elementsEqual(other.utf8)
    }
}
