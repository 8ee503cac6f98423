import SwiftProtobuf
import SwiftProtobufPluginLibrary

/// How text fields are written: by what the contract says of a field, else by its name. Every `order_id` of the house is
/// the same kind of identifier, whichever capability speaks of it.
struct TextForm {
    private var prefixes: [String: String] = [:]

    init(_ files: [FileDescriptor]) {
        for file in files {
            for identifier in file.options.Kontoridentifier { prefixes[identifier.field] = identifier.prefix }
        }
    }

    /// The members of the field's schema beside its type.
    func members(_ field: FieldDescriptor) -> [(String, JSON)] {
        let text = field.options.Kontortext
        let rule = field.rule
        var members: [(String, JSON)] = []
        if !text.oneOf.isEmpty {
            members.append(("enum", .array(text.oneOf.map { .string($0) })))
        } else if let pattern = pattern(field) {
            members.append(("pattern", .string("^(\(pattern))$")))
        } else {
            // A text that is needed is not empty: in proto3 an empty one was not sent.
            let least = max(rule.hasMinLength ? Int64(rule.minLength) : 0, rule.required ? 1 : 0)
            if least > 0 { members.append(("minLength", .number(least))) }
        }
        if rule.hasMaxLength, text.oneOf.isEmpty { members.append(("maxLength", .number(Int64(rule.maxLength)))) }
        if let format = format(field) { members.append(("format", .string(format))) }
        if let example = example(field) { members.append(("examples", .array([.string(example)]))) }
        return members
    }

    /// The form in words, for people.
    func kind(_ field: FieldDescriptor) -> String {
        let words = field.options.Kontortext.oneOf
        if !words.isEmpty { return words.joined(separator: ", ") }
        if let prefix = prefix(field) { return "\(prefix)_…" }
        switch format(field) {
        case "date-time"?: return "moment (RFC 3339)"
        case "date"?: return "date"
        case let other?: return other
        case nil: break
        }
        if field.name == "currency" { return "currency (ISO 4217)" }
        return field.rule.hasMaxLength ? "text, up to \(field.rule.maxLength)" : "text"
    }

    private func pattern(_ field: FieldDescriptor) -> String? {
        if !field.rule.pattern.isEmpty { return field.rule.pattern }
        let text = field.options.Kontortext
        if !text.form.isEmpty { return text.form }
        if let prefix = prefix(field) { return "\(prefix)_[0-7][0-9a-hjkmnp-tv-z]{25}" }
        // ISO 4217; a contract that says more of a currency has a rule for it.
        return field.name == "currency" ? "[A-Z]{3}" : nil
    }

    /// `variant_ids` are many a `variant_id`.
    private func prefix(_ field: FieldDescriptor) -> String? {
        if let prefix = prefixes[field.name] { return prefix }
        return field.isRepeated && field.name.hasSuffix("_ids") ? prefixes[String(field.name.dropLast())] : nil
    }

    private func format(_ field: FieldDescriptor) -> String? {
        let text = field.options.Kontortext
        if !text.format.isEmpty { return text.format }
        if field.name == "at" || field.name.hasSuffix("_at") { return "date-time" }
        return field.name == "day" ? "date" : nil
    }

    private func example(_ field: FieldDescriptor) -> String? {
        let text = field.options.Kontortext
        if !text.example.isEmpty { return text.example }
        return field.name == "currency" ? "EUR" : nil
    }
}
