import Contract
import Inventory
import Journal
import Runtime
import Store
import TestStores
import Testing

/// A book with the stock room's tables and one variant on the shelf.
struct Shelf {
    let test: TestBook
    let inventory: Inventory
    let variant: VariantID

    var book: Book { test.book }

    init(onHand: Int64 = 0, maySplit: Bool = true, seed: UInt64 = 1) async throws {
        test = try await TestBook.make(migrations: Journal.migrations + Inventory.migrations, seed: seed)
        let room = Inventory(maySplit: maySplit)
        inventory = room
        variant = test.book.world.newID()
        if onHand > 0 { try await receive(onHand, reference: "delivery-1") }
    }

    func write<R: Sendable>(_ body: @escaping @Sendable (Inventory, Transaction) throws -> R) async throws -> R {
        let room = inventory
        return try await book.write("test") { try body(room, $0) }
    }

    func receive(_ quantity: Int64, reference: String) async throws {
        let line = StockLine(variant: variant, quantity: quantity)
        try await write { try $0.restock([line], reason: .received, reference: reference, in: $1) }
    }

    func reserve(_ quantity: Int64, _ reference: String, expiresAt: Timestamp? = nil) async throws {
        let line = StockLine(variant: variant, quantity: quantity)
        try await write { _ = try $0.reserve([line], reference: reference, expiresAt: expiresAt, in: $1) }
    }

    func level() async throws -> StockLevel {
        let room = inventory
        let variant = variant
        return try await book.read { try room.levels(of: [variant], reader: $0)[variant] }
            ?? StockLevel(onHand: 0, reserved: 0)
    }

    func state(_ reference: String) async throws -> Reservation.State? {
        let room = inventory
        return try await book.read { try room.reservation(reference, reader: $0)?.state }
    }
}

/// Runs `body` and returns the code of the refusal; nil when it was not refused.
func refusal(_ body: () async throws -> Void) async throws -> InventoryError.Code? {
    do {
        try await body()
        return nil
    } catch let error as InventoryError {
        return error.code
    }
}

@Suite(.onBothStores) struct InventoryTests {
    @Test("a reservation leaves what is on hand and lowers what is available")
    func reserve() async throws {
        let shelf = try await Shelf(onHand: 10)
        try await shelf.reserve(3, "order-1")
        #expect(try await shelf.level() == StockLevel(onHand: 10, reserved: 3))
        #expect(try await shelf.level().available == 7)
        await shelf.test.discard()
    }

    @Test("the same reservation again changes nothing, another under its reference is refused")
    func repeated() async throws {
        let shelf = try await Shelf(onHand: 10)
        try await shelf.reserve(3, "order-1")
        try await shelf.reserve(3, "order-1")
        #expect(try await shelf.level().reserved == 3)
        #expect(try await refusal { try await shelf.reserve(4, "order-1") } == .referenceReused)
        #expect(try await shelf.level().reserved == 3)
        await shelf.test.discard()
    }

