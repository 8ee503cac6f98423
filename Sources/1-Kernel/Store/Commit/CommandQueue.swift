internal import Synchronization

/// The bounded queue before a book's lane. While one batch commits, the next gathers here.
final class CommandQueue: Sendable {
    private struct State {
        var waiting: [any Work] = []
        var draining = false
        var closed = false
    }

    enum Admission { case accepted(startDrain: Bool), full, closed }

    private let state = Mutex(State())
    private let limit: Int

    init(limit: Int) { self.limit = limit }

    /// `urgent` work is the house's own (projections, closing) and passes the bound, which protects against callers.
    func admit(_ work: any Work, urgent: Bool) -> Admission {
        state.withLock { state in
            if state.closed { return .closed }
            if !urgent, state.waiting.count >= limit { return .full }
            state.waiting.append(work)
            if state.draining { return .accepted(startDrain: false) }
            state.draining = true
            return .accepted(startDrain: true)
        }
    }

    /// The next batch; nil when nothing waits, and then the drain has ended.
    func take(_ most: Int) -> [any Work]? {
        state.withLock { state in
            if state.waiting.isEmpty {
                state.draining = false
                return nil
            }
            if state.waiting.count <= most {
                let batch = state.waiting
                state.waiting = []
                state.waiting.reserveCapacity(batch.count)
                return batch
            }
            let batch = Array(state.waiting.prefix(most))
            state.waiting.removeFirst(most)
            return batch
        }
    }

    var isEmpty: Bool { state.withLock { $0.waiting.isEmpty } }

    var count: Int { state.withLock { $0.waiting.count } }

    /// Takes nothing more from callers; what waits is still run. False when it was closed already.
    func close() -> Bool {
        state.withLock { state in
            defer { state.closed = true }
            return !state.closed
        }
    }
}
