import Contract
import Reconciliation

/// Cases in rows: what differs, why, and how it stands.
struct CaseTable {
    struct Row {
        let link: Link
        let channel: String
        let day: String
        let badge: Badge
        let cause: String
        let hasCause: Bool
        let confidence: String
        let state: Badge
        let severity: Badge?
        let isOverdue: Bool
        let owner: String?
        let ours: Sum?
        let theirs: Sum?
        let open: Sum?
        let at: Moment?
    }

    let rows: [Row]
    let isEmpty: Bool
    let emptyText: String

    init(_ cases: [V1ReconciliationCase], texts: Texts, emptyText: ReconciliationText = .noDifferences) {
        rows = cases.map { item in
            let cause = CaseTable.cause(item.cause, texts)
            return Row(
                link: Link(href: Place.item(item.id), text: Link.ending(item.id), full: item.id),
                channel: item.channel, day: item.day, badge: .matchClass(item.class, texts),
                cause: cause.isEmpty ? item.reason : cause, hasCause: !cause.isEmpty,
                confidence: cause.isEmpty ? "" : "\(item.cause.confidence) %", state: .item(item.state, texts),
                severity: ["high", "critical"].contains(item.severity) ? .severity(item.severity, texts) : nil,
                isOverdue: item.overdue, owner: item.owner.orNil,
                ours: item.hasOurs ? Sum(item.ours.amount) : nil,
                theirs: item.hasTheirs ? Sum(item.theirs.amount) : nil, open: Sum(item.open),
                at: Moment(message: item.openedAt))
        }
        isEmpty = rows.isEmpty
        self.emptyText = texts[emptyText]
    }

    static func cause(_ cause: V1CaseCause, _ texts: Texts) -> String {
        texts.language == .zh && !cause.titleZh.isEmpty ? cause.titleZh : cause.title
    }
}

/// The list of cases with its filters.
struct CaseListView {
    struct Filter {
        let href: String
        let text: String
        let tone: String
        let isCurrent: Bool
    }

    struct Field {
        let name: String
        let label: String
        let value: String
    }

    let cases: CaseTable
    let states: [Filter]
    let classes: [Filter]
    let fields: [Field]
    let hidden: [Field]
    let action = Place.cases
    let pager: Pager?
    let isFiltered: Bool

    init(_ reply: V1ListCasesReply, asked: V1ListCasesRequest, texts: Texts) {
        cases = CaseTable(reply.cases, texts: texts, emptyText: .noCases)
        let current = CaseQuery(asked)
        states =
            [
                Filter(
                    href: current.with("state", "").with("live", "1").path, text: texts[ReconciliationText.liveCases],
                    tone: "none",
                    isCurrent: asked.live && asked.state.isEmpty),
                Filter(
                    href: current.with("state", "").with("live", "").path, text: texts[.all], tone: "none",
                    isCurrent: !asked.live && asked.state.isEmpty && !asked.overdue)
            ]
            + ["open", "investigating", "repair_proposed", "resolved", "written_off", "closed_by_match"].map { state in
                let badge = Badge.item(state, texts)
                return Filter(
                    href: current.with("live", "").with("state", state).path, text: badge.text, tone: badge.tone,
                    isCurrent: asked.state == state)
            }
        classes =
            [
                Filter(
                    href: current.with("class", "").path, text: texts[ReconciliationText.everyClass], tone: "none",
                    isCurrent: asked.class.isEmpty)
            ]
            + [
                "missing_ours", "missing_theirs", "amount", "status", "currency", "fee", "duplicate_ours",
                "duplicate_theirs", "late"
            ].map { name in
                let badge = Badge.matchClass(name, texts)
                return Filter(
                    href: current.with("class", name).path, text: badge.text, tone: badge.tone,
                    isCurrent: asked.class == name)
            }
        fields = [
            Field(name: "channel", label: texts[.channel], value: asked.channel),
            Field(name: "owner", label: texts[ReconciliationText.owner], value: asked.owner),
            Field(name: "cause", label: texts[ReconciliationText.causeCode], value: asked.cause)
        ]
        hidden = [
            Field(name: "state", label: "", value: asked.state), Field(name: "class", label: "", value: asked.class),
            Field(name: "live", label: "", value: asked.live ? "1" : "")
        ].filter { !$0.value.isEmpty }
        isFiltered = !asked.channel.isEmpty || !asked.owner.isEmpty || !asked.cause.isEmpty
        pager = Pager(
            path: Place.cases, query: current.pairs, after: asked.pageToken, next: reply.nextPageToken)
    }
}

/// The address of a filtered list.
struct CaseQuery {
    var pairs: [(String, String)]

    init(_ asked: V1ListCasesRequest) {
        pairs = [
            ("channel", asked.channel), ("class", asked.class), ("cause", asked.cause), ("state", asked.state),
            ("owner", asked.owner), ("overdue", asked.overdue ? "1" : ""), ("live", asked.live ? "1" : "")
        ]
    }

    func with(_ name: String, _ value: String) -> CaseQuery {
        var other = self
        other.pairs = pairs.map { $0.0 == name ? (name, value) : $0 }
        return other
    }

    var path: String {
        let query = pairs.filter { !$0.1.isEmpty }.map { "\($0.0)=\(URLText.encode($0.1))" }.joined(separator: "&")
        return query.isEmpty ? Place.cases : Place.cases + "?" + query
    }
}
