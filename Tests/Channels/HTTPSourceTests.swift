import Crypto
import Foundation
import HTTPTypes
import Hummingbird
import NIOCore
import Payments
import Runtime
import Synchronization
import Testing

@testable import Channels

@Suite("Files that are fetched over HTTP")
struct HTTPSourceTests {
    /// What a bank's server does with one request after the other, and what it was asked.
    final class Bank: Sendable {
        let asked = Mutex<[(path: String, headers: HTTPFields)]>([])
        let answers: @Sendable (Int, Request) -> Response

        init(_ answers: @escaping @Sendable (Int, Request) -> Response) { self.answers = answers }
    }

    static let body = Array("merchant_reference,channel_reference\na,b\n".utf8)

    static func ok(_ headers: HTTPFields = [:]) -> Response {
        Response(status: .ok, headers: headers, body: ResponseBody(byteBuffer: ByteBuffer(bytes: body)))
    }

    func withBank(_ bank: Bank, _ test: (String) async throws -> Void) async throws {
        let router = Router()
        router.get("/**") { request, _ in
            let number = bank.asked.withLock { asked in
                asked.append((request.uri.path, request.headers))
                return asked.count
            }
            return bank.answers(number, request)
        }
        let (ports, tell) = AsyncStream<Int>.makeStream()
        let server = Application(
            router: router, configuration: .init(address: .hostname("127.0.0.1", port: 0)),
            onServerRunning: { tell.yield($0.localAddress?.port ?? 0) })
        try await withThrowingTaskGroup(of: Void.self) { group in
            group.addTask { try await server.run() }
            for await port in ports {
                try await test("http://127.0.0.1:\(port)")
                break
            }
            group.cancelAll()
        }
    }

    func source(_ address: String) -> HTTPSource {
        var source = HTTPSource(address: address + "/bills/{yyyy}/{MM}{dd}.csv")
        source.firstPause = .milliseconds(5)
        source.timeout = .seconds(10)
        return source
    }

    func fetch(_ source: HTTPSource, tag: String = "") async throws -> FetchedFile {
        try await source.fetch(day: "2026-11-21", name: "bill.csv", tag: tag, folder: NSTemporaryDirectory())
    }

    func failure(_ source: HTTPSource, tag: String = "") async -> FetchFailure? {
        do {
            let file = try await fetch(source, tag: tag)
            try? FileManager.default.removeItem(atPath: file.path)
            return nil
        } catch {
            return error as? FetchFailure
        }
    }

    @Test("the day stands in the address, and what came is kept byte for byte with its digest and version")
    func fetches() async throws {
        let bank = Bank { _, _ in Self.ok([.eTag: "\"v1\""]) }
        try await withBank(bank) { address in
            let file = try await fetch(source(address))
            defer { try? FileManager.default.removeItem(atPath: file.path) }
            #expect(bank.asked.withLock { $0.map(\.path) } == ["/bills/2026/1121.csv"])
            #expect(file.tag == "\"v1\"" && file.sizeBytes == Int64(Self.body.count) && file.day == "2026-11-21")
            #expect(FileManager.default.contents(atPath: file.path) == Data(Self.body))
            #expect(file.sha256 == Array(SHA256.hash(data: Self.body)))
            let mode = try FileManager.default.attributesOfItem(atPath: file.path)[.posixPermissions] as? Int
            #expect(mode == 0o600, "nobody else on the machine reads it")
        }
    }

    @Test("a server that is out of order is asked again, a bounded number of times")
    func retries() async throws {
        let passing = Bank { number, _ in number < 3 ? Response(status: .serviceUnavailable) : Self.ok() }
        try await withBank(passing) { address in
            #expect(await failure(source(address)) == nil)
            #expect(passing.asked.withLock(\.count) == 3)
        }
        let broken = Bank { _, _ in Response(status: .badGateway) }
        try await withBank(broken) { address in
            #expect(await failure(source(address))?.reason == .unreachable)
            #expect(broken.asked.withLock(\.count) == 3)
        }
    }

    @Test("a wait that the source asks for is told, and a long one is left to the next round")
    func retryAfter() async throws {
        let bank = Bank { _, _ in Response(status: .tooManyRequests, headers: [.retryAfter: "600"]) }
        try await withBank(bank) { address in
            #expect(await failure(source(address))?.retryAfter == .seconds(600))
            #expect(bank.asked.withLock(\.count) == 1)
        }
    }

    @Test(
        "each answer is told for what it is",
        arguments: [
            (404, FetchFailure.Reason.absent), (204, .absent), (304, .unchanged), (401, .refused), (403, .refused),
            (302, .refused)
        ])
    func answers(status: Int, reason: FetchFailure.Reason) async throws {
        let bank = Bank { _, _ in
            Response(status: .init(code: status), headers: status == 302 ? [.location: "http://127.0.0.1:1/x"] : [:])
        }
        try await withBank(bank) { address in
            #expect(await failure(source(address), tag: "\"v1\"")?.reason == reason)
            #expect(bank.asked.withLock(\.count) == 1, "asking again at once would not help")
            #expect(bank.asked.withLock { $0.first?.headers[.ifNoneMatch] } == "\"v1\"")
        }
    }

