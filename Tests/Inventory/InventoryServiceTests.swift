import Contract
import Inventory
import Runtime
import Store
import SwiftProtobuf
import TestStores
import Testing

/// The calls of the contract, as the gateway makes them.
@Suite(.onBothStores) struct InventoryServiceTests {
    private func context(_ shelf: Shelf, key: String? = nil) -> CallContext {
        CallContext(
            caller: Caller(subject: "key_1", tenant: "ten_1", scopes: ["*"], book: shelf.book),
            operation: Operation(
                name: "kontor.inventory.v1.Inventory/Test", capability: "inventory", summary: "", method: .post,
                path: "/", scope: "inventory:write",
                price: Price(meter: "m", tier: .standard, quotaScope: .tenant, ratePerSecond: 1, burst: 1),
                promise: Promise(p99Ms: 1, errorRatePpm: 1, throughputPerSecond: 1, deadlineMs: 1_000)),
            idempotencyKey: key, deadline: shelf.book.world.now().adding(.seconds(5)))
    }

    private func adjust(
        _ shelf: Shelf, _ reason: String, _ quantity: Int64 = 0, onHand: Int64? = nil, reference: String
    ) async throws -> V1VariantStock {
        try await shelf.inventory.adjustStock(
            .with {
                $0.variantID = "\(shelf.variant)"
                $0.reason = reason
                $0.quantity = quantity
                if let onHand { $0.onHand = onHand }
                $0.reference = reference
            }, context(shelf))
    }

    @Test("each reason moves stock its way, and the movements add up to what is on hand")
    func reasons() async throws {
        let shelf = try await Shelf()
        #expect(try await adjust(shelf, "received", 10, reference: "d-1").onHand == 10)
        #expect(try await adjust(shelf, "received", 10, reference: "d-1").onHand == 10)
        #expect(try await adjust(shelf, "damaged", 2, reference: "b-1").onHand == 8)
        #expect(try await adjust(shelf, "lost", 1, reference: "l-1").onHand == 7)
        #expect(try await adjust(shelf, "adjusted", -3, reference: "a-1").onHand == 4)
        #expect(try await adjust(shelf, "found", 1, reference: "f-1").onHand == 5)
        #expect(try await adjust(shelf, "counted", onHand: 9, reference: "c-1").onHand == 9)
        var quantities: [Int64] = []
        var token = ""
        repeat {
            let page = try await shelf.inventory.listMovements(
                .with {
                    $0.variantID = "\(shelf.variant)"
                    $0.pageSize = 2
                    $0.pageToken = token
                }, context(shelf))
            quantities += page.movements.map(\.quantity)
            token = page.nextPageToken
        } while !token.isEmpty
        #expect(quantities == [10, -2, -1, -3, 1, 4])
        await shelf.test.discard()
    }

    @Test("an adjustment whose reason and numbers do not fit is refused by its field")
    func misfits() async throws {
        let shelf = try await Shelf(onHand: 5)
        for (reason, quantity, onHand) in [
            ("sold", 1, nil), ("stolen", 1, nil), ("counted", 1, nil), ("counted", 1, 2), ("received", -1, nil),
            ("damaged", -1, nil), ("adjusted", 0, nil), ("received", 1, 3), ("counted", 0, -1)
        ] as [(String, Int64, Int64?)] {
            let refused = try await refusal {
                _ = try await adjust(shelf, reason, quantity, onHand: onHand, reference: "r")
            }
            #expect(refused == .invalidLine, "\(reason) \(quantity)")
        }
        #expect(try await shelf.level().onHand == 5)
        await shelf.test.discard()
    }

    @Test("stock and reservations are read over the wire, by place and by page")
    func reading() async throws {
        let shelf = try await Shelf(onHand: 5)
        let second = try await shelf.inventory.createLocation(
            .with {
                $0.code = "berlin"
                $0.priority = 5
            }, context(shelf))
        let id = try #require(LocationID(second.locationID))
        let line = StockLine(variant: shelf.variant, quantity: 3)
        try await shelf.write { try $0.restock([line], reason: .received, reference: "d-2", location: id, in: $1) }
        try await shelf.reserve(7, "order-1")
        let stock = try await shelf.inventory.getStock(.with { $0.variantID = "\(shelf.variant)" }, context(shelf))
        #expect(stock.onHand == 8 && stock.reserved == 7 && stock.available == 1)
        #expect(stock.levels.map(\.reserved) == [5, 2])
        let reservation = try await shelf.inventory.getReservation(.with { $0.reference = "order-1" }, context(shelf))
        #expect(reservation.state == "held" && reservation.lines.map(\.quantity) == [5, 2])
        let all = try await shelf.inventory.listStock(.with { $0.pageSize = 1 }, context(shelf))
        #expect(all.stock == [stock] && all.nextPageToken.isEmpty)
        #expect(
            try await shelf.inventory.listLocations(.init(), context(shelf)).locations.map(\.code) == ["main", "berlin"]
        )
        let missing = try await refusal {
            _ = try await shelf.inventory.getReservation(.with { $0.reference = "order-9" }, context(shelf))
        }
        #expect(missing == .unknownReservation)
        let twice = try await refusal {
            _ = try await shelf.inventory.createLocation(.with { $0.code = "berlin" }, context(shelf))
        }
        #expect(twice == .locationExists)
        await shelf.test.discard()
    }
}
