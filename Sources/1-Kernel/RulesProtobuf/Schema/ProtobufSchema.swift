public import SwiftProtobuf

/// The messages, enums and extensions that a host knows, by their full names.
///
/// Built once from the descriptors that `protoc --descriptor_set_out` writes (or that a compiled file carries) and
/// never changed afterwards, so that any number of threads may read it.
public final class ProtobufSchema: Sendable {
    private let messages: [String: MessageDescriptor]
    private let enums: [String: EnumDescriptor]
    private let extensionsByName: [String: FieldDescriptor]
    private let extensionsByNumber: [String: [Int32: FieldDescriptor]]

    /// A schema of every file in `files`. Files may come in any order and may be repeated: the first of a name counts.
    public init(files: [Google_Protobuf_FileDescriptorProto]) throws(ProtobufError) {
        var reader = DescriptorReader()
        var seen: Set<String> = []
        for file in files where seen.insert(file.name).inserted {
            try reader.read(file)
        }
        self.messages = reader.messages
        self.enums = reader.enums
        self.extensionsByName = reader.extensions
        var byNumber: [String: [Int32: FieldDescriptor]] = [:]
        for field in reader.extensions.values {
            byNumber[field.containingType, default: [:]][field.number] = field
        }
        self.extensionsByNumber = byNumber
    }

    /// A schema of one or more serialised `FileDescriptorSet`s.
    public convenience init(descriptorSets: [[UInt8]]) throws(ProtobufError) {
        var files: [Google_Protobuf_FileDescriptorProto] = []
        for bytes in descriptorSets {
            do {
                files += try Google_Protobuf_FileDescriptorSet(serializedBytes: bytes).file
            } catch {
                throw ProtobufError(.malformedSchema, "the descriptor set cannot be read: \(error)")
            }
        }
        try self.init(files: files)
    }

    /// The message of that full name (`google.protobuf.Any`).
    public func message(_ name: String) -> MessageDescriptor? { messages[name] }

    /// The enum of that full name.
    public func enumeration(_ name: String) -> EnumDescriptor? { enums[name] }

    /// All enums, in the order of their names.
    var enumerations: [EnumDescriptor] { enums.values.sorted { $0.name < $1.name } }

    /// The proto2 extension of that full name.
    public func extensionField(_ name: String) -> FieldDescriptor? { extensionsByName[name] }

    /// The extension of `message` with that field number.
    func extensionField(of message: String, number: Int32) -> FieldDescriptor? {
        extensionsByNumber[message]?[number]
    }

    /// The value of an enum's constant by its full name, `google.protobuf.NullValue.NULL_VALUE`.
    public func enumConstant(_ name: String) -> (enumeration: EnumDescriptor, number: Int32)? {
        guard let dot = name.lastIndex(of: "."), let found = enums[String(name[..<dot])] else { return nil }
        guard let number = found.number(of: String(name[name.index(after: dot)...])) else { return nil }
        return (found, number)
    }
}
