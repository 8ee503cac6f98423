import Inventory
import Ledger
import Logging
import Orders
import Payments
import Runtime
import Store
import Synchronization

/// What has to happen in a book because time passes: expiries, unknown outcomes, completions, and the ledger's history,
/// which follows in quiet moments.
final class BookJobs: Sendable {
    private let book: Book
    private let tenant: String
    private let interval: Duration
    private let payments: Payments
    private let orders: Orders
    private let inventory: Inventory
    private let ledger: Ledger
    /// Counts the batches that the book has committed.
    private let commits = Commits()
    private let task = Mutex<Task<Void, Never>?>(nil)

    init(
        book: Book, tenant: String, interval: Duration, payments: Payments, orders: Orders, inventory: Inventory,
        ledger: Ledger
    ) {
        self.book = book
        self.tenant = tenant
        self.interval = interval
        self.payments = payments
        self.orders = orders
        self.inventory = inventory
        self.ledger = ledger
        let commits = commits
        book.afterCommit { commits.add() }
    }

    func start() {
        task.withLock { task in
            task = Task { [self] in
                var round = 0
                var seen = 0
                var settled = 0
                while !Task.isCancelled {
                    do { try await Task.sleep(for: interval) } catch { return }
                    // Nothing since the last round, so callers are not kept waiting; and something since it settled.
                    if commits.count == seen, seen != settled, book.queueDepth == 0 {
                        await settle()
                        settled = commits.count
                    }
                    await once(round)
                    seen = commits.count
                    round += 1
                }
            }
        }
    }

    func stop() async {
        let running = task.withLock { task in
            defer { task = nil }
            return task
        }
        running?.cancel()
        await running?.value
    }

    /// Everything once, also what is due in every thirtieth round only.
    func visit() async { await once(0) }

    private func settle() async {
        await attempt("let the ledger's history follow") {
            try await ledger.settle(book)
            return 0
        }
    }

    /// One round. A job that fails is logged and does not keep the others from running.
    private func once(_ round: Int) async {
        await attempt("resolve unknown outcomes") { try await payments.resolveUnknown(book, tenant: tenant) }
        await attempt("expire orders") { try await orders.expireOrders(book) }
        await attempt("expire reservations") { try await inventory.sweep(book) }
        guard round.isMultiple(of: 30) else { return }
        await attempt("expire carts") { try await orders.expireCarts(book) }
        await attempt("complete orders") { try await orders.complete(book) }
        // Callers may count on a key for a day. The table is read through, so this is rare and not at the opening.
        guard round % 3_600 == 1_800 else { return }
        await attempt("forget idempotency keys") {
            try await book.write("store.forget") { tx in
                try Idempotency.forget(before: tx.now.adding(.seconds(-86_400)), in: tx)
            }
        }
    }

    private func attempt(_ name: String, _ job: () async throws -> Int) async {
        do {
            let count = try await job()
            if count > 0 { logger.debug("job done", metadata: ["job": "\(name)", "count": "\(count)"]) }
        } catch let error as StoreError where error.code == .closed {
            return
        } catch {
            logger.error("a job failed", metadata: ["job": "\(name)", "error": "\(type(of: error))"])
        }
    }

    private final class Commits: Sendable {
        private let number = Atomic(0)

        var count: Int { number.load(ordering: .relaxed) }

        func add() { number.add(1, ordering: .relaxed) }
    }

    private var logger: Logger {
        var logger = Logger(label: "kontor.jobs")
        logger[metadataKey: "tenant"] = "\(tenant)"
        return logger
    }
}
