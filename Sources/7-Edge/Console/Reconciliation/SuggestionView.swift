import Contract
import Reconciliation

/// What the matcher holds likely to belong to a case's line, and the form that proposes to say so.
struct SuggestionView {
    /// Another case whose line may be the other half.
    struct Other {
        let link: Link
        let badge: Badge
        let reference: String
        let at: Moment?
        let open: Sum?
        /// The form: what is moved where. Nil where both are open in the same direction, or nothing may be proposed.
        let proposal: Proposal?
    }

    struct Proposal {
        let target: String
        let amount: String
        let key: String
        let reason: String
    }

    /// Other cases that are looked up for one page.
    static let shown = 8

    /// What the lines would be together.
    let badge: Badge
    let confidence: String
    let reason: String
    let others: [Other]

    /// - Parameters:
    ///   - cases: the other cases, as far as they could be read.
    ///   - key: of the page's forms; each proposal adds its own place to it.
    init(
        _ suggestion: V1MatchSuggestion, of item: V1ReconciliationCase, _ cases: [V1ReconciliationCase],
        canPropose: Bool, key: String, texts: Texts
    ) {
        badge = .matchClass(suggestion.class, texts)
        confidence = "\(suggestion.confidence) %"
        reason = suggestion.reason
        others = cases.filter { $0.id != item.id && suggestion.caseIds.contains($0.id) }.map { other in
            let line = other.hasTheirs ? other.theirs : other.ours
            let minor = Self.movable(item.open, other.open)
            let mayPropose =
                canPropose && minor > 0 && other.endedAt.isEmpty && !other.reference.isEmpty
                && RepairChoices.of(item.class).contains("reclassify")
            return Other(
                link: Link(href: Place.item(other.id), text: Link.ending(other.id), full: other.id),
                badge: .matchClass(other.class, texts),
                reference: [line.merchantReference, line.channelReference].first { !$0.isEmpty }
                    ?? Self.place(line.line, texts),
                at: Moment(message: line.at), open: Sum(other.open),
                proposal: mayPropose
                    ? Proposal(
                        target: other.reference, amount: "\(minor)", key: key + "-\(suggestion.number)-" + other.id,
                        reason: "suggested by the matcher, \(suggestion.confidence) %") : nil)
        }
    }

    /// Where a line without any reference stands in its file.
    static func place(_ line: Int64, _ texts: Texts) -> String {
        line > 0 ? "\(texts[ReconciliationText.lineNumber]) \(line)" : ""
    }

    /// How much of the one's open amount the other's takes: they are open in opposite directions, in one currency.
    private static func movable(_ own: V1Amount, _ other: V1Amount) -> Int64 {
        guard own.currency == other.currency, own.minor != .min, other.minor != .min,
            own.minor.signum() * other.minor.signum() < 0
        else { return 0 }
        return min(abs(own.minor), abs(other.minor))
    }
}

/// The surest suggestions of a run, in rows.
struct SuggestionTable {
    struct Row {
        let link: Link?
        let badge: Badge
        let confidence: String
        let reason: String
        let ours: String
        let theirs: String
        let oursSum: Sum?
        let theirsSum: Sum?
    }

    /// Rows on the page of a run; the API has all that are kept.
    static let shown = 20

    let rows: [Row]
    let isEmpty: Bool
    /// How many the matcher found, where the page shows fewer.
    let found: String?

    init(_ reply: V1ListSuggestionsReply, texts: Texts) {
        rows = reply.suggestions.map { suggestion in
            Row(
                link: suggestion.caseIds.first.map { Link(href: Place.item($0), text: Link.ending($0), full: $0) },
                badge: .matchClass(suggestion.class, texts), confidence: "\(suggestion.confidence) %",
                reason: suggestion.reason, ours: Self.name(suggestion.ours, texts),
                theirs: Self.name(suggestion.theirs, texts),
                oursSum: Sum(suggestion.ours.amount), theirsSum: Sum(suggestion.theirs.amount))
        }
        isEmpty = rows.isEmpty
        found = reply.found > Int64(rows.count) ? Figure.count(reply.found) : nil
    }

    private static func name(_ side: V1DifferenceSide, _ texts: Texts) -> String {
        [side.merchantReference, side.channelReference, side.reference].first { !$0.isEmpty }
            ?? SuggestionView.place(side.line, texts)
    }
}
