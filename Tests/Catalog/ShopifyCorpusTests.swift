import Foundation
import Money
import TestStores
import Testing

@testable import Catalog

/// Shopify's public sample files: everything in them is counted here once more, by other means, and compared.
@Suite(.onBothStores) struct ShopifyCorpusTests {
    static let folder = ProcessInfo.processInfo.environment["KONTOR_CORPUS"] ?? "../shared/corpus"
    static let files = ["shopify-apparel.csv", "shopify-home-and-garden.csv"]
    static var isThere: Bool { FileManager.default.fileExists(atPath: folder + "/commerce/" + files[0]) }

    @Test(
        "no row, variant, image, price or quantity of the sample is missing",
        .enabled(if: isThere, "the corpus folder is absent; set KONTOR_CORPUS"), arguments: files)
    func complete(file: String) async throws {
        let path = Self.folder + "/commerce/" + file
        let rows = try Self.rows(path)
        let shop = try await Shop()
        let report = try await shop.load(.file(path))
        #expect(report.refusals.isEmpty && report.rowsRefused == 0)
        #expect(report.rowsIn == rows.count)
        let products = Dictionary(uniqueKeysWithValues: try await shop.products().map { ($0.draft.handle, $0) })
        #expect(products.count == Set(rows.map { $0["Handle"] }).count && report.productsCreated == products.count)
        #expect(report.variants == products.values.reduce(0) { $0 + $1.draft.variants.count })
        #expect(report.images == rows.count { $0["Image Src"] != "" })
        for row in rows {
            let product = try #require(products[row["Handle"] ?? ""])
            if row["Title"] != "" { try expectProduct(product, row) }
            try expectVariant(product, row, stock: shop)
            if let url = row["Image Src"], url != "" { #expect(product.draft.images.contains { $0.url == url }) }
        }
        let again = try await shop.load(.file(path))
        #expect(again.productsUnchanged == products.count && again.stockSet == 0)
        await shop.test.discard()
    }

    private func expectProduct(_ product: StoredProduct, _ row: [String: String]) throws {
        let draft = product.draft
        #expect(draft.title == row["Title"] && draft.vendor == row["Vendor"] && draft.category == row["Type"])
        #expect(draft.descriptionHTML == row["Body (HTML)"]?.trimmingCharacters(in: .whitespaces))
        let tags = (row["Tags"] ?? "").split(separator: ",").map { $0.trimmingCharacters(in: .whitespaces) }
        #expect(draft.tags == tags && draft.status == .published)
    }

    private func expectVariant(_ product: StoredProduct, _ row: [String: String], stock: Shop) throws {
        let value = row["Option1 Value"] == "Default Title" ? "" : row["Option1 Value"]
        let variant = try #require(product.draft.variants.first { $0.title == value })
        #expect(variant.price == (try .init(decimalText: row["Variant Price"] ?? "", currency: .eur)))
        let compare = row["Variant Compare At Price"] ?? ""
        #expect(variant.compareAtPrice == (compare.isEmpty ? nil : try .init(decimalText: compare, currency: .eur)))
        #expect(variant.tracked == (row["Variant Inventory Tracker"] != ""))
        #expect(variant.weightGrams == Int64(row["Variant Grams"] ?? ""))
        #expect(variant.attributes["Variant Weight Unit"] == row["Variant Weight Unit"])
        #expect(variant.attributes["Variant Fulfillment Service"] == row["Variant Fulfillment Service"])
        #expect(stock.stock.all[try #require(variant.id)] == Int64(row["Variant Inventory Qty"] ?? ""))
    }

    /// The samples have no line end inside a field, so a simple splitter serves as the second opinion.
    private static func rows(_ path: String) throws -> [[String: String]] {
        let lines = try String(contentsOfFile: path, encoding: .utf8).split(whereSeparator: \.isNewline).map(fields)
        return lines.dropFirst().map { Dictionary(uniqueKeysWithValues: zip(lines[0], $0)) }
    }

    private static func fields(_ line: Substring) -> [String] {
        var fields = [""]
        var quoted = false
        for character in line {
            switch character {
            case "\"": quoted.toggle()
            case "," where !quoted: fields.append("")
            default: fields[fields.count - 1].append(character)
            }
        }
        return fields
    }
}
