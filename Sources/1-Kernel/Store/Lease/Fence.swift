/// A lease that every write of one book is checked against, for as long as a job runs.
///
/// It travels with the task and not with a parameter, because the jobs belong to capabilities that know nothing of
/// leases, and because so no write of a job can be forgotten, whoever adds it later.
struct Fence: Sendable {
    @TaskLocal static var current: Fence?

    let book: ObjectIdentifier
    let lease: Lease
}

extension Book {
    /// Runs a job: each write of this book inside `body` first checks, in its own transaction, that `lease` still
    /// counts. Throws `LeaseLost` from the first that finds it lost; earlier ones stand.
    public func holding<Answer: Sendable>(
        _ lease: Lease, _ body: () async throws -> Answer
    ) async throws -> Answer {
        try await Fence.$current.withValue(Fence(book: ObjectIdentifier(self), lease: lease)) { try await body() }
    }

    /// The body of a command, behind the fence of the job that submits it.
    func fenced<Answer: Sendable>(
        _ body: @escaping @Sendable (Transaction) throws -> Answer
    ) -> @Sendable (Transaction) throws -> Answer {
        guard let fence = Fence.current, fence.book == ObjectIdentifier(self) else { return body }
        return { tx in
            try fence.lease.check(in: tx)
            return try body(tx)
        }
    }
}
