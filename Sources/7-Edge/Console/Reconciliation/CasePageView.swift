import Contract
import Reconciliation

/// One case: both lines side by side with what differs between them, the cause, the repair and its effect, what people
/// said, and what happened.
struct CasePageView {
    struct Line {
        let label: String
        let ours: String
        let theirs: String
        let oursSum: Sum?
        let theirsSum: Sum?
        let differs: Bool
        /// Identifiers are set in the fixed face.
        let isID: Bool
        let href: String?
    }

    struct Note {
        let author: String
        let text: String
        let at: Moment?
    }

    struct File {
        let href: String
        let name: String
        let size: String
        let author: String
        let at: Moment?
    }

    /// What stands in the fields: what was written and refused, else what is there.
    struct Draft {
        let note: String
        let owner: String
        /// As a browser's field for times has it: to the minute, without a zone.
        let deadline: String
    }

    struct Step {
        let text: String
        let tone: String
        let note: String?
        let at: Moment?
    }

    struct Choice {
        let value: String
        let text: String
        let isSuggested: Bool
    }

    let id: String
    let channel: String
    let day: String
    let badge: Badge
    let state: Badge
    let severity: Badge
    let isOverdue: Bool
    let open: Sum?
    let reason: String
    let hasOurs: Bool
    let hasTheirs: Bool
    let lines: [Line]
    let cause: String
    let hasCause: Bool
    let causeCode: String
    let confidence: String
    let rules: String
    let others: String
    let hasOthers: Bool
    let oddity: String
    let isOdd: Bool
    let suggestions: [SuggestionView]
    let hasSuggestions: Bool
    let repairs: [RepairView]
    let hasRepairs: Bool
    let choices: [Choice]
    let canPropose: Bool
    let canWrite: Bool
    let canResolve: Bool
    let canReopen: Bool
    let canInvestigate: Bool
    let notes: [Note]
    let hasNotes: Bool
    let files: [File]
    let hasFiles: Bool
    let canAssign: Bool
    let subject: String
    let draft: Draft
    let refusal: Refusal?
    let steps: [Step]
    let owner: String?
    let deadline: Moment?
    let carriedTo: String?
    let outcome: String?
    let reference: String
    let referenceLink: Link?
    let runHref: String
    let openItemsHref: String?
    let version: String
    let key: String
    let back = Place.cases
    let notePath: String
    let movePath: String
    let proposePath: String
    let ownerPath: String
    let filesPath: String

