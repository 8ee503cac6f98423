import Channels
import Contract
import Foundation
import HTTPTypes
import Hummingbird
import Journal
import Ledger
import NIOCore
import Payments
import Reconciliation
import Runtime
import Store
import SwiftProtobuf
import Synchronization
import TestStores

@testable import Assembly

/// A bank that has the file of a day or has not, and that remembers how often it was asked.
final class Bank: Sendable {
    private struct State {
        var status = HTTPResponse.Status.notFound
        var asked = 0
    }

    private let state = Mutex(State())
    private let file: [UInt8]

    init(file: [UInt8]) { self.file = file }

    /// What it answers from now on; `ok` comes with the file.
    func answers(_ status: HTTPResponse.Status) { state.withLock { $0.status = status } }

    var asked: Int { state.withLock(\.asked) }

    private func answer() -> Response {
        let status = state.withLock { state in
            state.asked += 1
            return state.status
        }
        guard status == .ok else { return Response(status: status) }
        return Response(status: .ok, body: ResponseBody(byteBuffer: ByteBuffer(bytes: file)))
    }

    /// Runs it beside `body`, which is given its address.
    func open(_ body: (String) async throws -> Void) async throws {
        let router = Router()
        router.get("/**") { [self] _, _ in answer() }
        let (ports, tell) = AsyncStream<Int>.makeStream()
        let server = Application(
            router: router, configuration: .init(address: .hostname("127.0.0.1", port: 0)),
            onServerRunning: { tell.yield($0.localAddress?.port ?? 0) })
        try await withThrowingTaskGroup(of: Void.self) { group in
            group.addTask { try await server.run() }
            for await port in ports {
                try await body("http://127.0.0.1:\(port)")
                break
            }
            group.cancelAll()
        }
    }
}

/// A book with one channel whose file is fetched, on a clock that stands until it is moved.
struct FetchDesk: Sendable {
    static let channel = "bank"
    /// It has ended when the simulated world begins.
    static let day = BusinessDay(number: World.simulatedStart.microseconds / 86_400_000_000 - 1)
    static let patience = Duration.seconds(4 * 3_600)

    let test: TestBook
    let clock: ManualClock
    let reconciliation = Reconciliation(ledger: Ledger())
    let quality = ReconciliationQuality(ledger: Ledger())
    let source: StatementSource

    var book: Book { test.book }

    static func with(_ bank: Bank, _ body: @Sendable (FetchDesk) async throws -> Void) async throws {
        let clock = ManualClock(World.simulatedStart)
        let test = try await TestBook.make(
            migrations: Journal.migrations + Ledger.migrations + Payments.migrations + Reconciliation.migrations,
            world: World(clock: clock, random: RandomSource(seed: 1)))
        try await bank.open { address in
            var http = HTTPSource(address: address + "/{yyyy}{MM}{dd}.csv")
            http.firstPause = .milliseconds(1)
            let desk = FetchDesk(
                test: test, clock: clock,
                source: StatementSource(
                    tenant: "shop", channel: channel, place: .http(http),
                    name: try FileNamePattern("kontor-{yyyyMMdd}.csv"), patience: patience))
            try await desk.putProfile()
            // The day before has come, or it would be what a new channel begins with.
            try await test.book.write("the day before") { tx in
                var before = StatementWait(
                    channel: channel, day: day.adding(days: -1), due: tx.now.adding(.seconds(-82_800)),
                    deadline: tx.now.adding(.seconds(-68_400)))
                before.state = .done
                before.next = nil
                let come = before
                try StatementWaits.save(come, in: tx)
            }
            try await body(desk)
        }
        await test.discard()
    }

    /// A file with nothing in it but its trailer.
    static let emptyFile = Array(
        """
        merchant_reference,channel_reference,kind,amount_minor,fee_minor,currency,status,time,original_reference
        TOTAL,0,total,0,0,,,,

        """.utf8)

    static func layout() throws -> String {
        let root = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
            .deletingLastPathComponent()
        return try String(contentsOf: root.appending(path: "Examples/statements/kontor.yaml"), encoding: .utf8)
    }

    private func putProfile() async throws {
        var request = V1PutReconciliationProfileRequest()
        request.channel = Self.channel
        request.profile.currency = "EUR"
        request.profile.statementProfile = try Self.layout()
        request.profile.opensRuns = true
        request.profile.autoConfirm = true
        request.profile.delayMinutes = 60
        _ = try await reconciliation.putReconciliationProfile(
            request, context(ReconciliationContract.putReconciliationProfile))
    }

    func context(_ operation: Contract.Operation) -> CallContext {
        CallContext(
            caller: Caller(subject: "key", tenant: "shop", scopes: ["*"], book: book), operation: operation,
            deadline: clock.now().adding(.seconds(3_600)))
    }

    /// One look at the source, and the work that follows.
    @discardableResult
    func look() async throws -> Int {
        let taken = await StatementRound(
            book: book, tenant: "shop", reconciliation: reconciliation, sources: [source],
            folder: NSTemporaryDirectory()
        ).run()
        _ = try await reconciliation.openDueRuns(book)
        _ = try await reconciliation.work(book, process: "test")
        return taken
    }

    /// Goes on in steps of a minute, with a look at each, as the job does more often.
    func go(on duration: Duration) async throws {
        let end = clock.now().adding(duration)
        while clock.now() < end {
            clock.advance(by: .seconds(60))
            try await look()
        }
    }

    /// How often the journal told that a statement is overdue.
    func alerts() async throws -> [V1StatementOverdue] {
        try await book.read { reader in
            try Journal.events(after: 0, limit: 1_000, reader)
                .filter { $0.type == V1StatementOverdue.protoMessageName }
                .map { try V1StatementOverdue(serializedBytes: $0.payload) }
        }
    }

    func awaited() async throws -> [V1AwaitedStatement] {
        try await quality.listAwaitedStatements(
            V1ListAwaitedStatementsRequest(), context(ReconciliationQualityContract.listAwaitedStatements)
        ).statements
    }
}
