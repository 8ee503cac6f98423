import Channels
import Contract
import Journal
import Ledger
import Money
import Payments
import Runtime
import Store
import TestStores
import Testing

@Suite("Payments through a sandbox over HTTP", .onBothStores)
struct PaymentsTests {
    @Test("a payment is captured once, and its fees are split out")
    func captured() async throws {
        try await Mall.run { mall in
            let id = try await mall.open()
            #expect(try await mall.pay(id).state == "captured")
            #expect(try await mall.pay(id).attempts.count == 1, "a paid payment is not paid again")
            #expect(try await mall.balance("clearing:sandbox") == 10_000 - 60)
            #expect(try await mall.balance("customer_deposits") == 10_000)
            #expect(try await mall.balance("channel_fees") == 60)
            #expect(try await mall.balance("platform_payable") == 80)
            #expect(try await mall.events("PaymentCaptured") == 1)
            let statement = try await mall.channel.statement(day: mall.day())
            #expect(statement.hasSuffix("TOTAL,1,total,10000,60,EUR,,,\n"))
        }
    }

    @Test("a declined payment may be tried again")
    func declined() async throws {
        try await Mall.run { mall in
            let id = try await mall.open()
            let first = try await mall.pay(id, "tok_decline")
            #expect(first.state == "declined")
            #expect(first.attempts[0].refusal == "card_declined")
            #expect(try await mall.pay(id).state == "captured")
            #expect(try await mall.balance("customer_deposits") == 10_000)
        }
    }

    @Test("a lost answer is unknown, refuses another attempt, and is captured exactly once after a query")
    func timeoutDone() async throws {
        for token in ["tok_timeout_done", "tok_capture_timeout_done", "tok_capture_timeout_undone"] {
            try await Mall.run { mall in
                let id = try await mall.open()
                #expect(try await mall.pay(id, token).state == "unknown")
                await #expect(throws: PaymentsError.self) { try await mall.pay(id) }
                #expect(try await mall.payments.resolveUnknown(mall.book, tenant: "shop") == 0, "it is not due yet")
                for _ in 0..<3 {
                    mall.clock.advance(by: .seconds(2))
                    try await mall.payments.resolveUnknown(mall.book, tenant: "shop")
                }
                let payment = try await mall.pay(id)
                #expect(payment.state == "captured", "\(token)")
                #expect(payment.attempts.count == 1)
                #expect(try await mall.balance("clearing:sandbox") == 10_000 - 60)
                #expect(try await mall.channel.statement(day: mall.day()).contains("TOTAL,1,total,10000,60,EUR,"))
            }
        }
    }

    @Test("an authorisation that never arrived is closed at the channel, and then another attempt may follow")
    func timeoutUndone() async throws {
        try await Mall.run { mall in
            let id = try await mall.open()
            #expect(try await mall.pay(id, "tok_timeout_undone").state == "unknown")
            var request = V1ResolvePaymentRequest()
            request.paymentID = id.description
            #expect(try await mall.payments.resolvePayment(request, mall.context()).state == "failed")
            let late = try await mall.channel.query("\(id)-1")
            #expect(late.state == .closed, "the lost request would be refused if it came now")
            let payment = try await mall.pay(id)
            #expect(payment.state == "captured")
            #expect(payment.attempts.map(\.state) == ["failed", "captured"])
        }
    }

