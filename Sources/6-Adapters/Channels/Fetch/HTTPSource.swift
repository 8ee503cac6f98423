public import AsyncHTTPClient
internal import Foundation
internal import NIOCore
internal import NIOHTTP1
internal import Runtime

/// A channel's files behind an address. `{yyyy}`, `{MM}` and `{dd}` in it are those of the business day.
public struct HTTPSource: Sendable {
    /// What signs or authorises a request; it is asked for each request and never written anywhere.
    public enum Authorisation: Sendable {
        case none
        /// A header with a credential, e.g. `Authorization`.
        case header(String, HiddenText)
        /// Headers made from the path, as the sandbox wants them.
        case signed(@Sendable (_ path: String) -> [(name: String, value: String)])
    }

    public let address: String
    public let authorisation: Authorisation
    /// Where the file's digest stands, if anywhere: SHA-256 or SHA-1 in hexadecimal, as `sha256sum` writes it.
    public var digestAddress: String?
    public var limitBytes: Int64 = 16 << 30
    public var attempts = 3
    public var firstPause = Duration.milliseconds(500)
    public var timeout = Duration.seconds(3_600)

    public init(address: String, authorisation: Authorisation = .none) {
        self.address = address
        self.authorisation = authorisation
    }

    /// Answers that are worth another try at once.
    private static let passing: Set<Int> = [408, 425, 429, 500, 502, 503, 504]
    private static let longestPause = Duration.seconds(30)

    /// Fetches the file of a day into `folder`.
    ///
    /// - Parameters:
    ///   - tag: the version that we have; the file does not come again while it is the newest.
    public func fetch(
        day: String, name: String, tag: String = "", folder: String, client: HTTPClient = FetchClient.shared
    ) async throws(FetchFailure) -> FetchedFile {
        var pause = firstPause
        var last = FetchFailure(.unreachable, "it was never asked")
        for attempt in 1...max(1, attempts) {
            do {
                return try await once(day: day, name: name, tag: tag, folder: folder, client: client)
            } catch let failure {
                guard failure.reason == .unreachable else { throw failure }
                last = failure
            }
            guard attempt < attempts else { break }
            // A source that names a long time is asked again by the next round, not by this loop.
            if let wanted = last.retryAfter, wanted > Self.longestPause { break }
            do { try await Task.sleep(for: last.retryAfter ?? pause) } catch { break }
            pause *= 2
        }
        throw last
    }

    private func once(
        day: String, name: String, tag: String, folder: String, client: HTTPClient
    ) async throws(FetchFailure) -> FetchedFile {
        let url = try expand(address, day)
        var request = try authorised(url)
        if !tag.isEmpty { request.headers.add(name: "if-none-match", value: tag) }
        let response = try await send(request, client)
        try check(response)
        let promised = Digests(response.headers)
        let length = response.headers.first(name: "content-length").flatMap { Int64($0) }
        if let length, length > limitBytes {
            throw FetchFailure(.damaged, "the file has \(length) bytes, \(limitBytes) are allowed")
        }
        let spool: FileSpool
        do { spool = try FileSpool(folder: folder, limitBytes: limitBytes) } catch {
            throw FetchFailure(.unreachable, "no file can be made in \(folder)")
        }
        do {
            for try await part in response.body { try await spool.append(Array(buffer: part)) }
            let made = try await spool.finish()
            let size = await spool.sizeBytes
            if let length, length != size {
                throw FetchFailure(.unreachable, "the connection ended after \(size) of \(length) bytes")
            }
            try promised.check(sha256: made.sha256, sha1: made.sha1)
            if let digestAddress {
                try await published(digestAddress, day, client).check(sha256: made.sha256, sha1: made.sha1)
            }
            return FetchedFile(
                day: day, name: name, path: spool.path, sizeBytes: size, sha256: made.sha256,
                tag: response.headers.first(name: "etag") ?? "")
        } catch {
            spool.discard()
            // The address may hold a token, so only what kind of error it was is told.
            throw (error as? FetchFailure) ?? FetchFailure(.unreachable, "it broke off: \(type(of: error))")
        }
    }

    private func check(_ response: HTTPClientResponse) throws(FetchFailure) {
        let status = Int(response.status.code)
        switch status {
        case 200: return
        case 304: throw FetchFailure(.unchanged, "HTTP 304")
        case 204, 404, 410: throw FetchFailure(.absent, "HTTP \(status)")
        case _ where Self.passing.contains(status):
            let wait = response.headers.first(name: "retry-after").flatMap { Int64($0) }
            throw FetchFailure(
                .unreachable, "HTTP \(status)", retryAfter: wait.map { .seconds(min(max(0, $0), 86_400)) })
        case 300..<400: throw FetchFailure(.refused, "HTTP \(status): redirections are not followed")
        default: throw FetchFailure(.refused, "HTTP \(status)")
        }
    }

    /// The digest that stands at an address of its own.
    private func published(_ address: String, _ day: String, _ client: HTTPClient) async throws(FetchFailure) -> Digests
    {
        let response = try await send(try authorised(try expand(address, day)), client)
        guard response.status == .ok, let body = try? await response.body.collect(upTo: 4_096) else {
            throw FetchFailure(.unreachable, "the digest: HTTP \(response.status.code)")
        }
        guard let digests = Digests(published: String(buffer: body)) else {
            throw FetchFailure(.damaged, "what stands at the digest's address is no SHA-256 and no SHA-1")
        }
        return digests
    }

    private func send(_ request: HTTPClientRequest, _ client: HTTPClient) async throws(FetchFailure)
        -> HTTPClientResponse
    {
        do {
            return try await client.execute(request, timeout: .microseconds(timeout.wholeMicroseconds))
        } catch {
            throw FetchFailure(.unreachable, "no answer: \(type(of: error))")
        }
    }

    private func authorised(_ url: String) throws(FetchFailure) -> HTTPClientRequest {
        var request = HTTPClientRequest(url: url)
        request.method = .GET
        switch authorisation {
        case .none: break
        case .header(let name, let secret): request.headers.add(name: name, value: try secret.text())
        case .signed(let sign):
            for (name, value) in sign(URLComponents(string: url)?.path ?? "/") {
                request.headers.add(name: name, value: value)
            }
        }
        return request
    }

    private func expand(_ text: String, _ day: String) throws(FetchFailure) -> String {
        let parts = day.split(separator: "-")
        guard parts.count == 3, Timestamp(civilDay: day) != nil else {
            throw FetchFailure(.refused, "\"\(day)\" is no day")
        }
        return text.replacing("{yyyy}", with: parts[0]).replacing("{yy}", with: parts[0].suffix(2))
            .replacing("{MM}", with: parts[1]).replacing("{dd}", with: parts[2])
    }
}

/// The client that files are fetched with. It follows no redirection, because that would carry a credential elsewhere.
public enum FetchClient {
    public static let shared: HTTPClient = {
        var configuration = HTTPClient.Configuration()
        configuration.redirectConfiguration = .disallow
        configuration.timeout = .init(connect: .seconds(10), read: .seconds(60))
        // What a source sends is what is kept: a digest is of the bytes on the wire.
        configuration.decompression = .disabled
        return HTTPClient(configuration: configuration)
    }()
}
