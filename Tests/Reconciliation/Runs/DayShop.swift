import Contract
import Foundation
import Journal
import Ledger
import Money
import Payments
import Runtime
import Store
import Synchronization
import TestStores
import Testing

@testable import Reconciliation

/// A line as the channel's file has it.
struct FileLine: Hashable, Sendable {
    var merchant: String
    var channel: String
    var kind = "payment"
    var amount: Int64
    var fee: Int64 = 0
    var currency = "EUR"
    var status = "succeeded"
    var time: Timestamp
    var original = ""

    var text: String {
        "\(merchant),\(channel),\(kind),\(amount),\(fee),\(currency),\(status),\(time.rfc3339),\(original)"
    }
}

/// A channel in memory: everything succeeds, and it remembers what it did as its file will say it.
final class MemoryChannel: PaymentChannel {
    private struct Known {
        var lines: [FileLine] = []
        var authorised: [String: String] = [:]
        /// Attempts whose capture is done and never answered.
        var lost: Set<String> = []
    }

    let name = "card"
    private let known = Mutex(Known())
    private let clock: ManualClock
    /// Thousandths that it keeps of a capture; whether it says so at once.
    private let feePermille: Int64
    private let tellsFee: Bool

    init(clock: ManualClock, feePermille: Int64 = 6, tellsFee: Bool = true) {
        self.clock = clock
        self.feePermille = feePermille
        self.tellsFee = tellsFee
    }

    func lines(from: Timestamp, until: Timestamp) -> [FileLine] {
        known.withLock { $0.lines.filter { $0.time >= from && $0.time < until } }
    }

    func authorise(_ request: AuthoriseRequest) async throws(ChannelFailure) -> ChannelAnswer {
        if request.instrument == "declined" { throw .declined(code: "no") }
        let reference = known.withLock { known in
            let reference = "ch\(known.authorised.count + 1)"
            known.authorised[request.merchantReference] = reference
            if request.instrument == "lost" { known.lost.insert(request.merchantReference) }
            return reference
        }
        return ChannelAnswer(channelReference: reference)
    }

    func capture(_ request: CaptureRequest) async throws(ChannelFailure) -> ChannelAnswer {
        let fee = request.amount.minor * feePermille / 1_000
        let time = clock.now()
        let reference = known.withLock { known in
            let reference = known.authorised[request.merchantReference] ?? ""
            known.lines.append(
                FileLine(
                    merchant: request.merchantReference, channel: reference, amount: request.amount.minor, fee: fee,
                    currency: request.amount.currency.code, time: time))
            return reference
        }
        if known.withLock({ $0.lost.contains(request.merchantReference) }) { throw .unknownOutcome }
        return ChannelAnswer(
            channelReference: reference, feeTotal: tellsFee ? Amount(minor: fee, request.amount.currency) : nil)
    }

    func void(_ request: VoidRequest) async throws(ChannelFailure) -> ChannelAnswer {
        ChannelAnswer(channelReference: "")
    }

    func refund(_ request: RefundRequest) async throws(ChannelFailure) -> ChannelAnswer {
        let time = clock.now()
        let reference = known.withLock { known in
            let original = known.authorised[request.merchantReference] ?? ""
            known.lines.append(
                FileLine(
                    merchant: request.refundReference, channel: original + "-r\(known.lines.count)", kind: "refund",
                    amount: 0 - request.amount.minor, currency: request.amount.currency.code, time: time,
                    original: original))
            return original
        }
        return ChannelAnswer(channelReference: reference)
    }

    func query(_ merchantReference: String) async throws(ChannelFailure) -> ChannelStatus {
        guard let line = known.withLock({ $0.lines.first { $0.merchant == merchantReference } }) else {
            return ChannelStatus(state: .absent)
        }
        return ChannelStatus(
            state: .captured(Amount(minor: line.amount, .eur)), channelReference: line.channel,
            feeTotal: Amount(minor: line.fee, .eur))
    }

    func verifyCallback(_ callback: ChannelCallback) throws(CallbackRefusal) -> ChannelNotice { throw .malformed }
}

/// Who writes down what runs tell.
final class Listener: RunFollower {
    struct Heard: Sendable {
        var opened: [Difference] = []
        var ended: [(Difference, DifferenceEnd)] = []
        var moves: [RunState] = []
    }

