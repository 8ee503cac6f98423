import Store
import TestStores
import Testing

/// The comparison is worth something only if it fails when it should. So the model is made wrong, and the book is
/// tampered with; each is found, and shrunk to a few commands.
@Suite("The model test finds what is wrong", .onBothStores)
struct ModelFaultTests {
    /// A wrong rule of the model is as wrong on the other store, and shrinking takes a while.
    static let reason = "the model is wrong in the same way whatever the store"

    /// Looks for a failing seed and shrinks it.
    private func find(_ play: Play, most: Int) async throws {
        var play = play
        for seed in UInt64(1)...30 {
            play.seed = seed
            let steps = Generator.sequence(seed: seed, steps: 300)
            do {
                _ = try await play.run(steps)
            } catch let mismatch as Play.Mismatch {
                let (short, found) = await ModelTests.shrink(steps, play)
                let told = "seed \(seed): \(mismatch) → \(short)"
                #expect(found != nil, "\(told)")
                #expect(short.count <= most, "\(told)")
                // The same short sequence is right when nothing is wrong.
                _ = try await Play(seed: seed, care: .everything).run(short)
                return
            }
        }
        Issue.record("nobody noticed")
    }

    @Test("a model that keeps expired reservations is found out", .onSQLite(because: ModelFaultTests.reason))
    func expired() async throws { try await find(Play(seed: 1, fault: .keepsExpired), most: 4) }

    @Test("a model that forgets the rest of a fee is found out", .onSQLite(because: ModelFaultTests.reason))
    func fee() async throws { try await find(Play(seed: 1, fault: .feeOfLastRefund), most: 6) }

    @Test("a model that counts late money is found out", .onSQLite(because: ModelFaultTests.reason))
    func late() async throws { try await find(Play(seed: 1, fault: .lateCapture), most: 6) }

    @Test("a piece that vanishes from a shelf is found out")
    func shelf() async throws {
        let tampering = Play.Tampering(
            statement: "UPDATE inventory_stock SET on_hand = on_hand - 1 WHERE on_hand > 0",
            after: { if case .ship = $0 { true } else { false } })
        try await find(Play(seed: 1, tampering: tampering), most: 3)
    }

    @Test("a unit of money that is created is found out")
    func money() async throws {
        let tampering = Play.Tampering(
            statement: """
                UPDATE ledger_transfers SET amount = amount + 1 WHERE sequence = (SELECT MAX(sequence)
                FROM ledger_transfers)
                """,
            after: { if case .postHold = $0 { true } else { false } })
        try await find(Play(seed: 1, tampering: tampering), most: 3)
    }
}
