import Contract
public import Money
public import Store

/// Brings a Shopify product CSV into a catalogue.
///
/// Products are found by their handle, so importing a file twice changes nothing. A product comes in whole or not at
/// all: one refused row refuses its product, and the report names every row of it. A file that is not CSV to its end
/// (an unclosed quote, bytes that are not UTF-8, a giant line) is refused before its first product is written.
public struct CatalogImport: Sendable {
    public struct Options: Sendable {
        /// The currency of every price: the format does not say it.
        public var currency: Currency
        /// Counts stock for every variant, also where the file names no inventory tracker.
        public var trackAll = false
        public var limits = CSVReader.Limits()

        public init(currency: Currency) { self.currency = currency }
    }

    /// Takes the quantities of one product over into the stock room, in the transaction that writes the product.
    public typealias OnStock = @Sendable ([ImportedStock], Transaction) throws -> Void

    /// How many products one transaction writes, so that shoppers' orders run between two batches.
    public static let batch = 50
    /// How many refusals and how many notes a report lists; the counts go on beyond.
    public static let mostListed = 10_000

    let options: Options
    let onStock: OnStock?

    /// Without `onStock` the quantities stay out, and a note says so.
    public init(_ options: Options, onStock: OnStock?) {
        self.options = options
        self.onStock = onStock
    }

    /// Imports a file of any size, batch by batch. Throws `CatalogError` when the file cannot be read; what earlier
    /// batches wrote stays, and the same import may be run again.
    public func run(_ source: ImportSource, into book: Book) async throws -> ImportReport {
        let survey = try ImportSurvey(source, limits: options.limits)
        var tally = ImportTally(survey: survey)
        var file = try ShopifyFile(source, limits: options.limits)
        let header = file.header
        while true {
            var groups: [ShopifyGroup] = []
            while groups.count < Self.batch, let group = try file.nextGroup() { groups.append(group) }
            if groups.isEmpty { break }
            let batch = groups
            let outcomes = try await book.write("catalog.import") { tx in
                try batch.map { try importGroup($0, header: header, survey: survey, in: tx) }
            }
            for outcome in outcomes { tally.add(outcome) }
        }
        return tally.report(takesStock: onStock != nil)
    }

    /// Reads a whole file into memory, so that a transaction spends its time on writing only. For a file that fits:
    /// the gateway bounds a body.
    func prepare(_ source: ImportSource) throws -> PreparedFile {
        let survey = try ImportSurvey(source, limits: options.limits)
        var file = try ShopifyFile(source, limits: options.limits)
        var groups: [ShopifyGroup] = []
        while let group = try file.nextGroup() { groups.append(group) }
        return PreparedFile(survey: survey, header: file.header, groups: groups)
    }

    /// A file that is known to be CSV to its end.
    struct PreparedFile: Sendable {
        let survey: ImportSurvey
        let header: ShopifyHeader
        let groups: [ShopifyGroup]
    }

    /// Imports a file inside one transaction: all its good products, or none when the transaction fails.
    func run(_ file: PreparedFile, in tx: Transaction) throws -> ImportReport {
        var tally = ImportTally(survey: file.survey)
        for group in file.groups {
            tally.add(try importGroup(group, header: file.header, survey: file.survey, in: tx))
        }
        return tally.report(takesStock: onStock != nil)
    }

    private func importGroup(
        _ group: ShopifyGroup, header: ShopifyHeader, survey: ImportSurvey, in tx: Transaction
    ) throws -> ImportOutcome {
        var outcome = ImportOutcome(group)
        if let cause = survey.refusal(of: group, header: header) {
            outcome.refuse([cause])
            return outcome
        }
        let existing = try ProductStorage.find(handle: group.handle, in: tx)
        let product = ShopifyProduct(
            group, header: header, existing: existing?.draft, currency: options.currency, trackAll: options.trackAll)
        guard product.refusals.isEmpty else {
            outcome.refuse(product.refusals)
            return outcome
        }
        let stored: StoredProduct
        do {
            stored = try write(product.draft, over: existing, in: tx)
        } catch let error as CatalogError {
            // Every check comes before the first write, so a refused product has left nothing in this transaction.
            outcome.refuse([explain(error, product, header: header)])
            return outcome
        }
        outcome.take(product, kind: existing == nil ? .created : stored == existing ? .unchanged : .updated)
        try setStock(product, of: stored, &outcome, in: tx)
        return outcome
    }

    private func write(_ draft: ProductDraft, over existing: StoredProduct?, in tx: Transaction) throws -> StoredProduct
    {
        guard let existing else { return try ProductWriter.create(draft, makingCollections: true, in: tx) }
        return try ProductWriter.update(existing, to: draft, makingCollections: true, in: tx)
    }

    private func setStock(
        _ product: ShopifyProduct, of stored: StoredProduct, _ outcome: inout ImportOutcome, in tx: Transaction
    ) throws {
        guard let onStock else {
            outcome.stockLeftOut = product.quantities.count
            return
        }
        var changes: [ImportedStock] = []
        for quantity in product.quantities {
            guard let variant = stored.draft.variants[quantity.variant].id else { continue }
            let previous = stored.importedQuantities[variant]
            guard previous != quantity.quantity else { continue }
            changes.append(ImportedStock(variant: variant, quantity: quantity.quantity, previous: previous))
            try VariantStorage.remember(importedQuantity: quantity.quantity, of: variant, in: tx)
        }
        guard !changes.isEmpty else { return }
        try onStock(changes, tx)
        outcome.stockSet = changes.count
    }

    /// A refusal of the catalogue in the file's terms: the line and the column that it comes from.
    private func explain(_ error: CatalogError, _ product: ShopifyProduct, header: ShopifyHeader) -> ImportRefusal {
        let group = product.group
        var line = group.rows.first?.line ?? 0
        var column = error.field ?? ""
        if error.code == .skuTaken, let index = product.draft.variants.firstIndex(where: { $0.sku == error.value }) {
            line = product.variantLines[index] ?? line
            column = header.name(.sku)
        } else if let field = error.field, field.hasPrefix("variants["), let close = field.firstIndex(of: "]") {
            let index = Int(field[field.index(field.startIndex, offsetBy: 9)..<close]) ?? 0
            if product.variantLines.indices.contains(index) { line = product.variantLines[index] ?? line }
            column = String(field[field.index(after: close)...].drop { $0 == "." })
        } else if error.field == "handle" {
            column = header.name(.handle)
        }
        return ImportRefusal(
            line: line, handle: group.handle, column: column, value: error.value ?? "", rule: error.rule)
    }
}