    init(
        _ item: V1ReconciliationCase, previews: [String: V1RepairPreview], likely: [V1ReconciliationCase] = [],
        rights: Rights, subject: String, key: String,
        refusal: Refusal? = nil, form: Form? = nil, texts: Texts
    ) {
        id = item.id
        channel = item.channel
        day = item.day
        badge = .matchClass(item.class, texts)
        state = .item(item.state, texts)
        severity = .severity(item.severity, texts)
        isOverdue = item.overdue
        open = Sum(item.open)
        reason = item.reason
        hasOurs = item.hasOurs
        hasTheirs = item.hasTheirs
        lines = Self.lines(item, texts)
        cause = CaseTable.cause(item.cause, texts)
        hasCause = !cause.isEmpty
        causeCode = item.cause.code
        confidence = "\(item.cause.confidence) %"
        rules = "\(item.cause.rules)"
        others = item.cause.others.joined(separator: ", ")
        hasOthers = !item.cause.others.isEmpty
        isOdd = item.hasOddity && item.oddity.scoreBp >= 6_000
        oddity = "\(item.oddity.feature) (\(Figure.percent(ppm: Int64(item.oddity.scoreBp) * 100)))"
        let isEnded = ["resolved", "written_off", "closed_by_match"].contains(item.state)
        let hasUndecided = item.repairs.contains { ["proposed", "approved"].contains($0.state) }
        repairs = item.repairs.map {
            RepairView($0, preview: previews[$0.id], rights: rights, subject: subject, caseID: item.id, texts: texts)
        }
        hasRepairs = !repairs.isEmpty
        canWrite = rights.writes
        let canPropose = rights.writes && !isEnded && !hasUndecided
        self.canPropose = canPropose
        suggestions =
            isEnded
            ? []
            : item.suggestions.prefix(SuggestionView.shown).map {
                SuggestionView($0, of: item, likely, canPropose: canPropose, key: key, texts: texts)
            }
        hasSuggestions = !suggestions.isEmpty
        canInvestigate = rights.writes && item.state == "open"
        canResolve = rights.writes && !isEnded && !hasUndecided
        canReopen = rights.writes && isEnded
        choices = Self.choices(item.class, suggested: item.cause.suggestedRepair, texts)
        notes = item.notes.map {
            Note(
                author: $0.author, text: $0.erased ? texts[ReconciliationText.noteErased] : $0.text,
                at: Moment(message: $0.writtenAt))
        }
        hasNotes = !notes.isEmpty
        files = item.files.map {
            File(
                href: Place.file($0.sha256, of: item.id), name: $0.name, size: Figure.bytes($0.sizeBytes),
                author: $0.attachedBy, at: Moment(message: $0.attachedAt))
        }
        hasFiles = !files.isEmpty
        canAssign = rights.writes && !isEnded
        self.subject = subject
        self.refusal = refusal
        draft = Draft(
            note: form?["text"] ?? "", owner: form?.fields["owner"] ?? item.owner,
            deadline: form?.fields["deadline"] ?? String(item.deadlineAt.prefix(16)))
        steps = Self.steps(item, texts)
        owner = item.owner.orNil
        deadline = Moment(message: item.deadlineAt)
        carriedTo = item.carriedTo.orNil
        outcome = item.outcome.orNil
        reference = item.reference
        referenceLink = .reference(item.reference)
        runHref = Place.run(item.runID)
        openItemsHref = item.open.currency.isEmpty ? nil : Place.openItems(item.channel, item.open.currency)
        version = "\(item.version)"
        self.key = key
        notePath = Place.item(item.id) + "/notes"
        movePath = Place.item(item.id) + "/move"
        proposePath = Place.item(item.id) + "/repairs"
        ownerPath = Place.item(item.id) + "/owner"
        filesPath = Place.files(of: item.id)
    }

    private static func lines(_ item: V1ReconciliationCase, _ texts: Texts) -> [Line] {
        let (ours, theirs) = (item.ours, item.theirs)
        let both = item.hasOurs && item.hasTheirs
        func text(_ label: String, _ left: String, _ right: String, isID: Bool = false, href: String? = nil) -> Line? {
            if left.isEmpty, right.isEmpty { return nil }
            return Line(
                label: label, ours: left, theirs: right, oursSum: nil, theirsSum: nil,
                differs: both && !left.isEmpty && !right.isEmpty && left != right, isID: isID, href: href)
        }
        func sum(_ label: String, _ left: V1Amount?, _ right: V1Amount?) -> Line? {
            let (left, right) = (left.flatMap { Sum($0) }, right.flatMap { Sum($0) })
            if left == nil, right == nil { return nil }
            return Line(
                label: label, ours: "", theirs: "", oursSum: left, theirsSum: right,
                differs: both && left != nil && right != nil
                    && (left?.figure != right?.figure || left?.code != right?.code),
                isID: false, href: nil)
        }
        func kind(_ line: V1CaseLine) -> String { line.kind.isEmpty ? "" : texts.name("kind", line.kind) }
        func place(_ line: V1CaseLine) -> String {
            line.line > 0 ? "\(texts[ReconciliationText.lineNumber]) \(line.line)" : ""
        }
        return [
            sum(texts[.amount], item.hasOurs ? ours.amount : nil, item.hasTheirs ? theirs.amount : nil),
            sum(
                texts[ReconciliationText.feeWord], item.hasOurs && ours.hasFee ? ours.fee : nil,
                item.hasTheirs && theirs.hasFee ? theirs.fee : nil),
            text(texts[.state], ours.status, theirs.status),
            text(texts[ReconciliationText.kindWord], kind(ours), kind(theirs)),
            text(
                texts[.time], Moment(message: ours.at)?.text ?? ours.at, Moment(message: theirs.at)?.text ?? theirs.at
            ).map { line in
                // Two clocks are never equal to the second; only another day is worth a mark.
                Line(
                    label: line.label, ours: line.ours, theirs: line.theirs, oursSum: nil, theirsSum: nil,
                    differs: line.differs && line.ours.prefix(10) != line.theirs.prefix(10), isID: false, href: nil)
            },
            text(
                texts[ReconciliationText.merchantReference], ours.merchantReference, theirs.merchantReference,
                isID: true),
            text(texts[.channelReference], ours.channelReference, theirs.channelReference, isID: true),
            text(
                texts[.payment], ours.paymentID, "", isID: true,
                href: ours.paymentID.isEmpty ? nil : Place.payment(ours.paymentID)),
            text(texts[ReconciliationText.inFile], place(ours), place(theirs))
        ].compactMap { $0 }
    }