    private let heard = Mutex(Heard())

    var all: Heard { heard.withLock { $0 } }

    func opened(_ differences: [Difference], of run: Run, in tx: Transaction) throws {
        tx.onCommit { [self] in heard.withLock { $0.opened += differences } }
    }

    func ended(_ differences: [Difference], because end: DifferenceEnd, by run: Run, in tx: Transaction) throws {
        tx.onCommit { [self] in heard.withLock { $0.ended += differences.map { ($0, end) } } }
    }

    func moved(_ run: Run, from before: RunState?, in tx: Transaction) throws {
        let state = run.state
        tx.onCommit { [self] in heard.withLock { $0.moves.append(state) } }
    }
}

/// A shop with payments over a channel, and the reconciliation of that channel, on a clock that stands until it is moved.
struct DayShop: Sendable {
    static let account = "clearing:card"
    /// The first business day: it begins with the simulated world.
    static let firstDay = BusinessDay(number: World.simulatedStart.microseconds / 86_400_000_000)

    let test: TestBook
    let clock: ManualClock
    let channel: MemoryChannel
    let ledger = Ledger()
    let payments: Payments
    let listener = Listener()
    let reconciliation: Reconciliation

    var book: Book { test.book }

    static func run(
        seed: UInt64 = 1, tellsFee: Bool = true, autoConfirm: Bool = true, carryDays: Int32 = 0,
        _ body: @Sendable (DayShop) async throws -> Void
    ) async throws {
        let shop = try await make(seed: seed, tellsFee: tellsFee)
        try await shop.setProfile { profile in
            profile.autoConfirm = autoConfirm
            profile.carryDays = carryDays
        }
        try await body(shop)
        await shop.test.discard()
    }

    static func make(seed: UInt64 = 1, tellsFee: Bool = true) async throws -> DayShop {
        let clock = ManualClock(World.simulatedStart)
        let world = World(clock: clock, random: RandomSource(seed: seed))
        let test = try await TestBook.make(
            migrations: Journal.migrations + Ledger.migrations + Payments.migrations + Reconciliation.migrations,
            world: world)
        let channel = MemoryChannel(clock: clock, tellsFee: tellsFee)
        let ledger = Ledger()
        try await test.book.write("chart") { try ledger.installChart(currency: .eur, in: $0) }
        return DayShop(test: test, clock: clock, channel: channel)
    }

    private init(test: TestBook, clock: ManualClock, channel: MemoryChannel) {
        self.test = test
        self.clock = clock
        self.channel = channel
        payments = Payments(ledger: ledger, channels: { _, _ in channel })
        reconciliation = Reconciliation(ledger: ledger, followers: [listener])
    }

    func setProfile(_ change: (inout V1ReconciliationProfile) -> Void) async throws {
        var profile = V1ReconciliationProfile()
        profile.currency = "EUR"
        profile.statementProfile = try DayShop.statementProfile()
        profile.opensRuns = true
        profile.autoConfirm = true
        profile.autoDifferences = 1_000
        profile.autoAmountMinor = 1_000_000_000
        change(&profile)
        let (reconciliation, final) = (reconciliation, profile)
        try await book.write("profile") { _ = try reconciliation.put(final, channel: "card", in: $0) }
    }

    /// The project's own example, so that this is its test too.
    static func statementProfile() throws -> String {
        let root = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
            .deletingLastPathComponent().deletingLastPathComponent()
        return try String(contentsOf: root.appending(path: "Examples/statements/kontor.yaml"), encoding: .utf8)
    }

    // MARK: what happens in the shop

    func context() -> CallContext {
        CallContext(
            caller: Caller(subject: "key", tenant: "shop", scopes: ["*"], book: book),
            operation: PaymentsContract.getPayment, deadline: clock.now().adding(.seconds(3_600)))
    }

    /// Sells for an amount; the order's name is the reference in the ledger.
    @discardableResult
    func sell(_ minor: Int64, order: String, instrument: String = "ok") async throws -> PaymentID {
        let id = try await book.write("open") { tx in
            try payments.open(reference: order, amount: Amount(minor: minor, .eur), channel: "card", in: tx)
        }
        _ = try await payments.pay(id, instrument: instrument, context())
        return id
    }

