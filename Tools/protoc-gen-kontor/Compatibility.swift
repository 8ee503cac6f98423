import Foundation
import SwiftProtobuf
import SwiftProtobufPluginLibrary

/// Compares the contracts with those of the last release: what callers were given stays as it was.
///
/// Adding is free. Removing, renaming, renumbering or retyping a field, and moving a call to another route, is not.
struct Compatibility {
    let released: DescriptorSet

    init(path: String, extensions: any ExtensionMap) throws {
        let bytes = try Data(contentsOf: URL(fileURLWithPath: path))
        self.init(try Google_Protobuf_FileDescriptorSet(serializedBytes: bytes, extensions: extensions))
    }

    init(_ released: Google_Protobuf_FileDescriptorSet) {
        self.released = DescriptorSet(protos: released.file)
    }

    /// Every break, one a line; empty when the contracts are compatible.
    func breaks(in files: [FileDescriptor]) -> [String] {
        let messages = Dictionary(
            files.flatMap(\.allMessages).map { ($0.fullName, $0) }, uniquingKeysWith: { first, _ in first })
        let calls = Dictionary(
            files.flatMap(\.calls).map { ($0.method.fullName, $0) }, uniquingKeysWith: { first, _ in first })
        let before = released.files.filter(\.isContract)
        var breaks: [String] = []
        for call in before.flatMap(\.calls) {
            breaks += Compatibility.breaks(from: call, to: calls[call.method.fullName])
        }
        for message in before.flatMap(\.allMessages) {
            breaks += Compatibility.breaks(from: message, to: messages[message.fullName])
        }
        let requests = Set(before.flatMap(\.calls).map(\.method.inputType.fullName))
        for name in requests.sorted() {
            guard let old = released.descriptor(named: name), let new = messages[name] else { continue }
            let known = Set(old.fields.filter(\.rule.required).map(\.name))
            breaks += new.fields.filter { $0.rule.required && !known.contains($0.name) }
                .map { "\(name).\($0.name) is required now, and was not" }
        }
        return breaks
    }

    private static func breaks(from old: Call, to new: Call?) -> [String] {
        let name = old.method.fullName
        guard let new else { return ["\(name) is gone"] }
        var breaks: [String] = []
        if new.http != old.http {
            breaks.append(
                "\(name) moved from \(old.http.method) \(old.http.path) to \(new.http.method) \(new.http.path)")
        }
        if new.options.scope != old.options.scope {
            breaks.append("\(name) needs the scope \"\(new.options.scope)\" instead of \"\(old.options.scope)\"")
        }
        if new.successStatus != old.successStatus {
            breaks.append("\(name) answers \(new.successStatus) instead of \(old.successStatus)")
        }
        if new.idempotency == .required, old.idempotency != .required {
            breaks.append("\(name) needs an Idempotency-Key now, and did not")
        }
        if new.method.inputType.fullName != old.method.inputType.fullName {
            breaks.append("\(name) takes another message")
        }
        if new.method.outputType.fullName != old.method.outputType.fullName {
            breaks.append("\(name) answers another message")
        }
        return breaks
    }

    private static func breaks(from old: Descriptor, to new: Descriptor?) -> [String] {
        guard let new else { return ["\(old.fullName) is gone"] }
        return old.fields.flatMap { field -> [String] in
            let name = "\(old.fullName).\(field.name)"
            guard let now = new.fields.first(where: { $0.name == field.name }) else { return ["\(name) is gone"] }
            var breaks: [String] = []
            if now.number != field.number { breaks.append("\(name) has another number") }
            if now.type != field.type || now.isRepeated != field.isRepeated
                || now.messageType?.fullName != field.messageType?.fullName
                || now.enumType?.fullName != field.enumType?.fullName
            {
                breaks.append("\(name) has another type")
            }
            if let values = field.enumType?.values, let nowValues = now.enumType?.values {
                let kept = Set(nowValues.map { "\($0.name)=\($0.number)" })
                breaks += values.filter { !kept.contains("\($0.name)=\($0.number)") }
                    .map { "\(name) no longer knows \($0.name)" }
            }
            return breaks
        }
    }
}

extension FileDescriptor {
    var isContract: Bool { package.hasPrefix("kontor.") && name != "kontor/annotations.proto" }
}
