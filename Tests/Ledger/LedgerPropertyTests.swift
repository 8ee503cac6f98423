import Ledger
import Money
import Runtime
import Store
import TestStores
import Testing

/// Seeded sequences of every operation against a model that sums over everything, compared after every step.
@Suite("The ledger against a simple model", .onBothStores)
struct LedgerPropertyTests {
    static let codes = ["bank", "wallet", "till", "sales", "fees", "other"]
    static let limits: [AccountLimit] = [
        .none, .debitsMustNotExceedCredits, .creditsMustNotExceedDebits, .none, .none, .none
    ]

    /// What one seed has come to.
    struct Run {
        var fixture: LedgerFixture
        var model = LedgerModel(limits: LedgerPropertyTests.limits)
        let random: RandomSource
        var moments: [Timestamp] = []

        func pick(_ range: Range<Int>) -> Int { random.integer(in: range) }
    }

    @Test("balances, holds, refusals, history and trial balance agree after every step", arguments: 1...12)
    func agrees(seed: UInt64) async throws {
        let fixture = try await LedgerFixture.make(seed: seed)
        for (code, limit) in zip(Self.codes, Self.limits) { try await fixture.open(code, limit: limit) }
        var run = Run(fixture: fixture, random: RandomSource(seed: seed))
        for step in 0..<120 {
            try await Self.step(&run, "seed \(seed), step \(step)")
        }
        try await Self.compareDerived(&run, "seed \(seed)")
        await run.fixture.test.discard()
    }

    static func step(_ run: inout Run, _ place: String) async throws {
        switch run.pick(0..<20) {
        case 0: run.fixture.advance(.seconds(run.pick(1..<40)))
        case 1: try await run.fixture.ledger.settle(run.fixture.book)
        case 2 where run.fixture.opened == nil && run.pick(0..<3) == 0: run.fixture = try await run.fixture.reopened()
        case 3 where run.pick(0..<4) == 0: try await compareDerived(&run, place)
        default: try await submit(&run, place)
        }
        // A sweep runs before each comparison, in both, so that neither is ahead.
        let ledger = run.fixture.ledger
        _ = try await run.fixture.book.write("sweep") { try ledger.expirePending(in: $0) }
        run.model.expire(at: run.fixture.book.world.now())
        try await compare(run, place)
    }

    /// A batch of one to five transfers, some of them linked; outcome by outcome as the model says.
    private static func submit(_ run: inout Run, _ place: String) async throws {
        let now = run.fixture.book.world.now()
        run.model.expire(at: now)
        var transfers: [Transfer] = []
        var expected: [LedgerError.Code?] = []
        var chain: (start: Int, model: LedgerModel, failed: Bool)?
        let count = run.pick(1..<6)
        for index in 0..<count {
            let linked = index < count - 1 && run.pick(0..<4) == 0
            if linked, chain == nil { chain = (index, run.model, false) }
            var (transfer, code) = operation(&run, now, skip: chain?.failed ?? false)
            transfer.isLinked = linked
            transfers.append(transfer)
            expected.append(code)
            if let open = chain, open.failed {
                expected[index] = .linkedTransferFailed
            } else if let open = chain, code != nil {
                run.model = open.model
                for earlier in open.start..<index { expected[earlier] = .linkedTransferFailed }
                chain?.failed = true
            }
            if !linked { chain = nil }
        }
        let outcomes = try await run.fixture.submit(transfers)
        #expect(outcomes.map(\.code) == expected, "\(place): \(transfers)")
        run.moments.append(now)
    }

    /// One random transfer, and what the model says to it (unless the chain it is in has failed).
    private static func operation(
        _ run: inout Run, _ now: Timestamp, skip: Bool
    ) -> (Transfer, LedgerError.Code?) {
        let amount = Int64(run.pick(-1..<60))
        let kind = run.pick(0..<10)
        if kind < 7 {
            let debit = run.pick(0..<codes.count)
            let credit = run.pick(0..<codes.count)
            let pending = kind >= 4
            let expiresAt = run.pick(0..<2) == 0 ? now.adding(.seconds(run.pick(0..<60))) : nil
            let transfer = move(
                .code(codes[debit]), .code(codes[credit]), amount,
                reference: "r\(run.pick(0..<5))", kind: pending ? .pending(expiresAt: expiresAt) : .posted)
            return (
                transfer,
                skip ? nil : run.model.move(debit, credit, amount, pending: pending, expiresAt: expiresAt, now)
            )
        }
        // Mostly a transfer that was pending once, sometimes any number.
        let known = run.model.holds.keys.sorted()
        let number =
            known.isEmpty || run.pick(0..<6) == 0 ? run.pick(0..<50) : known[run.pick(0..<known.count)]
        let pending = TransferID(Int64(number))
        if kind == 7 {
            return (.voiding(pending), skip ? nil : run.model.resolve(number, posts: false, amount: nil, now))
        }
        let part = kind == 8 ? amount : nil
        return (
            .posting(pending, amount: part.map(eur), reference: "p"),
            skip ? nil : run.model.resolve(number, posts: true, amount: part, now)
        )
    }

    private static func compare(_ run: Run, _ place: String) async throws {
        let ledger = run.fixture.ledger
        let moments = run.moments.isEmpty ? [] : [run.moments[run.pick(0..<run.moments.count)]]
        let seen = try await run.fixture.book.read { reader in
            try codes.map { code in
                let now = try ledger.balance(of: code, currency: .eur, in: reader).totals.columns
                let past = try moments.map {
                    try ledger.balance(of: code, currency: .eur, asOf: $0, in: reader).totals.columns
                }
                let lines = try ledger.statement(of: code, currency: .eur, in: reader)
                return (now, past, lines.lines.count, lines.closing.minor)
            }
        }
        let inside = try await run.fixture.book.write("read") { tx in
            try codes.map { try ledger.balance(of: $0, currency: .eur, in: tx).totals.columns }
        }
        for account in codes.indices {
            let expected = run.model.balance(account)
            #expect(seen[account].0 == expected, "\(place): \(codes[account])")
            #expect(inside[account] == expected, "\(place): \(codes[account]) inside a transaction")
            let past = moments.map { run.model.balance(account, asOf: $0) }
            #expect(seen[account].1 == past, "\(place): \(codes[account]) as of \(moments)")
            let lines = run.model.lines.filter { $0.debit == account || $0.credit == account }
            #expect(seen[account].2 == lines.count, "\(place): entries of \(codes[account])")
            #expect(seen[account].3 == expected[2] - expected[0], "\(place): closing of \(codes[account])")
        }
        try await run.fixture.expectBalanced()
    }

    /// What is stored is what can be derived, byte for byte.
    static func compareDerived(_ run: inout Run, _ place: String) async throws {
        let ledger = run.fixture.ledger
        try await ledger.settle(run.fixture.book)
        run.model.expire(at: run.fixture.book.world.now())
        let stored = try await run.fixture.derivedRows()
        try await run.fixture.book.write("rebuild") { try ledger.rebuild(in: $0) }
        #expect(try await run.fixture.derivedRows() == stored, "\(place): rebuilt")
    }
}
