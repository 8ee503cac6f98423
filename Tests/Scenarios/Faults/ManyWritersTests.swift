import Assembly
import Journal
import Ledger
import Runtime
import Store
import Synchronization
import Testing

/// Three processes serve one tenant from one database, all at once.
@Suite(
    "Serial history from many writers", .serialized,
    .enabled(if: KontorProcess.program != nil, "the program kontor was not built"))
struct ManyWritersTests {
    @Test("three processes under load on one tenant write one journal, and the books balance at every moment")
    func oneHistory() async throws {
        let seconds = Faults.count(full: 30, usual: 5)
        try await Database.with { database in
            try await Outpost.with(database: database.url) { outpost in
                let houses = try await threeOf(outpost)
                let shoppers = Shoppers(outpost: outpost, notebook: Notebook())
                shoppers.notebook.isOpen = true
                let loading = Task { await shoppers.shop(at: houses.map(\.web), callers: 12, round: "w") }
                let stopping = Task {
                    try await Task.sleep(for: .seconds(seconds))
                    shoppers.notebook.isOpen = false
                }
                let samples = try await sample(outpost) { shoppers.notebook.isOpen }
                try await stopping.value
                await loading.value
                try await sameKeyEverywhere(shoppers, houses.map(\.web))
                for house in houses { #expect(await house.process.stop() == 0) }
                try await shoppers.verify("three writers")
                try await shoppers.expectNoDoubleCapture()
                let events = try await expectOneChain(outpost)
                #expect(samples > 5, "nobody looked")
                let told = shoppers.notebook.told.count
                Report.say(
                    "three processes on one tenant for \(seconds) s: \(told) orders, \(events) events in one chain, "
                        + "balanced at \(samples) sampled moments")
            }
        }
    }

    @Test("the jobs of a process that is killed are done by another within 10 seconds, and each outcome is found once")
    func jobsMove() async throws {
        let rounds = Faults.count(full: 6, usual: 2)
        try await Database.with { database in
            try await Outpost.with(database: database.url) { outpost in
                var houses = try await threeOf(outpost)
                var longest = Duration.zero
                for round in 0..<rounds {
                    // Whoever does the jobs is among them in turn.
                    let victim = round % houses.count
                    let survivor = houses[(victim + 1) % houses.count].web
                    let order = try await survivor.post(
                        "/v1/orders", #"{"lines": [{"variant_id": "\#(outpost.variant)", "quantity": "1"}]}"#,
                        key: "job-\(round)"
                    ).order_id.text
                    let killed = ContinuousClock.now
                    await houses[victim].process.killHard()
                    // The channel takes the money and never says so: only a job finds out.
                    _ = try? await survivor.call(
                        "POST", "/v1/orders/\(order)/pay",
                        #"{"instrument_token": "tok_capture_timeout_done", "channel": "sandbox"}"#,
                        key: "pay-\(round)", headers: [("request-timeout", "3000ms")])
                    let asked = ContinuousClock.now
                    while try await survivor.get("/v1/orders/\(order)").payment_state.text != "captured" {
                        guard ContinuousClock.now - killed < .seconds(40) else { break }
                        try await Task.sleep(for: .milliseconds(50))
                    }
                    let took = ContinuousClock.now - max(killed, asked - .seconds(3))
                    longest = max(longest, took)
                    #expect(took <= .seconds(10), "round \(round): it took \(took) until another did the jobs")
                    houses[victim] = try await outpost.serve()
                }
                for house in houses { #expect(await house.process.stop() == 0) }
                _ = try await expectOneChain(outpost)
                try await expectOneOutcomeEach(outpost, rounds)
                let most = longest.wholeMicroseconds / 1_000
                Report.say("killed while it did the jobs: \(rounds) times, done by another within \(most) ms")
            }
        }
    }

    private func threeOf(_ outpost: Outpost) async throws -> [(process: KontorProcess, web: Web)] {
        var houses: [(process: KontorProcess, web: Web)] = []
        for _ in 0..<3 { houses.append(try await outpost.serve()) }
        return houses
    }

    /// Looks at the accounts again and again, beside all three; returns how often.
    private func sample(_ outpost: Outpost, while isOpen: @escaping @Sendable () -> Bool) async throws -> Int {
        try await outpost.house { house in
            try await house.withBook(of: outpost.tenant) { book in
                var samples = 0
                var last: Int64 = 0
                while isOpen() {
                    let (trials, head) = try await book.read { reader in
                        (try Ledger().trialBalance(in: reader), try Journal.head(reader).sequence)
                    }
                    #expect(trials.allSatisfy { $0.isBalanced && $0.totalDebit == $0.totalCredit })
                    #expect(head >= last, "the journal became shorter: \(last), then \(head)")
                    last = head
                    samples += 1
                    try await Task.sleep(for: .milliseconds(20))
                }
                return samples
            }
        }
    }

    /// One key at three doors at once: one order.
    private func sameKeyEverywhere(_ shoppers: Shoppers, _ webs: [Web]) async throws {
        for number in 0..<20 {
            let key = "same-\(number)"
            shoppers.notebook.asked(key)
            let orders = await withTaskGroup(of: String?.self) { group in
                for web in webs { group.addTask { await shoppers.ask(web, key) } }
                var found: [String?] = []
                for await order in group { found.append(order) }
                return found
            }
            #expect(Set(orders.compactMap(\.self)).count == 1 && !orders.contains(nil), "\(key): \(orders)")
        }
    }

    /// No gap, no fork, no double: numbers from 1 without a hole, each event chained to the one before it.
    private func expectOneChain(_ outpost: Outpost) async throws -> Int64 {
        try await outpost.house { house in
            try await house.withBook(of: outpost.tenant) { book in
                try await book.read { reader in
                    let chain = try JournalVerifier.verify(reader)
                    #expect(chain.finding == nil, "\(String(describing: chain.finding))")
                    let (count, last) =
                        try reader.first("SELECT COUNT(*), MAX(sequence) FROM journal") { ($0.int64(0), $0.int64(1)) }
                        ?? (0, 0)
                    #expect(count == last && chain.verified == count)
                    return count
                }
            }
        }
    }

    /// Each unknown outcome was found and booked once.
    private func expectOneOutcomeEach(_ outpost: Outpost, _ rounds: Int) async throws {
        try await outpost.house { house in
            try await house.withBook(of: outpost.tenant) { book in
                let captured = try await book.read { reader in
                    try Journal.events(after: 0, limit: 100_000, reader).filter {
                        $0.type.hasSuffix(".PaymentCaptured")
                    }
                }
                #expect(captured.count == rounds)
            }
        }
    }
}
