import Contract
import Runtime
public import Store

// What nobody asks for: it happens because time passes. The wiring calls these every few seconds; each is safe to call
// at any time, on any number of processes, and does its work in bounded batches.
extension Orders {
    /// How many orders or carts one transaction moves, so that shoppers are never kept waiting long.
    public static let jobBatch = 200
    /// How many transactions one call runs; what is left waits for the next call.
    public static let jobRounds = 500

    /// Cancels orders that were not paid in time and frees their stock. Returns how many.
    @discardableResult
    public func expireOrders(_ book: Book) async throws -> Int {
        try await repeated(book, "orders.expire") { [self] tx in
            let reservation = try settings(tx).reservation
            // An order that was placed later than this still has time, whatever its row says.
            let latest = UUIDv7.lowest(at: tx.now.adding(.zero - reservation).adding(.milliseconds(1)))
            let due = try OrderStorage.lapsed(now: tx.now, placedBefore: latest, limit: Self.jobBatch, in: tx)
            for id in due {
                guard var row = try OrderStorage.find(id, in: tx), row.state == .placed else { continue }
                try cancel(&row, .expire, reason: "not paid in time", in: tx)
                try OrderStorage.update(row, in: tx)
            }
            return due.count
        }
    }

    /// Completes orders whose time for returns is over. Returns how many.
    @discardableResult
    public func complete(_ book: Book) async throws -> Int {
        var completed = 0
        for state in [OrderState.fulfilled, .partiallyReturned] {
            completed += try await repeated(book, "orders.complete") { [self] tx in
                let moment = tx.now.adding(.zero - (try settings(tx).returnWindow))
                let due = try OrderStorage.settled(state, before: moment, limit: Self.jobBatch, in: tx)
                for id in due {
                    guard var row = try OrderStorage.find(id, in: tx), row.state == state else { continue }
                    try move(&row, .complete, in: tx)
                    try OrderStorage.update(row, in: tx)
                }
                return due.count
            }
        }
        return completed
    }

    /// Closes carts that nobody touched for their lifetime. Returns how many.
    @discardableResult
    public func expireCarts(_ book: Book) async throws -> Int {
        try await repeated(book, "orders.expireCarts") { [self] tx in
            let settings = try settings(tx)
            let due = try CartStorage.due(now: tx.now, limit: Self.jobBatch, in: tx)
            for var row in due {
                row.state = .expired
                try changed(&row, "expired", settings: settings, in: tx)
                try CartStorage.update(row, in: tx)
            }
            return due.count
        }
    }

    private func repeated(
        _ book: Book, _ name: String, _ body: @escaping @Sendable (Transaction) throws -> Int
    ) async throws -> Int {
        var total = 0
        for _ in 0..<Self.jobRounds {
            let count = try await book.write(name, body)
            total += count
            if count < Self.jobBatch { break }
        }
        return total
    }
}
