internal import Dispatch

/// Work on several cores. The caller blocks until all is done: call it from a thread that may.
enum Parallel {
    static func run(_ parts: Int, _ work: @Sendable (Int) -> Void) {
        if parts <= 1 {
            work(0)
        } else {
            DispatchQueue.concurrentPerform(iterations: parts, execute: work)
        }
    }

    /// `0..<count` in as many ranges as there are threads.
    static func ranges(_ count: Int, _ threads: Int, _ work: @Sendable (Range<Int>) -> Void) {
        let parts = max(1, threads)
        run(parts) { part in work(count * part / parts..<count * (part + 1) / parts) }
    }
}
