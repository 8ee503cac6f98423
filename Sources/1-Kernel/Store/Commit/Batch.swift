internal import Runtime

/// Runs a batch of commands in one database transaction.
///
/// The common batch has no savepoints: most refusals come before the first write and need none. When a command is
/// refused after it has written, or a statement that was sent later fails, the whole batch is rolled back and run
/// again, each command inside a savepoint.
struct Batch {
    let works: [any Work]
    let connection: any Connection
    let states: BookStates
    let announcements: Announcements
    let world: World

    /// Leaves every work with its outcome; the callers are not told yet. Returns how many commands were committed.
    func run() -> Int {
        let now = world.now()
        var alive: [any Work] = []
        alive.reserveCapacity(works.count)
        for work in works {
            if let deadline = work.deadline, deadline < now {
                work.fail(StoreError(.deadlineExceeded, "the deadline passed before the command's batch began"))
            } else {
                alive.append(work)
            }
        }
        guard !alive.isEmpty else { return 0 }
        do {
            try twice { try commit(alive, now: now) }
            return alive.count
        } catch {
            for work in alive { work.fail(error) }
            return 0
        }
    }

    /// A transaction that was lost with its connection left nothing, so it is tried once more.
    private func twice(_ body: () throws -> Void) throws {
        do {
            try body()
        } catch let error as StoreError where error.code == .unavailable {
            try body()
        }
    }

    private func commit(_ alive: [any Work], now: Timestamp) throws {
        if try attempt(alive, now: now, isolated: false) != nil { return }
        guard try attempt(alive, now: now, isolated: true) != nil else {
            throw StoreError(.database, "a batch with savepoints asked to be run again")
        }
    }

    /// One try; nil when the batch was not isolated and must be.
    private func attempt(_ alive: [any Work], now: Timestamp, isolated: Bool) throws -> Void? {
        let transaction = Transaction(
            connection: connection, states: states, announcements: announcements, now: now, world: world)
        try connection.begin()
        do {
            try BookSeal.check(connection)
            try transaction.answers.load(alive.compactMap(\.key), transaction)
            for work in alive where try !run(work, transaction, isolated: isolated) {
                states.undoAll()
                try connection.rollback()
                return nil
            }
            try states.flush(transaction)
            try transaction.answers.flush(transaction)
            try connection.commit()
        } catch {
            // A statement that was sent later failed; which command's it was shows when each is alone.
            let isHealable = !isolated && connection.hasFailed
            states.undoAll()
            try? connection.rollback()
            if isHealable { return nil }
            throw error
        }
        states.committed()
        transaction.runCommitActions()
        return ()
    }

    /// Runs one command; false when it was refused and the batch cannot go on without savepoints.
    private func run(_ work: any Work, _ transaction: Transaction, isolated: Bool) throws -> Bool {
        transaction.mark()
        if isolated { try connection.savepoint() }
        do {
            try work.run(transaction)
            if isolated { try connection.releaseSavepoint() }
        } catch {
            if let error = error as? StoreError, error.code == .unavailable { throw error }
            if isolated {
                do {
                    try connection.rollbackToSavepoint()
                    try connection.releaseSavepoint()
                } catch let second as StoreError where second.code == .database {
                    // The whole transaction is gone, as in SQLite when the disk is full: the first failure says why.
                    throw error
                }
            } else if transaction.hasWritten || connection.hasFailed {
                return false
            }
            transaction.undoToMark()
            work.fail(error)
        }
        return true
    }
}
