import Foundation
import Ledger
import Money
import Runtime
import Store
import TestStores
import Testing

/// The worked examples of TigerBeetle's documentation (../shared/corpus/billing/tigerbeetle-cases.json; another place
/// by KONTOR_CORPUS).
@Suite("TigerBeetle's documented cases", .onBothStores)
struct TigerBeetleCaseTests {
    struct Case: Sendable {
        let id: String
        /// `op`, `amount` ("2^128-1" for all) and `error` of each step.
        var steps: [[String: String]] = []
        /// Account or currency names, amounts and flags as text.
        var transfers: [[String]] = []
        var error = ""
        var numbers: [String: Int64] = [:]
    }

    static let corpus: String = {
        if let folder = ProcessInfo.processInfo.environment["KONTOR_CORPUS"] { return folder }
        let root = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
            .deletingLastPathComponent()
        return root.deletingLastPathComponent().appending(path: "shared/corpus").path
    }()

    static let cases: [String: Case] = {
        guard let data = FileManager.default.contents(atPath: corpus + "/billing/tigerbeetle-cases.json"),
            let root = try? JSONSerialization.jsonObject(with: data) as? [String: Any],
            let list = root["cases"] as? [[String: Any]]
        else { return [:] }
        var cases: [String: Case] = [:]
        for entry in list {
            guard let id = entry["id"] as? String else { continue }
            var read = Case(id: id, error: entry["error"] as? String ?? "")
            read.steps = (entry["steps"] as? [[String: Any]] ?? []).map { $0.mapValues { "\($0)" } }
            read.transfers = (entry["transfers"] as? [[Any]] ?? []).map { $0.map { "\($0)" } }
            read.numbers = entry.compactMapValues { ($0 as? NSNumber)?.int64Value }
            cases[id] = read
        }
        return cases
    }()

    static let isMissing: Comment = "the corpus is not beside this checkout; set KONTOR_CORPUS to its folder"

