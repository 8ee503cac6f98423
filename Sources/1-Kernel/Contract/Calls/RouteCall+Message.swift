public import SwiftProtobuf

extension RouteCall {
    /// The request's message from its JSON body; an empty message when there is none.
    ///
    /// Throws `Problem` 400 naming what cannot be read. Fields may be written as in the contract or in camelCase.
    public func message<Request: Message>(_ type: Request.Type = Request.self) throws -> Request {
        guard !body.isEmpty else { return Request() }
        do {
            let request = try Request(jsonUTF8Bytes: body)
            if let key = RepeatedKeys.first(in: body) { throw Problem.repeatedField(String(key.prefix(80))) }
            if ZeroCharacter.isIn(body) {
                throw Problem.malformedJSON("a text holds the character U+0000, which cannot be kept: leave it out")
            }
            return request
        } catch let error as JSONDecodingError {
            throw JSONFault.problem(error, in: body, of: type)
        }
    }

    /// Hands every path and query parameter to `set`, which answers whether the request has such a field.
    ///
    /// A query parameter that is unknown, sent twice or already in the path is refused: none is silently dropped.
    public func parameters(_ set: (Parameter) throws -> Bool) throws {
        for (name, value) in path { _ = try set(Parameter(name: name, text: value)) }
        for (index, (name, value)) in query.enumerated() {
            if query[..<index].contains(where: { $0.name == name }) {
                throw Problem.invalidParameter(name, value: value, rule: "is sent more than once")
            }
            guard path[name] == nil, try set(Parameter(name: name, text: value)) else {
                throw Problem.invalidParameter(name, value: value, rule: "is no parameter of this call")
            }
        }
    }

    /// The reply of a call whose answer is JSON. One that is `Versioned` gets an ETag.
    public func reply(_ message: some Message) throws -> RouteReply {
        RouteReply(status: context.operation.successStatus, body: try message.contractJSON())
    }

    /// The reply of a call whose answer is a file.
    public func reply(raw bytes: some Sequence<UInt8>, type: String) -> RouteReply {
        RouteReply(status: context.operation.successStatus, body: Array(bytes), contentType: type)
    }
}

extension Message {
    /// The message as our API writes it: proto JSON with the contract's own field names.
    public func contractJSON() throws -> [UInt8] {
        var options = JSONEncodingOptions()
        options.preserveProtoFieldNames = true
        return try jsonUTF8Bytes(options: options)
    }
}
