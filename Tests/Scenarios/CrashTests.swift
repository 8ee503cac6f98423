import Runtime
import Testing

/// What was acknowledged is there after any end of the process, once; what was not is there whole or not at all.
///
/// The server is the built program in a process of its own. `swift test` of the whole package builds it; a narrowed
/// build may not.
@Suite(
    "Ends of the process", .serialized, .enabled(if: KontorProcess.program != nil, "the program kontor was not built"))
struct CrashTests {
    @Test("kill -9 during load loses no acknowledged order and doubles none, on files")
    func killed() async throws { try await kill(database: nil, "SQLite") }

    @Test("kill -9 during load loses no acknowledged order and doubles none, on a database")
    func killedOnDatabase() async throws {
        try await Database.with { database in try await kill(database: database.url, "PostgreSQL") }
    }

    private func kill(database: String?, _ store: String) async throws {
        let rounds = Faults.count(full: 50, usual: 12)
        let random = RandomSource(seed: 9)
        try await Outpost.with(database: database) { outpost in
            let shoppers = Shoppers(outpost: outpost, notebook: Notebook())
            for round in 1...rounds {
                let (process, web) = try await outpost.serve()
                try await shoppers.askAgain(web)
                shoppers.notebook.isOpen = true
                let loading = Task { await shoppers.shop(at: [web], round: "r\(round)") }
                try await Task.sleep(for: .milliseconds(60 + random.integer(in: 0..<200)))
                await process.killHard()
                shoppers.notebook.isOpen = false
                await loading.value
                try await shoppers.verify("round \(round) of seed 9 on \(store)")
            }
            let told = shoppers.notebook.told.count
            #expect(told > rounds, "the load was too small to prove anything")
            try await shoppers.expectNoDoubleCapture()
            Report.say("kill -9 under load on \(store): \(rounds) times, \(told) orders acknowledged, each there once")
        }
    }

    @Test("SIGTERM during load answers what it began, ends with 0, and every acknowledged order is there")
    func stoppedGracefully() async throws {
        try await Outpost.with { outpost in
            let shoppers = Shoppers(outpost: outpost, notebook: Notebook())
            for round in 1...3 {
                let (process, web) = try await outpost.serve()
                shoppers.notebook.isOpen = true
                let loading = Task { await shoppers.shop(at: [web], round: "r\(round)") }
                try await Task.sleep(for: .milliseconds(300))
                let code = await process.stop()
                shoppers.notebook.isOpen = false
                await loading.value
                #expect(code == 0, "round \(round)")
                try await shoppers.verify("graceful stop \(round)")
            }
            #expect(shoppers.notebook.told.count > 3)
        }
    }
}
