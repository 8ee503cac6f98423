import SwiftProtobuf
import SwiftProtobufPluginLibrary

/// The Swift that checks a message's rules.
struct RuleSource {
    let file: FileDescriptor
    let namer: SwiftProtobufNamer

    /// True when the message has rules, or a message inside it has.
    static func isValidated(_ message: Descriptor) -> Bool { isValidated(message, seen: []) }

    private static func isValidated(_ message: Descriptor, seen: Set<String>) -> Bool {
        guard !seen.contains(message.fullName), !message.isMapEntry else { return false }
        return message.fields.contains { field in
            if field.options.hasKontorrule || field.options.Kontorrequired { return true }
            guard field.type == .message, !field.isMap, let inner = field.messageType else { return false }
            return isValidated(inner, seen: seen.union([message.fullName]))
        }
    }

    func text(_ message: Descriptor) -> String {
        var text = "extension \(namer.fullName(message: message)): Validated {\n"
        for field in message.fields where !field.rule.pattern.isEmpty {
            text +=
                "    private static let \(property(field))Pattern = TextPattern(\"\(escaped(field.rule.pattern))\")\n"
        }
        text += "\n    public func validate(_ path: String) throws(Problem) {\n"
        for field in message.fields { text += lines(field).map { "        \($0)\n" }.joined() }
        return text + "    }\n}\n"
    }

    private func lines(_ field: FieldDescriptor) -> [String] {
        var lines: [String] = []
        let rule = field.rule
        let value = property(field)
        let path = "path + \"\(field.name)\""
        if rule.required { lines.append("try FieldRule.required(\(presence(field)), \(path))") }
        if field.isRepeated, rule.hasMinItems || rule.hasMaxItems {
            lines.append(
                "try FieldRule.count(\(value).count, \(text(rule.hasMinItems, rule.minItems)), \(text(rule.hasMaxItems, rule.maxItems)), \(path), \"elements\")"
            )
        }
        if field.isRepeated, !field.isMap,
            let inner = inside(field, "element", "\(path) + \"[\\(index)].\"", "\(path) + \"[\\(index)]\"")
        {
            lines.append("for (index, element) in \(value).enumerated() { _ = index; \(inner) }")
        } else if !field.isRepeated, let inner = inside(field, value, "\(path) + \".\"", path) {
            lines.append("if \(presence(field)) { \(inner) }")
        }
        return lines
    }

    private func inside(_ field: FieldDescriptor, _ value: String, _ innerPath: String, _ path: String) -> String? {
        let rule = field.rule
        var checks: [String] = []
        switch field.type {
        case .message:
            guard let inner = field.messageType, RuleSource.isValidated(inner) else { return nil }
            checks.append("try \(value).validate(\(innerPath))")
        case .string:
            if rule.hasMinLength || rule.hasMaxLength {
                checks.append(
                    "try FieldRule.length(\(value), \(text(rule.hasMinLength, rule.minLength)), \(text(rule.hasMaxLength, rule.maxLength)), \(path))"
                )
            }
            if !rule.pattern.isEmpty {
                checks.append("try FieldRule.pattern(\(value), Self.\(property(field))Pattern, \(path))")
            }
        case .bytes:
            if rule.hasMinLength || rule.hasMaxLength {
                checks.append(
                    "try FieldRule.count(\(value).count, \(text(rule.hasMinLength, rule.minLength)), \(text(rule.hasMaxLength, rule.maxLength)), \(path), \"bytes\")"
                )
            }
        case .int32, .int64, .uint32, .uint64, .sint32, .sint64:
            if rule.hasMin || rule.hasMax {
                checks.append(
                    "try FieldRule.range(Int64(clamping: \(value)), \(text(rule.hasMin, rule.min)), \(text(rule.hasMax, rule.max)), \(path))"
                )
            }
        default: break
        }
        return checks.isEmpty ? nil : checks.joined(separator: "; ")
    }

    /// A number's bounds hold for 0 too, unless the field may be absent.
    private func presence(_ field: FieldDescriptor) -> String {
        let value = property(field)
        if field.hasPresence {
            return namer.messagePropertyNames(field: field, prefixed: "", includeHasAndClear: true).has
        }
        switch field.type {
        case .string, .bytes: return "!\(value).isEmpty"
        case .int32, .int64, .uint32, .uint64, .sint32, .sint64:
            return field.rule.required || field.name == "page_size" ? "\(value) != 0" : "true"
        case .bool: return "\(value)"
        case .enum: return "\(value).rawValue != 0"
        default: return field.isRepeated ? "!\(value).isEmpty" : "true"
        }
    }

    private func text(_ has: Bool, _ number: some BinaryInteger) -> String { has ? "\(number)" : "nil" }

    private func escaped(_ text: String) -> String { text.replacing("\\", with: "\\\\").replacing("\"", with: "\\\"") }

    private func property(_ field: FieldDescriptor) -> String {
        namer.messagePropertyNames(field: field, prefixed: "", includeHasAndClear: false).name
    }
}
