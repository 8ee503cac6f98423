/// The rules that a contract sets for a field's value, checked before the service sees the request.
///
/// A value that was not sent (proto3's default) breaks only `required`. A field's name is only put together when it is
/// needed, because these checks run for every request.
public enum FieldRule {
    public static func required(_ isPresent: Bool, _ field: @autoclosure () -> String) throws(Problem) {
        if !isPresent { throw Problem.invalid(field: field(), value: "", rule: "is needed and was not sent") }
    }

    public static func range(_ value: Int64, _ minimum: Int64?, _ maximum: Int64?, _ field: @autoclosure () -> String)
        throws(Problem)
    {
        if let minimum, value < minimum {
            throw Problem.invalid(field: field(), value: String(value), rule: "is below the least allowed, \(minimum)")
        }
        if let maximum, value > maximum {
            throw Problem.invalid(field: field(), value: String(value), rule: "is above the most allowed, \(maximum)")
        }
    }

    /// Characters of a text.
    public static func length(_ value: String, _ minimum: Int?, _ maximum: Int?, _ field: @autoclosure () -> String)
        throws(Problem)
    {
        // The count of bytes bounds the count of characters, so most texts are never counted.
        if let maximum, value.utf8.count > maximum, value.unicodeScalars.count > maximum {
            throw Problem.invalid(field: field(), value: value, rule: "is longer than \(maximum) characters")
        }
        if let minimum, value.unicodeScalars.count < minimum {
            throw Problem.invalid(field: field(), value: value, rule: "is shorter than \(minimum) characters")
        }
    }

    public static func pattern(_ value: String, _ pattern: TextPattern, _ field: @autoclosure () -> String)
        throws(Problem)
    {
        if !pattern.matches(value) {
            throw Problem.invalid(field: field(), value: value, rule: "does not match \(pattern.text)")
        }
    }

    /// Elements of a list, or bytes.
    public static func count(
        _ count: Int, _ minimum: Int?, _ maximum: Int?, _ field: @autoclosure () -> String, _ what: String
    ) throws(Problem) {
        if let minimum, count < minimum {
            throw Problem.invalid(field: field(), value: "\(count) \(what)", rule: "is fewer than \(minimum)")
        }
        if let maximum, count > maximum {
            throw Problem.invalid(field: field(), value: "\(count) \(what)", rule: "is more than \(maximum)")
        }
    }
}

/// A message of the contract whose fields have rules.
public protocol Validated {
    /// Throws the `Problem` of the first field that breaks a rule; `path` stands before the field's name.
    func validate(_ path: String) throws(Problem)
}
