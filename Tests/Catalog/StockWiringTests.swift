import Contract
import Inventory
import Journal
import Money
import Runtime
import Store
import TestStores
import Testing

@testable import Catalog

/// Catalogue and stock room as the wiring connects them.
@Suite(.onBothStores) struct StockWiringTests {
    private static let text = """
        URL handle,Title,Option1 name,Option1 value,SKU,Price,Inventory tracker,Inventory quantity,Collection
        tea,Tea,Size,100 g,T-1,4.50,shopify,3,Hot Drinks
        tea,,,250 g,T-2,9.90,shopify,0,
        cup,Cup,,,C-1,7.00,,12,
        """

    @Test("quantities of a file, here in Shopify's newer columns, are on the shelf; importing again sells nothing back")
    func wiring() async throws {
        let test = try await TestBook.make(
            migrations: Journal.migrations + Catalog.migrations + Inventory.migrations, seed: 3)
        let (catalog, inventory) = (Catalog(), Inventory())
        let job = CatalogImport(
            .init(currency: .eur),
            onStock: { stock, tx in
                try inventory.count(
                    stock.map { StockCount(variant: $0.variant, onHand: $0.quantity) }, reference: "import", in: tx)
            })
        let source = ImportSource.bytes(Array(Self.text.utf8))
        let report = try await job.run(source, into: test.book)
        #expect(report.productsCreated == 2 && report.variants == 3 && report.stockSet == 3 && report.refusals.isEmpty)
        let ids = try await test.book.read { try catalog.sellableVariants(limit: 10, reader: $0) }
        let snapshots = try await test.book.read { try catalog.sellable(ids, reader: $0) }
        #expect(ids.map { snapshots[$0]?.title } == ["Tea – 100 g", "Tea – 250 g", "Cup"])
        #expect(ids.map { snapshots[$0]?.tracked } == [true, true, false])
        #expect(try await onHand(ids, inventory, test.book) == [3, 0, 12])

        let line = StockLine(variant: ids[0], quantity: 2)
        try await test.book.write("test") { tx in
            try inventory.reserve([line], reference: "order-1", expiresAt: nil, in: tx)
            try inventory.fulfil(reference: "order-1", in: tx)
        }
        let again = try await job.run(source, into: test.book)
        #expect(again.productsUnchanged == 2 && again.stockSet == 0)
        #expect(try await onHand(ids, inventory, test.book) == [1, 0, 12])

        let counted = Self.text.replacing("shopify,3", with: "shopify,8")
        #expect(try await job.run(.bytes(Array(counted.utf8)), into: test.book).stockSet == 1)
        #expect(try await onHand(ids, inventory, test.book) == [8, 0, 12])
        await test.discard()
    }

    private func onHand(_ ids: [VariantID], _ inventory: Inventory, _ book: Book) async throws -> [Int64?] {
        let levels = try await book.read { try inventory.levels(of: ids, reader: $0) }
        return ids.map { levels[$0]?.onHand }
    }
}
