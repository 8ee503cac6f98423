public import SwiftProtobuf

extension RouteCall {
    /// The request's message from its JSON body; an empty message when there is none.
    ///
    /// Throws `Problem` 400 naming what cannot be read. Fields may be written as in the contract or in camelCase.
    public func message<Request: Message>(_ type: Request.Type = Request.self) throws -> Request {
        guard !body.isEmpty else { return Request() }
        do {
            return try Request(jsonUTF8Bytes: body)
        } catch let error as JSONDecodingError {
            throw JSONProblem.problem(error)
        }
    }

    /// Hands every path and query parameter to `set`, which answers whether the request has such a field.
    public func parameters(_ set: (Parameter) throws -> Bool) throws {
        for (name, value) in path { _ = try set(Parameter(name: name, text: value)) }
        for (name, value) in query {
            guard path[name] == nil, try set(Parameter(name: name, text: value)) else {
                throw Problem.invalidParameter(name, value: value, rule: "is no parameter of this call")
            }
        }
    }

    /// The reply of a call whose answer is JSON. A reply with a `version` gets an ETag of it.
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

enum JSONProblem {
    static func problem(_ error: JSONDecodingError) -> Problem {
        switch error {
        case .unknownField(let name):
            Problem(
                type: "unknown-field", title: "The body has a field that this call does not know", status: 400,
                detail: "\"\(name.prefix(80))\" is no field of this call", field: String(name.prefix(80)))
        case .numberRange:
            .malformedJSON("a number is out of its field's range")
        case .malformedNumber, .leadingZero:
            .malformedJSON("a number is not written as JSON writes numbers, or not whole where it must be")
        case .unrecognizedEnumValue:
            .malformedJSON("an enumeration has a value that the contract does not name")
        case .invalidUTF8:
            .malformedJSON("the body is not UTF-8")
        case .messageDepthLimit:
            .malformedJSON("the body is nested too deeply")
        case .truncated:
            .malformedJSON("the body ends too early")
        default:
            .malformedJSON("the body is not JSON, or a field has a value of another kind than the contract says")
        }
    }
}