    @Test("a digest in a header or in a file beside it is checked, and a file that differs is thrown away")
    func digests() async throws {
        let digest = Array(SHA256.hash(data: Self.body))
        let header = try #require(HTTPField.Name("repr-digest"))
        for (right, wanted) in [(true, nil), (false, FetchFailure.Reason.damaged)] {
            let value = right ? digest : [UInt8](repeating: 7, count: 32)
            let inHeader = Bank { _, _ in
                Self.ok([header: "sha-256=:\(Data(value).base64EncodedString()):"])
            }
            try await withBank(inHeader) { #expect(await failure(source($0))?.reason == wanted) }
            let beside = Bank { _, request in
                guard request.uri.path.hasSuffix(".sha256") else { return Self.ok() }
                let text = Hex.text(value) + "  bill.csv\n"
                return Response(status: .ok, body: ResponseBody(byteBuffer: ByteBuffer(string: text)))
            }
            try await withBank(beside) { address in
                var source = source(address)
                source.digestAddress = address + "/bills/{yyyy}/{MM}{dd}.csv.sha256"
                #expect(await failure(source)?.reason == wanted)
            }
            // WeChat Pay tells SHA-1.
            let sha1 = right ? Array(Insecure.SHA1.hash(data: Self.body)) : [UInt8](repeating: 7, count: 20)
            let old = Bank { _, request in
                guard request.uri.path.hasSuffix(".sha1") else { return Self.ok() }
                return Response(status: .ok, body: ResponseBody(byteBuffer: ByteBuffer(string: Hex.text(sha1))))
            }
            try await withBank(old) { address in
                var source = source(address)
                source.digestAddress = address + "/x.sha1"
                #expect(await failure(source)?.reason == wanted)
            }
        }
    }

    @Test("a file longer than allowed is not taken, whether its length was told or not")
    func limit() async throws {
        let told = Bank { _, _ in Self.ok() }
        try await withBank(told) { address in
            var source = source(address)
            source.limitBytes = 10
            #expect(await failure(source)?.reason == .damaged)
        }
        let untold = Bank { _, _ in
            Response(
                status: .ok,
                body: ResponseBody { writer in
                    for _ in 0..<64 { try await writer.write(ByteBuffer(repeating: 65, count: 16_384)) }
                    try await writer.finish(nil)
                })
        }
        try await withBank(untold) { address in
            var source = source(address)
            source.limitBytes = 500_000
            #expect(await failure(source)?.reason == .damaged)
        }
    }

    @Test("a credential goes into its header, is read anew each time, and is never told")
    func credential() async throws {
        let path = NSTemporaryDirectory() + "kontor-secret-\(UUID().uuidString)"
        defer { try? FileManager.default.removeItem(atPath: path) }
        try Data("Bearer one\n".utf8).write(to: URL(fileURLWithPath: path))
        let bank = Bank { _, _ in Response(status: .forbidden) }
        try await withBank(bank) { address in
            let source = HTTPSource(
                address: address + "/{yyyy}{MM}{dd}", authorisation: .header("authorization", .file(path)))
            let told = await failure(source)
            try Data("Bearer two".utf8).write(to: URL(fileURLWithPath: path))
            _ = await failure(source)
            #expect(
                bank.asked.withLock { $0.map { $0.headers[.authorization] } } == ["Bearer one", "Bearer two"])
            #expect(!"\(told.map(String.init(describing:)) ?? "") \(source)".contains("one"))
            var text = ""
            dump(source, to: &text)
            #expect(!text.contains(path), "not even where it is read from")
        }
        try Data("Bearer\r\nx-evil: 1".utf8).write(to: URL(fileURLWithPath: path))
        let source = HTTPSource(address: "http://127.0.0.1:1/", authorisation: .header("authorization", .file(path)))
        #expect(await failure(source)?.reason == .refused, "a line end would begin another header")
    }

    @Test("the sandbox's statement is fetched with its signature, and not again while it is the same")
    func sandbox() async throws {
        let server = try SandboxServer()
        try await withThrowingTaskGroup(of: Void.self) { group in
            group.addTask { try await server.run() }
            let account = ChannelAccount(token: "ca_1", channel: "sandbox", tenant: "shop", secret: Array(0..<32))
            let channel = SandboxChannel(baseURL: "http://127.0.0.1:\(await server.port)", account: account)
            try await channel.register(callbackURL: "")
            guard case .http(let source) = channel.statementSource().place else {
                Issue.record("the sandbox is asked over HTTP")
                return
            }
            let file = try await fetch(source)
            defer { try? FileManager.default.removeItem(atPath: file.path) }
            #expect(!file.tag.isEmpty)
            #expect(await failure(source, tag: file.tag)?.reason == .unchanged)
            group.cancelAll()
        }
    }
}
