import Contract
import Money
import Runtime
import Store
import Synchronization

/// What stands at each address, and the scope that it asks for.
struct Pages {
    let reads: any ConsoleReads
    /// Nil in a house that reconciles nothing.
    var reconciliation: (any ReconciliationReads)?
    let caller: Caller
    let visit: Visit

    private var texts: Texts { visit.texts }
    private var now: Timestamp { caller.book.world.now() }
    private var after: String { visit.request.parameter("after") }
    private var words: String { String(visit.request.parameter("q").prefix(200)[...].trimmed) }

    private enum Scope {
        static let orders = "orders:read"
        static let payments = "payments:read"
        static let ledger = "ledger:read"
        static let journal = "journal:read"
        static let inventory = "inventory:read"
        static let catalog = "catalog:read"
        /// For a page that shows nothing of the tenant's.
        static let none = ""
    }

    static func navigation(
        for caller: Caller, current: String, reconciles: Bool, _ texts: Texts
    ) -> [Frame.Item] {
        var all: [(String, String, String)] = [
            (Place.home, texts[.navOrders], Scope.orders), (Place.ledger, texts[.navTrial], Scope.ledger),
            (Place.journal, texts[.navJournal], Scope.journal), (Place.stock, texts[.navStock], Scope.inventory),
            (Place.products, texts[.navProducts], Scope.catalog), (Place.rules, texts[.navRules], Scope.none)
        ]
        if reconciles {
            all.insert(
                (Place.reconciliation, texts[ReconciliationText.navReconciliation], ReconciliationPages.scope), at: 2)
        }
        return all.filter { $0.2 == Scope.none || caller.holds($0.2) }
            .map { Frame.Item(href: $0.0, text: $0.1, isCurrent: $0.0 == current) }
    }

    func route() async throws -> Outcome {
        guard let path = segments() else { throw notFound }
        switch path.first ?? "" {
        case "": return .page(try await overview())
        case "orders" where path.count == 2: return .page(try await order(path[1]))
        case "payments" where path.count == 2: return .moved(try await payment(path[1]))
        case "ledger" where path.count == 1: return .page(try await trial())
        case "ledger" where path.count == 3: return .page(try await statement(path[1], path[2]))
        case "transfers" where path.count == 2: return .page(try await transfer(path[1]))
        case "references" where path.count == 2: return .page(try await postings(of: path[1]))
        case "journal" where path.count == 1: return .page(try await journal())
        // The verdict's own address, when its page is opened again.
        case "journal" where path == ["journal", "verify"]: return .moved(Place.journal)
        case "stock" where path.count == 1: return .page(try await stock())
        case "products" where path.count == 1: return .page(try await products())
        case "products" where path.count == 2: return .page(try await product(path[1]))
        case "variants" where path.count == 2: return .moved(try await variant(path[1]))
        case "rules" where path.count == 1:
            return .page(rules(visit.request.parameter("expression"), on: RuleTrial.sample))
        case "reconciliation": return try await reconciliationPages().open(Array(path.dropFirst()))
        default: throw notFound
        }
    }

    // MARK: orders

    private func overview() async throws -> Page {
        try need(Scope.orders)
        let state = visit.request.parameter("state")
        let day = now.civilDay
        let start = Timestamp(civilDay: day) ?? now
        let figures = try await reads.day(day, caller)
        let hours = try await reads.hours(of: start, caller)
        let orders = try await reads.orders(state: state, after: after, size: Console.pageSize, caller)
        let view = OverviewView(
            day: day, figures: figures, hours: hours, fees: try await fees(figures, since: start), orders: orders,
            state: state, after: after, texts: texts)
        return Page(
            title: texts[.overviewTitle], template: .overview, body: view, live: Console.refreshSeconds,
            place: Place.home)
    }

    private func fees(_ figures: [DayFigureFact], since start: Timestamp) async throws -> OverviewView.Fees? {
        guard caller.holds(Scope.ledger) else { return nil }
        var fees = OverviewView.Fees()
        for sum in Figures.summed(figures.map { .zero($0.amount.currency) }) {
            let currency = sum.currency
            if let paid = try await reads.movement(on: "channel_fees", currency: currency, since: start, caller) {
                fees.channel.append(paid)
            }
            if let paid = try await reads.movement(on: "platform_fee", currency: currency, since: start, caller) {
                fees.platform.append(paid)
            }
        }
        return fees
    }

    private func order(_ id: String) async throws -> Page {
        try need(Scope.orders)
        let order = try await reads.order(id, caller)
        let payments = caller.holds(Scope.payments) ? try await reads.payments(of: id, caller) : nil
        let transfers = caller.holds(Scope.ledger) ? try await reads.transfers(of: id, caller) : nil
        let view = OrderPageView(order, payments: payments, transfers: transfers, texts: texts)
        return Page(
            title: "\(texts[.order]) \(Link.short(id))", template: .order, body: view, live: Console.refreshSeconds,
            place: Place.home)
    }

    /// A payment is shown with its order.
    private func payment(_ id: String) async throws -> String {
        try need(Scope.payments)
        let payment = try await reads.payment(id, caller)
        guard payment.reference.hasPrefix("ord_") else { return Place.reference(payment.reference) }
        return Place.order(payment.reference) + "#" + URLText.encode(id)
    }

    // MARK: money

    private func trial() async throws -> Page {
        try need(Scope.ledger)
        let view = TrialView(try await reads.trialBalances(caller), at: now, texts: texts)
        return Page(
            title: texts[.trialTitle], template: .trial, body: view, live: Console.refreshSeconds, place: Place.ledger)
    }

