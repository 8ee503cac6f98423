import Money
import Payments
import Runtime
import Testing

@testable import Channels

@Suite("The sandbox's statements")
struct SandboxStatementTests {
    static func lines(_ count: Int, from first: Int = 1) -> [SandboxStatement.Line] {
        (first..<first + count).map { number in
            SandboxStatement.Line(
                SandboxBooks.Entry(
                    account: "ca", type: "capture", channel_reference: "sbx\(number)", reference: "pay_\(number)-1",
                    refund_reference: "", occurred_at: "2026-01-01T00:00:00.000000Z", currency: "EUR",
                    gross_minor: Int64(1_000 + number), fee_minor: 6))
        }
    }

    @Test("a statement without a drill is what was done, with its count and sums")
    func truth() throws {
        let lines = Self.lines(3)
        #expect(SandboxDifferences().applied(to: lines, before: Self.lines(2, from: 50), day: "2026-01-01") == lines)
        let csv = try SandboxStatement.csv(lines)
        #expect(csv.hasSuffix("TOTAL,3,total,3006,18,EUR,,,\n"))
        #expect(csv.split(separator: "\n").count == 5)
    }

    @Test("a refund stands under its own reference and names the payment that it gives back")
    func refund() {
        let line = SandboxStatement.Line(
            SandboxBooks.Entry(
                account: "ca", type: "refund", channel_reference: "sbx1-r1", reference: "pay_1-1",
                refund_reference: "rfd_1", occurred_at: "2026-01-01T00:00:00.000000Z", currency: "EUR",
                gross_minor: -700, fee_minor: 0))
        #expect(line.text == "rfd_1,sbx1-r1,refund,-700,0,EUR,succeeded,2026-01-01T00:00:00.000000Z,pay_1-1")
    }

    @Test("a drill makes exactly the differences that were asked for, and late lines come the day after")
    func drill() {
        let drill = SandboxDifferences(missing: 3, amount: 2, doubled: 4, late: 5, extra: 1, bare: 2, seed: 7)
        let lines = Self.lines(100)
        let sent = drill.applied(to: lines, before: [], day: "2026-01-01")
        #expect(sent.count == 100 - 3 - 5 + 4 + 1)
        let known = Dictionary(uniqueKeysWithValues: lines.map { ($0.channelReference, $0) })
        let differing = sent.filter { known[$0.channelReference]?.amountMinor == $0.amountMinor - 100 }
        #expect(differing.count == 2)
        let strange = sent.filter { known[$0.channelReference] == nil }
        #expect(Set(strange.map(\.merchantReference)) == ["unknown-2026-01-01-1", ""])
        let bare = strange.filter(\.merchantReference.isEmpty)
        #expect(bare.count == 2 && bare.allSatisfy { $0.channelReference.isEmpty && $0.amountMinor > 0 })
        let tomorrow = drill.applied(to: [], before: lines, day: "2026-01-02")
        #expect(tomorrow.count == 5)
        #expect(Set(tomorrow).isDisjoint(with: sent) && Set(tomorrow).isSubset(of: lines))
        #expect(drill.applied(to: lines, before: [], day: "2026-01-01") == sent, "the same each time")
        #expect(
            drill.count(ofPayments: 100) == 19 && drill.count(ofPayments: 15) == 17 && drill.count(ofPayments: 4) == 5
                && drill.count(ofPayments: 0) == 0)
    }

    @Test("a drill may begin and end while the sandbox runs")
    func live() async throws {
        let clock = ManualClock(World.simulatedStart)
        let server = try SandboxServer(clock: clock)
        let account = ChannelAccount(token: "ca_1", channel: "sandbox", tenant: "shop", secret: Array(0..<32))
        try await withThrowingTaskGroup(of: Void.self) { group in
            group.addTask { try await server.run() }
            let channel = SandboxChannel(
                baseURL: "http://127.0.0.1:\(await server.port)", account: account, clock: clock)
            try await channel.register(callbackURL: "")
            let before = try await channel.statement(day: "2026-01-01")
            server.inject(SandboxDifferences(missing: 1))
            #expect(try await channel.statement(day: "2026-01-01") == before, "there is nothing to leave out yet")
            _ = try await channel.authorise(
                AuthoriseRequest(
                    requestID: "a-1", merchantReference: "a", instrument: "tok_ok", amount: Amount(minor: 500, .eur)))
            _ = try await channel.capture(
                CaptureRequest(requestID: "a-2", merchantReference: "a", amount: Amount(minor: 500, .eur)))
            #expect(try await channel.statement(day: "2026-01-01") == before, "the only line is missing")
            server.inject(SandboxDifferences())
            #expect(try await channel.statement(day: "2026-01-01").contains("a,sbx1,payment,500,3,EUR,succeeded,"))
            group.cancelAll()
        }
    }
}
