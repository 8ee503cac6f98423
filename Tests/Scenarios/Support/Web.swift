import AsyncHTTPClient
import NIOCore
import NIOHTTP1

/// A caller of the API over HTTP, with one credential or none.
struct Web: Sendable {
    struct Answer: Sendable {
        let status: Int
        let text: String
        let contentType: String

        var json: JSON { JSON(text: text) }
        /// The slug of a problem document: `insufficient-stock`.
        var problem: String { json.type.text.split(separator: "/").last.map(String.init) ?? "" }

        /// The body when the status is one of those, else an error that shows what came instead.
        @discardableResult
        func expecting(_ statuses: Int...) throws -> JSON {
            guard statuses.contains(status) else { throw Unexpected(status: status, text: text) }
            return json
        }
    }

    struct Unexpected: Error, CustomStringConvertible {
        let status: Int
        let text: String
        var description: String { "HTTP \(status): \(text)" }
    }

    /// Wide enough that 1,000 concurrent callers wait for the server and not for the pool. Never shut down: it lives as
    /// long as the test process.
    private static let http: HTTPClient = {
        var configuration = HTTPClient.Configuration()
        configuration.connectionPool.concurrentHTTP1ConnectionsPerHostSoftLimit = 128
        // A server that was killed answers nobody again: its callers are told at once.
        configuration.connectionPool.retryConnectionEstablishment = false
        // Waiting for a connection of the pool counts as connecting.
        configuration.timeout = .init(connect: .seconds(60), read: .seconds(60))
        return HTTPClient(configuration: configuration)
    }()

    let address: String
    var credential: String?

    /// One request. `key` is its idempotency key; a body is sent as JSON unless `type` says otherwise.
    func call(
        _ method: String, _ path: String, _ body: String? = nil, key: String? = nil,
        headers: [(String, String)] = [], type: String? = "application/json"
    ) async throws -> Answer {
        var request = HTTPClientRequest(url: address + path)
        request.method = HTTPMethod(rawValue: method)
        if let credential { request.headers.add(name: "authorization", value: "Bearer \(credential)") }
        if let key { request.headers.add(name: "idempotency-key", value: key) }
        for (name, value) in headers { request.headers.add(name: name, value: value) }
        if let body {
            if let type { request.headers.add(name: "content-type", value: type) }
            request.body = .bytes(ByteBuffer(string: body))
        }
        let response = try await Web.http.execute(request, timeout: .seconds(90))
        let bytes = try await response.body.collect(upTo: 64 << 20)
        return Answer(
            status: Int(response.status.code), text: String(buffer: bytes),
            contentType: response.headers.first(name: "content-type") ?? "")
    }

    func get(_ path: String) async throws -> JSON { try await call("GET", path).expecting(200) }

    func post(_ path: String, _ body: String = "{}", key: String) async throws -> JSON {
        try await call("POST", path, body, key: key).expecting(200, 201)
    }

    func put(_ path: String, _ body: String, key: String) async throws -> JSON {
        try await call("PUT", path, body, key: key).expecting(200)
    }
}