    private func statement(_ currency: String, _ code: String) async throws -> Page {
        try need(Scope.ledger)
        let fact = try await reads.statement(
            of: code, currency: currency, after: after, size: Console.pageSize, caller)
        let balance = try await reads.balance(of: code, currency: currency, caller)
        let view = StatementView(fact, balance: balance, after: after, texts: texts)
        return Page(
            title: view.name, template: .statement, body: view, live: Console.refreshSeconds, place: Place.ledger)
    }

    private func transfer(_ text: String) async throws -> Page {
        try need(Scope.ledger)
        guard let id = Int64(text), id > 0 else { throw notFound }
        let transfer = try await reads.transfer(id, caller)
        let view = PostingsPageView(
            heading: texts[.transfer], subject: "\(id)",
            postings: PostingsView([transfer], today: "", texts: texts, showsReference: true))
        return Page(title: "\(texts[.transfer]) \(id)", template: .postingsPage, body: view, place: Place.ledger)
    }

    private func postings(of reference: String) async throws -> Page {
        try need(Scope.ledger)
        let transfers = try await reads.transfers(of: reference, caller)
        if transfers.isEmpty { throw notFound }
        let view = PostingsPageView(
            heading: texts[.postingsTitle], subject: reference,
            postings: PostingsView(transfers, today: "", texts: texts))
        return Page(title: texts[.postingsTitle], template: .postingsPage, body: view, place: Place.ledger)
    }

    // MARK: the journal

    private func journal() async throws -> Page {
        try need(Scope.journal)
        let before = Int64(visit.request.parameter("before"))
        let fact = try await reads.journal(before: before, size: Console.pageSize, caller)
        return Page(
            title: texts[.journalTitle], template: .journal, body: JournalView(fact, before: before, texts: texts),
            live: before == nil ? Console.refreshSeconds : nil, place: Place.journal)
    }

    /// Reads the whole chain, so only one runs in a book at a time. The page with the verdict stands still.
    func verify(_ running: Verifications) async throws -> Outcome {
        try need(Scope.journal)
        let verdict = try await running.alone(in: caller.tenant) { try await reads.verifyJournal(caller) }
        let fact = try await reads.journal(before: nil, size: Console.pageSize, caller)
        let view = JournalView(fact, before: nil, verdict: verdict, busy: verdict == nil, texts: texts)
        return .page(Page(title: texts[.journalTitle], template: .journal, body: view, place: Place.journal))
    }

    // MARK: goods

    private func stock() async throws -> Page {
        try need(Scope.inventory)
        let words = words
        let list =
            words.isEmpty
            ? try await reads.stock(after: after, size: Console.pageSize, caller)
            : Listed(try await reads.stock(matching: words, size: Console.pageSize, caller))
        return Page(
            title: texts[.stockTitle], template: .stock,
            body: StockView(list, words: words, after: after, texts: texts), live: Console.refreshSeconds,
            place: Place.stock)
    }

    private func products() async throws -> Page {
        try need(Scope.catalog)
        let words = words
        let list =
            words.isEmpty
            ? try await reads.products(status: "", after: after, size: Console.pageSize, caller)
            : Listed(try await reads.products(matching: words, size: Console.pageSize, caller))
        return Page(
            title: texts[.productsTitle], template: .products,
            body: ProductsView(list, words: words, after: after, texts: texts), place: Place.products)
    }

    private func product(_ id: String) async throws -> Page {
        try need(Scope.catalog)
        let product = try await reads.product(id, caller)
        let stock =
            caller.holds(Scope.inventory) ? try await reads.stock(of: product.variants.map(\.id), caller) : []
        return Page(
            title: product.title, template: .product, body: ProductView(product, stock: stock, texts: texts),
            live: Console.refreshSeconds, place: Place.products)
    }

    /// A variant is shown with its product.
    private func variant(_ id: String) async throws -> String {
        try need(Scope.catalog)
        return Place.product(try await reads.productID(ofVariant: id, caller)) + "#" + URLText.encode(id)
    }

    // MARK: rules

    /// Tries an expression on a sample; the first of the examples when there is none.
    func rules(_ expression: String, on sample: String) -> Page {
        let shown = expression.isEmpty ? RuleTrial.examples[0] : String(expression.prefix(RuleTrial.expressionLength))
        let view = RulesView(
            expression: shown, sample: String(sample.prefix(RuleTrial.sampleLength)), texts: texts)
        return Page(title: texts[.rulesTitle], template: .rules, body: view, place: Place.rules)
    }

    // MARK: reconciliation

    private func reconciliationPages() throws -> ReconciliationPages {
        guard let reconciliation else { throw notFound }
        return ReconciliationPages(reads: reconciliation, caller: caller, visit: visit)
    }

    func act(_ form: Form) async throws -> Outcome {
        guard let path = segments(), path.first == "reconciliation" else { throw notFound }
        return try await reconciliationPages().act(path, form)
    }

    // MARK: what all share

    private var notFound: Problem { .notFound("page", visit.request.path) }

    private func need(_ scope: String) throws {
        guard caller.holds(scope) else { throw Problem.forbidden(scope: scope) }
    }

    /// The decoded segments behind the root; nil when one cannot be decoded.
    private func segments() -> [String]? {
        var parts: [String] = []
        for part in visit.request.path.dropFirst(Console.root.count).split(separator: "/") {
            guard let text = URLText.decode(part) else { return nil }
            parts.append(text)
        }
        return parts
    }
}

/// Which books are being verified now.
final class Verifications: Sendable {
    private let running = Mutex<Set<String>>([])

    /// Nil when one runs in this book already.
    func alone<Answer>(in book: String, _ work: () async throws -> Answer) async throws -> Answer? {
        guard running.withLock({ $0.insert(book).inserted }) else { return nil }
        defer { running.withLock { _ = $0.remove(book) } }
        return try await work()
    }
}
