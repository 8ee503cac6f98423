/// A call of the contract and the code that serves it.
public struct Route: Sendable {
    public let operation: Operation
    public let handle: @Sendable (RouteCall) async throws -> RouteReply

    public init(_ operation: Operation, handle: @escaping @Sendable (RouteCall) async throws -> RouteReply) {
        self.operation = operation
        self.handle = handle
    }
}

/// A request as the gateway hands it over: already authenticated, limited and within its deadline.
public struct RouteCall: Sendable {
    public var path: [String: String]
    public var query: [(name: String, value: String)]
    public var body: [UInt8]
    public var context: CallContext

    public init(
        path: [String: String] = [:], query: [(name: String, value: String)] = [], body: [UInt8] = [],
        context: CallContext
    ) {
        self.path = path
        self.query = query
        self.body = body
        self.context = context
    }
}

/// An answer, ready to be sent.
public struct RouteReply: Sendable {
    public var status: Int
    public var body: [UInt8]
    public var contentType: String
    public var headers: [(name: String, value: String)]

    public init(
        status: Int, body: [UInt8], contentType: String = "application/json",
        headers: [(name: String, value: String)] = []
    ) {
        self.status = status
        self.body = body
        self.contentType = contentType
        self.headers = headers
    }
}
