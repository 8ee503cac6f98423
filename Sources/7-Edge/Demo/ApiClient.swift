package import AsyncHTTPClient
import Contract
import NIOCore
import NIOHTTP1
import SwiftProtobuf

/// Calls the API over HTTP as any program outside would.
package struct ApiClient: Sendable {
    let http: HTTPClient
    let address: String
    let credential: String

    package init(http: HTTPClient, address: String, credential: String) {
        self.http = http
        self.address = address
        self.credential = credential
    }

    /// A problem document that came back.
    package struct Refusal: Error, CustomStringConvertible {
        package let status: Int
        package let body: String
        /// The slug behind `https://kontor.dev/problems/`.
        package let type: String

        package var description: String { "HTTP \(status): \(body)" }
    }

    private static let attempts = 8
    private static let answerLimit = 16 << 20

    func get<Reply: Message>(_ path: String, as type: Reply.Type = Reply.self) async throws -> Reply {
        try await send(.get, path, body: nil, key: nil)
    }

    /// A write with an idempotency key: when the answer is lost or the house is busy, the same call is sent again.
    func send<Reply: Message>(
        _ method: Contract.HTTPMethod, _ path: String, _ message: (any Message)? = nil, key: String,
        as type: Reply.Type = Reply.self
    ) async throws -> Reply {
        try await send(method, path, body: try message.map { try $0.contractJSON() } ?? [UInt8]("{}".utf8), key: key)
    }

    private func send<Reply: Message>(
        _ method: Contract.HTTPMethod, _ path: String, body: [UInt8]?, key: String?
    ) async throws -> Reply {
        var wait = Duration.milliseconds(50)
        for attempt in 1... {
            let response = try await once(method, path, body: body, key: key)
            let bytes = Array(buffer: try await response.body.collect(upTo: Self.answerLimit))
            let status = Int(response.status.code)
            if status < 300 { return try Reply(jsonUTF8Bytes: bytes) }
            guard status == 429 || status == 503, attempt < Self.attempts else {
                throw Refusal(status: status, body: String(decoding: bytes, as: UTF8.self), type: Self.slug(bytes))
            }
            try await Task.sleep(for: wait)
            wait *= 2
        }
        preconditionFailure("the loop above ends by returning or throwing")
    }

    private func once(
        _ method: Contract.HTTPMethod, _ path: String, body: [UInt8]?, key: String?
    ) async throws -> HTTPClientResponse {
        var request = HTTPClientRequest(url: address + path)
        request.method = .init(rawValue: method.rawValue)
        request.headers.add(name: "authorization", value: "Bearer \(credential)")
        if let key { request.headers.add(name: "idempotency-key", value: key) }
        if let body {
            request.headers.add(name: "content-type", value: "application/json")
            request.body = .bytes(body)
        }
        return try await http.execute(request, timeout: .seconds(30))
    }

    private static func slug(_ bytes: [UInt8]) -> String {
        let text = String(decoding: bytes, as: UTF8.self)
        guard let start = text.firstRange(of: "kontor.dev/problems/") else { return "" }
        return String(text[start.upperBound...].prefix { $0 != "\"" })
    }
}
