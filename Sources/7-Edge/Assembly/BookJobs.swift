import Inventory
import Journal
import Ledger
import Logging
import Orders
import Payments
import Runtime
import Store
import Synchronization

/// What has to happen in a book because time passes: expiries, unknown outcomes, completions, and the ledger's history,
/// which follows in quiet moments.
///
/// Where several processes share the book, one of them does this: the holder of its lease. Each write of a job checks
/// the lease in its own transaction.
final class BookJobs: Sendable {
    static let job = "book"

    private let book: Book
    private let tenant: String
    private let interval: Duration
    private let payments: Payments
    private let orders: Orders
    private let inventory: Inventory
    private let ledger: Ledger
    private let projections: ProjectionRunner
    private let loop: JobLoop
    /// Counts the batches that this process has committed.
    private let commits = Commits()

    init(
        book: Book, tenant: String, interval: Duration, payments: Payments, orders: Orders, inventory: Inventory,
        ledger: Ledger, projections: ProjectionRunner, lease: BookLease?
    ) {
        self.book = book
        self.tenant = tenant
        self.interval = interval
        self.payments = payments
        self.orders = orders
        self.inventory = inventory
        self.ledger = ledger
        self.projections = projections
        loop = JobLoop(label: "kontor.jobs", tenant: tenant, lease: lease)
        let commits = commits
        book.afterCommit { commits.add() }
    }

    func start() { loop.start { [self] in await run() } }

    func stop() async { await loop.stop() }

    private func run() async {
        var pace = Pace(longest: loop.lease == nil ? 1 : Self.longestPause)
        var round = 0
        var seen: Int64 = 0
        var settled: Int64 = 0
        while !Task.isCancelled {
            do { try await Task.sleep(for: interval) } catch { return }
            guard let right = await right(), pace.isDue(commits: commits.count) else { continue }
            let isQuiet = await progress() == seen
            // Nothing since the last round, so callers are not kept waiting; and something since it settled.
            if isQuiet, seen != settled, book.queueDepth == 0 {
                await settle(right)
                settled = await progress()
            }
            let done = await once(round, right)
            seen = await progress()
            pace.next(isIdle: isQuiet && done == 0 && seen == settled, commits: commits.count)
            round += 1
        }
    }

    /// Rounds that are left out while nothing happens in a book that other processes may use as well: each round is
    /// several transactions of a database that has thousands of such books.
    private static let longestPause = 4

    /// Says at each interval whether a round is due. Idle rounds double the pause; a commit of this process ends it.
    private struct Pace {
        let longest: Int
        private var pause = 1
        private var waited = 0
        private var seen: Int64 = 0

        init(longest: Int) { self.longest = longest }

        mutating func isDue(commits: Int64) -> Bool {
            waited += 1
            return waited >= pause || commits != seen
        }

        mutating func next(isIdle: Bool, commits: Int64) {
            pause = isIdle ? min(pause * 2, longest) : 1
            waited = 0
            seen = commits
        }
    }

    /// Everything once, also what is due in every thirtieth round only; nothing when another process does it.
    func visit() async {
        if let right = await right() { _ = await once(0, right) }
    }

    /// By what right this process does the jobs.
    private enum Right {
        case alone
        case leased(Lease)
    }

    private func right() async -> Right? {
        guard let lease = loop.lease else { return .alone }
        do {
            return try await lease.hold().map(Right.leased)
        } catch let error as StoreError where error.code == .closed {
            return nil
        } catch {
            loop.logger.error("the lease of the jobs cannot be read", metadata: ["error": "\(type(of: error))"])
            return nil
        }
    }

    /// How far the book has come, to tell whether anything happens. What other processes write counts as well.
    private func progress() async -> Int64 {
        guard loop.lease != nil else { return commits.count }
        return (try? await book.read { try Journal.head($0).sequence }) ?? 0
    }

    private func settle(_ right: Right) async {
        _ = await attempt("let the ledger's history follow", right) {
            try await ledger.settle(book)
            return 0
        }
    }

    /// One round; returns how much was done. A job that fails is logged and does not keep the others from running; a
    /// lost lease ends the round.
    private func once(_ round: Int, _ right: Right) async -> Int {
        var done = 0
        for (name, job) in due(round) {
            guard let count = await attempt(name, right, job) else { break }
            done += count
        }
        return done
    }

    private typealias Job = (name: String, run: () async throws -> Int)

    private func due(_ round: Int) -> [Job] {
        var jobs: [Job] = [
            ("resolve unknown outcomes", { [self] in try await payments.resolveUnknown(book, tenant: tenant) }),
            ("expire orders", { [self] in try await orders.expireOrders(book) }),
            ("expire reservations", { [self] in try await inventory.sweep(book) })
        ]
        if loop.lease != nil { jobs.append(("let projections follow", { [self] in try await followProjections() })) }
        guard round.isMultiple(of: 30) else { return jobs }
        jobs.append(("expire carts", { [self] in try await orders.expireCarts(book) }))
        jobs.append(("complete orders", { [self] in try await orders.complete(book) }))
        // Callers may count on a key for a day. The table is read through, so this is rare and not at the opening.
        guard round % 3_600 == 1_800 else { return jobs }
        jobs.append(("forget idempotency keys", { [self] in try await forgetKeys() }))
        return jobs
    }

    /// Every process advances the projections after its own commits: each moves its cursor in the transaction that
    /// applies the events, under the book's lock, so it does not matter whose hands it is in. What a process wrote just
    /// before it died is followed here.
    private func followProjections() async throws -> Int {
        guard try await book.read({ [projections] in try projections.isBehind($0) }) else { return 0 }
        try await projections.settle()
        return 1
    }

    private func forgetKeys() async throws -> Int {
        try await book.write("store.forget") { tx in
            try Idempotency.forget(before: tx.now.adding(.seconds(-86_400)), in: tx)
        }
    }

    /// What `JobLoop.attempt` says of one job.
    private func attempt(_ name: String, _ right: Right, _ job: () async throws -> Int) async -> Int? {
        await loop.attempt(name) {
            switch right {
            case .alone: try await job()
            case .leased(let lease): try await book.holding(lease, job)
            }
        }
    }

    private final class Commits: Sendable {
        private let number = Atomic<Int64>(0)

        var count: Int64 { number.load(ordering: .relaxed) }

        func add() { number.add(1, ordering: .relaxed) }
    }
}
