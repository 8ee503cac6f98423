import Foundation
import Glibc

/// A program run to its end, with what it cost by the kernel's own account.
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
        let reader = FileHandle(fileDescriptor: pipes[0], closeOnDealloc: true)
        let output = String(decoding: reader.readDataToEndOfFile(), as: UTF8.self)
        var usage = rusage()
        var ended: Int32 = 0
        while wait4(child, &ended, 0, &usage) < 0, errno == EINTR {}
        let seconds = (ContinuousClock.now - started) / .seconds(1)
        guard ended == 0 else { throw ReconcileBench.Failure.program(program, output) }
        return MeasuredProcess(
            output: output, seconds: seconds, peakMegabytes: (Double(usage.ru_maxrss) / 1024).rounded())
    }
}
