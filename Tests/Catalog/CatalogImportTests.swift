import Contract
import Journal
import Money
import Runtime
import Store
import Synchronization
import TestStores
import Testing

@testable import Catalog

/// A book with the catalogue's tables, and a stock room that only remembers.
struct Shop {
    let test: TestBook
    let stock = StockNotes()

    var book: Book { test.book }

    init(seed: UInt64 = 1) async throws {
        test = try await TestBook.make(migrations: Journal.migrations + Catalog.migrations, seed: seed)
    }

    func load(_ text: String, change: (inout CatalogImport.Options) -> Void = { _ in }) async throws -> ImportReport {
        try await load(.bytes(Array(text.utf8)), change: change)
    }

    func load(
        _ source: ImportSource, change: (inout CatalogImport.Options) -> Void = { _ in }
    ) async throws -> ImportReport {
        var options = CatalogImport.Options(currency: .eur)
        change(&options)
        let stock = stock
        return try await CatalogImport(options, onStock: { lines, _ in stock.set(lines) }).run(source, into: book)
    }

    func product(_ handle: String) async throws -> StoredProduct? {
        try await book.read { try ProductStorage.find(handle: handle, in: $0) }
    }

    func products() async throws -> [StoredProduct] {
        try await book.read { reader in
            let ids = try ProductQueries.ids(.init(), after: nil, limit: 10_000, in: reader)
            return try ProductStorage.load(ids, in: reader)
        }
    }

    final class StockNotes: Sendable {
        private let lines = Mutex<[VariantID: Int64]>([:])
        func set(_ changes: [ImportedStock]) {
            lines.withLock { lines in
                for change in changes { lines[change.variant] = change.quantity }
            }
        }
        var all: [VariantID: Int64] { lines.withLock { $0 } }
    }
}

private let header = """
    Handle,Title,Body (HTML),Vendor,Type,Tags,Published,Option1 Name,Option1 Value,Variant SKU,Variant Grams,\
    Variant Inventory Tracker,Variant Inventory Qty,Variant Inventory Policy,Variant Price,Variant Compare At Price,\
    Variant Requires Shipping,Variant Taxable,Image Src,Image Position,Image Alt Text,Gift Card,SEO Title,\
    Google Shopping / Gender,Variant Image,Variant Weight Unit,Cost per item,Status

    """

/// One row of the file above, from the few cells a test cares for.
private func row(
    _ handle: String, title: String = "", option: String = "", value: String = "", sku: String = "",
    quantity: String = "", price: String = "", image: String = "", position: String = "", grams: String = "0",
    tracker: String = "shopify", cost: String = "", compareAt: String = "", gender: String = ""
) -> String {
    "\(handle),\(title),<p>text</p>,Acme,Home,\"a, b\",true,\(option),\(value),\(sku),\(grams),\(tracker),"
        + "\(quantity),deny,"
        + "\(price),\(compareAt),true,true,\(image),\(position),alt,false,seo,\(gender),,kg,\(cost),active\n"
}

@Suite(.onBothStores) struct CatalogImportTests {
    @Test("variants, images on rows of their own, prices, stock and unknown columns all come in")
    func everything() async throws {
        let shop = try await Shop()
        let report = try await shop.load(
            header
                + row(
                    "pot", title: "Pot", option: "Size", value: "S", sku: "P-S", quantity: "3", price: "9.99",
                    image: "https://x.test/2.jpg", position: "2", grams: "250.6", cost: "4.5", compareAt: "12",
                    gender: "Unisex")
                + row("pot", value: "L", sku: "P-L", quantity: "0", price: "15", tracker: "")
                + row("pot", image: "https://x.test/1.jpg", position: "1"))
        #expect(report.rowsIn == 3)
        #expect(report.productsCreated == 1 && report.variants == 2 && report.images == 2 && report.stockSet == 2)
        #expect(report.refusals.isEmpty)
        #expect(report.attributeColumns.contains("Google Shopping / Gender"))
        let pot = try #require(try await shop.product("pot"))
        #expect(pot.draft.images.map(\.url) == ["https://x.test/1.jpg", "https://x.test/2.jpg"])
        #expect(pot.draft.optionNames == ["Size"])
        #expect(pot.draft.tags == ["a", "b"] && pot.draft.category == "Home" && pot.draft.status == .published)
        #expect(pot.draft.attributes == ["Google Shopping / Gender": "Unisex"])
        let small = pot.draft.variants[0]
        #expect(small.price.minor == 999 && small.compareAtPrice?.minor == 1_200 && small.costPrice?.minor == 450)
        #expect(small.weightGrams == 251 && small.attributes["Variant Grams"] == "250.6")
        #expect(small.tracked && !pot.draft.variants[1].tracked)
        let id = try #require(small.id)
        #expect(shop.stock.all[id] == 3)
        let snapshot = try await shop.book.read { try Catalog().variant(id, reader: $0) }
        #expect(snapshot.title == "Pot – S" && snapshot.cost?.minor == 450 && snapshot.sellable)
        await shop.test.discard()
    }

