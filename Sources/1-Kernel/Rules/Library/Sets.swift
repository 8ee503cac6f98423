extension Library {
    /// Lists taken as sets: `sets.contains([1, 2, 3], [2])`, `sets.equivalent(a, b)`, `sets.intersects(a, b)`.
    public static let sets = Library(
        "sets",
        functions: [
            function("contains", "list_sets_contains_list") { try containsAll($0, $1, &$2) },
            function("equivalent", "list_sets_equivalent_list") { left, right, budget in
                try containsAll(left, right, &budget) && containsAll(right, left, &budget)
            },
            function("intersects", "list_sets_intersects_list") { left, right, budget in
                for index in 0..<right.count where try contains(left, right[index], &budget) { return true }
                return false
            }
        ].costed)

    private static func function(
        _ name: String, _ id: String,
        _ holds: @escaping @Sendable (ListValue, ListValue, inout Budget) throws -> Bool
    ) -> Function {
        let type = Type.list(.parameter("T"))
        return Function(
            "sets.\(name)",
            Overload(id, [type, type], .bool) { arguments, budget in
                .bool(try holds(try arguments[0].asList, try arguments[1].asList, &budget))
            })
    }

    private static func containsAll(_ list: ListValue, _ parts: ListValue, _ budget: inout Budget) throws -> Bool {
        for index in 0..<parts.count where try !contains(list, parts[index], &budget) { return false }
        return true
    }

    /// Every comparison is charged, so that large sets cost what they take.
    static func contains(_ list: ListValue, _ value: Value, _ budget: inout Budget) throws -> Bool {
        for index in 0..<list.count {
            try budget.spend(1)
            if try list[index].isEqual(to: value, within: &budget) { return true }
        }
        return false
    }
}

extension Value {
    /// `==`, charged by the size of what is compared.
    func isEqual(to other: Value, within budget: inout Budget) throws -> Bool {
        switch (self, other) {
        case (.string(let left), .string(let right)): try budget.spend(min(left.utf8.count, right.utf8.count) / 10)
        case (.bytes(let left), .bytes(let right)): try budget.spend(min(left.count, right.count) / 10)
        case (.list, .list), (.map, .map), (.object, .object): try budget.spend(weight(upTo: budget.remaining))
        default: break
        }
        return try isEqual(to: other)
    }

    /// How many values stand in this one, counted no further than a limit.
    private func weight(upTo limit: Int) -> Int {
        var count = 0
        var pending = [self]
        while let value = pending.popLast(), count <= limit {
            count += 1
            switch value {
            case .list(let list) where list.count + count <= limit: pending += list.elements
            case .map(let map) where map.count + count <= limit: pending += map.entries.map(\.value)
            case .list(let list): count += list.count
            case .map(let map): count += map.count
            case .string(let text): count += text.utf8.count / 10
            default: break
            }
        }
        return count
    }
}
