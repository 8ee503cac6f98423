import Contract
import Reconciliation

/// One run: what was compared, what came of it, and every difference with the cause that is known for it.
struct RunPageView {
    struct ClassBar {
        let badge: Badge
        let count: String
        let href: String
        let isCurrent: Bool
    }

    struct Task {
        let kind: String
        let shard: String
        let state: String
        let tone: String
        let attempts: String
        let problem: String
    }

    struct File {
        let name: String
        let sha: String
        let size: String
        let revision: String
        let state: String
        let refusal: String?
        let received: Moment?
    }

    struct Fact {
        let label: String
        let text: String
    }

    let channel: String
    let day: String
    let id: String
    let state: Badge
    let facts: [Fact]
    let reason: String
    let hasReason: Bool
    let classes: [ClassBar]
    let settledNet: Sum?
    let settledFees: Sum?
    let differenceSum: Sum?
    let settledLines: String
    let file: File?
    let progress: Progress?
    let tasks: [Task]
    let hasTasks: Bool
    let suggestions: SuggestionTable
    let cases: CaseTable
    let pager: Pager?
    let openItemsHref: String
    let reportHref: String
    let canConfirm: Bool
    let canRetry: Bool
    let canAbort: Bool
    let confirmPath: String
    let retryPath: String
    let abortPath: String
    let version: String
    let back = Place.reconciliation

    init(
        _ run: V1ReconciliationRun, file: V1ReconciliationStatement?, cases: V1ListCasesReply,
        suggestions: V1ListSuggestionsReply, matchClass: String, after: String, rights: Rights, texts: Texts
    ) {
        channel = run.channel
        day = run.day
        id = run.id
        state = .run(run.state, isReady: run.ready, texts)
        facts = Self.facts(run, texts)
        reason = run.reason
        hasReason = !run.reason.isEmpty
        classes = Self.classes(run, matchClass, texts)
        settledNet = Sum(run.counts.settledNet)
        settledFees = Sum(run.counts.settledFees)
        differenceSum = Sum(run.counts.differenceAmount)
        settledLines = Figure.count(run.counts.settledLines)
        self.file = file.map { Self.file($0, texts) }
        progress = Progress(run)
        // What is done needs no row of its own.
        tasks = run.tasks.filter { $0.state != "done" }.prefix(50).map { task in
            Task(
                kind: texts.name("task", task.kind), shard: "\(task.shard)", state: texts.name("taskState", task.state),
                tone: task.state == "failed" ? "bad" : task.state == "claimed" ? "busy" : "wait",
                attempts: "\(task.attempts)", problem: task.problem)
        }
        hasTasks = !tasks.isEmpty
        self.suggestions = SuggestionTable(suggestions, texts: texts)
        self.cases = CaseTable(cases.cases, texts: texts)
        pager = Pager(
            path: Place.run(run.id), query: [("class", matchClass)], after: after, next: cases.nextPageToken)
        openItemsHref = Place.openItems(run.channel, run.currency)
        reportHref = Place.dailyReport(run.day)
        canConfirm = rights.approves && run.state == "preparing" && run.ready
        canRetry =
            rights.writes && ["preparing", "confirmed"].contains(run.state) && file?.state != "refused"
            && run.tasks.contains { $0.state == "failed" }
        canAbort = rights.writes && (run.state == "pending" || run.state == "preparing")
        confirmPath = Place.run(run.id) + "/confirm"
        retryPath = Place.run(run.id) + "/retry"
        abortPath = Place.run(run.id) + "/abort"
        version = "\(run.version)"
    }

    private static func facts(_ run: V1ReconciliationRun, _ texts: Texts) -> [Fact] {
        var facts = [
            Fact(label: texts[ReconciliationText.theirLines], text: Figure.count(run.counts.theirs)),
            Fact(label: texts[ReconciliationText.ourLines], text: Figure.count(run.counts.ours)),
            Fact(label: texts[ReconciliationText.matchedWord], text: Figure.count(run.counts.matched)),
            Fact(label: texts[ReconciliationText.differences], text: Figure.count(run.counts.differences))
        ]
        if run.counts.rejected > 0 {
            facts.append(Fact(label: texts[ReconciliationText.unreadable], text: Figure.count(run.counts.rejected)))
        }
        let bounds = [run.fromAt, run.untilAt].compactMap { Moment(message: $0)?.text }
        if bounds.count == 2 {
            facts.append(Fact(label: texts[ReconciliationText.businessDay], text: bounds.joined(separator: " – ")))
        }
        if !run.confirmedBy.isEmpty {
            facts.append(Fact(label: texts[ReconciliationText.confirmedBy], text: run.confirmedBy))
        }
        if let settled = Moment(message: run.settledAt) {
            facts.append(Fact(label: texts[ReconciliationText.settledAt], text: settled.text))
        }
        return facts
    }

    private static func classes(_ run: V1ReconciliationRun, _ chosen: String, _ texts: Texts) -> [ClassBar] {
        run.counts.classes.filter { $0.class != "matched" && $0.count > 0 }.map { item in
            let isCurrent = item.class == chosen
            return ClassBar(
                badge: .matchClass(item.class, texts), count: Figure.count(item.count),
                href: isCurrent ? Place.run(run.id) : URLText.path(Place.run(run.id), ["class": item.class]),
                isCurrent: isCurrent)
        }
    }

    private static func file(_ file: V1ReconciliationStatement, _ texts: Texts) -> File {
        File(
            name: file.name, sha: file.sha256, size: "\(Figure.count(file.sizeBytes)) B", revision: "\(file.revision)",
            state: texts.name("file", file.state), refusal: file.refusal.orNil,
            received: Moment(message: file.receivedAt))
    }
}

/// What the viewer's credential allows beside looking.
struct Rights {
    let writes: Bool
    let approves: Bool

    init(_ caller: Caller) {
        writes = caller.holds("reconciliation:write")
        approves = caller.holds("reconciliation:approve")
    }
}
