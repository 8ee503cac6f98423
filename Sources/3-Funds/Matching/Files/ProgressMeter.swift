internal import Synchronization

/// How far a job is.
public struct FileProgress: Sendable, Hashable {
    public enum Phase: String, Sendable, Hashable { case scanning, joining, comparing, writing }

    public var phase: Phase
    public var done: Int
    public var total: Int
}

/// Adds up what threads have done and tells it now and then.
final class ProgressMeter: Sendable {
    private struct State {
        var progress = FileProgress(phase: .scanning, done: 0, total: 1)
        var told = 0
    }

    private let state = Mutex(State())
    private let tell: (@Sendable (FileProgress) -> Void)?

    init(_ tell: (@Sendable (FileProgress) -> Void)?) { self.tell = tell }

    func begin(_ phase: FileProgress.Phase, total: Int) {
        let progress = FileProgress(phase: phase, done: 0, total: max(1, total))
        state.withLock { $0 = State(progress: progress, told: 0) }
        tell?(progress)
    }

    /// Told at most two hundred times a phase: a terminal shows no more.
    func add(_ done: Int) {
        guard let tell else { return }
        let news: FileProgress? = state.withLock { state in
            state.progress.done += done
            guard (state.progress.done - state.told) * 200 >= state.progress.total else { return nil }
            state.told = state.progress.done
            return state.progress
        }
        if let news { tell(news) }
    }
}
