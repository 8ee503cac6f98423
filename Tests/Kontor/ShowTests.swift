import Foundation
import Testing

/// What the README promises, kept true.
@Suite(.serialized) struct ShowTests {
    @Test("the guide's lines lead from nothing to a paid order and its postings")
    func firstSale() async throws {
        try await Program.withFolder { kontor in
            let answer = try await kontor.script("first-sale.sh", environment: ["PORT": "21780"])
            #expect(answer.code == 0, "\(answer.err)")
            #expect(answer.out.contains(#""payment_state":"captured""#), "\(answer.out)")
            #expect(answer.out.contains("customer_deposits"), "\(answer.out)")
        }
    }

    // With this seed no payment times out, so nobody waits.
    @Test(
        "the demo's report holds, and fails when one thing is broken on purpose",
        arguments: ["", "journal", "stock", "ledger"])
    func demo(drill: String) async throws {
        try await Program.withFolder { kontor in
            let answer = await
                (try kontor.start(
                    [
                        "demo", "--once", "--orders", "6", "--seed", "3", "--port", "0", "--data", kontor.folder,
                        "--examples",
                        Program.package + "/Examples"
                    ] + (drill.isEmpty ? [] : ["--drill", drill]))).end()
            #expect(answer.code == (drill.isEmpty ? 0 : 1), "\(answer.out) \(answer.err)")
            #expect(answer.out.contains("✗") == !drill.isEmpty, "\(answer.out)")
        }
    }

    @Test("every command explains itself")
    func help() async throws {
        try await Program.withFolder { kontor in
            let help = try await kontor.run("help")
            for name in [
                "serve", "demo", "sandbox", "tenant", "key", "catalog", "ledger", "audit", "migrate", "doctor", "bench"
            ] {
                #expect(help.out.contains("  \(name) "), "\(name)")
                #expect(try await kontor.run("help", name).code == 0)
            }
        }
    }
}
