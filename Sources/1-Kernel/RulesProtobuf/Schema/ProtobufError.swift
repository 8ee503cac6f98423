/// Why a schema, a message or its bytes were refused.
public struct ProtobufError: Error, Sendable, CustomStringConvertible {
    public struct Code: Sendable, Hashable {
        enum Hidden { case malformedSchema, malformedMessage, unknownType, unknownField, range, type, depth }
        let hidden: Hidden
        init(_ hidden: Hidden) { self.hidden = hidden }

        /// The descriptors cannot be read.
        public static let malformedSchema = Self(.malformedSchema)
        /// The bytes, the JSON or the text is not a message of that type.
        public static let malformedMessage = Self(.malformedMessage)
        /// No message of that name is in the schema.
        public static let unknownType = Self(.unknownType)
        /// The message has no field of that name.
        public static let unknownField = Self(.unknownField)
        /// The number does not fit the field.
        public static let range = Self(.range)
        /// The value is of a type that the field does not take.
        public static let type = Self(.type)
        /// Messages nest deeper than ``DynamicMessage/maximumDepth``.
        public static let depth = Self(.depth)
    }

    public let code: Code
    public let message: String

    init(_ code: Code, _ message: String) {
        self.code = code
        self.message = message
    }

    public var description: String { message }
}
