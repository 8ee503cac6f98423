import Money
import Runtime

/// The orders of today: figures, hours, and the latest of them.
struct OverviewView {
    struct Tile {
        let label: String
        let count: String?
        let sums: [Sum]
        let notes: [Note]
    }

    struct Note {
        let label: String
        let sum: Sum?
    }

    struct Filter {
        let href: String
        let text: String
        let count: String?
        let tone: String
        let isCurrent: Bool
    }

    struct Row {
        let link: Link
        let state: Badge
        let payment: Badge
        let lines: Int
        let sum: Sum
        let refund: Sum?
        let at: Moment
    }

    /// What of the day's money is read from the ledger.
    struct Fees {
        var channel: [Amount] = []
        var platform: [Amount] = []
    }

    let day: String
    let tiles: [Tile]
    let charts: [HourChart]
    let filters: [Filter]
    let rows: [Row]
    let emptyText: String
    let pager: Pager?

    static let states = [
        "placed", "paid", "partially_fulfilled", "fulfilled", "partially_returned", "returned", "completed",
        "cancelled"
    ]

    /// - Parameter fees: nil when the caller may not read the ledger.
    init(
        day: String, figures: [DayFigureFact], hours: [HourFact], fees: Fees?, orders: Listed<OrderRowFact>,
        state: String, after: String, texts: Texts
    ) {
        self.day = day
        let sums = Figures(figures)
        tiles = OverviewView.tiles(sums, fees, texts)
        charts = HourChart.charts(hours, texts)
        filters = OverviewView.filters(sums, state, texts)
        rows = orders.items.map { order in
            Row(
                link: Link(href: Place.order(order.id), text: Link.ending(order.id), full: order.id),
                state: .order(order.state, texts), payment: .payment(order.paymentState, texts),
                lines: order.lineCount, sum: Sum(order.total),
                refund: order.refunded.isZero ? nil : Sum(order.refunded), at: Moment(order.placedAt, today: day))
        }
        emptyText = texts[state.isEmpty ? .noOrdersYet : .noOrdersOfState]
        pager = Pager(path: Place.home, query: [("state", state)], after: after, next: orders.next)
    }

    private static func tiles(_ figures: Figures, _ fees: Fees?, _ texts: Texts) -> [Tile] {
        func tile(_ label: Text, _ name: String, _ counted: Text) -> Tile {
            let note = "\(texts[counted]) \(Sum.grouped("\(figures.count(name))"))"
            return Tile(
                label: texts[label], count: nil, sums: figures.sums(name), notes: [Note(label: note, sum: nil)])
        }
        let placed = Tile(
            label: texts[.ordersPlaced], count: Sum.grouped("\(figures.count("placed"))"), sums: [],
            notes: figures.sums("placed").map { Note(label: texts[.orderValue], sum: $0) })
        let corrected = figures.amounts("revenue", less: "revenue_corrected")
        let revenue = Tile(
            label: texts[.revenueToday], count: nil, sums: corrected.map { Sum($0) },
            notes: figures.amounts("revenue_corrected").contains { !$0.isZero }
                ? [Note(label: texts[.netOfCorrections], sum: nil)] : [])
        return [
            placed, tile(.moneyTaken, "captured", .countOfPayments), revenue, feesTile(fees, texts),
            tile(.refundsToday, "refunded", .countOfRefunds)
        ]
    }

    private static func feesTile(_ fees: Fees?, _ texts: Texts) -> Tile {
        guard let fees else {
            return Tile(
                label: texts[.feesToday], count: "–", sums: [],
                notes: [Note(label: "\(texts[.needsScope]) ledger:read", sum: nil)])
        }
        let all = Figures.summed(fees.channel + fees.platform)
        let notes =
            fees.channel.map { Note(label: texts[.ofWhichChannel], sum: Sum($0)) }
            + fees.platform.map { Note(label: texts[.ofWhichPlatform], sum: Sum($0)) }
        return Tile(
            label: texts[.feesToday], count: nil, sums: all.map { Sum($0) },
            notes: notes.filter { $0.sum?.isZero == false })
    }

    private static func filters(_ figures: Figures, _ state: String, _ texts: Texts) -> [Filter] {
        let all = Filter(
            href: Place.home, text: texts[.all], count: nil, tone: "none", isCurrent: state.isEmpty)
        return [all]
            + states.map { name in
                let badge = Badge.order(name, texts)
                let count = figures.count("state:" + name)
                return Filter(
                    href: URLText.path(Place.home, ["state": name]), text: badge.text,
                    count: count == 0 ? nil : Sum.grouped("\(count)"), tone: badge.tone, isCurrent: name == state)
            }
    }
}

/// The figures of a day by name; the currency with the most orders comes first.
struct Figures {
    private let facts: [DayFigureFact]

    init(_ facts: [DayFigureFact]) { self.facts = facts.sorted { $0.count > $1.count } }

    func count(_ name: String) -> Int64 {
        facts.reduce(0) { $1.figure == name ? $0 &+ $1.count : $0 }
    }

    func amounts(_ name: String) -> [Amount] { facts.filter { $0.figure == name }.map(\.amount) }

    /// Zero in the day's currency when there is no such figure, so that a tile is never blank.
    func sums(_ name: String) -> [Sum] {
        let found = amounts(name)
        if found.isEmpty, let currency = facts.first?.amount.currency { return [Sum(.zero(currency))] }
        return found.map { Sum($0) }
    }

    func amounts(_ name: String, less other: String) -> [Amount] {
        let minus = amounts(other)
        let found = amounts(name)
        guard !found.isEmpty else { return facts.first.map { [.zero($0.amount.currency)] } ?? [] }
        return found.map { amount in
            guard let part = minus.first(where: { $0.currency == amount.currency }) else { return amount }
            // A figure beyond 64 bits is shown without its correction instead of not at all.
            return (try? amount.subtracting(part)) ?? amount
        }
    }

    /// One amount a currency, in the order in which the currencies occur.
    static func summed(_ amounts: [Amount]) -> [Amount] {
        var currencies: [Currency] = []
        for amount in amounts where !currencies.contains(amount.currency) { currencies.append(amount.currency) }
        return currencies.compactMap { currency in
            try? Amount.sum(amounts.filter { $0.currency == currency }, currency: currency)
        }
    }
}
