public import Runtime
public import Store

extension Inventory {
    /// How many reservations one transaction ends, so that a sweep never holds up orders for long.
    public static let sweepBatch = 200
    /// How many transactions one sweep runs; what is left then waits for the next sweep.
    public static let sweepRounds = 500

    /// Ends reservations whose time is over and frees their stock. Returns how many.
    public func expireReservations(now: Timestamp, limit: Int = Inventory.sweepBatch, in tx: Transaction) throws -> Int
    {
        let references = try ReservationStorage.due(now: now, limit: limit, in: tx)
        for reference in references {
            var reservation = try find(reference, in: tx)
            let portions = reservation.expire(now: now)
            try giveBack(portions, of: reservation, expired: true, in: tx)
        }
        return references.count
    }

    /// Ends everything that is due in this book, batch by batch. Returns how many reservations ended. For a job.
    @discardableResult
    public func sweep(_ book: Book) async throws -> Int {
        var ended = 0
        for _ in 0..<Self.sweepRounds {
            let count = try await book.write("inventory.sweep") { tx in
                try expireReservations(now: tx.now, in: tx)
            }
            ended += count
            if count < Self.sweepBatch { break }
        }
        return ended
    }
}
