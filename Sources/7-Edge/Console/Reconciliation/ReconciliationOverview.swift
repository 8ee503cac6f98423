import Contract
import Money
import Reconciliation
import Runtime

/// How reconciliation stands: service levels, the runs of the last days, where and when differences come from.
struct ReconciliationOverview {
    struct Tile {
        let label: String
        let figure: String
        let goal: String
        let note: String
        let tone: String
        let verdict: String?
    }

    struct RunRow {
        let link: Link
        let channel: String
        let day: String
        let state: Badge
        let lines: String
        let matched: String
        let differences: String
        let hasDifferences: Bool
        let progress: Progress?
        let settled: Moment?
    }

    struct Waiting {
        let channel: String
        let day: String
        let state: Badge
        let tries: String
        let problem: String
        let next: Moment?
    }

    struct ClassRow {
        let badge: Badge
        let href: String
        let found: String
        let open: String
        let alone: String
        let byPerson: String
        let detect: String
        let repair: String
    }

    let tiles: [Tile]
    let runs: [RunRow]
    let pager: Pager?
    let waiting: [Waiting]
    let hasWaiting: Bool
    let nights: Nights
    let heatmap: Heatmap
    let trend: TrendChart
    let caseAges: AgeingChart
    let itemAges: AgeingChart
    let classes: [ClassRow]
    let hasClasses: Bool
    let casesHref: String
    let reportHref: String
    let reportDay: String
    let period: String
    let isEmpty: Bool

    init(
        quality: V1QualityReport, heatmap: V1QualityHeatmap, ageing: V1QualityAgeing, awaited: [V1AwaitedStatement],
        runs: V1ListRunsReply, after: String, texts: Texts
    ) {
        tiles = quality.indicators.map { Self.tile($0, quality.objectives, texts) }
        self.runs = runs.runs.map { Self.row($0, texts) }
        pager = Pager(path: Place.reconciliation, query: [], after: after, next: runs.nextPageToken)
        waiting = awaited.map { wait in
            let tone = wait.state == "waiting" ? "wait" : "bad"
            return Waiting(
                channel: wait.channel, day: wait.day,
                state: Badge(text: texts.name("await", wait.state), tone: tone), tries: "\(wait.tries)",
                problem: wait.problem, next: Moment(message: wait.nextTryAt))
        }
        hasWaiting = !awaited.isEmpty
        nights = Nights(quality.days, texts)
        self.heatmap = Heatmap(heatmap)
        trend = TrendChart(quality.days, texts)
        caseAges = AgeingChart(
            texts[ReconciliationText.caseAges], ageing.cases, fromDays: ageing.fromDays, linksItems: false, texts)
        itemAges = AgeingChart(
            texts[ReconciliationText.itemAges], ageing.openItems, fromDays: ageing.fromDays, linksItems: true, texts)
        classes = quality.classes.map { Self.row($0, texts) }
        hasClasses = !classes.isEmpty
        casesHref = URLText.path(Place.cases, ["live": "1"])
        reportDay = quality.days.last?.day ?? quality.until
        reportHref = Place.dailyReport(reportDay)
        period = "\(quality.from) – \(quality.until)"
        isEmpty = quality.days.isEmpty && runs.runs.isEmpty && after.isEmpty
    }

    static func tile(_ indicator: V1QualityIndicator, _ goals: V1QualityObjectives, _ texts: Texts) -> Tile {
        let isMeasured = indicator.all > 0
        let sign = indicator.name == "wrong" ? "≤" : "≥"
        let of = "\(Figure.count(indicator.good)) / \(Figure.count(indicator.all))"
        let note =
            indicator.name == "on_time"
            ? "\(of) · \(texts[ReconciliationText.finishBy]) \(clock(goals.finishByMinute)) \(goals.zone.isEmpty ? "UTC" : goals.zone)"
            : of
        return Tile(
            label: texts.name("sli", indicator.name),
            figure: isMeasured ? Figure.percent(ppm: indicator.ppm) : "–",
            goal: "\(texts[ReconciliationText.objective]) \(sign) \(Figure.percent(ppm: indicator.objectivePpm))",
            note: isMeasured ? note : texts[ReconciliationText.notMeasured],
            tone: !isMeasured ? "quiet" : indicator.met ? "good" : "bad",
            verdict: !isMeasured ? nil : texts[indicator.met ? ReconciliationText.met : ReconciliationText.missed])
    }

    private static func clock(_ minute: Int32) -> String {
        func padded(_ value: Int32) -> String { value < 10 ? "0\(value)" : "\(value)" }
        return "\(padded(minute / 60)):\(padded(minute % 60))"
    }

    static func row(_ run: V1ReconciliationRun, _ texts: Texts) -> RunRow {
        let differences = run.counts.differences
        return RunRow(
            link: Link(href: Place.run(run.id), text: Link.ending(run.id), full: run.id), channel: run.channel,
            day: run.number > 1 ? "\(run.day) · \(run.number)" : run.day,
            state: .run(run.state, isReady: run.ready, texts), lines: Figure.count(run.counts.theirs),
            matched: Figure.count(run.counts.matched), differences: Figure.count(differences),
            hasDifferences: differences > 0, progress: Progress(run), settled: Moment(message: run.settledAt))
    }

    static func row(_ item: V1QualityClass, _ texts: Texts) -> ClassRow {
        ClassRow(
            badge: .matchClass(item.class, texts),
            href: URLText.path(Place.cases, ["class": item.class, "live": "1"]), found: Figure.count(item.found),
            open: Figure.count(item.open), alone: Figure.count(item.endedByPolicy + item.endedByMatch),
            byPerson: Figure.count(item.endedByPerson),
            detect: item.hasMeanSecondsToDetect ? Figure.duration(seconds: item.meanSecondsToDetect, texts) : "–",
            repair: item.hasMeanSecondsToRepair ? Figure.duration(seconds: item.meanSecondsToRepair, texts) : "–")
    }
}

/// How many of a run's tasks are done, while it is under way.
struct Progress {
    let done: Int
    let all: Int
    let text: String

    init?(_ run: V1ReconciliationRun) {
        guard run.state == "preparing" || run.state == "confirmed", !run.ready, !run.tasks.isEmpty else { return nil }
        done = run.tasks.count { $0.state == "done" }
        all = run.tasks.count
        text = "\(done) / \(all)"
    }
}
