import Foundation
import Money
import Payments
import Runtime
import Testing

@testable import Channels

@Suite("The sandbox over HTTP")
struct SandboxServerTests {
    let clock = ManualClock(World.simulatedStart)
    let account = ChannelAccount(token: "ca_1", channel: "sandbox", tenant: "shop", secret: Array(0..<32))

    func run(
        file: String? = nil, behaviour: SandboxBehaviour = SandboxBehaviour(),
        _ body: (SandboxChannel, SandboxServer) async throws -> Void
    ) async throws {
        let server = try SandboxServer(behaviour: behaviour, file: file, clock: clock)
        try await withThrowingTaskGroup(of: Void.self) { group in
            group.addTask { try await server.run() }
            let channel = SandboxChannel(
                baseURL: "http://127.0.0.1:\(await server.port)", account: account, clock: clock,
                timeout: .seconds(5))
            try await channel.register(callbackURL: "")
            try await body(channel, server)
            group.cancelAll()
        }
    }

    func authorise(_ name: String, _ minor: Int64 = 1_000, request: String? = nil) -> AuthoriseRequest {
        AuthoriseRequest(
            requestID: request ?? name + "-1", merchantReference: name, instrument: "tok_ok",
            amount: Amount(minor: minor, .eur))
    }

    func capture(_ name: String, _ minor: Int64, request: String? = nil) -> CaptureRequest {
        CaptureRequest(
            requestID: request ?? name + "-2", merchantReference: name, amount: Amount(minor: minor, .eur))
    }

    @Test("the same request is done once, and its identifier is refused for another one")
    func idempotent() async throws {
        try await run { channel, server in
            let first = try await channel.authorise(authorise("a"))
            #expect(try await channel.authorise(authorise("a")) == first)
            await #expect(throws: ChannelFailure.declined(code: "http_409")) {
                try await channel.authorise(authorise("a", 2_000))
            }
            _ = try await channel.capture(capture("a", 600))
            _ = try await channel.capture(capture("a", 600))
            await #expect(throws: ChannelFailure.declined(code: "not_authorised")) {
                try await channel.capture(capture("a", 400, request: "a-3"))
            }
            #expect(server.books.notices("ca_1").map(\.type) == ["authorised", "captured"])
        }
    }

    @Test("a void of what was never seen closes the reference")
    func closes() async throws {
        try await run { channel, _ in
            _ = try await channel.void(VoidRequest(requestID: "b-2", merchantReference: "b"))
            #expect(try await channel.query("b").state == .closed)
            await #expect(throws: ChannelFailure.declined(code: "reference_closed")) {
                try await channel.authorise(authorise("b"))
            }
        }
    }

    @Test("refunds never exceed the capture, and the statement's totals say what was done")
    func refunds() async throws {
        try await run { channel, _ in
            _ = try await channel.authorise(authorise("c"))
            _ = try await channel.capture(capture("c", 1_000))
            for (number, minor, fits) in [(1, Int64(700), true), (2, 400, false), (3, 300, true)] {
                let request = RefundRequest(
                    requestID: "c-r\(number)", merchantReference: "c", refundReference: "r\(number)",
                    amount: Amount(minor: minor, .eur))
                let done = try? await channel.refund(request)
                #expect((done != nil) == fits)
            }
            let statement = try await channel.statement(day: "2026-01-01")
            #expect(statement.hasSuffix("TOTAL,3,total,0,6,EUR,,,\n"))
            #expect(try await channel.statement(day: "2026-01-02").hasSuffix("TOTAL,0,total,0,0,,,,\n"))
        }
    }

    @Test("a restart keeps the books, and a half-written last line is dropped")
    func restart() async throws {
        let file = NSTemporaryDirectory() + "sandbox-\(UUID().uuidString).jsonl"
        defer { try? FileManager.default.removeItem(atPath: file) }
        try await run(file: file) { channel, _ in _ = try await channel.authorise(authorise("d")) }
        let handle = try #require(FileHandle(forWritingAtPath: file))
        try handle.seekToEnd()
        try handle.write(contentsOf: Data("{\"account\":\"ca_1\",\"pay".utf8))
        try handle.close()
        for _ in 0..<2 {
            try await run(file: file) { channel, _ in
                #expect(try await channel.query("d").state == .authorised)
                let again = try await channel.authorise(authorise("d"))
                #expect(again.channelReference == "sbx1")
            }
        }
    }

    @Test("a server that is not there refuses before anything is sent; a wrong secret is refused by it")
    func unreachable() async throws {
        let nobody = SandboxChannel(baseURL: "http://127.0.0.1:1", account: account, clock: clock, timeout: .seconds(1))
        await #expect(throws: ChannelFailure.self) { try await nobody.authorise(authorise("e")) }
        try await run { channel, _ in
            let forger = SandboxChannel(
                baseURL: channel.baseURL,
                account: ChannelAccount(token: "ca_1", channel: "sandbox", tenant: "shop", secret: [1]), clock: clock)
            await #expect(throws: ChannelFailure.declined(code: "http_401")) {
                try await forger.authorise(authorise("f"))
            }
        }
    }

    @Test("notices are lost, doubled and delayed at the rates that were set, and the same ones each time")
    func deliveries() {
        var behaviour = SandboxBehaviour()
        behaviour.callbackLostPerMille = 100
        behaviour.callbackDoubledPerMille = 200
        behaviour.callbackLatePerMille = 300
        let plans = (0..<5_000).map { number in
            behaviour.deliveries(
                of: SandboxNotice(
                    id: "ntc-\(number)", type: "captured", reference: "", channel_reference: "", currency: "EUR",
                    amount_minor: 1, fee_minor: 0, occurred_at: ""))
        }
        #expect((400...600).contains(plans.count { $0.isEmpty }))
        #expect((800...1_000).contains(plans.count { $0.count == 2 }))
        #expect((1_200...1_500).contains(plans.count { ($0.first ?? .zero) > .zero }))
    }
}
