/// A request for a page, without any HTTP library's types.
public struct ConsoleRequest: Sendable {
    /// "GET", "HEAD" or "POST"; everything else is refused.
    public var method: String
    /// As it was sent, without the query: "/console/orders/ord_01h…".
    public var path: String
    /// Percent-decoded, in the order in which they were sent.
    public var query: [(name: String, value: String)]
    public var headers: [(name: String, value: String)]
    public var body: [UInt8]

    public init(
        method: String = "GET", path: String, query: [(name: String, value: String)] = [],
        headers: [(name: String, value: String)] = [], body: [UInt8] = []
    ) {
        self.method = method
        self.path = path
        self.query = query
        self.headers = headers
        self.body = body
    }

    /// The first header of that name, compared without case.
    func header(_ name: String) -> String? {
        headers.first { $0.name.lowercased() == name }?.value
    }

    /// The first value of a query parameter; empty when there is none.
    func parameter(_ name: String) -> String {
        query.first { $0.name == name }?.value ?? ""
    }

    /// The script asks for the main region alone.
    var wantsFragment: Bool { header("x-fragment") == "1" }
}

/// An answer, ready to be sent.
public struct ConsoleReply: Sendable {
    public var status: Int
    public var contentType: String
    public var headers: [(name: String, value: String)]
    public var body: [UInt8]

    public init(
        status: Int, contentType: String = "text/html; charset=utf-8", headers: [(name: String, value: String)] = [],
        body: [UInt8] = []
    ) {
        self.status = status
        self.contentType = contentType
        self.headers = headers
        self.body = body
    }

    /// The body as text, for tests and tools.
    public var text: String { String(decoding: body, as: UTF8.self) }

    static func html(_ status: Int, _ text: String) -> ConsoleReply {
        ConsoleReply(status: status, body: Array(text.utf8))
    }

    /// 303: the browser continues with a GET.
    static func seeOther(_ path: String) -> ConsoleReply {
        ConsoleReply(status: 303, headers: [("location", path)])
    }

    func setting(_ name: String, _ value: String) -> ConsoleReply {
        var reply = self
        reply.headers.append((name, value))
        return reply
    }
}
