/// What became of one product of the file.
struct ImportOutcome: Sendable {
    enum Kind: Sendable { case created, updated, unchanged, refused }

    let handle: String
    let lines: [Int]
    var kind = Kind.refused
    var variants = 0
    var images = 0
    var stockSet = 0
    var stockLeftOut = 0
    var refusals: [ImportRefusal] = []
    var notes: [ImportNote] = []
    var attributeColumns: Set<String> = []

    init(_ group: ShopifyGroup) {
        handle = group.handle
        lines = group.lines
    }

    mutating func take(_ product: ShopifyProduct, kind: Kind) {
        self.kind = kind
        variants = product.fileVariants
        images = product.fileImages
        notes = product.notes
        attributeColumns = product.attributeColumns
    }

    /// Names the causes, and after them every other row of the product, which is refused with it.
    mutating func refuse(_ causes: [ImportRefusal]) {
        kind = .refused
        let guilty = Set(causes.map(\.line))
        let first = causes.first?.line ?? 0
        refusals = causes
        for line in lines where !guilty.contains(line) {
            refusals.append(
                ImportRefusal(
                    line: line, handle: handle, column: "", value: "",
                    rule: "its product is refused as a whole because of line \(first)"))
        }
    }
}

/// Adds the outcomes up to a report.
struct ImportTally {
    private var report = ImportReport()
    private var stockLeftOut = 0
    private var attributeColumns: Set<String> = []

    init(survey: ImportSurvey) { report.rowsIn = survey.rows }

    mutating func add(_ outcome: ImportOutcome) {
        switch outcome.kind {
        case .created: report.productsCreated += 1
        case .updated: report.productsUpdated += 1
        case .unchanged: report.productsUnchanged += 1
        case .refused:
            report.productsRefused += 1
            report.rowsRefused += outcome.lines.count
        }
        report.variants += outcome.variants
        report.images += outcome.images
        report.stockSet += outcome.stockSet
        stockLeftOut += outcome.stockLeftOut
        attributeColumns.formUnion(outcome.attributeColumns)
        report.refusals.append(contentsOf: outcome.refusals.prefix(CatalogImport.mostListed - report.refusals.count))
        report.notes.append(contentsOf: outcome.notes.prefix(CatalogImport.mostListed - report.notes.count))
    }

    func report(takesStock: Bool) -> ImportReport {
        var report = report
        report.attributeColumns = attributeColumns.sorted()
        if !takesStock, stockLeftOut > 0 {
            report.notes.append(
                ImportNote(
                    line: 0, handle: "", text: "\(stockLeftOut) quantities were left out: no stock room is connected"))
        }
        return report
    }
}
