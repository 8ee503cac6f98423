// `google.protobuf.Any`: a type's address and the bytes of a message of it.

extension DynamicMessage {
    /// What goes before a message's name in an Any.
    static let anyPrefix = "type.googleapis.com/"

    /// The message in this Any.
    ///
    /// An Any whose address is missing or unknown to the schema cannot be unpacked.
    func unpackedAny() throws(ProtobufError) -> DynamicMessage {
        guard case .string(let url)? = named("type_url"), let slash = url.lastIndex(of: "/") else {
            throw ProtobufError(.unknownType, "an Any without a type cannot be read")
        }
        guard anys < Self.maximumAnys else {
            throw ProtobufError(.depth, "Anys are packed into one another more than \(Self.maximumAnys) times")
        }
        var bytes: [UInt8] = []
        if case .bytes(let value)? = named("value") { bytes = value }
        var message = try DynamicMessage(named: String(url[url.index(after: slash)...]), schema: schema)
        message.anys = anys + 1
        try message.merge(bytes)
        return message
    }

    /// This message packed into an Any.
    func packedAny() throws(ProtobufError) -> DynamicMessage {
        var any = try DynamicMessage(named: "google.protobuf.Any", schema: schema)
        any.set(named: "type_url", .string(Self.anyPrefix + typeName))
        any.set(named: "value", .bytes(encoded()))
        return any
    }
}
