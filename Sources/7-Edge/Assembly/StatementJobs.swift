import Channels
import Reconciliation
import Runtime
import Store
import Synchronization

/// The work of reconciliation in one open book: opens due runs, does tasks, explains cases, brings statements and sets
/// the gauges. It stands apart from `BookJobs`, because reading a file of gigabytes must not keep expiries waiting.
///
/// Tasks are claimed one by one, so every process takes some; fetching is done by the holder of its lease.
final class StatementJobs: Sendable {
    static let job = "statements"
    /// Between two rounds of a book in which nothing is to do.
    static let pause = Duration.seconds(2)
    /// Rounds between two looks at the sources, and between two settings of the gauges.
    static let roundsBetweenLooks = 5
    static let roundsBetweenGauges = 15

    private let book: Book
    private let tenant: String
    private let reconciliation: Reconciliation
    private let cases: Cases
    private let quality: ReconciliationQuality
    private let sources: @Sendable () async -> [StatementSource]
    private let folder: String
    private let process: String
    private let gauges: QualityGauges
    private let loop: JobLoop
    private let working = Atomic<Int>(0)

    /// Tasks are worked on just now.
    var isBusy: Bool { working.load(ordering: .relaxed) > 0 }

    init(
        book: Book, tenant: String, reconciliation: Reconciliation, cases: Cases, quality: ReconciliationQuality,
        gauges: QualityGauges, sources: @escaping @Sendable () async -> [StatementSource], folder: String,
        process: String, lease: BookLease?
    ) {
        self.book = book
        self.tenant = tenant
        self.reconciliation = reconciliation
        self.cases = cases
        self.quality = quality
        self.sources = sources
        self.folder = folder
        self.process = process
        self.gauges = gauges
        loop = JobLoop(label: "kontor.statements", tenant: tenant, lease: lease)
    }

    func start() { loop.start { [self] in await run() } }

    func stop() async { await loop.stop() }

    /// Everything once.
    func visit() async {
        _ = await work()
        await fetch()
        _ = await work()
        await publish()
    }

    /// Fetches a day's file now; false when nothing brings this channel's files.
    func fetch(_ channel: String, _ day: BusinessDay) async throws -> Bool {
        try await StatementRound(
            book: book, tenant: tenant, reconciliation: reconciliation, sources: await sources(), folder: folder
        ).fetch(channel, day)
    }

    private func run() async {
        var round = 0
        while !Task.isCancelled {
            let done = await work()
            if round.isMultiple(of: Self.roundsBetweenLooks) { await fetch() }
            if round.isMultiple(of: Self.roundsBetweenGauges) { await publish() }
            round += 1
            // While there is work it goes on at once.
            if done == 0 { do { try await Task.sleep(for: Self.pause) } catch { return } }
        }
    }

    /// A book without profiles costs one read a round.
    private func work() async -> Int {
        let done = await loop.attempt("reconcile") {
            guard try await isUsed() else { return 0 }
            let opened = try await reconciliation.openDueRuns(book)
            working.add(1, ordering: .relaxed)
            defer { working.subtract(1, ordering: .relaxed) }
            let worked = try await reconciliation.work(book, process: process)
            return try await opened + worked + cases.work(book)
        }
        return done ?? 0
    }

    private func isUsed() async throws -> Bool {
        try await !book.read { [reconciliation] in try reconciliation.profiles(in: $0) }.isEmpty
    }

    private func fetch() async {
        _ = await loop.attempt("fetch statements") {
            guard try await isUsed() else { return 0 }
            let sources = await sources()
            guard !sources.isEmpty else { return 0 }
            let round = StatementRound(
                book: book, tenant: tenant, reconciliation: reconciliation, sources: sources, folder: folder)
            guard let lease = loop.lease else { return await round.run() }
            guard let held = try await lease.hold() else { return 0 }
            return try await book.holding(held) { await round.run() }
        }
    }

    private func publish() async {
        _ = await loop.attempt("set the gauges") {
            guard try await isUsed() else { return 0 }
            try await reconciliation.measure(book)
            try await quality.publish(book, tenant: tenant, to: gauges)
            return 0
        }
    }
}
