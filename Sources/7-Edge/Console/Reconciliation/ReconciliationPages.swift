import Contract
import Reconciliation
import Runtime
import Store
import SwiftProtobuf

/// What stands below `/console/reconciliation`.
struct ReconciliationPages {
    let reads: any ReconciliationReads
    let caller: Caller
    let visit: Visit

    static let scope = "reconciliation:read"

    var texts: Texts { visit.texts }
    private var now: Timestamp { caller.book.world.now() }
    private var after: String { visit.request.parameter("after") }
    var notFound: Problem { .notFound("page", visit.request.path) }

    /// What is behind the segments that follow `/console/reconciliation`.
    func open(_ path: [String]) async throws -> Outcome {
        switch (path.first ?? "", path.count) {
        case ("cases", 4) where path[2] == "files": return try await attachment(path[3], of: path[1])
        // Where forms are sent to, when such an address is opened again.
        case ("cases", 3): return .moved(Place.item(path[1]))
        case ("runs", 3): return .moved(Place.run(path[1]))
        default: return .page(try await page(path))
        }
    }

    private func attachment(_ sha256: String, of id: String) async throws -> Outcome {
        try need()
        guard let file = try await reads.item(id, caller).files.first(where: { $0.sha256 == sha256 }) else {
            throw notFound
        }
        return .file(try await reads.attachment(sha256, of: id, caller), file.name)
    }

    func page(_ path: [String]) async throws -> Page {
        try need()
        switch path.first ?? "" {
        case "": return try await overview()
        case "runs" where path.count == 2: return try await run(path[1])
        case "cases" where path.count == 1: return try await cases()
        case "cases" where path.count == 2: return try await item(path[1])
        case "open-items" where path.count == 3: return try await openItems(path[1], path[2])
        case "reports" where path.count == 2: return try await report(path[1])
        default: throw notFound
        }
    }

    private func overview() async throws -> Page {
        let quality = try await reads.quality(from: "", until: "", caller)
        let view = ReconciliationOverview(
            quality: quality, heatmap: try await reads.heatmap(from: quality.from, until: quality.until, caller),
            ageing: try await reads.ageing(caller), awaited: try await reads.awaited(caller),
            runs: try await reads.runs(day: "", after: after, size: 20, caller), after: after, texts: texts)
        return Page(
            title: texts[ReconciliationText.reconciliationTitle], template: .reconciliation, body: view,
            live: Console.refreshSeconds,
            place: Place.reconciliation)
    }

    private func run(_ id: String) async throws -> Page {
        let run = try await reads.run(id, caller)
        let file = run.statementID.isEmpty ? nil : try await reads.statement(run.statementID, caller)
        let matchClass = visit.request.parameter("class")
        let cases = try await reads.cases(
            .with {
                $0.runID = id
                $0.class = matchClass
                $0.pageSize = Int32(Console.pageSize)
                $0.pageToken = after
            }, caller)
        let suggestions = try await reads.suggestions(run: id, size: SuggestionTable.shown, caller)
        let view = RunPageView(
            run, file: file, cases: cases, suggestions: suggestions, matchClass: matchClass, after: after,
            rights: Rights(caller), texts: texts)
        return Page(
            title: "\(run.channel) \(run.day)", template: .run, body: view, live: Console.refreshSeconds,
            place: Place.reconciliation)
    }

    private func cases() async throws -> Page {
        func parameter(_ name: String) -> String {
            String(visit.request.parameter(name).prefix(80)[...].trimmed)
        }
        let asked = V1ListCasesRequest.with {
            $0.channel = parameter("channel")
            $0.class = parameter("class")
            $0.cause = parameter("cause")
            $0.state = parameter("state")
            $0.owner = parameter("owner")
            $0.runID = parameter("run")
            $0.overdue = parameter("overdue") == "1"
            $0.live = parameter("live") == "1"
            $0.pageSize = Int32(Console.pageSize)
            $0.pageToken = after
        }
        let view = CaseListView(try await reads.cases(asked, caller), asked: asked, texts: texts)
        return Page(
            title: texts[ReconciliationText.casesTitle], template: .caseList, body: view, live: Console.refreshSeconds,
            place: Place.reconciliation)
    }

