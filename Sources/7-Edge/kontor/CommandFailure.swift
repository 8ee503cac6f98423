import ArgumentParser
import Contract
import NIOCore
import Store

#if canImport(Glibc)
    import Glibc
#elseif canImport(Musl)
    import Musl
#else
    import Darwin
#endif

/// Turns what failed into one clear line and an exit code that means something.
enum CommandFailure {
    /// Somebody else holds the folder or the port, or the house is busy: the same command may do later.
    static let tryAgain = ExitCode(75)

    static func explained<Answer>(_ body: () async throws -> Answer) async throws -> Answer {
        do {
            return try await body()
        } catch let error as ExitCode {
            throw error
        } catch let error as ValidationError {
            throw error
        } catch let error as any ProblemConvertible {
            let problem = error.problem
            Terminal.error("\(problem.title): \(problem.detail)")
            throw problem.status == 503 ? tryAgain : ExitCode(1)
        } catch let error as StoreError {
            Terminal.error(explanation(error))
            throw [.busy, .unavailable, .outcomeUnknown].contains(error.code) ? tryAgain : ExitCode(1)
        } catch {
            Terminal.error("\(error)")
            throw ExitCode(1)
        }
    }

    private static func explanation(_ error: StoreError) -> String {
        if error.code == .busy, error.message.contains("in use by") {
            return error.message + "; stop that first, or use the API of the house that serves it"
        }
        if error.message.contains("no such table") || error.message.contains("no such column") {
            return error.message + "; the books were made by an older version: run `kontor migrate` first"
        }
        return error.message
    }

    /// Runs a server; says in words why it cannot listen where it was told to.
    static func listening(host: String, port: Int, _ serve: () async throws -> Void) async throws {
        do {
            try await serve()
        } catch let error as IOError {
            switch error.errnoCode {
            case EADDRINUSE:
                Terminal.error("port \(port) at \(host) is in use by another program; --port names another")
                throw tryAgain
            case EACCES: Terminal.error("port \(port) at \(host) may not be used: ports below 1024 need a privilege")
            case EADDRNOTAVAIL: Terminal.error("host \(host) is no address of this machine")
            default: Terminal.error("cannot listen at \(host):\(port): \(error)")
            }
            throw ExitCode(1)
        } catch is SocketAddressError {
            throw noHost(host)
        } catch is SocketAddressError.UnknownHost {
            throw noHost(host)
        }
    }

    private static func noHost(_ host: String) -> ExitCode {
        Terminal.error("host \"\(host)\" is no address and no name that can be resolved")
        return ExitCode(1)
    }
}
