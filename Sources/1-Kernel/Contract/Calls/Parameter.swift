/// A path or query parameter, read as the kind of its field.
public struct Parameter: Sendable {
    public let name: String
    public let text: String

    public init(name: String, text: String) {
        self.name = name
        self.text = text
    }

    public var string: String { text }

    public func int32() throws -> Int32 { try integer() }
    public func int64() throws -> Int64 { try integer() }
    public func uint32() throws -> UInt32 { try integer() }
    public func uint64() throws -> UInt64 { try integer() }

    public func bool() throws -> Bool {
        switch text {
        case "true": return true
        case "false": return false
        default: throw Problem.invalidParameter(name, value: text, rule: "is neither true nor false")
        }
    }

    private func integer<Value: FixedWidthInteger>() throws -> Value {
        guard !text.hasPrefix("+"), let value = Value(text) else {
            throw Problem.invalidParameter(
                name, value: text, rule: "is not a whole number from \(Value.min) to \(Value.max)")
        }
        return value
    }

    /// An enumeration by the name that the contract gives its value.
    public func enumeration<Value>(_ names: KeyValuePairs<String, Value>) throws -> Value {
        guard let found = names.first(where: { $0.key == text }) else {
            throw Problem.invalidParameter(
                name, value: text, rule: "is not one of \(names.map(\.key).joined(separator: ", "))")
        }
        return found.value
    }

    /// A path parameter's text where the body might name the same field: saying it twice is fine, contradicting is not.
    public func string(agreeingWith sent: String) throws -> String {
        guard sent.isEmpty || sent == text else { throw contradiction(sent) }
        return text
    }

    public func integer<Value: FixedWidthInteger>(agreeingWith sent: Value) throws -> Value {
        let value: Value = try integer()
        guard sent == 0 || sent == value else { throw contradiction(String(sent)) }
        return value
    }

    private func contradiction(_ sent: String) -> Problem {
        Problem.invalid(field: name, value: sent, rule: "contradicts the path, which says \"\(text.prefix(80))\"")
    }
}
