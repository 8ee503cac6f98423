import Foundation
import Synchronization

/// Looks at a server every tenth of a second: the most files, books and connections that it had open.
final class ProcessWatch: Sendable {
    struct Peaks: Sendable {
        var files = 0
        var books = 0
        var connections = 0
    }

    private let peaks = Mutex(Peaks())
    private let isStopped = Atomic(false)

    /// Calls `look` on a thread of its own until `stop`, with the number of the look.
    init(_ look: @escaping @Sendable (Int) -> Peaks) {
        let thread = Thread { [self] in
            var number = 0
            while !isStopped.load(ordering: .relaxed) {
                number += 1
                let seen = look(number)
                peaks.withLock { peaks in
                    peaks.files = max(peaks.files, seen.files)
                    peaks.books = max(peaks.books, seen.books)
                    peaks.connections = max(peaks.connections, seen.connections)
                }
                Thread.sleep(forTimeInterval: 0.1)
            }
        }
        thread.start()
    }

    @discardableResult
    func stop() -> Peaks {
        isStopped.store(true, ordering: .relaxed)
        return peaks.withLock { $0 }
    }
}
