import Inventory
import Logging
import Orders
import Payments
import Store
import Synchronization

/// What has to happen in a book because time passes: expiries, unknown outcomes, completions.
final class BookJobs: Sendable {
    private let book: Book
    private let tenant: String
    private let interval: Duration
    private let payments: Payments
    private let orders: Orders
    private let inventory: Inventory
    private let task = Mutex<Task<Void, Never>?>(nil)

    init(
        book: Book, tenant: String, interval: Duration, payments: Payments, orders: Orders, inventory: Inventory
    ) {
        self.book = book
        self.tenant = tenant
        self.interval = interval
        self.payments = payments
        self.orders = orders
        self.inventory = inventory
    }

    func start() {
        task.withLock { task in
            task = Task { [self] in
                var round = 0
                while !Task.isCancelled {
                    do { try await Task.sleep(for: interval) } catch { return }
                    await once(round)
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

    /// One round. A job that fails is logged and does not keep the others from running.
    private func once(_ round: Int) async {
        await attempt("resolve unknown outcomes") { try await payments.resolveUnknown(book, tenant: tenant) }
        await attempt("expire orders") { try await orders.expireOrders(book) }
        await attempt("expire reservations") { try await inventory.sweep(book) }
        guard round.isMultiple(of: 30) else { return }
        await attempt("expire carts") { try await orders.expireCarts(book) }
        await attempt("complete orders") { try await orders.complete(book) }
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

    private var logger: Logger {
        var logger = Logger(label: "kontor.jobs")
        logger[metadataKey: "tenant"] = "\(tenant)"
        return logger
    }
}
