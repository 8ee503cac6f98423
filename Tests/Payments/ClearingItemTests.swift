import Contract
import Money
import Payments
import Runtime
import Store
import TestStores
import Testing

@Suite("What statements are compared with", .onBothStores)
struct ClearingItemTests {
    private func items(_ mall: Mall, from: Timestamp, until: Timestamp) async throws -> [ClearingItem] {
        try await mall.book.read { reader in
            var found: [ClearingItem] = []
            try Payments.clearingItems(channel: "sandbox", from: from, until: until, in: reader) { found.append($0) }
            return found
        }
    }

    @Test("captures and refunds of the window, with both references, the fee and their sign")
    func window() async throws {
        try await Mall.run { mall in
            let start = mall.clock.now()
            let id = try await mall.open(10_000)
            _ = try await mall.pay(id)
            mall.clock.advance(by: .seconds(3_600))
            let refund = try await mall.refund(id, 2_500)
            mall.clock.advance(by: .seconds(3_600))
            let found = try await items(mall, from: start, until: mall.clock.now())
            #expect(found.map(\.kind) == [.payment, .refund])
            #expect(found.map(\.amount) == [Amount(minor: 10_000, .eur), Amount(minor: -2_500, .eur)])
            #expect(found.map(\.status) == [.succeeded, .succeeded])
            #expect(found.map(\.reference) == ["order-1", "order-1"])
            #expect(found[0].merchantReference == "\(id)-1")
            #expect(found[1].merchantReference == refund.id)
            #expect(!found[0].channelReference.isEmpty && found[0].channelReference == found[1].channelReference)
            #expect(found[0].fee.isPositive)
            let half = start.adding(.seconds(1_800))
            #expect(try await items(mall, from: start, until: half).map(\.kind) == [.payment])
            #expect(try await items(mall, from: half, until: mall.clock.now()).map(\.kind) == [.refund])
        }
    }

    @Test("what was declined or held is there too, and says so")
    func others() async throws {
        try await Mall.run { mall in
            let start = mall.clock.now()
            _ = try? await mall.pay(try await mall.open(500), "tok_decline")
            _ = try await mall.pay(try await mall.open(700, mode: .manual))
            mall.clock.advance(by: .seconds(1))
            let found = try await items(mall, from: start, until: mall.clock.now())
            #expect(Set(found.map(\.status)) == [.failed, .pending])
        }
    }
}
