import Assembly
import Foundation
import Ledger
import Money
import Runtime
import Store
import Testing

#if canImport(Glibc)
    import Glibc
#endif

/// Processes that serve the same tenant: one does its jobs, and another when that one dies or sleeps.
@Suite(
    "Jobs move between processes", .serialized,
    .enabled(if: KontorProcess.program != nil, "the program kontor was not built"))
struct TakeoverTests {
    @Test("when the process that does a tenant's jobs is killed, another does them within ten seconds, and each once")
    func killed() async throws {
        let rounds = Faults.count(full: 10, usual: 2)
        try await Database.with { database in
            try await Outpost.with(database: database.url) { outpost in
                var (doing, _) = try await outpost.serve()
                var longest = Duration.zero
                for round in 1...rounds {
                    let before = try #require(try await outpost.holder(within: .seconds(10)) { _ in true })
                    let (waiting, _) = try await outpost.serve()
                    try await outpost.hold("round-\(round)", for: .seconds(1))
                    await doing.killHard()
                    let killed = ContinuousClock.now
                    let after = try await outpost.holder(within: .seconds(15)) { $0.holder != before.holder }
                    longest = max(longest, ContinuousClock.now - killed)
                    #expect(try #require(after).token > before.token)
                    #expect(try await outpost.isReleased("round-\(round)", within: .seconds(15)))
                    longest = max(longest, ContinuousClock.now - killed)
                    doing = waiting
                }
                #expect(longest < .seconds(10))
                #expect(await doing.stop() == 0)
                // It has signed off and given the lease back.
                #expect(try await outpost.lease()?.holder == "")
                Report.say("jobs taken over after kill -9: \(rounds) times, the longest took \(longest)")
            }
        }
    }

    // Two processes on one tenant; SIGSTOP is a pause as long as one likes:
    //   first:   holds the lease, stopped ……………………………… goes on, finds its token outdated
    //   second:                             takes over, works
    @Test("a process that was stopped for long and goes on does no job of another's, and both serve")
    func paused() async throws {
        try await Database.with { database in
            try await Outpost.with(database: database.url) { outpost in
                let (first, web) = try await outpost.serve()
                let before = try #require(try await outpost.holder(within: .seconds(10)) { _ in true })
                let (second, _) = try await outpost.serve()
                first.signal(SIGSTOP)
                try await outpost.hold("asleep", for: .seconds(1))
                let after = try #require(
                    try await outpost.holder(within: .seconds(15)) { $0.holder != before.holder })
                #expect(try await outpost.isReleased("asleep", within: .seconds(10)))
                first.signal(SIGCONT)
                _ = try await web.get("/v1/orders")
                try await outpost.hold("awake", for: .seconds(1))
                #expect(try await outpost.isReleased("awake", within: .seconds(10)))
                #expect(try await outpost.lease() == after)
                #expect(await first.stop() == 0)
                #expect(await second.stop() == 0)
                try await outpost.house { house in
                    try await house.withBook(of: outpost.tenant) { book in
                        let audit = try await book.read { try Audit($0) }
                        #expect(audit.broken == nil)
                    }
                }
            }
        }
    }
}

extension Outpost {
    /// Who does the tenant's jobs, as its book says.
    fileprivate func lease() async throws -> Lease? {
        try await house { house in
            try await house.withBook(of: tenant) { book in try await book.read { try Lease.read("book", $0) } }
        }
    }

    /// The lease, once somebody has it who `isWanted`; nil when that takes too long.
    fileprivate func holder(within patience: Duration, _ isWanted: @escaping @Sendable (Lease) -> Bool) async throws
        -> Lease?
    {
        try await house { house in
            try await house.withBook(of: tenant) { book in
                let end = ContinuousClock.now + patience
                while ContinuousClock.now < end {
                    let lease = try await book.read { try Lease.read("book", $0) }
                    if let lease, !lease.holder.isEmpty, isWanted(lease) { return lease }
                    try await Task.sleep(for: .milliseconds(50))
                }
                return nil
            }
        }
    }

    /// A pending transfer whose time is over soon: to release it is a job.
    fileprivate func hold(_ reference: String, for duration: Duration) async throws {
        try await house { house in
            let ledger = house.ledger
            try await house.withBook(of: tenant) { book in
                _ = try await book.write("hold") { tx in
                    try ledger.post(
                        Transfer(
                            debit: "cash", credit: "sales", amount: Amount(minor: 1, .eur), reference: reference,
                            kind: .pending(expiresAt: tx.now.adding(duration))),
                        in: tx)
                }
            }
        }
    }

    /// Whether nothing is held any more and each hold was released by one transfer.
    fileprivate func isReleased(_ reference: String, within patience: Duration) async throws -> Bool {
        try await house { house in
            let ledger = house.ledger
            return try await house.withBook(of: tenant) { book in
                let end = ContinuousClock.now + patience
                while ContinuousClock.now < end {
                    let (held, ends) = try await book.read { reader in
                        let held = try ledger.transfers(reference: reference, in: reader).map(\.id)
                        let ends = try ledger.transfers(in: reader).filter { $0.pending.map(held.contains) ?? false }
                        return (held, ends)
                    }
                    if held.count == 1, ends.count == 1, ends[0].kind == .expirePending { return true }
                    if ends.count > 1 { return false }
                    try await Task.sleep(for: .milliseconds(100))
                }
                return false
            }
        }
    }
}
