import Foundation

#if canImport(Glibc)
    import Glibc
#elseif canImport(Darwin)
    import Darwin
#endif

/// Starts `Scripts/postgres.sh keep`, which lives until its standard input ends. Only this process holds the other end,
/// so the server ends with it, however that comes.
///
/// Spawned by hand, because Foundation's Process must not be started from several threads at once, and tests do.
enum PrivateServer {
    struct Failure: Error, CustomStringConvertible {
        let description: String
    }

    /// The server's address. Blocks until it answers.
    static func start(_ options: [String] = []) throws -> String {
        let script = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
            .deletingLastPathComponent().appending(path: "Scripts/postgres.sh").path
        let input = try Pipe()
        let output = try Pipe()
        try spawn([script, "keep", "--fast"] + options, input: input.reading, output: output.writing)
        // The child has copies; as long as ours of its output were open, reading it would never end.
        close(input.reading)
        close(output.writing)
        let line = firstLine(output.reading)
        close(output.reading)
        guard line.hasPrefix("postgres://") else {
            close(input.writing)
            throw Failure(
                description: """
                    there is no PostgreSQL to test on: Scripts/setup.sh test installs one, KONTOR_TEST_DATABASE names \
                    one that runs, KONTOR_TEST_STORES=sqlite does without
                    """)
        }
        return line
    }

    /// Both ends are closed in every other program that this process starts.
    private struct Pipe {
        let reading: Int32
        let writing: Int32

        init() throws {
            var ends: [Int32] = [0, 0]
            guard pipe(&ends) == 0 else { throw Failure(description: "no pipe: \(String(cString: strerror(errno)))") }
            for end in ends { _ = fcntl(end, F_SETFD, FD_CLOEXEC) }
            (reading, writing) = (ends[0], ends[1])
        }
    }

    private static func spawn(_ command: [String], input: Int32, output: Int32) throws {
        #if canImport(Glibc)
            var actions = posix_spawn_file_actions_t()
        #else
            var actions: posix_spawn_file_actions_t?
        #endif
        posix_spawn_file_actions_init(&actions)
        defer { posix_spawn_file_actions_destroy(&actions) }
        posix_spawn_file_actions_adddup2(&actions, input, 0)
        posix_spawn_file_actions_adddup2(&actions, output, 1)
        let arguments = command.map { strdup($0) } + [nil]
        defer { for argument in arguments { free(argument) } }
        var child = pid_t()
        let code = posix_spawn(&child, command[0], &actions, nil, arguments, environ)
        guard code == 0 else {
            throw Failure(description: "\(command[0]) cannot be started: \(String(cString: strerror(code)))")
        }
    }

    private static func firstLine(_ file: Int32) -> String {
        var line: [UInt8] = []
        var byte: UInt8 = 0
        while read(file, &byte, 1) == 1, byte != UInt8(ascii: "\n") { line.append(byte) }
        return String(decoding: line, as: UTF8.self)
    }
}
