internal import Runtime

/// Runs a batch of commands in one database transaction.
///
/// The common batch has no savepoints: most refusals come before the first write and need none. When a command is
/// refused after it has written, the whole batch is rolled back and run again, each command inside a savepoint.
struct Batch {
    let works: [any Work]
    let connection: any Connection
    let states: BookStates
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
            if try attempt(alive, now: now, isolated: false) == nil {
                guard try attempt(alive, now: now, isolated: true) != nil else {
                    throw StoreError(.database, "a batch with savepoints asked to be run again")
                }
            }
            return alive.count
        } catch {
            for work in alive { work.fail(error) }
            return 0
        }
    }

    /// One try; nil when a command was refused after it had written and the batch was not isolated.
    private func attempt(_ alive: [any Work], now: Timestamp, isolated: Bool) throws -> Void? {
        let transaction = Transaction(connection: connection, states: states, now: now, world: world)
        try connection.begin()
        do {
            for work in alive {
                transaction.mark()
                if isolated { try connection.savepoint() }
                do {
                    try work.run(transaction)
                    if isolated { try connection.releaseSavepoint() }
                } catch {
                    if isolated {
                        try connection.rollbackToSavepoint()
                        try connection.releaseSavepoint()
                    } else if transaction.hasWritten {
                        states.undoAll()
                        try connection.rollback()
                        return nil
                    }
                    transaction.undoToMark()
                    work.fail(error)
                }
            }
            try states.flush(transaction)
            try connection.commit()
        } catch {
            states.undoAll()
            try? connection.rollback()
            throw error
        }
        states.committed()
        transaction.runCommitActions()
        return ()
    }
}
