import Contract
import Journal
import Runtime
import Store
import TestStores
import Testing

@testable import Inventory

/// Random work on the shelves, with the invariants checked after every step.
@Suite(.onBothStores) struct ConservationTests {
    static let migrations = Journal.migrations + Inventory.migrations

    @Test("on hand is the sum of the movements, reserved the sum of active reservations", arguments: [1, 2, 3, 4, 5, 6])
    func conservation(seed: UInt64) async throws {
        let test = try await TestBook.make(migrations: Self.migrations, seed: seed)
        let random = RandomSource(seed: seed)
        let inventory = Inventory(maySplit: seed % 2 == 0)
        let world = test.book.world
        let variants: [VariantID] = (0..<4).map { _ in world.newID() }
        let locations = try await test.book.write("test") { tx in
            try (0..<3).map { try inventory.createLocation(code: "l\($0)", name: "", priority: Int64($0 % 2), in: tx) }
        }
        for step in 0..<300 {
            let deed = Deed(random, step: step, variants: variants, locations: locations, now: world.now())
            do {
                try await test.book.write("test") { try deed.run(inventory, in: $0) }
            } catch is InventoryError {
                // A refusal is as good as a deed here: it must change nothing either.
            }
            if case .wait(let duration) = deed { world.manualClock?.advance(by: duration) }
            try await check(test.book, "seed \(seed), step \(step), \(deed)")
        }
        await test.discard()
    }

    private func check(_ book: Book, _ context: Comment) async throws {
        try await book.read { reader in
            let stock = try reader.query("SELECT variant, location, on_hand, reserved FROM inventory_stock") {
                (Key(variant: try $0.get(0), location: try $0.get(1)), $0.int64(2), $0.int64(3))
            }
            var moved: [Key: Int64] = [:]
            try reader.forEach(
                "SELECT variant, location, CAST(SUM(quantity) AS BIGINT) FROM inventory_movements GROUP BY 1, 2"
            ) {
                moved[Key(variant: try $0.get(0), location: try $0.get(1))] = $0.int64(2)
            }
            var held: [Key: Int64] = [:]
            for line in try ReservationStorage.active(in: reader).flatMap(\.lines) {
                guard let location = line.location else { continue }
                held[Key(variant: line.variant, location: location), default: 0] += line.open
            }
            for (key, onHand, reserved) in stock {
                #expect(onHand == moved[key] ?? 0, context)
                #expect(reserved == held[key] ?? 0, context)
                #expect(onHand >= 0 && reserved >= 0, context)
            }
            #expect(Set(moved.keys).union(held.keys).isSubset(of: Set(stock.map(\.0))), context)
        }
    }

    private struct Key: Hashable {
        var variant: VariantID
        var location: LocationID
    }

    private enum Deed {
        case receive(StockLine, LocationID, String)
        case adjust(VariantID, Int64, LocationID, String)
        case count(StockCount, LocationID, String)
        case reserve([StockLine], String, Timestamp?)
        case keep(String)
        case release(String)
        case fulfil(String, [StockLine]?)
        case restock(StockLine, String)
        case expire
        case wait(Duration)

        init(_ random: RandomSource, step: Int, variants: [VariantID], locations: [LocationID], now: Timestamp) {
            func line() -> StockLine {
                StockLine(
                    variant: variants[random.integer(in: 0..<variants.count)],
                    quantity: Int64(random.integer(in: 1..<6)), tracked: random.integer(in: 0..<10) > 0,
                    backorder: random.integer(in: 0..<8) == 0)
            }
            let place = locations[random.integer(in: 0..<locations.count)]
            let reference = "order-\(random.integer(in: 0..<25))"
            switch random.integer(in: 0..<16) {
            case 0, 1: self = .receive(line(), place, "delivery-\(step)")
            case 2: self = .adjust(line().variant, Int64(random.integer(in: -4..<4)), place, "adjust-\(step)")
            case 3: self = .count(StockCount(variant: line().variant, onHand: line().quantity), place, "count-\(step)")
            case 4...8:
                let end = random.integer(in: 0..<2) == 0 ? nil : now.adding(.seconds(random.integer(in: 1..<100)))
                self = .reserve((0..<random.integer(in: 1..<4)).map { _ in line() }, reference, end)
            case 9: self = .keep(reference)
            case 10: self = .release(reference)
            case 11, 12: self = .fulfil(reference, random.integer(in: 0..<2) == 0 ? nil : [line()])
            case 13: self = .restock(line(), "return-\(random.integer(in: 0..<20))")
            case 14: self = .expire
            default: self = .wait(.seconds(random.integer(in: 1..<60)))
            }
        }

        func run(_ inventory: Inventory, in tx: Transaction) throws {
            switch self {
            case .receive(let line, let place, let reference):
                try inventory.restock([line], reason: .received, reference: reference, location: place, in: tx)
            case .adjust(let variant, let delta, let place, let reference):
                try inventory.adjust(
                    variant, by: delta, reason: .adjusted, reference: reference, location: place, in: tx)
            case .count(let count, let place, let reference):
                try inventory.count([count], reference: reference, location: place, in: tx)
            case .reserve(let lines, let reference, let end):
                try inventory.reserve(lines, reference: reference, expiresAt: end, in: tx)
            case .keep(let reference): try inventory.keep(reference: reference, in: tx)
            case .release(let reference): try inventory.release(reference: reference, in: tx)
            case .fulfil(let reference, let lines): try inventory.fulfil(reference: reference, lines: lines, in: tx)
            case .restock(let line, let reference): try inventory.restock([line], reference: reference, in: tx)
            case .expire: _ = try inventory.expireReservations(now: tx.now, in: tx)
            case .wait: break
            }
        }
    }
}
