import Mustache

/// The templates by name. `{{name}}` escapes; nothing in them writes unescaped text, and a test keeps it so.
enum Template: String, CaseIterable, Sendable {
    case layout, fragment
    case money, moment, badge, search, pager
    case notice, signIn, overview, order, postings, postingsPage, trial, statement, journal, stock, products, product,
        rules
    case nights, heatmap, trend, ages, caseTable, reconciliation, run, suggestionTable, caseList, item, suggestion
    case repair, openItems, report

    var source: String {
        switch self {
        case .layout: FrameTemplates.layout
        case .fragment: FrameTemplates.fragment
        case .money: PartTemplates.money
        case .moment: PartTemplates.moment
        case .badge: PartTemplates.badge
        case .search: PartTemplates.search
        case .pager: PartTemplates.pager
        case .notice: FrameTemplates.notice
        case .signIn: FrameTemplates.signIn
        case .overview: OrderTemplates.overview
        case .order: OrderTemplates.order
        case .postings: LedgerTemplates.postings
        case .postingsPage: LedgerTemplates.postingsPage
        case .trial: LedgerTemplates.trial
        case .statement: LedgerTemplates.statement
        case .journal: JournalTemplates.journal
        case .stock: GoodsTemplates.stock
        case .products: GoodsTemplates.products
        case .product: GoodsTemplates.product
        case .rules: RuleTemplates.rules
        case .nights: ReconciliationTemplates.nights
        case .heatmap: ReconciliationTemplates.heatmap
        case .trend: ReconciliationTemplates.trend
        case .ages: ReconciliationTemplates.ages
        case .caseTable: ReconciliationTemplates.caseTable
        case .reconciliation: ReconciliationTemplates.overview
        case .run: ReconciliationTemplates.run
        case .suggestionTable: ReconciliationTemplates.suggestionTable
        case .caseList: ReconciliationTemplates.caseList
        case .item: CaseTemplates.item
        case .suggestion: CaseTemplates.suggestion
        case .repair: CaseTemplates.repair
        case .openItems: ReconciliationTemplates.openItems
        case .report: CaseTemplates.report
        }
    }
}

/// All templates, parsed once.
struct Templates: Sendable {
    private let library: MustacheLibrary

    static let all = Templates()

    private init() {
        var library = MustacheLibrary()
        for template in Template.allCases {
            do {
                try library.register(template.source, named: template.rawValue)
            } catch {
                // A precondition because templates are constants: a test renders every one of them.
                preconditionFailure("the template \(template.rawValue) cannot be parsed: \(error)")
            }
        }
        self.library = library
    }

    func render(_ frame: Frame, as template: Template) -> String {
        guard let text = library.render(frame, withTemplate: template.rawValue) else {
            preconditionFailure("every template is registered above")
        }
        return text
    }
}
