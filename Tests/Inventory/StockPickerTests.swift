import Contract
import Runtime
import Testing

@testable import Inventory

@Suite struct StockPickerTests {
    let world = World.simulated(seed: 7)

    @Test("one place that holds every line is chosen before nearer places that hold a part")
    func onePlace() throws {
        let (a, b): (VariantID, VariantID) = (world.newID(), world.newID())
        let (near, far): (LocationID, LocationID) = (world.newID(), world.newID())
        let picker = StockPicker(
            shelves: [
                a: [.init(location: near, available: 5), .init(location: far, available: 5)],
                b: [.init(location: far, available: 5)]
            ], fallback: nil, maySplit: true)
        let portions = try picker.pick([StockLine(variant: a, quantity: 2), StockLine(variant: b, quantity: 1)])
        #expect(portions.map(\.location) == [far, far])
    }

    @Test("without such a place each line takes the first that holds it, and at last a line is spread")
    func spread() throws {
        let (a, b): (VariantID, VariantID) = (world.newID(), world.newID())
        let (near, far): (LocationID, LocationID) = (world.newID(), world.newID())
        let picker = StockPicker(
            shelves: [
                a: [.init(location: near, available: 2), .init(location: far, available: 3)],
                b: [.init(location: near, available: 1)]
            ], fallback: nil, maySplit: true)
        let portions = try picker.pick([StockLine(variant: a, quantity: 4), StockLine(variant: b, quantity: 1)])
        #expect(portions.map(\.location) == [near, far, near])
        #expect(portions.map(\.quantity) == [2, 2, 1])
    }

    @Test("where splitting is not allowed, two places are refused")
    func noSplit() throws {
        let a: VariantID = world.newID()
        let (near, far): (LocationID, LocationID) = (world.newID(), world.newID())
        let picker = StockPicker(
            shelves: [a: [.init(location: near, available: 2), .init(location: far, available: 3)]], fallback: nil,
            maySplit: false)
        #expect(try picker.pick([StockLine(variant: a, quantity: 3)]).map(\.location) == [far])
        #expect(throws: InventoryError.self) { try picker.pick([StockLine(variant: a, quantity: 4)]) }
    }
}
