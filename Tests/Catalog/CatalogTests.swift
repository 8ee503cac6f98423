import Contract
import Journal
import Money
import Runtime
import Store
import TestStores
import Testing

@testable import Catalog

@Suite(.onBothStores) struct CatalogTests {
    private func pot(_ handle: String = "pot", title: String = "Clay Pot", skus: [String] = ["P-S", "P-L"])
        -> ProductDraft
    {
        var draft = ProductDraft()
        draft.handle = handle
        draft.title = title
        draft.status = .published
        draft.optionNames = ["Size"]
        draft.category = "Home/Garden"
        draft.tags = ["clay"]
        draft.variants = skus.enumerated().map { index, sku in
            var variant = VariantDraft(price: Amount(minor: Int64(1_000 + index), .eur))
            variant.optionValues = ["size \(index)"]
            variant.sku = sku
            return variant
        }
        return draft
    }

    @Test("a product reads back as it was written, whole")
    func roundTrip() async throws {
        let shop = try await Shop()
        var draft = pot()
        draft.images = [ImageDraft(url: "https://x.test/1.jpg", alt: "a pot")]
        draft.attributes = ["Material": "clay"]
        draft.variants[1].attributes = ["Glaze": "none"]
        draft.variants[1].costPrice = Amount(minor: 300, .eur)
        let wanted = draft
        let stored = try await shop.book.write("test") { try ProductWriter.create(wanted, in: $0) }
        #expect(try await shop.product("pot") == stored)
        #expect(stored.version == 1 && stored.draft.variants.allSatisfy { $0.id != nil })
        await shop.test.discard()
    }

    @Test("an update keeps the ids of its variants, retires those it leaves out, and lets SKUs swap")
    func update() async throws {
        let shop = try await Shop()
        let draft = pot(skus: ["A", "B", "C"])
        let before = try await shop.book.write("test") { try ProductWriter.create(draft, in: $0) }
        var next = before.draft
        next.variants.removeLast()
        next.variants[0].sku = "B"
        next.variants[1].sku = "A"
        let wanted = next
        let after = try await shop.book.write("test") { try ProductWriter.update(before, to: wanted, in: $0) }
        #expect(after.version == 2 && after.draft.variants.map(\.id) == before.draft.variants.prefix(2).map(\.id))
        #expect(try await shop.product("pot") == after)
        let retired = try #require(before.draft.variants[2].id)
        let snapshot = try await shop.book.read { try Catalog().variant(retired, reader: $0) }
        #expect(!snapshot.sellable)
        // The retired variant's SKU is free again.
        let other = pot("other", skus: ["C"])
        _ = try await shop.book.write("test") { try ProductWriter.create(other, in: $0) }
        await shop.test.discard()
    }

    @Test("handles and SKUs are unique, and a refused product leaves nothing")
    func unique() async throws {
        let shop = try await Shop()
        let (first, sameHandle, sameSKU) = (pot(), pot(skus: ["X"]), pot("other"))
        _ = try await shop.book.write("test") { try ProductWriter.create(first, in: $0) }
        for (draft, code) in [(sameHandle, CatalogError.Code.handleTaken), (sameSKU, .skuTaken)] {
            await #expect {
                _ = try await shop.book.write("test") { try ProductWriter.create(draft, in: $0) }
            } throws: { ($0 as? CatalogError)?.code == code }
        }
        #expect(try await shop.products().count == 1)
        await shop.test.discard()
    }

    @Test("words, beginnings of words, SKUs and Chinese are found; drafts and archived products are not")
    func search() async throws {
        let shop = try await Shop()
        var chinese = pot("tea", title: "青花瓷茶壶", skus: ["T-1"])
        chinese.descriptionHTML = "<p>景德镇手工</p>"
        chinese.tags = []
        var hidden = pot("hidden", title: "Hidden Pot", skus: ["H-1"])
        hidden.status = .draft
        let drafts = [pot(), chinese, hidden, pot("old", title: "Old Pot", skus: ["O-1"])]
        try await shop.book.write("test") { tx in
            for draft in drafts { _ = try ProductWriter.create(draft, in: tx) }
            guard let old = try ProductStorage.find(handle: "old", in: tx) else { return }
            _ = try ProductWriter.archive(old, in: tx)
        }
        for (words, handles) in [
            ("pot", ["pot"]), ("cla", ["pot"]), ("POT clay", ["pot"]), ("茶壶", ["tea"]), ("景德镇", ["tea"]),
            ("T-1", ["tea"]), ("nothing", []), ("\"*(", [])
        ] {
            let found = try await shop.book.read { reader in
                let ids = try ProductQueries.search(words, limit: 10, in: reader)
                return try ProductStorage.load(ids, in: reader).map(\.draft.handle)
            }
            #expect(found == handles, "search for \(words)")
        }
        await shop.test.discard()
    }

    @Test("a page ends where the next begins, and filters narrow")
    func pages() async throws {
        let shop = try await Shop()
        let drafts = (0..<25).map { number in
            var draft = pot("p-\(number)", skus: ["S-\(number)"])
            draft.category = number < 5 ? "Home" : number < 10 ? "Homeware" : "Home/Garden"
            return draft
        }
        try await shop.book.write("test") { tx in
            for draft in drafts { _ = try ProductWriter.create(draft, in: tx) }
        }
        let walked = try await shop.book.read { reader in
            var all: [ProductID] = []
            while true {
                let page = try ProductQueries.ids(.init(), after: all.last, limit: 7, in: reader)
                if page.isEmpty { return all }
                all += page
            }
        }
        #expect(walked.count == 25 && Set(walked).count == 25)
        let home = try await shop.book.read {
            try ProductQueries.ids(.init(category: "Home"), after: nil, limit: 100, in: $0)
        }
        #expect(home.count == 20)
        let tree = try await shop.book.read { try ProductQueries.categories(in: $0) }
        #expect(tree.map(\.path) == ["Home", "Home/Garden", "Homeware"] && tree.map(\.products) == [20, 15, 5])
        await shop.test.discard()
    }

    @Test("an archived product takes no changes")
    func archived() async throws {
        let shop = try await Shop()
        let draft = pot()
        let stored = try await shop.book.write("test") { tx in
            try ProductWriter.archive(try ProductWriter.create(draft, in: tx), in: tx)
        }
        var next = stored.draft
        next.title = "New"
        let wanted = next
        await #expect {
            _ = try await shop.book.write("test") { try ProductWriter.update(stored, to: wanted, in: $0) }
        } throws: { ($0 as? CatalogError)?.code == .archived }
        await shop.test.discard()
    }

    @Test("each rule of a product names its field", arguments: ["handle", "title", "variants", "images[0].url", "tags"])
    func rules(field: String) {
        var draft = pot()
        switch field {
        case "handle": draft.handle = "with space"
        case "title": draft.title = ""
        case "variants": draft.variants = []
        case "images[0].url": draft.images = [ImageDraft(url: "javascript:alert(1)", alt: "")]
        default: draft.tags = ["a", "a"]
        }
        #expect {
            try ProductRules.check(draft)
        } throws: { ($0 as? CatalogError)?.field == field }
    }
}
