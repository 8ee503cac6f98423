/// Pages beside the API, such as the console: everything under `prefix` goes to `handle`.
///
/// The type knows nothing of the HTTP library, so that a console depends on the gateway's shape only.
public struct ExtraRoute: Sendable {
    /// For example "/console". It matches itself and everything below it, at a slash.
    public let prefix: String
    public let handle: @Sendable (PageRequest) async throws -> PageReply
    /// Bytes that a request's body may have, asked before it is read; never more than the gateway takes for a file. A
    /// request with more reaches `handle` without it. Nil: the gateway's limit, and what is over it is a problem document.
    public let bodyLimit: (@Sendable (PageRequest) async -> Int)?

    public init(
        prefix: String, bodyLimit: (@Sendable (PageRequest) async -> Int)? = nil,
        handle: @escaping @Sendable (PageRequest) async throws -> PageReply
    ) {
        self.prefix = prefix
        self.bodyLimit = bodyLimit
        self.handle = handle
    }

    func covers(_ path: String) -> Bool {
        guard path.utf8.starts(with: prefix.utf8) else { return false }
        let rest = path.utf8.dropFirst(prefix.utf8.count)
        return rest.isEmpty || rest.first == UInt8(ascii: "/") || prefix.utf8.last == UInt8(ascii: "/")
    }
}

public struct PageRequest: Sendable {
    public let method: String
    /// As it was sent, without the query.
    public let path: String
    public let query: [(name: String, value: String)]
    public let headers: [(name: String, value: String)]
    public internal(set) var body: [UInt8] = []
    /// The body was over the route's own limit, so it was not read.
    public internal(set) var isBodyCut = false
    public let requestID: String

    /// The first header of that name, which is compared without case.
    public func header(_ name: String) -> String? {
        let wanted = name.lowercased()
        return headers.first { $0.name == wanted }?.value
    }
}

public struct PageReply: Sendable {
    public var status: Int
    public var contentType: String
    public var headers: [(name: String, value: String)]
    public var body: [UInt8]

    public init(
        status: Int = 200, contentType: String = "text/html; charset=utf-8",
        headers: [(name: String, value: String)] = [], body: [UInt8]
    ) {
        self.status = status
        self.contentType = contentType
        self.headers = headers
        self.body = body
    }
}
