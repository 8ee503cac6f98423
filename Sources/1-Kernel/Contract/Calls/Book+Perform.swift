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
            key: IdempotencyKey(scope: scope, key: key, request: try request.serializedBytes()),
            coding: AnswerCoding(
                encode: { try $0.serializedBytes() }, decode: { try Response(serializedBytes: $0) }),
            body)
    }
}

extension Transaction {
    /// Appends an event of the contract to the journal; its type is the message's full name. Returns its sequence.
    @discardableResult
    public func record(_ event: some Message) throws -> Int64 {
        try append(type: type(of: event).protoMessageName, payload: try event.serializedBytes())
    }
}
