import Store
import Synchronization

/// A book's writes, one after the other, on whichever connection is free.
final class Lane: Sendable {
    typealias Body = @Sendable (any Connection) -> Void

    private struct State {
        var waiting: [Body] = []
        var isRunning = false
    }

    private let state = Mutex(State())
    private let site: BookSite
    private let pool: LinkPool

    init(site: BookSite, pool: LinkPool) {
        self.site = site
        self.pool = pool
    }

    func add(_ body: @escaping Body) {
        let starts = state.withLock { state in
            state.waiting.append(body)
            defer { state.isRunning = true }
            return !state.isRunning
        }
        if starts { submit() }
    }

    private func submit() { pool.submit(site.schema.schema) { [self] link in run(link) } }

    /// Runs what waits, and gives the connection to another book between two pieces when one waits for it.
    private func run(_ link: Link) {
        let connection = PostgreSQLConnection(link: link, place: site, yields: { [pool] in pool.hasWaiting })
        while true {
            let body: Body? = state.withLock { state in
                guard !state.waiting.isEmpty else {
                    state.isRunning = false
                    return nil
                }
                return state.waiting.removeFirst()
            }
            guard let body else { return }
            body(connection)
            guard pool.hasWaiting else { continue }
            let goesOn = state.withLock { state in
                if state.waiting.isEmpty { state.isRunning = false }
                return !state.waiting.isEmpty
            }
            if goesOn { submit() }
            return
        }
    }
}