    @Test("too little stock is refused with every shortage, and nothing is set aside")
    func shortage() async throws {
        let shelf = try await Shelf(onHand: 2)
        let other: VariantID = shelf.book.world.newID()
        let lines = [
            StockLine(variant: shelf.variant, quantity: 2), StockLine(variant: other, quantity: 1)
        ]
        await #expect {
            try await shelf.write { _ = try $0.reserve(lines, reference: "order-1", expiresAt: nil, in: $1) }
        } throws: { error in
            guard let error = error as? InventoryError else { return false }
            return error.code == .insufficientStock && error.shortages.map(\.variant) == [other]
                && error.shortages[0].available == 0 && error.problem.status == 409
        }
        #expect(try await shelf.level().reserved == 0)
        #expect(try await shelf.state("order-1") == nil)
        await shelf.test.discard()
    }

    @Test("a thousand concurrent reservations of the last unit sell it once")
    func lastUnit() async throws {
        let shelf = try await Shelf(onHand: 1)
        let won = await withTaskGroup(of: Bool.self) { group in
            for number in 0..<1_000 {
                group.addTask {
                    do {
                        try await shelf.reserve(1, "order-\(number)")
                        return true
                    } catch {
                        return false
                    }
                }
            }
            return await group.reduce(into: 0) { if $1 { $0 += 1 } }
        }
        #expect(won == 1)
        #expect(try await shelf.level() == StockLevel(onHand: 1, reserved: 1))
        await shelf.test.discard()
    }

    @Test("a refused neighbour in the same batch leaves no trace, before or after it wrote")
    func neighbours() async throws {
        struct Refused: Error {}
        let shelf = try await Shelf(onHand: 100)
        let (room, variant) = (shelf.inventory, shelf.variant)
        let kept = try await withThrowingTaskGroup(of: Int64.self) { group in
            for number in 0..<200 {
                group.addTask {
                    let lines = [StockLine(variant: variant, quantity: 1)]
                    do {
                        try await shelf.book.write("test") { tx in
                            _ = try room.reserve(lines, reference: "order-\(number)", expiresAt: nil, in: tx)
                            if number % 3 == 0 { throw Refused() }
                        }
                        return 1
                    } catch is Refused {
                        return 0
                    } catch is InventoryError {
                        return 0
                    }
                }
            }
            return try await group.reduce(0, +)
        }
        #expect(kept == 100)
        #expect(try await shelf.level() == StockLevel(onHand: 100, reserved: kept))
        await shelf.test.discard()
    }

    @Test("a command sees the stock that its neighbours and it itself moved before")
    func ownWrites() async throws {
        let shelf = try await Shelf(onHand: 5)
        let variant = shelf.variant
        let seen = try await shelf.write { room, tx in
            _ = try room.reserve([StockLine(variant: variant, quantity: 2)], reference: "o", expiresAt: nil, in: tx)
            try room.restock([StockLine(variant: variant, quantity: 4)], reference: "r", in: tx)
            return try room.levels(of: [variant], reader: tx)[variant]
        }
        #expect(seen == StockLevel(onHand: 9, reserved: 2))
        #expect(try await shelf.level() == StockLevel(onHand: 9, reserved: 2))
        await shelf.test.discard()
    }

    @Test("an expired reservation frees its stock, and tells it once")
    func expiry() async throws {
        let shelf = try await Shelf(onHand: 5)
        let clock = try #require(shelf.book.world.manualClock)
        try await shelf.reserve(5, "cart-1", expiresAt: shelf.book.world.now().adding(.seconds(60)))
        #expect(try await refusal { try await shelf.reserve(1, "cart-2") } == .insufficientStock)
        #expect(try await shelf.inventory.sweep(shelf.book) == 0)
        clock.advance(by: .seconds(61))
        #expect(try await shelf.inventory.sweep(shelf.book) == 1)
        #expect(try await shelf.inventory.sweep(shelf.book) == 0)
        #expect(try await shelf.level() == StockLevel(onHand: 5, reserved: 0))
        #expect(try await shelf.state("cart-1") == .expired)
        try await shelf.reserve(5, "cart-2")
        await shelf.test.discard()
    }

    @Test("a sweep ends more reservations than one batch holds")
    func manyExpire() async throws {
        let shelf = try await Shelf(onHand: 1_000)
        let clock = try #require(shelf.book.world.manualClock)
        let end = shelf.book.world.now().adding(.seconds(1))
        for number in 0..<(Inventory.sweepBatch * 2 + 1) {
            try await shelf.reserve(1, "cart-\(number)", expiresAt: end)
        }
        clock.advance(by: .seconds(1))
        #expect(try await shelf.inventory.sweep(shelf.book) == Inventory.sweepBatch * 2 + 1)
        #expect(try await shelf.level().reserved == 0)
        await shelf.test.discard()
    }

    @Test("a kept reservation does not expire; an expired one cannot be kept, but made again")
    func keep() async throws {
        let shelf = try await Shelf(onHand: 5)
        let clock = try #require(shelf.book.world.manualClock)
        let end = shelf.book.world.now().adding(.seconds(60))
        try await shelf.reserve(2, "order-1", expiresAt: end)
        try await shelf.reserve(2, "order-2", expiresAt: end)
        try await shelf.write { try $0.keep(reference: "order-1", in: $1) }
        try await shelf.write { try $0.keep(reference: "order-1", in: $1) }
        clock.advance(by: .seconds(61))
        #expect(try await shelf.inventory.sweep(shelf.book) == 1)
        #expect(try await shelf.level().reserved == 2)
        let refused = try await refusal { try await shelf.write { try $0.keep(reference: "order-2", in: $1) } }
        #expect(refused == .reservationEnded)
        try await shelf.reserve(2, "order-2")
        #expect(try await shelf.state("order-2") == .held)
        await shelf.test.discard()
    }

    @Test("a release gives back once, and a fulfilled reservation has nothing to release")
    func release() async throws {
        let shelf = try await Shelf(onHand: 5)
        try await shelf.reserve(2, "order-1")
        for _ in 0..<2 { try await shelf.write { try $0.release(reference: "order-1", in: $1) } }
        #expect(try await shelf.level() == StockLevel(onHand: 5, reserved: 0))
        try await shelf.reserve(2, "order-2")
        try await shelf.write { try $0.fulfil(reference: "order-2", in: $1) }
        let refused = try await refusal { try await shelf.write { try $0.release(reference: "order-2", in: $1) } }
        #expect(refused == .reservationEnded)
        let unknown = try await refusal { try await shelf.write { try $0.release(reference: "order-9", in: $1) } }
        #expect(unknown == .unknownReservation)
        await shelf.test.discard()
    }

    @Test("fulfilment in parts lowers reserved and on hand, each deed once, and never more than is held")
    func fulfil() async throws {
        let shelf = try await Shelf(onHand: 5)
        try await shelf.reserve(3, "order-1")
        let two = [StockLine(variant: shelf.variant, quantity: 2)]
        for _ in 0..<2 {
            try await shelf.write { try $0.fulfil(reference: "order-1", lines: two, deed: "ful-1", in: $1) }
        }
        #expect(try await shelf.level() == StockLevel(onHand: 3, reserved: 1))
        let refused = try await refusal {
            try await shelf.write { try $0.fulfil(reference: "order-1", lines: two, deed: "ful-2", in: $1) }
        }
        #expect(refused == .tooMuchFulfilled)
        try await shelf.write { try $0.fulfil(reference: "order-1", in: $1) }
        try await shelf.write { try $0.fulfil(reference: "order-1", in: $1) }
        #expect(try await shelf.level() == StockLevel(onHand: 2, reserved: 0))
        #expect(try await shelf.state("order-1") == .fulfilled)
        await shelf.test.discard()
    }

    @Test("a return comes back once under its reference, and another under it is refused")
    func restock() async throws {
        let shelf = try await Shelf(onHand: 5)
        let one = [StockLine(variant: shelf.variant, quantity: 1)]
        let two = [StockLine(variant: shelf.variant, quantity: 2)]
        for _ in 0..<2 { try await shelf.write { try $0.restock(one, reference: "return-1", in: $1) } }
        #expect(try await shelf.level().onHand == 6)
        let refused = try await refusal { try await shelf.write { try $0.restock(two, reference: "return-1", in: $1) } }
        #expect(refused == .referenceReused)
        try await shelf.write { try $0.restock(two, reference: "return-2", in: $1) }
        #expect(try await shelf.level().onHand == 8)
        await shelf.test.discard()
    }

    @Test("an untracked variant never runs out and moves nothing")
    func untracked() async throws {
        let shelf = try await Shelf()
        let line = StockLine(variant: shelf.variant, quantity: 1_000, tracked: false)
        try await shelf.write { _ = try $0.reserve([line], reference: "order-1", expiresAt: nil, in: $1) }
        try await shelf.write { try $0.fulfil(reference: "order-1", lines: [line], in: $1) }
        try await shelf.write { try $0.restock([line], reference: "return-1", in: $1) }
        #expect(try await shelf.level() == StockLevel(onHand: 0, reserved: 0))
        #expect(try await shelf.state("order-1") == .fulfilled)
        await shelf.test.discard()
    }

    @Test("a backorder promises what is not there, and leaves only when it has come")
    func backorder() async throws {
        let shelf = try await Shelf()
        let line = StockLine(variant: shelf.variant, quantity: 2, backorder: true)
        try await shelf.write { _ = try $0.reserve([line], reference: "order-1", expiresAt: nil, in: $1) }
        #expect(try await shelf.level().available == -2)
        let early = try await refusal { try await shelf.write { try $0.fulfil(reference: "order-1", in: $1) } }
        #expect(early == .notOnHand)
        try await shelf.receive(2, reference: "delivery-1")
        try await shelf.write { try $0.fulfil(reference: "order-1", in: $1) }
        #expect(try await shelf.level() == StockLevel(onHand: 0, reserved: 0))
        await shelf.test.discard()
    }

    @Test("a count makes the books say what is on the shelf, and damage never takes more than is there")
    func count() async throws {
        let shelf = try await Shelf(onHand: 5)
        let variant = shelf.variant
        let changed = try await shelf.write {
            try $0.count([StockCount(variant: variant, onHand: 3)], reference: "count-1", in: $1)
        }
        #expect(changed == [variant: -2])
        #expect(try await shelf.level().onHand == 3)
        let refused = try await refusal {
            try await shelf.write { try $0.adjust(variant, by: -4, reason: .damaged, reference: "broken-1", in: $1) }
        }
        #expect(refused == .notOnHand)
        #expect(try await shelf.level().onHand == 3)
        await shelf.test.discard()
    }

    @Test("quantities, references and places out of bounds are refused", arguments: [0, -1, 1_000_000_001])
    func bounds(quantity: Int64) async throws {
        let shelf = try await Shelf(onHand: 5)
        #expect(try await refusal { try await shelf.reserve(quantity, "order-1") } == .invalidLine)
        #expect(try await refusal { try await shelf.reserve(1, "") } == .invalidLine)
        #expect(try await refusal { try await shelf.reserve(1, String(repeating: "x", count: 129)) } == .invalidLine)
        let line = StockLine(variant: shelf.variant, quantity: 1)
        let nowhere: LocationID = shelf.book.world.newID()
        let refused = try await refusal {
            try await shelf.write { try $0.restock([line], reference: "return-1", location: nowhere, in: $1) }
        }
        #expect(refused == .unknownLocation)
        await shelf.test.discard()
    }
}
