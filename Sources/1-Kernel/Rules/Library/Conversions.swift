extension Library {
    /// `int(x)`, `string(x)` and the other functions that turn a value of one type into another.
    static let conversions: [Function] = [
        Function(
            "int",
            Overload("int64_to_int64", .int, .int) { $0 },
            Overload("uint64_to_int64", .uint, .int) { .int(try Conversion.int($0)) },
            Overload("double_to_int64", .double, .int) { .int(try Conversion.int($0)) },
            Overload("string_to_int64", .string, .int) { .int(try Conversion.int($0)) },
            Overload("timestamp_to_int64", .timestamp, .int) { .int(try $0.asTimestamp.seconds) }),
        Function(
            "uint",
            Overload("uint64_to_uint64", .uint, .uint) { $0 },
            Overload("int64_to_uint64", .int, .uint) { .uint(try Conversion.uint($0)) },
            Overload("double_to_uint64", .double, .uint) { .uint(try Conversion.uint($0)) },
            Overload("string_to_uint64", .string, .uint) { .uint(try Conversion.uint($0)) }),
        Function(
            "double",
            Overload("double_to_double", .double, .double) { $0 },
            Overload("int64_to_double", .int, .double) { .double(try Conversion.double($0)) },
            Overload("uint64_to_double", .uint, .double) { .double(try Conversion.double($0)) },
            Overload("string_to_double", .string, .double) { .double(try Conversion.double($0)) }),
        Function(
            "string",
            overloads: [
                ("string_to_string", Type.string), ("bool_to_string", .bool), ("int64_to_string", .int),
                ("uint64_to_string", .uint), ("double_to_string", .double), ("bytes_to_string", .bytes),
                ("timestamp_to_string", .timestamp), ("duration_to_string", .duration)
            ].map { id, type in Overload(id, type, .string) { .string(try Conversion.string($0)) } }),
        Function(
            "bytes",
            Overload("bytes_to_bytes", .bytes, .bytes) { $0 },
            Overload("string_to_bytes", .string, .bytes) { .bytes(Array(try $0.asString.utf8)) }),
        Function(
            "bool",
            Overload("bool_to_bool", .bool, .bool) { $0 },
            Overload("string_to_bool", .string, .bool) { .bool(try Conversion.bool(try $0.asString)) }),
        Function(
            "timestamp",
            Overload("timestamp_to_timestamp", .timestamp, .timestamp) { $0 },
            Overload("string_to_timestamp", .string, .timestamp) {
                .timestamp(try Timestamp(parsing: try $0.asString))
            },
            Overload("int64_to_timestamp", .int, .timestamp) { .timestamp(try Timestamp(seconds: try $0.asInt)) }),
        Function(
            "duration",
            Overload("duration_to_duration", .duration, .duration) { $0 },
            Overload("string_to_duration", .string, .duration) {
                .duration(try Duration(parsing: try $0.asString))
            }),
        Function("dyn", Overload("to_dyn", .parameter("T"), .dynamic) { $0 }),
        Function("type", Overload("type", .parameter("T"), .type(.parameter("T"))) { .type($0.type) })
    ]
}

enum Conversion {
    static func int(_ value: Value) throws -> Int64 {
        switch value {
        case .int(let number): return number
        case .uint(let number):
            guard let result = Int64(exactly: number) else { throw outOfRange(value, "int") }
            return result
        case .double(let number):
            // Both ends are excluded: -2^63 may be a number beyond the range that was rounded.
            guard number > -0x1p63, number < 0x1p63 else { throw outOfRange(value, "int") }
            return Int64(number)
        case .string(let text):
            guard isWhole(text, allowsMinus: true) else { throw unreadable(value, "int") }
            guard let result = Int64(text) else { throw outOfRange(value, "int") }
            return result
        default: throw Value.noOverload(value, "number")
        }
    }

    static func uint(_ value: Value) throws -> UInt64 {
        switch value {
        case .uint(let number): return number
        case .int(let number):
            guard let result = UInt64(exactly: number) else { throw outOfRange(value, "uint") }
            return result
        case .double(let number):
            guard number >= 0, number < 0x1p64 else { throw outOfRange(value, "uint") }
            return UInt64(number)
        case .string(let text):
            guard isWhole(text, allowsMinus: false) else { throw unreadable(value, "uint") }
            guard let result = UInt64(text) else { throw outOfRange(value, "uint") }
            return result
        default: throw Value.noOverload(value, "number")
        }
    }

    static func double(_ value: Value) throws -> Double {
        switch value {
        case .double(let number): return number
        case .int(let number): return Double(number)
        case .uint(let number): return Double(number)
        case .string(let text):
            if let special = specials[text.lowercased()] { return special }
            guard isDecimal(text), let number = Double(text) else { throw unreadable(value, "double") }
            guard number.isFinite else { throw outOfRange(value, "double") }
            return number
        default: throw Value.noOverload(value, "number")
        }
    }

    static func string(_ value: Value) throws -> String {
        switch value {
        case .string(let text): return text
        case .bool(let flag): return flag ? "true" : "false"
        case .int(let number): return String(number)
        case .uint(let number): return String(number)
        case .double(let number): return FloatText.shortest(number)
        case .bytes(let bytes):
            guard let text = String(validating: bytes, as: UTF8.self) else {
                throw EvaluationError(.invalidArgument, "the bytes are no well-formed UTF-8")
            }
            return text
        case .timestamp(let time): return time.text
        case .duration(let span): return span.text
        default: throw Value.noOverload(value, "value with a text")
        }
    }

    static func bool(_ text: String) throws -> Bool {
        switch text {
        case "1", "t", "T", "true", "TRUE", "True": return true
        case "0", "f", "F", "false", "FALSE", "False": return false
        default: throw unreadable(.string(text), "bool")
        }
    }

    private static let specials: [String: Double] = [
        "nan": .nan, "inf": .infinity, "+inf": .infinity, "-inf": -.infinity, "infinity": .infinity,
        "+infinity": .infinity, "-infinity": -.infinity
    ]

    /// Digits with an optional sign, and nothing else: no spaces, no underscores, no `0x`.
    private static func isWhole(_ text: String, allowsMinus: Bool) -> Bool {
        var reader = ByteReader(text)
        if !reader.take("+"), allowsMinus { _ = reader.take("-") }
        return reader.skipDigits() > 0 && reader.isAtEnd
    }

    private static func isDecimal(_ text: String) -> Bool {
        var reader = ByteReader(text)
        if !reader.take("+") { _ = reader.take("-") }
        var digits = reader.skipDigits()
        if reader.take(".") { digits += reader.skipDigits() }
        guard digits > 0 else { return false }
        if reader.take("e") || reader.take("E") {
            if !reader.take("+") { _ = reader.take("-") }
            guard reader.skipDigits() > 0 else { return false }
        }
        return reader.isAtEnd
    }

    private static func outOfRange(_ value: Value, _ type: String) -> EvaluationError {
        EvaluationError(.overflow, "\(value) is out of the range of \(type)")
    }

    private static func unreadable(_ value: Value, _ type: String) -> EvaluationError {
        EvaluationError(.invalidArgument, "\(value) is no text of a \(type)")
    }
}

extension ByteReader {
    /// How many digits were passed.
    fileprivate mutating func skipDigits() -> Int {
        let start = position
        while digit != nil { skip() }
        return position - start
    }
}