    @Test("manual capture takes a part and releases the rest; the same key does it once")
    func manual() async throws {
        try await Mall.run { mall in
            let id = try await mall.open(mode: .manual)
            #expect(try await mall.pay(id).state == "authorised")
            #expect(try await mall.balance("customer_deposits") == 0)
            var request = V1CapturePaymentRequest()
            request.paymentID = id.description
            request.amount = V1Amount(Amount(minor: 4_000, .eur))
            for _ in 0..<2 {
                let payment = try await mall.payments.capturePayment(request, mall.context(key: "one"))
                #expect(payment.captured.minor == 4_000)
            }
            #expect(try await mall.balance("customer_deposits") == 4_000)
            await #expect(throws: PaymentsError.self) {
                try await mall.payments.capturePayment(request, mall.context(key: "two"))
            }
        }
    }

    @Test("a void releases what was held")
    func voided() async throws {
        try await Mall.run { mall in
            let id = try await mall.open(mode: .manual)
            _ = try await mall.pay(id)
            var request = V1VoidPaymentRequest()
            request.paymentID = id.description
            #expect(try await mall.payments.voidPayment(request, mall.context()).state == "voided")
            await #expect(throws: PaymentsError.self) { try await mall.pay(id) }
            #expect(try await mall.balance("clearing:sandbox") == 0)
        }
    }

    @Test("of two refunds of everything at the same time one is refused, and every fee goes back")
    func refundRace() async throws {
        try await Mall.run { mall in
            let id = try await mall.open()
            _ = try await mall.pay(id)
            async let left = try? mall.refund(id, 10_000, key: "a")
            async let right = try? mall.refund(id, 10_000, key: "b")
            let done = await [left, right].compactMap { $0 }
            #expect(done.map(\.state) == ["succeeded"])
            #expect(try await mall.balance("customer_deposits") == 0)
            #expect(try await mall.balance("platform_payable") == 0)
            #expect(try await mall.balance("platform_fee") == 0)
            #expect(try await mall.pay(id).state == "refunded")
        }
    }

    @Test("a refund with a lost answer keeps its amount reserved until the channel has said what became of it")
    func refundUnknown() async throws {
        for token in ["tok_refund_timeout_done", "tok_refund_timeout_undone"] {
            try await Mall.run { mall in
                let id = try await mall.open()
                _ = try await mall.pay(id, token)
                #expect(try await mall.refund(id, 6_000).state == "unknown")
                await #expect(throws: PaymentsError.self) { try await mall.refund(id, 6_000) }
                mall.clock.advance(by: .seconds(2))
                try await mall.payments.resolveUnknown(mall.book, tenant: "shop")
                let payment = try await mall.pay(id)
                #expect(payment.refunded.minor == 6_000, "\(token)")
                #expect(payment.refundReserved.minor == 0)
                #expect(try await mall.channel.statement(day: mall.day()).contains("TOTAL,2,total,4000,"))
            }
        }
    }

    @Test("notices may come twice, early and out of order")
    func notices() async throws {
        try await Mall.run { mall in
            let id = try await mall.open()
            #expect(try await mall.pay(id, "tok_timeout_done").state == "unknown")
            #expect(try await mall.callback(mall.notice("n2", "captured", id)) == "applied")
            #expect(try await mall.callback(mall.notice("n2", "captured", id)) == "duplicate")
            #expect(try await mall.callback(mall.notice("n1", "authorised", id)) == "known")
            #expect(try await mall.callback(mall.notice("n3", "voided", id)) == "contradiction")
            #expect(try await mall.callback(mall.notice("n4", "captured", id, 9_999)) == "contradiction")
            #expect(try await mall.pay(id).state == "captured")
            #expect(try await mall.balance("clearing:sandbox") == 10_000 - 60)
            #expect(try await mall.events("PaymentCaptured") == 1)
        }
    }

    @Test("forged, stale, malformed and foreign notices are refused and told in the journal")
    func badNotices() async throws {
        try await Mall.run { mall in
            let id = try await mall.open(mode: .manual)
            _ = try await mall.pay(id)
            let body = mall.notice("n1", "captured", id)
            await #expect(throws: PaymentsError.self) { try await mall.callback(body, secret: [1, 2, 3]) }
            let old = mall.clock.now().adding(.seconds(-3600))
            await #expect(throws: PaymentsError.self) { try await mall.callback(body, signedAt: old) }
            await #expect(throws: PaymentsError.self) { try await mall.callback("{}") }
            let foreign = mall.notice("n1", "captured", PaymentID(mall.book.world.newUUID()))
            await #expect(throws: PaymentsError.self) { try await mall.callback(foreign) }
            #expect(try await mall.events("CallbackRefused") == 4)
            #expect(try await mall.balance("clearing:sandbox") == 0)
            #expect(try await mall.callback(body) == "applied", "a refused notice is not taken for known")
        }
    }

    @Test("whatever happens, the clearing account moves by captures less refunds less fees, as the sandbox's books say")
    func property() async throws {
        var behaviour = SandboxBehaviour()
        behaviour.declinePerMille = 150
        behaviour.timeoutDonePerMille = 80
        behaviour.timeoutUndonePerMille = 60
        behaviour.errorPerMille = 100
        behaviour.seed = 7
        try await Mall.run(behaviour, seed: 7) { mall in
            let random = RandomSource(seed: 7)
            var ids: [PaymentID] = []
            for _ in 0..<120 {
                switch random.integer(in: 0..<4) {
                case 0:
                    let id = try await mall.open(Int64(random.integer(in: 1..<50_000)))
                    ids.append(id)
                    _ = try? await mall.pay(id, "card")
                case 1:
                    guard !ids.isEmpty else { continue }
                    _ = try? await mall.pay(ids[random.integer(in: 0..<ids.count)], "card")
                case 2:
                    guard !ids.isEmpty else { continue }
                    let id = ids[random.integer(in: 0..<ids.count)]
                    _ = try? await mall.refund(id, Int64(random.integer(in: 1..<20_000)))
                default:
                    mall.clock.advance(by: .seconds(5))
                    try await mall.payments.resolveUnknown(mall.book, tenant: "shop")
                }
                try await check(mall, ids)
            }
            for _ in 0..<8 {
                mall.clock.advance(by: .seconds(120))
                try await mall.payments.resolveUnknown(mall.book, tenant: "shop")
            }
            try await check(mall, ids)
            // The sequence must have met what it is for.
            #expect(try await mall.events("PaymentCaptured") > 5)
            #expect(try await mall.events("PaymentRefunded") > 0)
            #expect(try await mall.events("PaymentOutcomeUnknown") > 0)
            #expect(try await mall.events("CallbackRefused") == 0, "nothing contradicts itself")
            let statement = try await mall.channel.statement(day: mall.day())
            let total = statement.split(separator: "\n").last?.split(separator: ",") ?? []
            let net = try #require(Int64(total[3])) - #require(Int64(total[4]))
            #expect(try await mall.balance("clearing:sandbox") == net, "our books and the sandbox's agree")
        }
    }

    private func check(_ mall: Mall, _ ids: [PaymentID]) async throws {
        var expected: Int64 = 0
        var deposits: Int64 = 0
        var share: Int64 = 0
        for id in ids {
            let payment = try await mall.book.read { try mall.payments.payment(id, $0) }
            expected += payment.captured.minor - payment.refunded.minor - payment.channelFee.minor
            deposits += payment.captured.minor - payment.refunded.minor
            share += payment.platformFee.minor
            #expect(payment.refunded.minor + payment.refundReserved.minor <= payment.captured.minor)
        }
        guard !ids.isEmpty else { return }
        #expect(try await mall.balance("clearing:sandbox") == expected)
        #expect(try await mall.balance("customer_deposits") == deposits)
        #expect(try await mall.balance("platform_payable") == share)
    }
}