    private func named(_ id: String) throws -> Case { try #require(Self.cases[id]) }

    private static let codes: [String: LedgerError.Code] = [
        "exceeds_pending_transfer_amount": .exceedsPendingAmount,
        "pending_transfer_already_posted": .pendingAlreadyPosted,
        "pending_transfer_already_voided": .pendingAlreadyVoided,
        "pending_transfer_expired": .pendingExpired
    ]

    @Test(
        "the steps of a two-phase transfer give the balances and errors written there",
        .enabled(if: !cases.isEmpty, isMissing),
        arguments: ["post-full", "post-partial", "void", "post-more-than-pending", "post-AMOUNT_MAX"])
    func twoPhase(_ id: String) async throws {
        let example = try named(id)
        try await LedgerFixture.with { fixture in
            try await fixture.open("a", "b")
            var pending = TransferID(0)
            var held: Int64 = 0
            for step in example.steps {
                let amount = step["amount"].flatMap { Int64($0) }
                switch step["op"] {
                case "pending":
                    held = try #require(amount)
                    pending = try await fixture.post([move("a", "b", held, kind: .pending(expiresAt: nil))])[0]
                    #expect(try await fixture.balance("a").debitsPending == held)
                    #expect(try await fixture.balance("b").creditsPending == held)
                case "post":
                    let outcome = try await fixture.submit(.posting(pending, amount: amount.map(eur)))
                    if let error = step["error"] {
                        #expect(outcome.code == Self.codes[error])
                        continue
                    }
                    let posts = step["posts"].flatMap { Int64($0) } ?? amount ?? held
                    #expect(try await fixture.balance("a").debitsPosted == posts)
                    #expect(try await fixture.balance("b").creditsPosted == posts)
                    #expect(try await fixture.balance("a").debitsPending == 0)
                    if let released = step["released"] { #expect(held - posts == Int64(released)) }
                default:
                    try await fixture.post([.voiding(pending)])
                    #expect(try await fixture.balance("a") == Balance())
                    #expect(try await fixture.balance("b") == Balance())
                }
            }
        }
    }

    @Test(
        "what is resolved or expired is not posted again", .enabled(if: !cases.isEmpty, isMissing),
        arguments: ["post-twice", "post-after-void", "post-after-timeout"])
    func resolved(_ id: String) async throws {
        let example = try named(id)
        try await LedgerFixture.with { fixture in
            try await fixture.open("a", "b")
            let expiry = fixture.book.world.now().adding(.seconds(1))
            let pending = try await fixture.post([move("a", "b", 9, kind: .pending(expiresAt: expiry))])[0]
            switch id {
            case "post-twice": try await fixture.post([.posting(pending)])
            case "post-after-void": try await fixture.post([.voiding(pending)])
            default: fixture.advance(.seconds(2))
            }
            #expect(try await fixture.submit(.posting(pending)).code == Self.codes[example.error])
        }
    }

    @Test("a pending transfer itself fails when the limit would not bear it", .enabled(if: !cases.isEmpty, isMissing))
    func pessimistic() async throws {
        let numbers = try named("pessimistic-pending").numbers
        let credits = try #require(numbers["credits_posted"])
        let debits = try #require(numbers["debits_posted"])
        let pending = try #require(numbers["pending"])
        try await LedgerFixture.with { fixture in
            try await fixture.open("bank")
            try await fixture.open("a", limit: .debitsMustNotExceedCredits)
            try await fixture.post([move("bank", "a", credits), move("a", "bank", debits)])
            let outcome = try await fixture.submit(move("a", "bank", pending, kind: .pending(expiresAt: nil)))
            #expect(outcome.code == .debitsExceedCredits)
        }
    }

    @Test(
        "a currency exchange is two linked transfers, both or neither", .enabled(if: !cases.isEmpty, isMissing),
        arguments: ["fx-linked", "fx-linked-with-fee"])
    func exchange(_ id: String) async throws {
        let example = try named(id)
        let inr = try Currency(code: "INR")
        try await LedgerFixture.with { fixture in
            try await fixture.open("l1", currency: .usd)
            try await fixture.open("l2", "a2", currency: inr)
            let transfers = try example.transfers.map { row in
                Transfer(
                    debit: .code(row[1].lowercased()), credit: .code(row[2].lowercased()),
                    amount: Amount(minor: try #require(Int64(row[3])), try Currency(code: row[0])),
                    isLinked: row[4] == "linked")
            }
            #expect(try await fixture.submit(transfers).allSatisfy { $0.id == nil })
            #expect(try await fixture.balance("l2", inr) == Balance())
            try await fixture.open("a1", currency: .usd)
            #expect(try await fixture.submit(transfers).allSatisfy { $0.id != nil })
            #expect(try await fixture.balance("a2", inr).creditsPosted == 824_214)
            try await fixture.expectBalanced()
        }
    }

    @Test(
        "many debits and credits are a set of linked transfers", .enabled(if: !cases.isEmpty, isMissing),
        arguments: ["one-to-many", "many-to-one", "many-to-many"])
    func manyToMany(_ id: String) async throws {
        let example = try named(id)
        try await LedgerFixture.with { fixture in
            try await fixture.open("a", "b", "c", "control", "x", "y", "z")
            let transfers = try example.transfers.enumerated().map { index, row in
                move(
                    .code(row[0].lowercased()), .code(row[1].lowercased()), try #require(Int64(row[2])),
                    linked: index < example.transfers.count - 1)
            }
            #expect(try await fixture.submit(transfers).allSatisfy { $0.id != nil })
            let net = example.numbers["control_net"] ?? 0
            #expect(try await fixture.balance("control").posted(.credit) == net)
            try await fixture.expectBalanced()
        }
    }

    @Test(
        "a transfer can hang on a balance: hold the threshold, release it, transfer",
        .enabled(if: !cases.isEmpty, isMissing))
    func balanceConditional() async throws {
        try await LedgerFixture.with { fixture in
            try await fixture.open("bank", "control", "destination")
            try await fixture.open("source", limit: .debitsMustNotExceedCredits)
            try await fixture.post([move("bank", "source", 100)])
            for (threshold, passes) in [(Int64(101), false), (100, true)] {
                // The first transfer of the batch gets the next number, which the second must name.
                let last = try await fixture.book.read { [ledger = fixture.ledger] in
                    try ledger.transfers(in: $0).last?.id.sequence ?? 0
                }
                var hold = move("source", "control", threshold, kind: .pending(expiresAt: nil), linked: true)
                hold.isLinked = true
                var release = Transfer.voiding(TransferID(last + 1))
                release.isLinked = true
                let outcomes = try await fixture.submit([hold, release, move("source", "destination", 40)])
                #expect(outcomes.allSatisfy { $0.id != nil } == passes)
            }
            #expect(try await fixture.balance("destination").creditsPosted == 40)
        }
    }
}
