internal import Runtime

/// A command waiting for its batch, without the type of its answer.
protocol Work: AnyObject, Sendable {
    var deadline: Timestamp? { get }
    var key: IdempotencyKey? { get }
    /// Runs the command and keeps its outcome; throws what the command threw, so that the batch can undo it.
    func run(_ transaction: Transaction) throws
    /// Replaces the outcome: refused, or the batch failed.
    func fail(_ error: any Error)
    /// Tells the caller. Called once, after the batch is durable or rolled back.
    func answer()
}

/// A command, its caller and, once it ran, its outcome.
///
/// `@unchecked Sendable` because the queue hands it from the caller to the book's lane and no two threads hold it at once.
final class Command<Answer: Sendable>: Work, @unchecked Sendable {
    let deadline: Timestamp?
    let key: IdempotencyKey?
    private let coding: AnswerCoding<Answer>?
    private let body: @Sendable (Transaction) throws -> Answer
    private let caller: UnsafeContinuation<Answer, any Error>
    private var outcome: Result<Answer, any Error>?

    init(
        deadline: Timestamp?, key: IdempotencyKey?, coding: AnswerCoding<Answer>?,
        caller: UnsafeContinuation<Answer, any Error>, body: @escaping @Sendable (Transaction) throws -> Answer
    ) {
        self.deadline = deadline
        self.key = key
        self.coding = coding
        self.caller = caller
        self.body = body
    }

    func run(_ transaction: Transaction) throws {
        guard let key, let coding else {
            outcome = .success(try body(transaction))
            return
        }
        if let seen = try transaction.answers.answer(key) {
            outcome = .success(try coding.decode(seen))
            return
        }
        let answer = try body(transaction)
        transaction.answers.keep(key, answer: try coding.encode(answer))
        outcome = .success(answer)
    }

    func fail(_ error: any Error) { outcome = .failure(error) }

    func answer() {
        caller.resume(with: outcome ?? .failure(StoreError(.database, "the command was never run")))
    }
}