    /// It stands still: somebody may be writing in it.
    ///
    /// - Parameters:
    ///   - refusal: why what was asked for here was not done.
    ///   - form: what was written then, so that nobody writes it twice.
    func item(_ id: String, refusal: Refusal? = nil, form: Form? = nil) async throws -> Page {
        let item = try await reads.item(id, caller)
        var previews: [String: V1RepairPreview] = [:]
        for repair in item.repairs where ["proposed", "approved"].contains(repair.state) {
            // A repair whose books have moved meanwhile has no preview; the page still shows the rest.
            previews[repair.id] = try? await reads.preview(repair: repair.id, caller)
        }
        let view = CasePageView(
            item, previews: previews, likely: await likely(item), rights: Rights(caller), subject: caller.subject,
            key: caller.book.world.random.bytes(16).map { String($0, radix: 16) }.joined(), refusal: refusal,
            form: form,
            texts: texts)
        return Page(
            status: refusal?.status ?? 200, title: "\(texts.name("class", item.class)) \(Link.short(id))",
            template: .item, body: view,
            place: Place.reconciliation)
    }

    /// The cases that the suggestions of a case name, the surest first.
    private func likely(_ item: V1ReconciliationCase) async -> [V1ReconciliationCase] {
        var ids: [String] = []
        for id in item.suggestions.flatMap(\.caseIds) where id != item.id && !ids.contains(id) { ids.append(id) }
        var found: [V1ReconciliationCase] = []
        // One that is gone or not to be read is left out; the page is about another case.
        for id in ids.prefix(SuggestionView.shown) {
            if let other = try? await reads.item(id, caller) { found.append(other) }
        }
        return found
    }

    private func openItems(
        _ channel: String, _ currency: String
    ) async throws -> Page {
        let reply = try await reads.openItems(
            channel: channel, currency: currency, after: after, size: Console.pageSize, caller)
        let view = OpenItemsView(reply, channel: channel, currency: currency, after: after, texts: texts)
        return Page(
            title: "\(texts[ReconciliationText.openItemsTitle]) \(channel)", template: .openItems, body: view,
            live: Console.refreshSeconds, place: Place.reconciliation)
    }

    private func report(_ day: String) async throws -> Page {
        guard BusinessDay(day) != nil else { throw notFound }
        let runs = try await reads.runs(day: day, after: "", size: 200, caller).runs
        let (cases, hasMore) = try await cases(of: runs)
        let view = ReportView(
            day: day, tenant: caller.tenant, now: Moment(now),
            quality: try await reads.quality(from: day, until: day, caller),
            heatmap: try await reads.heatmap(from: day, until: day, caller),
            ageing: try await reads.ageing(caller), awaited: try await reads.awaited(caller), runs: runs, cases: cases,
            hasMore: hasMore, texts: texts)
        return Page(
            title: "\(texts[ReconciliationText.reportTitle]) \(day)", template: .report, body: view,
            place: Place.reconciliation)
    }

    /// The cases of a day's runs, as many as a sheet may have.
    private func cases(
        of runs: [V1ReconciliationRun]
    ) async throws -> ([V1ReconciliationCase], Bool) {
        var cases: [V1ReconciliationCase] = []
        for run in runs {
            let left = ReportView.casesShown - cases.count
            guard left > 0 else { return (cases, true) }
            let reply = try await reads.cases(
                .with {
                    $0.runID = run.id
                    $0.pageSize = Int32(left)
                }, caller)
            cases += reply.cases
            if !reply.nextPageToken.isEmpty { return (cases, true) }
        }
        return (cases, false)
    }

    func need() throws {
        guard caller.holds(Self.scope) else { throw Problem.forbidden(scope: Self.scope) }
    }
}
