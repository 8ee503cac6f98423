import Contract
import Reconciliation

/// A day on paper: what was compared, what is open, and two lines to sign.
struct ReportView {
    struct Run {
        let channel: String
        let state: Badge
        let lines: String
        let matched: String
        let differences: String
        let open: String
        let net: Sum?
        let fees: Sum?
        let differenceSum: Sum?
        let settled: String
    }

    struct Item {
        let channel: String
        let count: String
        let sum: Sum?
        let ages: [String]
    }

    let day: String
    let tenant: String
    let generated: Moment
    let tiles: [ReconciliationOverview.Tile]
    let runs: [Run]
    let hasRuns: Bool
    let ages: [String]
    let items: [Item]
    let hasItems: Bool
    let heatmap: Heatmap
    let cases: CaseTable
    let hasMore: Bool
    let waiting: [String]
    let hasWaiting: Bool
    let back = Place.reconciliation

    /// Cases on paper; the console has the rest.
    static let casesShown = 100

    init(
        day: String, tenant: String, now: Moment, quality: V1QualityReport, heatmap: V1QualityHeatmap,
        ageing: V1QualityAgeing, awaited: [V1AwaitedStatement], runs: [V1ReconciliationRun],
        cases: [V1ReconciliationCase], hasMore: Bool, texts: Texts
    ) {
        self.day = day
        self.tenant = tenant
        generated = now
        tiles = quality.indicators.map { ReconciliationOverview.tile($0, quality.objectives, texts) }
        let figures = Dictionary(quality.days.map { ($0.channel, $0) }) { _, last in last }
        // A later run of the day stands for the ones before it.
        let last = Dictionary(runs.map { ($0.channel, $0) }) { $0.number > $1.number ? $0 : $1 }
        self.runs = last.values.sorted { $0.channel < $1.channel }.map { run in
            Run(
                channel: run.channel, state: .run(run.state, isReady: run.ready, texts),
                lines: Figure.count(run.counts.theirs), matched: Figure.count(run.counts.matched),
                differences: Figure.count(run.counts.differences),
                open: Figure.count((figures[run.channel]?.open ?? 0) + (figures[run.channel]?.carried ?? 0)),
                net: Sum(run.counts.settledNet), fees: Sum(run.counts.settledFees),
                differenceSum: Sum(run.counts.differenceAmount), settled: Moment(message: run.settledAt)?.text ?? "–")
        }
        hasRuns = !self.runs.isEmpty
        ages = ageing.fromDays.enumerated().map { number, days in
            number + 1 < ageing.fromDays.count
                ? "\(days)–\(ageing.fromDays[number + 1]) \(texts[ReconciliationText.unitDay])"
                : "≥ \(days) \(texts[ReconciliationText.unitDay])"
        }
        items = ageing.openItems.map { row in
            Item(
                channel: row.channel, count: Figure.count(row.counts.reduce(0, +)),
                sum: Sum(minor: row.netMinor, row.currency), ages: row.counts.map(Figure.count))
        }
        hasItems = !items.isEmpty
        self.heatmap = Heatmap(heatmap)
        // Where nothing was compared, nothing agrees.
        self.cases = CaseTable(cases, texts: texts, emptyText: runs.isEmpty ? .reportNoRuns : .noDifferences)
        self.hasMore = hasMore
        waiting = awaited.map { "\($0.channel) \($0.day): \(texts.name("await", $0.state))" }
        hasWaiting = !waiting.isEmpty
    }
}