    func refund(_ id: PaymentID, _ minor: Int64) async throws {
        var request = V1RefundPaymentRequest()
        request.paymentID = "\(id)"
        request.amount = V1Amount(Amount(minor: minor, .eur))
        _ = try await payments.refundPayment(request, context())
    }

    /// Goes to an hour of a business day.
    func goTo(day: BusinessDay, hour: Int) {
        clock.set(Timestamp(microseconds: (day.number * 24 + Int64(hour)) * 3_600_000_000))
    }

    // MARK: what the channel sends

    /// The channel's lines of a day.
    func lines(_ day: BusinessDay) -> [FileLine] {
        let start = Timestamp(microseconds: day.number * 86_400_000_000)
        return channel.lines(from: start, until: start.adding(.seconds(86_400)))
    }

    static func file(_ lines: [FileLine]) -> [UInt8] {
        var rows = [
            "merchant_reference,channel_reference,kind,amount_minor,fee_minor,currency,status,time,original_reference"
        ]
        rows += lines.map(\.text)
        for currency in Set(lines.map(\.currency)).sorted() {
            let own = lines.filter { $0.currency == currency }
            let (amount, fee) = (own.reduce(0) { $0 + $1.amount }, own.reduce(0) { $0 + $1.fee })
            rows.append("TOTAL,\(own.count),total,\(amount),\(fee),\(currency),,,")
        }
        if lines.isEmpty { rows.append("TOTAL,0,total,0,0,,,,") }
        return Array((rows.joined(separator: "\n") + "\n").utf8)
    }

    @discardableResult
    func send(_ lines: [FileLine], day: BusinessDay) async throws -> Reconciliation.Received {
        try await reconciliation.receive(
            Self.file(lines), name: "kontor-\(day).csv", channel: "card", day: day, in: book)
    }

    /// Works until nothing is left.
    @discardableResult
    func work(process: String = "one", book other: Book? = nil) async throws -> Int {
        try await reconciliation.work(other ?? book, process: process, limit: 1_000)
    }

    // MARK: what became of it

    func run(_ day: BusinessDay) async throws -> Run {
        let reconciliation = reconciliation
        let found = try await book.read { try reconciliation.runs(channel: "card", day: day, in: $0).first }
        return try #require(found)
    }

    func differences(_ run: Run) async throws -> [Difference] {
        let reconciliation = reconciliation
        return try await book.read { try reconciliation.differences(of: run.id, in: $0) }
    }

    func balance(_ code: String) async throws -> Int64 {
        let ledger = ledger
        return try await book.read { try ledger.balance(of: code, currency: .eur, in: $0).posted.minor }
    }

    /// The open items of the clearing account by their reference.
    func open() async throws -> [String: Int64] {
        let ledger = ledger
        return try await book.read { reader in
            let items = try ledger.openItems(account: Self.account, currency: .eur, in: reader)
            return Dictionary(uniqueKeysWithValues: items.map { ($0.reference, $0.open.minor) })
        }
    }

    func expectSound(_ place: String = "") async throws {
        let ledger = ledger
        let (faults, balanced) = try await book.read { reader in
            (try ledger.openItemFaults(in: reader), try ledger.trialBalance(in: reader).allSatisfy(\.isBalanced))
        }
        #expect(faults.isEmpty && balanced, "\(place)")
    }

    /// All that a run leaves in the books, for comparing two ways to it.
    func imprint() async throws -> [String] {
        let ledger = ledger
        return try await book.read { reader in
            var rows = try ledger.transfers(in: reader).map {
                "\($0.debit.number) \($0.credit.number) \($0.amountMinor) \($0.code.number) \($0.reference)"
            }.sorted()
            rows += try reader.query(
                "SELECT class, state, reference, open_minor FROM recon_differences ORDER BY 1, 3, 4"
            ) {
                "\($0.text(0)) \($0.text(1)) \($0.text(2)) \($0.int64(3))"
            }
            rows += try reader.query(
                "SELECT side, origin_day, last_day, taken_day FROM recon_carried ORDER BY 1, 2, 3"
            ) {
                "\($0.int64(0)) \($0.int64(1)) \($0.int64(2)) \($0.isNull(3))"
            }
            return rows
        }
    }
}
