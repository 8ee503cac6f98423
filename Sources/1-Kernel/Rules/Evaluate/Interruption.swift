/// What ends the evaluation of a node early: an error, or that it depends on something unknown.
///
/// A class, so that throwing it moves one word and the steady state of a rule does not pay for its size.
final class Interruption: Error {
    enum Reason: Sendable {
        case failure(EvaluationError)
        case unknown([Attribute])
    }

    let reason: Reason
    /// The node at which an error happened; 0 when that is not known.
    let id: Int

    init(_ reason: Reason, at id: Int) {
        self.reason = reason
        self.id = id
    }

    convenience init(_ code: EvaluationError.Code, _ message: String, at id: Int) {
        self.init(.failure(EvaluationError(code, message)), at: id)
    }

    /// What a function, a provider or the budget threw at a node.
    convenience init(_ error: any Error, at id: Int) {
        switch error {
        case let error as EvaluationError: self.init(.failure(error), at: id)
        case let error as Interruption: self.init(error.reason, at: error.id)
        default: self.init(.host, "\(error)", at: id)
        }
    }

    /// A limit was reached: no operator absorbs it.
    var isLimit: Bool {
        if case .failure(let error) = reason { return error.code.isLimit }
        return false
    }

    /// What two interruptions come to when neither is absorbed: what is unknown comes before what failed, because
    /// it may still turn out to decide; of two errors the first counts.
    func merged(with other: Interruption) -> Interruption {
        switch (reason, other.reason) {
        case (.unknown(let mine), .unknown(let theirs)):
            Interruption(.unknown(mine + theirs.filter { !mine.contains($0) }), at: id)
        case (.failure, .unknown): other
        default: self
        }
    }
}

extension Optional where Wrapped == Interruption {
    mutating func merge(_ other: Interruption) {
        self = self?.merged(with: other) ?? other
    }
}
