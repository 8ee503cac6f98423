import Money
import Runtime

/// The journal: its head, its latest events, and a verdict when one was asked for.
struct JournalView {
    struct Row {
        let sequence: String
        let at: Moment
        let capability: String
        let name: String
        let full: String
        let bytes: String
        let hashStart: String
        let hashFull: String
    }

    struct Verdict {
        let isGood: Bool
        let heading: String
        let text: String
        let detail: String?
    }

    let count: String
    let head: String
    let rows: [Row]
    let isEmpty: Bool
    let olderHref: String?
    let newestHref: String?
    let verifyPath = Place.journal + "/verify"
    let verdict: Verdict?
    let busy: Bool

    init(_ fact: JournalFact, before: Int64?, verdict: VerdictFact? = nil, busy: Bool = false, texts: Texts) {
        count = Sum.grouped("\(fact.head)")
        head = fact.headHash
        let day = fact.events.first?.at.civilDay ?? ""
        rows = fact.events.map { event in
            let parts = event.type.split(separator: ".")
            return Row(
                sequence: Sum.grouped("\(event.sequence)"), at: Moment(event.at, today: day),
                capability: parts.count > 2 ? String(parts[1]) : "", name: parts.last.map(String.init) ?? event.type,
                full: event.type, bytes: Sum.grouped("\(event.bytes)"), hashStart: String(event.hash.prefix(12)),
                hashFull: event.hash)
        }
        isEmpty = rows.isEmpty
        let last = fact.events.last?.sequence ?? 1
        olderHref = last > 1 ? URLText.path(Place.journal, ["before": "\(last)"]) : nil
        newestHref = before == nil ? nil : Place.journal
        self.verdict = verdict.map { verdict in
            let count = Sum.grouped("\(verdict.verified)")
            let milliseconds = Sum.grouped("\(verdict.took.wholeMicroseconds / 1_000)")
            return Verdict(
                isGood: verdict.fault == nil, heading: texts[verdict.fault == nil ? .verified : .broken],
                text: "\(count) \(texts[.eventsVerified]) \(milliseconds) ms",
                detail: verdict.fault.map { "\($0): \(verdict.detail)" })
        }
        self.busy = busy
    }
}

/// A field for words and what was found by it.
struct SearchBox {
    let action: String
    let label: String
    let words: String
    let isSet: Bool

    init(_ action: String, _ label: String, _ words: String) {
        self.action = action
        self.label = label
        self.words = words
        isSet = !words.isEmpty
    }
}

struct StockRow {
    let title: String
    let sku: String
    let href: String
    let isCounted: Bool
    let hand: String
    let kept: String
    let free: String
    let isShort: Bool

    init(_ fact: StockFact) {
        title = fact.title.isEmpty ? fact.variant : fact.title
        sku = fact.sku
        href = Place.variant(fact.variant)
        isCounted = fact.tracked
        hand = Counted.text(fact.onHand)
        kept = Counted.text(fact.reserved)
        free = Counted.text(fact.available)
        isShort = fact.tracked && fact.available <= 0
    }
}

/// A quantity with its thousands grouped and its minus in front.
enum Counted {
    static func text(_ value: Int64) -> String {
        (value < 0 ? "−" : "") + Sum.grouped("\(value.magnitude)")
    }
}

struct StockView {
    let box: SearchBox
    let rows: [StockRow]
    let isEmpty: Bool
    let emptyText: String
    let pager: Pager?

    init(_ list: Listed<StockFact>, words: String, after: String, texts: Texts) {
        box = SearchBox(Place.stock, texts[.searchStock], words)
        rows = list.items.map { StockRow($0) }
        isEmpty = rows.isEmpty
        emptyText = texts[words.isEmpty ? .noStock : .nothingFound]
        pager = Pager(path: Place.stock, query: [("q", words)], after: after, next: list.next)
    }
}

struct ProductsView {
    struct Row {
        let title: String
        let href: String
        let state: Badge
        let vendor: String
        let category: String
        let variants: Int
        let low: Sum?
        let isRange: Bool
    }

    let box: SearchBox
    let note: String?
    let rows: [Row]
    let isEmpty: Bool
    let emptyText: String
    let pager: Pager?

    init(_ list: Listed<ProductFact>, words: String, after: String, texts: Texts) {
        box = SearchBox(Place.products, texts[.searchProducts], words)
        note = words.isEmpty ? nil : texts[.searchesPublished]
        rows = list.items.map { product in
            let prices = product.variants.map(\.price)
            let low = prices.min { $0.minor < $1.minor }
            return Row(
                title: product.title, href: Place.product(product.id), state: .product(product.status, texts),
                vendor: product.vendor, category: product.category, variants: product.variants.count,
                low: low.map { Sum($0) }, isRange: prices.contains { $0 != low })
        }
        isEmpty = rows.isEmpty
        emptyText = texts[words.isEmpty ? .noProducts : .nothingFound]
        pager = Pager(path: Place.products, query: [("q", words)], after: after, next: list.next)
    }
}

struct ProductView {
    struct Row {
        let id: String
        let title: String
        let sku: String
        let sum: Sum
        let compare: Sum?
        let costs: Sum?
        let stock: StockRow?
    }

    let title: String
    let handle: String
    let vendor: String
    let category: String
    let state: Badge
    let back = Place.products
    let rows: [Row]

    init(_ product: ProductFact, stock: [StockFact], texts: Texts) {
        title = product.title
        handle = product.handle
        vendor = product.vendor
        category = product.category
        state = .product(product.status, texts)
        rows = product.variants.map { variant in
            Row(
                id: variant.id, title: variant.title.isEmpty ? product.title : variant.title, sku: variant.sku,
                sum: Sum(variant.price), compare: variant.compareAt.map { Sum($0) },
                costs: variant.cost.map { Sum($0) },
                stock: stock.first { $0.variant == variant.id }.map { StockRow($0) })
        }
    }
}
