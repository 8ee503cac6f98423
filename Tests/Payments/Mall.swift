import Channels
import Contract
import Journal
import Ledger
import Money
import Payments
import Runtime
import Store
import TestStores

/// A book, a sandbox on a port of its own, and Payments between them.
struct Mall: Sendable {
    let book: Book
    let payments: Payments
    let ledger: Ledger
    let channel: SandboxChannel
    let account: ChannelAccount
    let clock: ManualClock

    static func run(
        _ behaviour: SandboxBehaviour = SandboxBehaviour(), seed: UInt64 = 1,
        _ body: @Sendable (Mall) async throws -> Void
    ) async throws {
        let world = World.simulated(seed: seed)
        let clock = ManualClock(World.simulatedStart)
        var behaviour = behaviour
        behaviour.hangMs = 60_000
        let server = try SandboxServer(behaviour: behaviour, clock: clock)
        let test = try await TestBook.make(
            migrations: Journal.migrations + Ledger.migrations + Payments.migrations,
            world: World(clock: clock, random: world.random))
        let account = ChannelAccount.make(channel: "sandbox", tenant: "shop", random: world.random)
        try await withThrowingTaskGroup(of: Void.self) { group in
            group.addTask { try await server.run() }
            let channel = SandboxChannel(
                baseURL: "http://127.0.0.1:\(await server.port)", account: account, clock: clock,
                timeout: .milliseconds(400))
            try await channel.register(callbackURL: "")
            let ledger = Ledger()
            let payments = Payments(ledger: ledger, channels: { _, _ in channel })
            try await body(
                Mall(
                    book: test.book, payments: payments, ledger: ledger, channel: channel, account: account,
                    clock: clock))
            group.cancelAll()
        }
        await test.discard()
    }

    func context(key: String? = nil, header: @escaping @Sendable (String) -> String? = { _ in nil }) -> CallContext {
        CallContext(
            caller: Caller(subject: "key", tenant: "shop", scopes: ["*"], book: book),
            operation: PaymentsContract.getPayment, idempotencyKey: key, deadline: clock.now().adding(.seconds(3600)),
            header: header)
    }

    func open(_ minor: Int64 = 10_000, mode: CaptureMode = .automatic) async throws -> PaymentID {
        try await book.write("open") { tx in
            try payments.open(
                reference: "order-1", amount: Amount(minor: minor, .eur), channel: "sandbox", captureMode: mode, in: tx)
        }
    }

    func pay(_ id: PaymentID, _ instrument: String = "tok_ok") async throws -> V1Payment {
        try await payments.pay(id, instrument: instrument, context())
    }

    func refund(_ id: PaymentID, _ minor: Int64?, key: String? = nil) async throws -> V1PaymentRefund {
        var request = V1RefundPaymentRequest()
        request.paymentID = id.description
        if let minor { request.amount = V1Amount(Amount(minor: minor, .eur)) }
        return try await payments.refundPayment(request, context(key: key))
    }

    func callback(
        _ body: String, secret: [UInt8]? = nil, signedAt: Timestamp? = nil
    ) async throws -> String {
        let bytes = Array(body.utf8)
        let signature = SignedMessage.sign(bytes, secret: secret ?? account.secret, at: signedAt ?? clock.now())
        var request = V1PaymentCallbackRequest()
        request.channel = "sandbox"
        request.accountToken = account.token
        request.payload = .init(bytes)
        return try await payments.receivePaymentCallback(
            request, context { $0 == SignedMessage.callbackHeader ? signature : nil }
        ).effect
    }

    func notice(_ id: String, _ type: String, _ payment: PaymentID, _ minor: Int64 = 10_000, fee: Int64 = 60) -> String
    {
        """
        {"id":"\(id)","type":"\(type)","reference":"\(payment)-1","channel_reference":"sbx1","currency":"EUR",\
        "amount_minor":\(minor),"fee_minor":\(fee),"occurred_at":"2026-01-01T00:00:00Z"}
        """
    }

    func balance(_ code: String) async throws -> Int64 {
        try await book.write("balance") { tx in try ledger.balance(of: code, currency: .eur, in: tx).posted.minor }
    }

    func events(_ suffix: String) async throws -> Int {
        try await book.read { reader in
            try Journal.events(after: 0, limit: 100_000, reader).filter { $0.type.hasSuffix("." + suffix) }.count
        }
    }

    func day() -> String { String(clock.now().rfc3339.prefix(10)) }
}
