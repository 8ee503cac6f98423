import Contract
import HummingbirdCore
import NIOCore
import NIOHTTP1
import Runtime
import Store

/// Every error that can leave a handler, as the problem its caller may see.
enum ProblemMapping {
    struct Outcome {
        let problem: Problem
        /// Set when the operator should look: goes to the log, never to the caller.
        var fault: String?
        /// The rest of the request cannot be trusted or waited for.
        var closesConnection = false
    }

    static func outcome(of error: any Error, bodyLimit: Int) -> Outcome {
        switch error {
        case let problem as Problem:
            Outcome(problem: problem, fault: problem.status >= 500 && problem.status != 503 ? problem.detail : nil)
        case let error as StoreError: store(error)
        case let error as any ProblemConvertible: outcome(of: error.problem, bodyLimit: bodyLimit)
        case is DeadlineWatch.Expired: Outcome(problem: EdgeProblem.deadlineExceeded)
        case is NIOTooManyBytesError:
            Outcome(problem: EdgeProblem.bodyTooLarge(limit: bodyLimit), closesConnection: true)
        case is ConnectionGuard.BodyTimedOut: Outcome(problem: EdgeProblem.bodyTimeout, closesConnection: true)
        case let error as HTTPParserError:
            Outcome(
                problem: error == .headerOverflow ? EdgeProblem.headersTooLarge : EdgeProblem.malformedRequest,
                closesConnection: true)
        case is CancellationError: Outcome(problem: EdgeProblem.stopping)
        // The type only: an error's text may quote what a person sent.
        default: Outcome(problem: Problem.internalError, fault: "\(type(of: error))")
        }
    }

    private static func store(_ error: StoreError) -> Outcome {
        switch error.code {
        case .busy:
            return Outcome(problem: EdgeProblem.busy(waitSeconds: wait(error)))
        case .unavailable:
            return Outcome(problem: EdgeProblem.databaseUnavailable(waitSeconds: wait(error)), fault: "\(error)")
        case .outcomeUnknown: return Outcome(problem: EdgeProblem.outcomeUnknown, fault: "\(error)")
        case .diskFull: return Outcome(problem: EdgeProblem.storageFull, fault: "\(error)")
        case .deadlineExceeded: return Outcome(problem: EdgeProblem.deadlineExceeded)
        case .idempotencyKeyReused: return Outcome(problem: EdgeProblem.idempotencyKeyReused)
        case .closed: return Outcome(problem: EdgeProblem.stopping)
        default: return Outcome(problem: Problem.internalError, fault: "\(error)")
        }
    }

    /// Whole seconds, at least one: that is what Retry-After can say.
    private static func wait(_ error: StoreError) -> Int {
        max(1, error.retryAfter.map { Int(($0.wholeMicroseconds + 999_999) / 1_000_000) } ?? 1)
    }
}
