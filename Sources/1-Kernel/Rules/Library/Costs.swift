/// What the functions of the libraries charge at most, by the sizes of their arguments: bytes of strings, elements of
/// lists. The compile-time estimate uses it; functions that are not named here charge nothing of their own.
///
/// The sizes of elements are not known, so that what compares or joins them may take as much as the limits allow.
enum Costs {
    private static let text = Limits.standard.textBytes / 10
    private static let elements = Limits.standard.elements

    /// What `Budget.walk` charges.
    private static func walk(_ size: Int) -> Int { size / 10 + 1 }

    private static func product(_ factors: Int...) -> Int {
        factors.reduce(1) { left, right in
            let (result, overflow) = left.multipliedReportingOverflow(by: right)
            return overflow ? .max : result
        }
    }

    private static func sum(_ parts: Int...) -> Int {
        parts.reduce(0) { left, right in
            let (result, overflow) = left.addingReportingOverflow(right)
            return overflow ? .max : result
        }
    }

    typealias Cost = @Sendable ([Int]) -> Int

    private static let once: Cost = { walk($0[0]) }
    private static let twice: Cost = { 2 * walk($0[0]) }

    private static let matching: Cost = { sizes in
        // Counted repetitions make up to a thousand instructions of a character, and each scalar may visit all twice.
        let instructions = min(PatternProgram.maximumInstructions, product(sizes[1] + 1, 1_000))
        return sum(walk(sizes[1]), walk(product(sizes[0] + 2, 2 * instructions + 1)))
    }

    private static let replacing: Cost = { sizes in
        sum(walk(sizes[0]), walk(sum(sizes[0], product(sizes[0] + 1, sizes[2]))))
    }

    private static let comparing: Cost = { sizes in product(sizes[0], sizes[1], 1 + text) }

    private static let sorting: Cost = { sizes in
        product(walk(sizes[sizes.count - 1]), Int.bitWidth - sizes[0].leadingZeroBitCount + 1)
    }

    private static let sortingTexts: Cost = { sizes in product(sorting(sizes), 1 + text * 10) }

    private static let table: [String: Cost] = [
        "size_string": once, "string_size": once, "contains_string": once, "starts_with_string": once,
        "ends_with_string": once, "matches": matching, "matches_string": matching,
        "string_char_at_int": once, "string_index_of_string": once, "string_index_of_string_int": once,
        "string_last_index_of_string": once, "string_last_index_of_string_int": twice,
        "string_substring_int": once, "string_substring_int_int": twice,
        "string_replace_string_string": replacing, "string_replace_string_string_int": replacing,
        "string_split_string": { sum(walk($0[0]), $0[0], 2) },
        "string_split_string_int": { sum(walk($0[0]), $0[0], 2) },
        "list_join": { sum($0[0], 1, text) }, "list_join_string": { sum(product($0[0], walk($0[1]) + 1), text) },
        "string_lower_ascii": once, "string_upper_ascii": once, "string_trim": once, "string_reverse": once,
        "strings_quote": once,
        // The template, the texts of the arguments and their copies into the result, and every element on the way.
        "string_format": { sum(walk($0[0]), 2 * text, 2 * elements, 2 * $0[0]) },
        "math_@max_list_int": once, "math_@max_list_uint": once, "math_@max_list_double": once,
        "math_@max_list_dyn": once, "math_@min_list_int": once, "math_@min_list_uint": once,
        "math_@min_list_double": once, "math_@min_list_dyn": once,
        "list_slice": once, "list_reverse": once, "list_flatten": { sum($0[0], elements) },
        "list_flatten_int": { sum($0[0], 2 * elements) }, "lists_range": { _ in walk(elements) },
        "list_distinct": { sum(walk($0[0]), product($0[0], $0[0], 1 + text)) },
        "list_int_sort": sorting, "list_uint_sort": sorting, "list_double_sort": sorting, "list_bool_sort": sorting,
        "list_duration_sort": sorting, "list_timestamp_sort": sorting, "list_string_sort": sortingTexts,
        "list_bytes_sort": sortingTexts,
        "list_int_sortByAssociatedKeys": sorting, "list_uint_sortByAssociatedKeys": sorting,
        "list_double_sortByAssociatedKeys": sorting, "list_bool_sortByAssociatedKeys": sorting,
        "list_duration_sortByAssociatedKeys": sorting, "list_timestamp_sortByAssociatedKeys": sorting,
        "list_string_sortByAssociatedKeys": sortingTexts, "list_bytes_sortByAssociatedKeys": sortingTexts,
        "list_sets_contains_list": comparing, "list_sets_intersects_list": comparing,
        "list_sets_equivalent_list": { product(comparing($0), 2) },
        "base64_encode_bytes": once, "base64_decode_string": once,
        "optional_unwrap": once, "optional_unwrapOpt": once
    ]

    fileprivate static func applied(to overload: Overload) -> Overload {
        guard let cost = table[overload.id] else { return overload }
        var costed = Overload(
            overload.id, isMember: overload.isMember, overload.parameters, overload.result, overload.implementation,
            cost: cost)
        costed.prepare = overload.prepare
        return costed
    }
}

extension [Function] {
    /// The same functions with what they cost at most.
    var costed: [Function] {
        map { Function($0.name, overloads: $0.overloads.map(Costs.applied)) }
    }
}
