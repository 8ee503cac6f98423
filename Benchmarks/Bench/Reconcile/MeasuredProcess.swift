import Foundation
import Glibc
import Synchronization

/// A program run to its end, with what it cost.
struct MeasuredProcess {
    var output: String
    var seconds: Double
    /// The most memory it had at any moment, mapped files that it had touched included.
    var peakMegabytes: Double

    static func run(_ program: String, _ arguments: [String]) throws -> MeasuredProcess {
        var pipes: [Int32] = [0, 0]
        guard pipe(&pipes) == 0 else { throw ReconcileBench.Failure.file("pipe", errno) }
        var actions = posix_spawn_file_actions_t()
        posix_spawn_file_actions_init(&actions)
        defer { posix_spawn_file_actions_destroy(&actions) }
        posix_spawn_file_actions_adddup2(&actions, pipes[1], 1)
        posix_spawn_file_actions_addclose(&actions, pipes[0])
        var words = ([program] + arguments).map { strdup($0) } + [nil]
        defer { for word in words { free(word) } }
        var child: pid_t = 0
        let started = ContinuousClock.now
        let status = posix_spawnp(&child, program, &actions, nil, &words, environ)
        close(pipes[1])
        guard status == 0 else {
            close(pipes[0])
            throw ReconcileBench.Failure.file(program, status)
        }
        let peak = PeakMemory(of: child)
        let reader = FileHandle(fileDescriptor: pipes[0], closeOnDealloc: true)
        let output = String(decoding: reader.readDataToEndOfFile(), as: UTF8.self)
        var ended: Int32 = 0
        while waitpid(child, &ended, 0) < 0, errno == EINTR {}
        let seconds = (ContinuousClock.now - started) / .seconds(1)
        guard ended == 0 else { throw ReconcileBench.Failure.program(program, output) }
        return MeasuredProcess(output: output, seconds: seconds, peakMegabytes: peak.end())
    }
}

/// Looks at the high-water mark of another process's memory until it has ended. `ru_maxrss` would not do: until its
/// exec a spawned process lives in its parent's memory, and the kernel counts that.
private final class PeakMemory: Sendable {
    private struct State {
        var megabytes = 0.0
        var isOver = false
    }

    /// A mark never falls, so only what came in the last moment can be missed.
    private static let pause = 0.005

    private let state = Mutex(State())

    init(of process: pid_t) {
        look(process)
        Thread.detachNewThread { [self] in
            while !state.withLock(\.isOver) {
                look(process)
                Thread.sleep(forTimeInterval: Self.pause)
            }
        }
    }

    private func look(_ process: pid_t) {
        let now = ProcessMemory.read("VmHWM:", of: "\(process)")
        state.withLock { $0.megabytes = max($0.megabytes, now) }
    }

    func end() -> Double {
        state.withLock { state in
            state.isOver = true
            return state.megabytes.rounded()
        }
    }
}
