import Contract
import Money

/// What a product must fulfil before it is written. Each refusal names the field, its value and the rule.
enum ProductRules {
    static let mostOptions = 3
    static let mostVariants = 2_048
    static let mostImages = 250
    static let mostTags = 250
    static let mostAttributes = 250
    static let longestName = 255
    static let longestText = 512 * 1_024
    static let longestURL = 2_048
    /// In minor units: a hundred thousand million euros. Thousands of lines of it still fit into 64 bits.
    static let largestPrice: Int64 = 10_000_000_000_000
    /// A thousand tonnes.
    static let largestWeight: Int64 = 1_000_000_000

    static func check(_ draft: ProductDraft) throws(CatalogError) {
        try handle(draft.handle, field: "handle")
        guard !draft.title.isEmpty else { throw .invalid("title", "", "must not be empty") }
        for (field, text) in [
            ("title", draft.title), ("vendor", draft.vendor), ("category", draft.category),
            ("tax_category", draft.taxCategory), ("seo_title", draft.seoTitle)
        ] {
            try name(text, field: field)
        }
        for (field, text) in [("description_html", draft.descriptionHTML), ("seo_description", draft.seoDescription)] {
            guard text.utf8.count <= longestText else {
                throw .invalid(field, text, "must have at most \(longestText) bytes")
            }
            try noControl(text, field: field)
        }
        try category(draft.category)
        try few(draft.tags, most: mostTags, field: "tags")
        try few(draft.collections, most: mostTags, field: "collections")
        try options(draft)
        try images(draft)
        try attributes(draft.attributes, field: "attributes")
        try variants(draft)
    }

    /// A handle stands in addresses: letters and digits of any script, `-`, `_` and `.`.
    static func handle(_ handle: String, field: String) throws(CatalogError) {
        let fits = handle.allSatisfy { $0.isLetter || $0.isNumber || $0 == "-" || $0 == "_" || $0 == "." }
        guard fits, !handle.isEmpty, handle.count <= longestName else {
            throw .invalid(field, handle, "must be 1 to \(longestName) letters, digits, \"-\", \"_\" or \".\"")
        }
    }

    /// The handle a title suggests: "Clay Plant Pot" → "clay-plant-pot".
    static func handle(from title: String) -> String {
        let parts = title.lowercased().split { !($0.isLetter || $0.isNumber) }
        return String(parts.joined(separator: "-").prefix(longestName))
    }

    private static func variants(_ draft: ProductDraft) throws(CatalogError) {
        guard (1...mostVariants).contains(draft.variants.count) else {
            throw .invalid("variants", "\(draft.variants.count)", "must be 1 to \(mostVariants)")
        }
        var skus: Set<String> = []
        var choices: Set<[String]> = []
        let currency = draft.variants[0].price.currency
        for (index, variant) in draft.variants.enumerated() {
            let at = "variants[\(index)]"
            try check(variant, at: at, currency: currency)
            guard variant.optionValues.count == draft.optionNames.count else {
                throw .invalid(
                    "\(at).option_values", "\(variant.optionValues)",
                    "must give one value for each of \(draft.optionNames)")
            }
            guard choices.insert(variant.optionValues).inserted else {
                throw .invalid("\(at).option_values", variant.title, "must differ from every other variant's")
            }
            if !variant.sku.isEmpty, !skus.insert(variant.sku).inserted {
                throw .invalid("\(at).sku", variant.sku, "must differ from every other variant's")
            }
        }
    }

