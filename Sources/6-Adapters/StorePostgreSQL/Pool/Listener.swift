import Clibpq
import Foundation
import Logging
import Runtime
import Store
import Synchronization

#if canImport(Glibc)
    import Glibc
#elseif canImport(Musl)
    import Musl
#endif

/// Hears what other processes announce, on a connection and a thread of its own.
final class Listener: Sendable {
    private struct State {
        var hasStarted = false
        var isStopped = false
    }

    private let settings: @Sendable () -> LinkSettings
    private let announcements: Announcements
    private let state = Mutex(State())

    init(settings: @escaping @Sendable () -> LinkSettings, announcements: Announcements) {
        self.settings = settings
        self.announcements = announcements
    }

    /// Begins to listen, once.
    func start() {
        let starts = state.withLock { state in
            defer { state.hasStarted = true }
            return !state.hasStarted && !state.isStopped
        }
        guard starts else { return }
        let thread = Thread { [self] in listen() }
        thread.name = "kontor-listen"
        thread.start()
    }

    func stop() { state.withLock { $0.isStopped = true } }

    private var isStopped: Bool { state.withLock { $0.isStopped } }

    private func listen() {
        var pause = 0.1
        while !isStopped {
            let connection = settings().withParameters { PQconnectdbParams($0, $1, 1) }
            defer { PQfinish(connection) }
            if PQstatus(connection) == CONNECTION_OK {
                PQsetNoticeProcessor(connection, { _, _ in }, nil)
                let result = PQexec(connection, "LISTEN kontor")
                let isListening = PQresultStatus(result) == PGRES_COMMAND_OK
                PQclear(result)
                if isListening {
                    pause = 0.1
                    hear(connection)
                }
            }
            if isStopped { return }
            // Meanwhile memories forget by time; see `Announcements`.
            Thread.sleep(forTimeInterval: pause)
            pause = min(pause * 2, 5)
        }
    }

    /// Delivers until the connection ends.
    private func hear(_ connection: OpaquePointer?) {
        while !isStopped, PQstatus(connection) == CONNECTION_OK {
            var descriptor = pollfd(fd: PQsocket(connection), events: Int16(POLLIN), revents: 0)
            guard poll(&descriptor, 1, 500) != 0 else { continue }
            guard PQconsumeInput(connection) == 1 else { return }
            while let notice = PQnotifies(connection) {
                let parts = String(cString: notice.pointee.extra).split(separator: "\t", maxSplits: 1)
                PQfreemem(notice)
                if parts.count == 2 { announcements.deliver(String(parts[0]), String(parts[1])) }
            }
        }
    }
}
