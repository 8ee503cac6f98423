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
            if drill.isEmpty { try await openItems(kontor) }
        }
    }

    /// After the demo's day some of the sandbox's money is open, and it adds up to the clearing account's balance.
    private func openItems(_ kontor: Program) async throws {
        let command = ["reconciliation", "open-items", "--tenant", "atelier"]
        let table = await (try kontor.start(command)).end()
        #expect(table.code == 0 && table.out.contains("clearing:sandbox"), "\(table.out) \(table.err)")
        #expect(table.out.contains("equal to the balance"), "\(table.out)")
        let json = await (try kontor.start(command + ["--channel", "sandbox", "--limit", "1", "--json"])).end()
        let accounts = try #require(
            try JSONSerialization.jsonObject(with: Data(json.out.utf8)) as? [String: [[String: Any]]])
        let account = try #require(accounts["accounts"]?.first)
        #expect(account["channel"] as? String == "sandbox" && (account["items"] as? [Any])?.count == 1, "\(json.out)")
        #expect(account["count"] as? String != "0")
        let other = await (try kontor.start(command + ["--channel", "nobody"])).end()
        #expect(other.code == 1 && !other.err.isEmpty, "\(other.out) \(other.err)")
        #expect(await (try kontor.start(command + ["--limit", "0"])).end().code == 64)
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
