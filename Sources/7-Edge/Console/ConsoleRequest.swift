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
    /// The body was larger than `Console.bodyLimit` says, so it is not here.
    public var isBodyCut = false

    public init(
        method: String = "GET", path: String, query: [(name: String, value: String)] = [],
        headers: [(name: String, value: String)] = [], body: [UInt8] = [], isBodyCut: Bool = false
    ) {
        self.method = method
        self.path = path
        self.query = query
        self.headers = headers
        self.body = body
        self.isBodyCut = isBodyCut
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

    /// A file to be kept: a browser never shows it, whatever is in it. The name is written for old readers and, in
    /// full, for those of today (RFC 6266).
    static func file(_ content: [UInt8], name: String) -> ConsoleReply {
        let plain = String(name.map { $0.isASCII && ($0.isLetter || $0.isNumber || "-._ ".contains($0)) ? $0 : "_" })
        return ConsoleReply(
            status: 200, contentType: "application/octet-stream",
            headers: [
                ("content-disposition", "attachment; filename=\"\(plain)\"; filename*=UTF-8''\(URLText.encode(name))")
            ], body: content)
    }

    func setting(_ name: String, _ value: String) -> ConsoleReply {
        var reply = self
        reply.headers.append((name, value))
        return reply
    }
}
