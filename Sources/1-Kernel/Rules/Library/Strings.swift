extension Library {
    /// Functions on strings beyond the definition's own: `"a,b".split(",")`, `"%d €".format([3])`, `strings.quote(s)`.
    /// Positions count code points.
    public static let strings = Library("strings", functions: (stringFunctions + [format]).costed)

    private static let stringFunctions: [Function] = [
        Function(
            "charAt",
            Overload("string_char_at_int", member: [.string, .int], .string) { arguments, budget in
                let (text, start) = try position(arguments[0], arguments[1], &budget)
                return .string(text.text(start..<(start < text.bytes.count ? text.next(after: start) : start)))
            }),
        Function(
            "indexOf",
            Overload("string_index_of_string", member: [.string, .string], .int) { try indexOf($0, &$1) },
            Overload("string_index_of_string_int", member: [.string, .string, .int], .int) { try indexOf($0, &$1) }),
        Function(
            "lastIndexOf",
            Overload("string_last_index_of_string", member: [.string, .string], .int) { try lastIndexOf($0, &$1) },
            Overload("string_last_index_of_string_int", member: [.string, .string, .int], .int) {
                try lastIndexOf($0, &$1)
            }),
        Function(
            "substring",
            Overload("string_substring_int", member: [.string, .int], .string) { arguments, budget in
                let (text, start) = try position(arguments[0], arguments[1], &budget)
                return .string(text.text(start..<text.bytes.count))
            },
            Overload("string_substring_int_int", member: [.string, .int, .int], .string) { arguments, budget in
                let (text, start) = try position(arguments[0], arguments[1], &budget)
                let (_, end) = try position(arguments[0], arguments[2], &budget)
                guard start <= end else {
                    throw EvaluationError(
                        .indexOutOfBounds, "invalid range of a substring: \(arguments[1]) to \(arguments[2])")
                }
                return .string(text.text(start..<end))
            }),
        Function(
            "replace",
            Overload("string_replace_string_string", member: [.string, .string, .string], .string) {
                try replace($0, &$1)
            },
            Overload("string_replace_string_string_int", member: [.string, .string, .string, .int], .string) {
                try replace($0, &$1)
            }),
        Function(
            "split",
            Overload("string_split_string", member: [.string, .string], .list(.string)) { try split($0, &$1) },
            Overload("string_split_string_int", member: [.string, .string, .int], .list(.string)) {
                try split($0, &$1)
            }),
        Function(
            "join",
            Overload("list_join", member: [.list(.string)], .string) { try join($0, &$1) },
            Overload("list_join_string", member: [.list(.string), .string], .string) { try join($0, &$1) }),
        mapping("lowerAscii", "string_lower_ascii") { text in
            String(decoding: text.utf8.map { (0x41...0x5A).contains($0) ? $0 | 0x20 : $0 }, as: UTF8.self)
        },
        mapping("upperAscii", "string_upper_ascii") { text in
            String(decoding: text.utf8.map { (0x61...0x7A).contains($0) ? $0 & ~0x20 : $0 }, as: UTF8.self)
        },
        mapping("trim", "string_trim", trimmed),
        mapping("reverse", "string_reverse") { text in
            var reversed = String.UnicodeScalarView()
            reversed.append(contentsOf: text.unicodeScalars.reversed())
            return String(reversed)
        },
        Function(
            "strings.quote",
            Overload("strings_quote", [.string], .string) { arguments, budget in
                let text = try arguments[0].asString
                try budget.walk(text.utf8.count)
                try budget.admit(bytes: text.utf8.count * 2 + 2)
                return .string(quoted(text))
            })
    ]

    private static func mapping(_ name: String, _ id: String, _ body: @escaping @Sendable (String) -> String)
        -> Function
    {
        Function(
            name,
            Overload(id, member: [.string], .string) { arguments, budget in
                let text = try arguments[0].asString
                try budget.walk(text.utf8.count)
                return .string(body(text))
            })
    }

    // MARK: positions

    /// The text, and where its code point of that number begins.
    private static func position(_ value: Value, _ index: Value, _ budget: inout Budget) throws -> (CodePoints, Int) {
        let text = CodePoints(try value.asString)
        try budget.walk(text.bytes.count)
        guard let offset = text.offset(of: try index.asInt) else {
            throw EvaluationError(.indexOutOfBounds, "index out of range: \(index)")
        }
        return (text, offset)
    }

    private static func indexOf(_ arguments: [Value], _ budget: inout Budget) throws -> Value {
        let start = arguments.count > 2 ? arguments[2] : .int(0)
        let (text, offset) = try position(arguments[0], start, &budget)
        let found = ByteSearch(try arguments[1].asString).first(in: text.bytes, from: offset)
        return .int(found.map(text.number) ?? -1)
    }

    private static func lastIndexOf(_ arguments: [Value], _ budget: inout Budget) throws -> Value {
        let text = CodePoints(try arguments[0].asString)
        var end = text.bytes.count
        if arguments.count > 2 { end = try position(arguments[0], arguments[2], &budget).1 }
        try budget.walk(text.bytes.count)
        let found = ByteSearch(try arguments[1].asString).last(in: text.bytes, upTo: end)
        return .int(found.map(text.number) ?? -1)
    }

    // MARK: parts

    /// Where a separator stands, at most `limit` times. An empty one stands between all code points.
    private static func places(of separator: ByteSearch, in text: CodePoints, _ limit: Int, atEdges: Bool) -> [Int] {
        var places: [Int] = []
        if separator.pattern.isEmpty {
            var place = 0
            if atEdges, limit > 0 { places.append(0) }
            while place < text.bytes.count, places.count < limit {
                place = text.next(after: place)
                if place < text.bytes.count || atEdges { places.append(place) }
            }
            return places
        }
        var start = 0
        while places.count < limit, let place = separator.first(in: text.bytes, from: start) {
            places.append(place)
            start = place + separator.pattern.count
        }
        return places
    }

    /// A count of replacements or parts; negative means all.
    private static func limit(_ arguments: [Value], at index: Int) throws -> Int {
        guard arguments.count > index else { return .max }
        let number = try arguments[index].asInt
        return number < 0 ? .max : Int(number)
    }

    private static func replace(_ arguments: [Value], _ budget: inout Budget) throws -> Value {
        let text = CodePoints(try arguments[0].asString)
        let old = ByteSearch(try arguments[1].asString)
        let new = Array(try arguments[2].asString.utf8)
        try budget.walk(text.bytes.count)
        let places = places(of: old, in: text, try limit(arguments, at: 3), atEdges: true)
        let size = text.bytes.count + places.count * (new.count - old.pattern.count)
        try budget.admit(bytes: size)
        try budget.walk(size)
        var result: [UInt8] = []
        result.reserveCapacity(size)
        var start = 0
        for place in places {
            result += text.bytes[start..<place]
            result += new
            start = place + old.pattern.count
        }
        result += text.bytes[start...]
        return .string(String(decoding: result, as: UTF8.self))
    }

    private static func split(_ arguments: [Value], _ budget: inout Budget) throws -> Value {
        let text = CodePoints(try arguments[0].asString)
        let separator = ByteSearch(try arguments[1].asString)
        try budget.walk(text.bytes.count)
        let limit = try limit(arguments, at: 2)
        guard limit > 0 else { return .list([]) }
        let places = places(of: separator, in: text, limit - 1, atEdges: false)
        try budget.admit(elements: places.count + 1)
        try budget.walk(places.count * 10)
        var parts: [Value] = []
        parts.reserveCapacity(places.count + 1)
        var start = 0
        for place in places {
            parts.append(.string(text.text(start..<place)))
            start = place + separator.pattern.count
        }
        parts.append(.string(text.text(start..<text.bytes.count)))
        return .list(parts)
    }

    private static func join(_ arguments: [Value], _ budget: inout Budget) throws -> Value {
        let list = try arguments[0].asList
        let separator = arguments.count > 1 ? try arguments[1].asString : ""
        var result = ""
        for index in 0..<list.count {
            if index > 0 { result += separator }
            let part = try list[index].asString
            try budget.admit(bytes: result.utf8.count + part.utf8.count + separator.utf8.count)
            try budget.walk(part.utf8.count + separator.utf8.count)
            result += part
        }
        return .string(result)
    }

    // MARK: white space and quotes

    private static func trimmed(_ text: String) -> String {
        let scalars = text.unicodeScalars
        guard let first = scalars.firstIndex(where: { !$0.properties.isWhitespace }),
            let last = scalars.lastIndex(where: { !$0.properties.isWhitespace })
        else { return "" }
        return String(scalars[first...last])
    }

    /// In double quotes, with escapes for quotes, backslashes and the control characters that have one.
    private static func quoted(_ text: String) -> String {
        var result = "\""
        for scalar in text.unicodeScalars {
            switch scalar {
            case "\u{07}": result += "\\a"
            case "\u{08}": result += "\\b"
            case "\u{0C}": result += "\\f"
            case "\n": result += "\\n"
            case "\r": result += "\\r"
            case "\t": result += "\\t"
            case "\u{0B}": result += "\\v"
            case "\\": result += "\\\\"
            case "\"": result += "\\\""
            default: result.unicodeScalars.append(scalar)
            }
        }
        return result + "\""
    }
}
