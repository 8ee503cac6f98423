import Runtime
import Testing

/// The database falls over, its lines are cut, it is slow. The process stays up all the time and needs nobody's help.
@Suite(
    "Faults of the database", .serialized,
    .enabled(if: KontorProcess.program != nil, "the program kontor was not built"))
struct DatabaseFaultTests {
    @Test("a database that is stopped at once under load and started again has every acknowledged order once")
    func crash() async throws {
        let rounds = Faults.count(full: 20, usual: 6)
        let random = RandomSource(seed: 20)
        try await Database.with { database in
            try await Outpost.with(database: database.url) { outpost in
                let shoppers = Shoppers(outpost: outpost, notebook: Notebook())
                let (process, web) = try await outpost.serve()
                for round in 1...rounds {
                    shoppers.notebook.isOpen = true
                    let loading = Task { await shoppers.shop(at: [web], round: "r\(round)") }
                    try await Task.sleep(for: .milliseconds(100 + random.integer(in: 0..<300)))
                    try await database.crash()
                    try await Task.sleep(for: .milliseconds(random.integer(in: 0..<200)))
                    try await database.start()
                    // The same process goes on: it finds the database again by itself.
                    try await Task.sleep(for: .milliseconds(100))
                    shoppers.notebook.isOpen = false
                    await loading.value
                    try await shoppers.verify("crash \(round) of seed 20")
                    try await shoppers.askAgain(web)
                    try await shoppers.verify("crash \(round) of seed 20, asked again")
                }
                #expect(await process.stop() == 0)
                try await shoppers.expectNoDoubleCapture()
                let told = shoppers.notebook.told.count
                #expect(told > rounds, "the load was too small to prove anything")
                Report.say(
                    "pg_ctl stop -m immediate under load: \(rounds) times, \(told) orders acknowledged, each there once"
                )
            }
        }
    }

    @Test("a line that is cut around a commit, at whatever byte, loses no answer and doubles no order")
    func cuts() async throws {
        let rounds = Faults.count(full: 25, usual: 6)
        try await Database.with { database in
            try await Proxy.with(database) { proxy in
                try await Outpost.with(database: database.url) { outpost in
                    let shoppers = Shoppers(outpost: outpost, notebook: Notebook())
                    let (process, web) = try await outpost.serve(reaching: database.url(through: proxy.folder))
                    for round in 1...rounds {
                        for cut in Proxy.Cut.allCases {
                            try await shoppers.meet(cut, proxy, web, "\(cut.rawValue)-\(round)")
                        }
                        try await shoppers.verify("round \(round) of cuts")
                        try await shoppers.askAgain(web)
                        try await shoppers.verify("round \(round) of cuts, asked again")
                    }
                    #expect(await process.stop() == 0)
                    try await shoppers.expectNoDoubleCapture()
                    let cuts = proxy.cuts.sorted { $0.key.rawValue < $1.key.rawValue }
                    #expect(cuts.count == Proxy.Cut.allCases.count)
                    Report.say(
                        "lines cut around a commit: \(cuts.map { "\($0.key) \($0.value)" }.joined(separator: ", ")); "
                            + "\(shoppers.notebook.told.count) orders acknowledged, each there once")
                }
            }
        }
    }

    @Test("a slow database makes callers wait or refuses them in time; nothing is done twice when it is asked again")
    func slow() async throws {
        let rounds = Faults.count(full: 10, usual: 3)
        try await Database.with { database in
            try await Proxy.with(database) { proxy in
                try await Outpost.with(database: database.url) { outpost in
                    var shoppers = Shoppers(outpost: outpost, notebook: Notebook())
                    let (process, web) = try await outpost.serve(reaching: database.url(through: proxy.folder))
                    // The first order finds everything prepared.
                    await shoppers.ask(web, "warm")
                    shoppers.patienceMs = 400
                    for round in 1...rounds {
                        proxy.slow(20 + 40 * (round % 3))
                        shoppers.notebook.isOpen = true
                        let loading = Task { [shoppers] in await shoppers.shop(at: [web], round: "s\(round)") }
                        try await Task.sleep(for: .milliseconds(1_500))
                        shoppers.notebook.isOpen = false
                        await loading.value
                        proxy.slow(0)
                        try await shoppers.verify("slow \(round)")
                    }
                    let late = shoppers.notebook.unknown.count + shoppers.notebook.refused.count
                    #expect(late > 0, "nobody was kept waiting")
                    shoppers.patienceMs = nil
                    try await shoppers.askAgain(web)
                    try await shoppers.verify("the database is fast again")
                    #expect(await process.stop() == 0)
                    let (_, orders) = try await outpost.look()
                    #expect(orders.count == shoppers.notebook.told.count, "each key has one order in the end")
                    Report.say(
                        "a slow database: \(rounds) times, \(late) callers told to come back, "
                            + "\(shoppers.notebook.told.count) orders, each there once")
                }
            }
        }
    }
}

extension Shoppers {
    /// Shops until the armed cut has happened.
    func meet(_ cut: Proxy.Cut, _ proxy: Proxy, _ web: Web, _ round: String) async throws {
        proxy.arm(cut)
        notebook.isOpen = true
        let loading = Task { await shop(at: [web], callers: 4, round: round) }
        let patience = ContinuousClock.now + .seconds(30)
        while proxy.isArmed, ContinuousClock.now < patience { try await Task.sleep(for: .milliseconds(2)) }
        #expect(!proxy.isArmed, "\(round): nobody committed")
        try await Task.sleep(for: .milliseconds(20))
        notebook.isOpen = false
        await loading.value
    }
}
