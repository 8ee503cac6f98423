import Store
import TestStores

/// Runs a sequence against the model and a house, and compares after every command.
struct Play {
    /// How closely it looks.
    struct Care: Sendable {
        /// Every how many commands orders and payments are compared one by one, and the ledger is asked for its balances.
        var detailsEvery = 20

        static let everything = Care(detailsEvery: 1)
    }

    /// A hand that reaches past the house into its tables, to see that it is noticed.
    struct Tampering: Sendable {
        let statement: SQL
        /// After which accepted commands.
        let after: @Sendable (Step) -> Bool
    }

    struct Mismatch: Error, CustomStringConvertible {
        /// The place in the sequence, from 0.
        let place: Int
        let step: NumberedStep
        let what: String

        var description: String { "after \(step): \(what)" }
    }

    struct Tally: Sendable {
        var steps = 0
        var refused = 0
        var repeated = 0

        static func + (left: Tally, right: Tally) -> Tally {
            Tally(
                steps: left.steps + right.steps, refused: left.refused + right.refused,
                repeated: left.repeated + right.repeated)
        }
    }

    var seed: UInt64
    var care = Care()
    var fault = Model.Fault.none
    var tampering: Tampering?

    /// Throws the first `Mismatch`.
    func run(_ steps: [NumberedStep]) async throws -> Tally {
        let house = try await House(seed: seed)
        do {
            let tally = try await run(steps, house)
            await house.discard()
            return tally
        } catch {
            await house.discard()
            throw error
        }
    }

    private func run(_ steps: [NumberedStep], _ house: House) async throws -> Tally {
        var model = Model()
        model.fault = fault
        var tally = Tally()
        let shapes = try await house.book.read { try Imprint.shapes($0) }
        let looking = Imprint.statement(shapes, kind: house.test.driver.kind)
        for (place, step) in steps.enumerated() {
            func fail(_ what: String) -> Mismatch { Mismatch(place: place, step: step, what: what) }
            let isDue = model.tick()
            house.tick()
            if isDue { try await house.expireHolds() }
            let expected = model.run(step)
            tally.steps += 1
            if case .again = step.step { tally.repeated += 1 }
            var before: Imprint?
            if case .refused = expected {
                tally.refused += 1
                before = try await imprint(house, looking)
            }
            let outcome: Outcome
            do {
                outcome = try await house.run(step)
            } catch {
                throw fail("the house failed: \(error)")
            }
            guard outcome == expected else { throw fail("the house says \(outcome), the model \(expected)") }
            if let before {
                let changed = try await imprint(house, looking).difference(to: before)
                guard changed.isEmpty else { throw fail("it was refused and left something in \(changed)") }
            }
            try await tamper(step, outcome, house)
            let isLong = (place + 1) % care.detailsEvery == 0 || place == steps.count - 1
            if let what = try await difference(model, house, isLong: isLong) { throw fail(what) }
        }
        return tally
    }

    private func imprint(_ house: House, _ statement: SQL) async throws -> Imprint {
        try await house.book.read { try Imprint($0, statement) }
    }

    private func tamper(_ step: NumberedStep, _ outcome: Outcome, _ house: House) async throws {
        guard let tampering, case .done = outcome, tampering.after(step.step) else { return }
        let statement = tampering.statement
        try await house.book.write("tamper") { try $0.execute(statement) }
    }

    private func difference(_ model: Model, _ house: House, isLong: Bool) async throws -> String? {
        let (accounts, ledger) = (house.accounts, house.ledger)
        let wanted = Census(model, accounts)
        guard isLong else {
            let census = try await house.book.read { try Census($0, accounts) }
            return census.broken ?? census.difference(to: wanted)
        }
        let orders = Dictionary(house.orderIDs.map { ($0.value, $0.key) }, uniquingKeysWith: min)
        let payments = Dictionary(house.paymentIDs.map { ($0.value, $0.key) }, uniquingKeysWith: min)
        let (census, stored, details) = try await house.book.read { reader in
            let census = try Census(reader, accounts)
            let details = try Details.of(reader, orders: orders, payments: payments)
            return (census, try census.storedDifference(reader, ledger), details)
        }
        if let found = census.broken ?? census.difference(to: wanted) ?? stored { return found }
        let said = Details.of(model)
        guard let place = zip(details, said).first(where: { $0 != $1 }) else {
            return details.count == said.count ? nil : "\(details.count) things, not \(said.count)"
        }
        return "the book has \(place.0), the model \(place.1)"
    }
}