    private static func check(_ variant: VariantDraft, at: String, currency: Currency) throws(CatalogError) {
        for (field, amount) in [
            ("price", variant.price), ("compare_at_price", variant.compareAtPrice), ("cost_price", variant.costPrice)
        ] {
            guard let amount else { continue }
            guard !amount.isNegative else { throw .invalid("\(at).\(field)", "\(amount)", "must not be negative") }
            guard amount.minor <= largestPrice else {
                throw .invalid("\(at).\(field)", "\(amount)", "must be at most \(largestPrice) minor units")
            }
            guard amount.currency == currency else {
                throw .invalid("\(at).\(field)", "\(amount)", "must be of the product's currency \(currency)")
            }
        }
        guard (0...largestWeight).contains(variant.weightGrams) else {
            throw .invalid("\(at).weight_grams", "\(variant.weightGrams)", "must be 0 to \(largestWeight)")
        }
        for (field, text) in [
            ("sku", variant.sku), ("barcode", variant.barcode), ("tax_category", variant.taxCategory)
        ] {
            try name(text, field: "\(at).\(field)")
        }
        for value in variant.optionValues {
            guard !value.isEmpty else { throw .invalid("\(at).option_values", value, "must not be empty") }
            try name(value, field: "\(at).option_values")
        }
        if !variant.imageURL.isEmpty { try url(variant.imageURL, field: "\(at).image_url") }
        try attributes(variant.attributes, field: "\(at).attributes")
    }

    private static func options(_ draft: ProductDraft) throws(CatalogError) {
        guard draft.optionNames.count <= mostOptions else {
            throw .invalid("option_names", "\(draft.optionNames)", "must be at most \(mostOptions)")
        }
        guard Set(draft.optionNames).count == draft.optionNames.count else {
            throw .invalid("option_names", "\(draft.optionNames)", "must differ from each other")
        }
        for option in draft.optionNames {
            guard !option.isEmpty else { throw .invalid("option_names", "", "must not be empty") }
            try name(option, field: "option_names")
        }
    }

    private static func images(_ draft: ProductDraft) throws(CatalogError) {
        guard draft.images.count <= mostImages else {
            throw .invalid("images", "\(draft.images.count)", "must be at most \(mostImages)")
        }
        for (index, image) in draft.images.enumerated() {
            try url(image.url, field: "images[\(index)].url")
            guard image.alt.count <= longestName * 2 else {
                throw .invalid("images[\(index)].alt", image.alt, "must have at most \(longestName * 2) characters")
            }
            try noControl(image.alt, field: "images[\(index)].alt")
        }
    }

    static func url(_ url: String, field: String) throws(CatalogError) {
        let fits = url.hasPrefix("https://") || url.hasPrefix("http://")
        guard fits, url.utf8.count <= longestURL, !url.contains(where: \.isWhitespace) else {
            throw .invalid(field, url, "must be an http or https address of at most \(longestURL) bytes")
        }
        try noControl(url, field: field)
    }

    private static func category(_ path: String) throws(CatalogError) {
        guard !path.isEmpty else { return }
        let parts = path.split(separator: "/", omittingEmptySubsequences: false)
        guard parts.count <= 8, parts.allSatisfy({ !$0.isEmpty && $0.first != " " && $0.last != " " }) else {
            throw .invalid("category", path, "must be a path of at most 8 names such as \"Home/Kitchen\"")
        }
    }

    private static func few(_ texts: [String], most: Int, field: String) throws(CatalogError) {
        guard texts.count <= most else { throw .invalid(field, "\(texts.count)", "must be at most \(most)") }
        guard Set(texts).count == texts.count else { throw .invalid(field, "\(texts)", "must differ from each other") }
        for text in texts {
            guard !text.isEmpty else { throw .invalid(field, "", "must not be empty") }
            try name(text, field: field)
        }
    }

    private static func attributes(_ attributes: [String: String], field: String) throws(CatalogError) {
        guard attributes.count <= mostAttributes else {
            throw .invalid(field, "\(attributes.count)", "must be at most \(mostAttributes)")
        }
        for (key, value) in attributes {
            guard !key.isEmpty else { throw .invalid(field, "", "must be named") }
            try name(key, field: field)
            guard value.utf8.count <= longestText else {
                throw .invalid("\(field)[\(key)]", value, "must have at most \(longestText) bytes")
            }
            try noControl(value, field: "\(field)[\(key)]")
        }
    }

    private static func name(_ text: String, field: String) throws(CatalogError) {
        guard text.count <= longestName else {
            throw .invalid(field, text, "must have at most \(longestName) characters")
        }
        try noControl(text, field: field)
    }

    /// NUL is refused because PostgreSQL cannot store it in a text.
    private static func noControl(_ text: String, field: String) throws(CatalogError) {
        guard !text.utf8.contains(0) else { throw .invalid(field, text, "must not hold a NUL character") }
    }
}