    @Test("the same file again changes nothing; a changed price changes one product")
    func idempotent() async throws {
        let shop = try await Shop()
        let first = row("pot", title: "Pot", price: "9.99", image: "https://x.test/1.jpg")
        let text = header + first + row("cup", title: "Cup", quantity: "4", price: "3")
        _ = try await shop.load(text)
        let before = try await shop.products()
        let again = try await shop.load(text)
        #expect(
            again.productsUnchanged == 2 && again.productsCreated + again.productsUpdated == 0 && again.stockSet == 0)
        #expect(try await shop.products() == before)
        let changed = try await shop.load(text.replacing("9.99", with: "8.99"))
        #expect(changed.productsUpdated == 1 && changed.productsUnchanged == 1)
        let pot = try #require(try await shop.product("pot"))
        #expect(pot.version == 2 && pot.draft.variants[0].price.minor == 899)
        #expect(pot.draft.variants[0].id == before[0].draft.variants[0].id)
        await shop.test.discard()
    }

    @Test(
        "a bad cell refuses its whole product, every row of it is named, and its neighbours come in",
        arguments: [
            ("-1", "Variant Price", "must not be negative"),
            ("9.999", "Variant Price", ""),
            ("1,00", "Variant Price", ""),
            ("free", "Variant Price", ""),
            ("99999999999999999999", "Variant Price", ""),
            ("", "Variant Price", "must not be empty for a new variant")
        ])
    func badPrice(price: String, column: String, rule: String) async throws {
        let shop = try await Shop()
        let report = try await shop.load(
            header + row("good", title: "Good", price: "1")
                + row("bad", title: "Bad", option: "Size", value: "S", price: "5")
                + row("bad", value: "L", price: "\"\(price)\"")
                + row("fine", title: "Fine", price: "2"))
        #expect(report.productsCreated == 2 && report.productsRefused == 1 && report.rowsRefused == 2)
        let cause = try #require(report.refusals.first)
        #expect(cause.line == 4 && cause.handle == "bad" && cause.column == column)
        #expect(cause.value == price)
        #expect(rule.isEmpty ? !cause.rule.isEmpty : cause.rule == rule)
        #expect(Set(report.refusals.map(\.line)) == [3, 4])
        #expect(try await shop.product("bad") == nil)
        await shop.test.discard()
    }

    @Test("a SKU stands once: inside a product, across the file and in the catalogue")
    func duplicateSKU() async throws {
        let shop = try await Shop()
        let report = try await shop.load(
            header + row("one", title: "One", sku: "A-1", price: "1")
                + row("two", title: "Two", sku: "A-1", price: "2")
                + row("three", title: "Three", option: "Size", value: "S", sku: "B-1", price: "3")
                + row("three", value: "L", sku: "B-1", price: "3"))
        #expect(report.productsCreated == 1 && report.productsRefused == 2)
        #expect(report.refusals.contains { $0.line == 3 && $0.column == "Variant SKU" && $0.value == "A-1" })
        #expect(report.refusals.contains { $0.line == 5 && $0.column == "Variant SKU" && $0.value == "B-1" })
        await shop.test.discard()
    }

    @Test("uneven rows, repeated options and handles in two places are refused by name")
    func shape() async throws {
        let shop = try await Shop()
        let report = try await shop.load(
            header + "short,Short\n"
                + row("twice", title: "Twice", option: "Size", value: "S", price: "1")
                + row("twice", value: "S", price: "1")
                + row("far", title: "Far", price: "1") + row("between", title: "Between", price: "1")
                + row("far", price: "1") + row("", title: "Nameless", price: "1"))
        #expect(report.productsCreated == 1)
        #expect(report.rowsIn == 7 && report.rowsRefused == 6)
        #expect(Set(report.refusals.map(\.line)) == [2, 3, 4, 5, 7, 8])
        #expect(try await shop.products().map(\.draft.handle) == ["between"])
        await shop.test.discard()
    }

    @Test(
        "a file that is not CSV to its end is refused before its first product is written",
        arguments: ["x,\"open\n", "x\u{0},y\n", "\"x\"y,z\n"])
    func notCSV(tail: String) async throws {
        let shop = try await Shop()
        await #expect {
            _ = try await shop.load(header + row("pot", title: "Pot", price: "1") + tail)
        } throws: { error in
            guard let error = error as? CatalogError else { return false }
            return error.code == .malformedFile && error.description.contains("line 3")
        }
        #expect(try await shop.products().isEmpty)
        await shop.test.discard()
    }

    @Test("wrong encoding, a giant line, an empty file and a file of another kind are refused")
    func otherFiles() async throws {
        let shop = try await Shop()
        let latin = Array(header.utf8) + Array("caf".utf8) + [0xE9, 0x0A]
        let giant = Array(header.utf8) + [UInt8](repeating: 0x61, count: 2 << 20)
        for bytes in [latin, giant, [], Array("Date,Amount\n1,2\n".utf8), Array("Handle,Handle\n".utf8)] {
            await #expect {
                _ = try await shop.load(.bytes(bytes))
            } throws: { ($0 as? CatalogError)?.code == .malformedFile }
        }
        await #expect {
            _ = try await shop.load(.file("/nowhere/products.csv"))
        } throws: { ($0 as? CatalogError)?.code == .unreadableFile }
        #expect(try await shop.products().isEmpty)
        await shop.test.discard()
    }

    @Test("what a later file does not name stays, and the report says so")
    func omissions() async throws {
        let shop = try await Shop()
        _ = try await shop.load(
            header + row("pot", title: "Pot", option: "Size", value: "S", price: "1", image: "https://x.test/1.jpg")
                + row("pot", value: "L", price: "2"))
        let report = try await shop.load(
            header + row("pot", title: "Pot", option: "Size", value: "S", price: "1", image: "https://x.test/2.jpg"))
        #expect(report.notes.count == 2)
        let pot = try #require(try await shop.product("pot"))
        #expect(pot.draft.variants.map(\.title) == ["S", "L"] && pot.draft.images.count == 2)
        await shop.test.discard()
    }

    @Test("without a stock room the report says how many quantities stayed out")
    func noStockRoom() async throws {
        let shop = try await Shop()
        let text = header + row("pot", title: "Pot", quantity: "4", price: "1")
        let report = try await CatalogImport(.init(currency: .eur), onStock: nil)
            .run(.bytes(Array(text.utf8)), into: shop.book)
        #expect(report.notes.contains { $0.text.contains("1 quantities were left out") })
        await shop.test.discard()
    }

    @Test("whatever is in the cells, every row is in a product or in a refusal", arguments: UInt64(1)...6)
    func anyCells(seed: UInt64) async throws {
        let random = RandomSource(seed: seed)
        let cells = ["", "x", "-1", "1.5", "99999999999", "true", "https://x.test/a.jpg", "名", "  ", "1e3", "S"]
        func cell(_ usual: String) -> String {
            random.integer(in: 0..<30) == 0 ? cells[random.integer(in: 0..<cells.count)] : usual
        }
        let shop = try await Shop(seed: seed)
        var text = header
        let rows = 120
        for number in 0..<rows {
            let size = cell(number % 2 == 0 ? "S" : "L")
            text += row(
                "p\(number / 2)", title: cell("Title"), option: "Size", value: size, sku: cell("sku-\(number)"),
                quantity: cell("3"), price: cell("5"), image: cell("https://x.test/\(number).jpg"),
                position: cell("\(number % 2)"), grams: cell("10"), tracker: cell("shopify"), cost: cell("2.50"),
                compareAt: cell(""))
        }
        let report = try await shop.load(text)
        #expect(report.rowsIn == rows)
        let products = try await shop.products()
        #expect(products.count == report.productsCreated && products.count > 10, "seed \(seed)")
        #expect(report.productsRefused > 5, "seed \(seed)")
        #expect(Set(report.refusals.map(\.line)).count == report.rowsRefused, "seed \(seed)")
        #expect(report.variants == products.reduce(0) { $0 + $1.draft.variants.count }, "seed \(seed)")
        #expect(report.images == products.reduce(0) { $0 + $1.draft.images.count }, "seed \(seed)")
        #expect(try await shop.load(text).productsUnchanged == products.count, "seed \(seed)")
        #expect(try await shop.products() == products, "seed \(seed)")
        await shop.test.discard()
    }
}
