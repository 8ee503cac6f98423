import Foundation
import Testing

private let promtoolPath: String? = (ProcessInfo.processInfo.environment["PATH"] ?? "").split(separator: ":")
    .map { "\($0)/promtool" }.first { FileManager.default.isExecutableFile(atPath: $0) }

@Suite("What watches over an installation")
struct DeployTests {
    private func promtool(_ arguments: String...) async throws -> Program.Answer {
        try await Running(try #require(promtoolPath), arguments, environment: [:]).end()
    }

    @Test(
        "the alerts fire and stay quiet as their tests say",
        .enabled(if: promtoolPath != nil, "promtool is not on the PATH (Debian: apt-get install prometheus)"))
    func alerts() async throws {
        let folder = Program.package + "/deploy/prometheus"
        let rules = try await promtool("check", "rules", folder + "/reconciliation.rules.yml")
        #expect(rules.code == 0, "\(rules.out)\(rules.err)")
        let tests = try await promtool("test", "rules", folder + "/reconciliation.test.yml")
        #expect(tests.code == 0, "\(tests.out)\(tests.err)")
        let sample = try await promtool("check", "config", Program.package + "/deploy/prometheus.yml")
        #expect(sample.code == 0, "\(sample.out)\(sample.err)")
    }
}
