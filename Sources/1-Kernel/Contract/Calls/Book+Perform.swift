import Journal
public import Store
public import SwiftProtobuf

extension Book {
    /// Runs a service's write: in the group commit, within the call's deadline, once per idempotency key.
    public func perform<Request: Message, Response: Message>(
        _ context: CallContext, _ request: Request,
        _ body: @escaping @Sendable (Transaction) throws -> Response
    ) async throws -> Response {
        guard let key = context.idempotencyKey else {
            return try await write(context.operation.name, deadline: context.deadline, body)
        }
        let scope = "\(context.caller.subject) \(context.operation.name)"
        return try await write(
            context.operation.name, deadline: context.deadline,
            key: IdempotencyKey(scope: scope, key: key, request: try request.stableBytes()),
            coding: AnswerCoding(
                encode: { try $0.serializedBytes() }, decode: { try Response(serializedBytes: $0) }),
            body)
    }
}

extension Transaction {
    /// Appends an event of the contract to the journal; its type is the message's full name. Returns its sequence.
    @discardableResult
    public func record(_ event: some Message) throws -> Int64 {
        try append(type: type(of: event).protoMessageName, payload: try event.stableBytes())
    }
}

extension Message {
    /// The message's bytes, the same in every process: a Swift dictionary's order is not, and map fields are
    /// dictionaries. What is hashed (a request's fingerprint, an event of the journal) is written like this.
    func stableBytes() throws -> [UInt8] {
        var options = BinaryEncodingOptions()
        options.useDeterministicOrdering = true
        return try serializedBytes(options: options)
    }
}
