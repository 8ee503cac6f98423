extension Library {
    /// `"%s costs %.2f".format(["a pen", 1.5])`
    static let format = Function(
        "format",
        Overload("string_format", member: [.string, .list(.dynamic)], .string) { arguments, budget in
            let template = try arguments[0].asString
            try budget.walk(template.utf8.count)
            var formatter = Formatter(arguments: try arguments[1].asList, budget: budget)
            defer { budget = formatter.budget }
            return .string(try formatter.format(template))
        })
}

/// Fills the clauses of a template (`%s %d %f %e %b %o %x %X`, with a precision where it has a meaning).
private struct Formatter {
    let arguments: ListValue
    var budget: Budget
    private var used = 0
    private var text = ""

    init(arguments: ListValue, budget: Budget) {
        self.arguments = arguments
        self.budget = budget
    }

    mutating func format(_ template: String) throws -> String {
        var scalars = Substring(template).unicodeScalars
        while let scalar = scalars.popFirst() {
            guard scalar == "%" else {
                text.unicodeScalars.append(scalar)
                continue
            }
            let precision = try precision(&scalars)
            guard let clause = scalars.popFirst() else { throw fault("the template ends within a clause") }
            if clause == "%", precision == nil {
                text += "%"
            } else {
                try append(try formatted(clause, precision))
            }
        }
        return text
    }

    private mutating func append(_ part: String) throws {
        try budget.admit(bytes: text.utf8.count + part.utf8.count)
        try budget.walk(part.utf8.count)
        text += part
    }

    private func precision(_ scalars: inout Substring.UnicodeScalarView) throws -> Int? {
        guard scalars.first == "." else { return nil }
        scalars.removeFirst()
        var precision = 0
        var hasDigits = false
        while let digit = scalars.first, ("0"..."9").contains(digit) {
            precision = min(precision * 10 + Int(digit.value - 0x30), 100_000)
            hasDigits = true
            scalars.removeFirst()
        }
        guard hasDigits, precision <= FloatText.maximumPrecision else {
            throw fault("a precision is a number up to \(FloatText.maximumPrecision)")
        }
        return precision
    }

    private mutating func argument() throws -> Value {
        guard used < arguments.count else {
            throw fault("index \(used) out of range: there are \(arguments.count) arguments")
        }
        used += 1
        return arguments[used - 1]
    }

    private mutating func formatted(_ clause: Unicode.Scalar, _ precision: Int?) throws -> String {
        switch clause {
        case "s":
            let value = try argument()
            return try string(value, depth: 0)
        case "d": return try decimal(try argument())
        case "f": return FloatText.fixed(try number(try argument(), "f"), precision: precision ?? 6)
        case "e": return FloatText.scientific(try number(try argument(), "e"), precision: precision ?? 6)
        case "b": return try based(try argument(), 2, clause)
        case "o": return try based(try argument(), 8, clause)
        case "x": return try hexadecimal(try argument(), uppercase: false)
        case "X": return try hexadecimal(try argument(), uppercase: true)
        default: throw fault("unknown clause %\(clause)")
        }
    }

    // MARK: clauses

    private mutating func string(_ value: Value, depth: Int) throws -> String {
        guard depth <= Value.comparedDepth else {
            throw EvaluationError(.tooDeep, "the value is nested too deeply to format")
        }
        switch value {
        case .null: return "null"
        case .type(let type): return type.runtimeName
        case .list(let list):
            var result = "["
            for index in 0..<list.count {
                try budget.spend(1)
                let element = list[index]
                result += (index > 0 ? ", " : "") + (try string(element, depth: depth + 1))
                try budget.admit(bytes: result.utf8.count)
            }
            return result + "]"
        case .map(let map): return try string(map, depth: depth)
        case .string, .bool, .int, .uint, .double, .bytes, .timestamp, .duration:
            let result = try Conversion.string(value)
            try budget.walk(result.utf8.count)
            return result
        case .optional, .object: throw unfit(value, "s")
        }
    }

    /// Entries in the order of their keys' texts.
    private mutating func string(_ map: MapValue, depth: Int) throws -> String {
        var entries: [(key: String, value: String)] = []
        var size = 0
        for entry in map.entries {
            try budget.spend(1)
            let key = try string(entry.key, depth: depth + 1)
            let value = try string(entry.value, depth: depth + 1)
            size += key.utf8.count + value.utf8.count + 4
            try budget.admit(bytes: size)
            entries.append((key, value))
        }
        entries.sort { Ordering.lexical($0.key.utf8, $1.key.utf8) == .less }
        return "{" + entries.map { "\($0.key): \($0.value)" }.joined(separator: ", ") + "}"
    }

    private func decimal(_ value: Value) throws -> String {
        switch value {
        case .int(let number): return String(number)
        case .uint(let number): return String(number)
        case .double(let number): return FloatText.plain(number)
        default: throw unfit(value, "d")
        }
    }

    private func number(_ value: Value, _ clause: Unicode.Scalar) throws -> Double {
        switch value {
        case .double(let number): return number
        case .int(let number): return Double(number)
        case .uint(let number): return Double(number)
        default: throw unfit(value, clause)
        }
    }

    private func based(_ value: Value, _ radix: Int, _ clause: Unicode.Scalar) throws -> String {
        switch value {
        case .int(let number): return String(number, radix: radix)
        case .uint(let number): return String(number, radix: radix)
        case .bool(let flag) where radix == 2: return flag ? "1" : "0"
        default: throw unfit(value, clause)
        }
    }

    private func hexadecimal(_ value: Value, uppercase: Bool) throws -> String {
        let bytes: [UInt8]
        switch value {
        case .int(let number): return String(number, radix: 16, uppercase: uppercase)
        case .uint(let number): return String(number, radix: 16, uppercase: uppercase)
        case .string(let text): bytes = Array(text.utf8)
        case .bytes(let content): bytes = content
        default: throw unfit(value, uppercase ? "X" : "x")
        }
        try budget.admit(bytes: bytes.count * 2)
        let digits = Array((uppercase ? "0123456789ABCDEF" : "0123456789abcdef").utf8)
        return String(decoding: bytes.flatMap { [digits[Int($0 >> 4)], digits[Int($0 & 15)]] }, as: UTF8.self)
    }

    // MARK: errors

    private func fault(_ message: String) -> EvaluationError { EvaluationError(.invalidArgument, "format: \(message)") }

    private func unfit(_ value: Value, _ clause: Unicode.Scalar) -> EvaluationError {
        fault("%\(clause) cannot show a \(value.typeName)")
    }
}
