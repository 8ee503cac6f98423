import ArgumentParser
import Contract
import Store

/// Turns our errors into one clear line and an exit code that means something.
enum CommandFailure {
    static func explained<Answer>(_ body: () async throws -> Answer) async throws -> Answer {
        do {
            return try await body()
        } catch let error as any ProblemConvertible {
            let problem = error.problem
            Terminal.error("\(problem.title): \(problem.detail)")
            throw ExitCode(1)
        } catch let error as StoreError {
            Terminal.error("\(error)")
            throw ExitCode(error.code == .busy ? 75 : 1)
        }
    }
}
