extension Library {
    /// Functions that make lists of lists: `slice`, `flatten`, `distinct`, `sort`, `sortBy`, `reverse`, `lists.range`.
    public static let lists = Library("lists", functions: (listFunctions + [sort, sortByKeys]).costed, macros: [sortBy])

    private static let element = Type.parameter("T")
    private static let list = Type.list(.parameter("T"))

    private static let listFunctions: [Function] = [
        Function(
            "slice",
            Overload("list_slice", member: [list, .int, .int], list) { arguments, budget in
                let list = try arguments[0].asList
                let (start, end) = (try arguments[1].asInt, try arguments[2].asInt)
                guard start >= 0, start <= end, end <= Int64(list.count) else {
                    throw EvaluationError(
                        .indexOutOfBounds, "slice(\(start), \(end)) of a list of \(list.count) elements")
                }
                try budget.walk(Int(end - start))
                return .list((Int(start)..<Int(end)).map { list[$0] })
            }),
        Function(
            "flatten",
            Overload("list_flatten", member: [.list(list)], list) { arguments, budget in
                .list(try flattened(try arguments[0].asList, levels: 1, &budget))
            },
            Overload("list_flatten_int", member: [.list(.dynamic), .int], .list(.dynamic)) { arguments, budget in
                let levels = try arguments[1].asInt
                guard levels >= 0 else {
                    throw EvaluationError(.invalidArgument, "flatten needs a level from 0 upwards")
                }
                return .list(try flattened(try arguments[0].asList, levels: levels, &budget))
            }),
        Function(
            "distinct",
            Overload("list_distinct", member: [list], list) { arguments, budget in
                .list(try distinct(try arguments[0].asList, &budget))
            }),
        Function(
            "reverse",
            Overload("list_reverse", member: [list], list) { arguments, budget in
                let list = try arguments[0].asList
                try budget.walk(list.count)
                return .list(Array(list.elements.reversed()))
            }),
        Function(
            "lists.range",
            Overload("lists_range", [.int], .list(.int)) { arguments, budget in
                let count = try arguments[0].asInt
                guard count >= 0 else {
                    throw EvaluationError(.invalidArgument, "a range cannot have \(count) elements")
                }
                try budget.admit(elements: Int(count))
                try budget.walk(Int(count))
                return .list((0..<count).map(Value.int))
            })
    ]

    private static func flattened(_ list: ListValue, levels: Int64, _ budget: inout Budget) throws -> [Value] {
        var result: [Value] = []
        // A stack of what is left to read, because a host's lists may stand deep in one another.
        var pending: [(list: ListValue, next: Int, levels: Int64)] = [(list, 0, levels)]
        while let top = pending.popLast() {
            guard top.next < top.list.count else { continue }
            try budget.spend(1)
            let value = top.list[top.next]
            pending.append((top.list, top.next + 1, top.levels))
            if case .list(let inner) = value, top.levels > 0 {
                pending.append((inner, 0, top.levels - 1))
            } else {
                result.append(value)
                try budget.admit(elements: result.count)
            }
        }
        return result
    }

    /// Keeps the first of equal elements. What can be a key of a map is found by its hash, the rest one by one.
    private static func distinct(_ list: ListValue, _ budget: inout Budget) throws -> [Value] {
        try budget.walk(list.count)
        var keys: Set<MapKey> = []
        var others: [Value] = []
        var result: [Value] = []
        for index in 0..<list.count {
            let value = list[index]
            if let key = MapKey(value) {
                if keys.insert(key).inserted { result.append(value) }
            } else if try !Library.contains(ListValue(others), value, &budget) {
                others.append(value)
                result.append(value)
            }
        }
        return result
    }

    // MARK: sorting

    private static let sortable: [(String, Type)] = [
        ("int", .int), ("uint", .uint), ("double", .double), ("bool", .bool), ("duration", .duration),
        ("timestamp", .timestamp), ("string", .string), ("bytes", .bytes)
    ]

    private static let sort = Function(
        "sort",
        overloads: sortable.map { id, type in
            Overload("list_\(id)_sort", member: [.list(type)], .list(type)) { arguments, budget in
                let list = try arguments[0].asList
                return .list(try sorted(list, by: list, &budget))
            }
        })

    /// `list.sortBy(x, key)` computes the keys of all elements once and sorts by them.
    private static let sortBy = Macro("sortBy", isMember: true, arity: 2) { context, call in
        guard let target = call.target else { return nil }
        let name = try context.variable(call.arguments[0])
        // The list is bound to a name, so that it is evaluated once, and then mapped to its keys.
        let keys = context.list(context.name(boundList), [name], .map, filter: nil, call.arguments[1])
        let sorting = context.make(
            .call(function: "@sortByAssociatedKeys", target: context.name(boundList), arguments: [keys]))
        return context.bind(boundList, to: target, in: sorting)
    }

    private static let boundList = "@list"

    private static let sortByKeys = Function(
        "@sortByAssociatedKeys",
        overloads: sortable.map { id, type in
            Overload("list_\(id)_sortByAssociatedKeys", member: [list, .list(type)], list) { arguments, budget in
                .list(try sorted(try arguments[0].asList, by: try arguments[1].asList, &budget))
            }
        })

    /// A stable sort by keys of one comparable type; n·log n comparisons are charged.
    private static func sorted(_ list: ListValue, by keys: ListValue, _ budget: inout Budget) throws -> [Value] {
        guard list.count == keys.count else {
            throw EvaluationError(.invalidArgument, "a list and its keys differ in length")
        }
        let keys = keys.elements
        guard let first = keys.first else { return [] }
        var size = 0
        for key in keys {
            guard key.kind == first.kind, key.ordering(against: key) != nil else {
                throw EvaluationError(
                    .noSuchOverload, "no such overload: a \(key.typeName) among a \(first.typeName) to sort")
            }
            if case .string(let text) = key { size += text.utf8.count }
        }
        let depth = Int.bitWidth - keys.count.leadingZeroBitCount
        try budget.walk((keys.count + size) * depth)
        let order = keys.indices.sorted { left, right in
            switch keys[left].ordering(against: keys[right]) {
            case .less: true
            case .greater: false
            default: left < right
            }
        }
        return order.map { list[$0] }
    }
}
