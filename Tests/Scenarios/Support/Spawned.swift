import Foundation

#if canImport(Glibc)
    import Glibc
#endif

/// Runs a system command to its end.
///
/// Not through Foundation's Process, which takes a command for running as long as anybody has the descriptors that it
/// was started with: `pg_ctl start` leaves a server behind that has them all its life.
enum Spawned {
    struct Failure: Error, CustomStringConvertible { let description: String }

    /// Throws when the command cannot be started or ends with another code than 0. Blocks a thread of its own.
    static func run(_ command: [String]) async throws {
        let code = try await withCheckedThrowingContinuation { (done: CheckedContinuation<Int32, any Error>) in
            Thread.detachNewThread { done.resume(with: Result { try wait(for: start(command)) }) }
        }
        guard code == 0 else { throw Failure(description: "\(command.joined(separator: " ")) ended with \(code)") }
    }

    private static func start(_ command: [String]) throws -> pid_t {
        var actions = posix_spawn_file_actions_t()
        posix_spawn_file_actions_init(&actions)
        defer { posix_spawn_file_actions_destroy(&actions) }
        for (file, mode) in [(0, O_RDONLY), (1, O_WRONLY), (2, O_WRONLY)] {
            posix_spawn_file_actions_addopen(&actions, Int32(file), "/dev/null", mode, 0)
        }
        // A server that stays behind must keep none of our files open, nor a folder that it may not enter.
        let bare = "cd /; for file in $(seq 3 255); do eval \"exec $file>&-\"; done; exec \"$@\""
        let command = ["/bin/bash", "-c", bare, "bash"] + command
        let arguments = command.map { strdup($0) } + [nil]
        defer { for argument in arguments { free(argument) } }
        var child = pid_t()
        let code = posix_spawn(&child, command[0], &actions, nil, arguments, environ)
        guard code == 0 else { throw Failure(description: "\(command[0]): \(String(cString: strerror(code)))") }
        return child
    }

    private static func wait(for child: pid_t) throws -> Int32 {
        var status: Int32 = 0
        while waitpid(child, &status, 0) < 0 {
            guard errno == EINTR else { throw Failure(description: "waitpid: \(String(cString: strerror(errno)))") }
        }
        // 128 and more as a shell would say it, for a command that a signal ended.
        return status & 0x7F == 0 ? (status >> 8) & 0xFF : 128 + status & 0x7F
    }
}
