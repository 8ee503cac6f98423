import Foundation
public import SwiftProtobuf

extension ProtobufSchema {
    /// Any, Duration, Empty, FieldMask, Struct, Timestamp and the wrappers: every schema of rules stands on them.
    static var wellKnownFiles: [Google_Protobuf_FileDescriptorProto] {
        guard let bytes = Data(base64Encoded: WellKnownDescriptors.base64),
            let set = try? Google_Protobuf_FileDescriptorSet(serializedBytes: bytes)
        else { preconditionFailure("the embedded descriptors of the well-known types are broken") }
        return set.file
    }

    /// A schema of the files and of the well-known types.
    public static func withWellKnownTypes(
        _ files: [Google_Protobuf_FileDescriptorProto] = []
    ) throws(ProtobufError) -> ProtobufSchema {
        try ProtobufSchema(files: wellKnownFiles + files)
    }
}
