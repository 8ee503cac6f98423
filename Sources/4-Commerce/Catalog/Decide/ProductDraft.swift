import Contract
import Money

/// Whether a product is on the shelf.
public enum ProductStatus: String, Sendable, CaseIterable {
    case draft, published, archived
}

/// All that a person says about a product: what is compared, checked and written. No identity, version or time.
struct ProductDraft: Hashable, Sendable {
    var handle = ""
    var title = ""
    var descriptionHTML = ""
    var vendor = ""
    /// A path from the root: "Home/Kitchen".
    var category = ""
    /// Handles, sorted.
    var collections: [String] = []
    var tags: [String] = []
    var status = ProductStatus.draft
    var taxCategory = "standard"
    var giftCard = false
    var seoTitle = ""
    var seoDescription = ""
    var optionNames: [String] = []
    var variants: [VariantDraft] = []
    /// In their order; the first is position 1.
    var images: [ImageDraft] = []
    var attributes: [String: String] = [:]

    /// The options with their values in the order of their first use.
    var options: [(name: String, values: [String])] {
        optionNames.enumerated().map { index, name in
            var values: [String] = []
            for variant in variants where index < variant.optionValues.count {
                if !values.contains(variant.optionValues[index]) { values.append(variant.optionValues[index]) }
            }
            return (name, values)
        }
    }
}

struct VariantDraft: Hashable, Sendable {
    /// Nil for a variant that is not written yet.
    var id: VariantID?
    var sku = ""
    var optionValues: [String] = []
    var price: Amount
    var compareAtPrice: Amount?
    var costPrice: Amount?
    var barcode = ""
    var weightGrams: Int64 = 0
    var requiresShipping = true
    var taxable = true
    var tracked = true
    var backorder = false
    var imageURL = ""
    /// Empty: the product's.
    var taxCategory = ""
    var attributes: [String: String] = [:]

    var title: String { optionValues.joined(separator: " / ") }
}

struct ImageDraft: Hashable, Sendable {
    var url: String
    var alt: String
}