    private static func choices(_ matchClass: String, suggested: String, _ texts: Texts) -> [Choice] {
        RepairChoices.of(matchClass).sorted { ($0 != suggested ? 1 : 0) < ($1 != suggested ? 1 : 0) }.map { kind in
            Choice(value: kind, text: texts.name("repairKind", kind), isSuggested: kind == suggested)
        }
    }

    private static func steps(_ item: V1ReconciliationCase, _ texts: Texts) -> [Step] {
        var steps: [(at: String, step: Step)] = []
        func add(_ text: String, _ tone: String, _ note: String, _ at: String) {
            guard let moment = Moment(message: at) else { return }
            steps.append((at, Step(text: text, tone: tone, note: note.orNil, at: moment)))
        }
        add(texts[ReconciliationText.stepOpened], "bad", texts.name("class", item.class), item.openedAt)
        for repair in item.repairs {
            let kind = texts.name("repairKind", repair.kind)
            add("\(texts[ReconciliationText.stepProposed]) \(kind)", "wait", repair.proposedBy, repair.proposedAt)
            if repair.state == "rejected" || repair.state == "withdrawn" {
                add(
                    texts.name("repair", repair.state), "quiet",
                    [repair.decidedBy, repair.decisionReason].filter { !$0.isEmpty }.joined(separator: " · "),
                    repair.decidedAt)
            } else if !repair.decidedAt.isEmpty {
                add(texts[ReconciliationText.stepApproved], "busy", repair.decidedBy, repair.decidedAt)
            }
            if !repair.executedAt.isEmpty {
                add(texts[ReconciliationText.stepExecuted], "good", repair.executedBy, repair.executedAt)
            }
        }
        for note in item.notes { add(texts[ReconciliationText.stepNoted], "quiet", note.author, note.writtenAt) }
        for file in item.files { add(texts[ReconciliationText.stepAttached], "quiet", file.name, file.attachedAt) }
        if !item.endedAt.isEmpty {
            add(texts.name("case", item.state), "good", item.outcome, item.endedAt)
        }
        // Written alike, times of the contract sort as texts; stable, because equal ones keep their order.
        return steps.enumerated().sorted { ($0.element.at, $0.offset) < ($1.element.at, $1.offset) }.map(\.element.step)
    }
}

/// Which repairs fit which class, for the form. What is not offered here is refused by the capability as well.
enum RepairChoices {
    static func of(_ matchClass: String) -> [String] {
        switch matchClass {
        case "amount": ["write_off_rounding", "book_channel_fee", "book_unknown_money", "reclassify"]
        case "fee": ["book_channel_fee", "write_off_rounding"]
        case "currency": ["book_unknown_money", "write_off_rounding"]
        case "missing_ours":
            ["book_missing_capture", "book_missing_refund", "book_unknown_money", "reclassify", "mark_timing"]
        case "missing_theirs": ["mark_timing", "reclassify"]
        case "duplicate_theirs": ["return_duplicate", "book_unknown_money", "reclassify"]
        case "duplicate_ours": ["return_duplicate"]
        case "late": ["mark_timing", "reclassify"]
        case "status": ["mark_timing"]
        default: []
        }
    }
}
