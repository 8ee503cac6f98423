import Rules
import RulesProtobuf

/// A JSON document as what rules are tried against: each of its members is a variable, each object a type of its own,
/// so that a field that is misspelled is found before the rule runs.
struct RuleSample {
    private(set) var bindings = Bindings()
    private(set) var variables: [(name: String, type: Type)] = []
    private let types: RecordTypes

    /// - Throws: `ProtobufError` for what is no JSON, `RuleSampleError` for what is no object.
    init(_ json: String) throws {
        guard let members = try JSONText(parsing: json).members else { throw RuleSampleError() }
        var types = RecordTypes()
        for member in members {
            let type = types.type(of: [member.value], named: member.name)
            variables.append((member.name, type))
            bindings[member.name] = types.value(member.value, as: type)
        }
        self.types = types
    }

    /// No person who tries a rule waits for one that costs more.
    private static let costLimit = 100_000

    var environment: Rules.Environment {
        var limits = Limits()
        limits.cost = Self.costLimit
        let declared = Dictionary(variables) { _, last in last }
        return Rules.Environment(variables: declared, types: types, limits: limits)
    }

    /// Every path that a rule can write, with its type: `cart.lines[0].quantity`, `int`.
    var paths: [(path: String, type: String)] {
        variables.flatMap { types.paths($0.name, $0.type) }
    }
}

struct RuleSampleError: Error {}

/// Types made from how objects look: their fields and those fields' types.
private struct RecordTypes: TypeProvider {
    private var fields: [String: [(name: String, type: Type)]] = [:]
    /// Paths of one document that are shown, so that a strange one does not fill the page.
    private static let shownPaths = 60

    // MARK: types

    /// The one type of several values, `dyn` where they differ. An object's type is named after the member it stands at.
    mutating func type(of values: [JSONText], named name: String) -> Type {
        let known = values.filter { $0 != .null }
        guard let first = known.first else { return .dynamic }
        switch first {
        case .object:
            let objects = known.compactMap(\.members)
            guard objects.count == known.count else { return .dynamic }
            return record(objects, named: name)
        case .array:
            let arrays = known.compactMap(\.elements)
            guard arrays.count == known.count else { return .dynamic }
            return .list(type(of: arrays.flatMap { $0 }, named: name))
        default:
            let type = RecordTypes.scalarType(first)
            return known.allSatisfy { RecordTypes.scalarType($0) == type } ? type : .dynamic
        }
    }

    private static func scalarType(_ json: JSONText) -> Type {
        switch json {
        case .bool: .bool
        case .number(let text): Int64(text) == nil ? .double : .int
        case .string(let text): (try? Timestamp(parsing: text)) == nil ? .string : .timestamp
        case .null, .array, .object: .dynamic
        }
    }

    private mutating func record(_ objects: [[JSONText.Member]], named name: String) -> Type {
        var names: [String] = []
        var values: [String: [JSONText]] = [:]
        for member in objects.joined() {
            if values[member.name] == nil { names.append(member.name) }
            values[member.name, default: []].append(member.value)
        }
        // Keys that no rule can write as a field, or none at all: a map of texts.
        guard !names.isEmpty, names.allSatisfy(RecordTypes.isName) else { return .map(.string, .dynamic) }
        let typeName = unusedName(name)
        fields[typeName] = []
        fields[typeName] = names.map { ($0, type(of: values[$0] ?? [], named: $0)) }
        return .message(typeName)
    }

    private func unusedName(_ name: String) -> String {
        let base = name.prefix(1).uppercased() + name.dropFirst()
        return fields[base] == nil ? base : base + "\(fields.count)"
    }

    private static func isName(_ text: String) -> Bool {
        let scalars = text.unicodeScalars
        return scalars.first.map { $0 == "_" || $0.properties.isAlphabetic && $0.isASCII } == true
            && scalars.allSatisfy {
                $0.isASCII && ($0 == "_" || $0.properties.isAlphabetic || $0.properties.numericType != nil)
            }
    }

    func type(named name: String) -> Type? { fields[name] == nil ? nil : .message(name) }
    func constant(named name: String) -> Value? { nil }

    func fieldType(_ field: String, of message: String) -> Type? {
        fields[message]?.first { $0.name == field }?.type
    }

    func construct(_ message: String, _ fields: [(name: String, value: Value)]) throws -> Value {
        throw EvaluationError(.noSuchType, "the sample's types are made by the sample alone")
    }

    // MARK: values

    func value(_ json: JSONText, as type: Type) -> Value {
        switch (json, type) {
        case (.object(let members), .message(let name)):
            var values: [String: Value] = [:]
            for member in members {
                values[member.name] = value(member.value, as: fieldType(member.name, of: name) ?? .dynamic)
            }
            return .object(Record(name, names: (fields[name] ?? []).map(\.name), values: values))
        case (.array(let elements), .list(let element)): return .list(elements.map { value($0, as: element) })
        case (.string(let text), .timestamp):
            return (try? Timestamp(parsing: text)).map(Value.timestamp) ?? .string(text)
        default: return (try? RuleJSON.value(json)) ?? .null
        }
    }

    func paths(_ path: String, _ type: Type) -> [(path: String, type: String)] {
        var found: [(path: String, type: String)] = []
        var pending = [(path, type)]
        while let (path, type) = pending.popLast(), found.count < Self.shownPaths {
            switch type {
            case .message(let name):
                pending += (fields[name] ?? []).reversed().map { ("\(path).\($0.name)", $0.type) }
            case .list(.message(let name)):
                found.append((path, "list"))
                pending.append(("\(path)[0]", .message(name)))
            default: found.append((path, type.description))
            }
        }
        return found
    }
}

/// An object of the sample, whose fields are read when a rule asks for them.
private final class Record: ObjectValue, CustomStringConvertible {
    let type: Type
    private let names: [String]
    private let values: [String: Value]

    init(_ name: String, names: [String], values: [String: Value]) {
        type = .message(name)
        self.names = names
        self.values = values
    }

    func field(named name: String) throws -> Value? {
        if let value = values[name] { return value }
        return names.contains(name) ? .null : nil
    }

    func hasField(named name: String) -> Bool? {
        names.contains(name) ? values[name] != nil : nil
    }

    func isEqual(to other: any ObjectValue) throws -> Bool {
        guard let other = other as? Record, values.count == other.values.count else { return false }
        return try values.allSatisfy { name, value in try other.values[name]?.isEqual(to: value) ?? false }
    }

    var description: String {
        let members = names.compactMap { name in values[name].map { "\(name): \($0)" } }
        return "\(type){\(members.joined(separator: ", "))}"
    }
}
