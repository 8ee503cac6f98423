import Contract
import Reconciliation

/// A repair with its entries, and what executing it would change.
struct RepairView {
    struct Entry {
        let debit: PostingsView.Account
        let credit: PostingsView.Account
        let sum: Sum?
        let purpose: String
    }

    struct Change {
        let name: String
        let before: Sum?
        let after: Sum?
    }

    let id: String
    let kind: String
    let state: Badge
    let sum: Sum?
    let reason: String?
    let proposedBy: String
    let proposedAt: Moment?
    let decidedBy: String?
    let decisionReason: String
    let isAutomatic: Bool
    let waits: String?
    let entries: [Entry]
    let hasEntries: Bool
    let carryTo: String?
    let changes: [Change]
    let hasPreview: Bool
    let canApprove: Bool
    let canReject: Bool
    let canWithdraw: Bool
    let takesReason: Bool
    let canExecute: Bool
    /// The viewer proposed it, so somebody else has to approve it.
    let isOwn: Bool
    let path: String
    let caseID: String
    let version: String

    init(
        _ repair: V1Repair, preview: V1RepairPreview?, rights: Rights, subject: String, caseID: String, texts: Texts
    ) {
        id = repair.id
        kind = texts.name("repairKind", repair.kind)
        state = .repair(repair.state, texts)
        sum = Sum(repair.amount)
        reason = repair.reason.orNil
        proposedBy = repair.proposedBy
        proposedAt = Moment(message: repair.proposedAt)
        decidedBy = repair.decidedBy.orNil
        decisionReason = repair.decisionReason
        isAutomatic = repair.automatic
        waits = repair.waitsBecause.orNil
        entries = repair.entries.map { Self.entry($0, texts) }
        hasEntries = !entries.isEmpty
        carryTo = repair.carryTo.orNil
        let isOpen = repair.state == "proposed" || repair.state == "approved"
        changes = Self.changes(preview, texts)
        hasPreview = isOpen && preview != nil
        isOwn = repair.proposedBy == subject && repair.state == "proposed"
        canApprove = rights.approves && repair.state == "proposed" && !isOwn
        canReject = rights.approves && repair.state == "proposed" && !isOwn
        canWithdraw = rights.writes && isOpen
        takesReason = canReject || canWithdraw
        canExecute = rights.writes && repair.state == "approved"
        path = Place.repair(repair.id)
        self.caseID = caseID
        version = "\(repair.version)"
    }

    private static func entry(_ entry: V1RepairEntry, _ texts: Texts) -> Entry {
        func account(_ code: String) -> PostingsView.Account {
            let name = AccountNames.name(code, in: texts.language)
            return PostingsView.Account(
                name: name.isEmpty ? code : name, code: code, href: Place.account(code, entry.amount.currency))
        }
        return Entry(
            debit: account(entry.debit), credit: account(entry.credit), sum: Sum(entry.amount),
            purpose: texts.name("code", "\(entry.code)"))
    }

    private static func changes(_ preview: V1RepairPreview?, _ texts: Texts) -> [Change] {
        guard let preview else { return [] }
        let balances = preview.balances.map { change in
            let name = AccountNames.name(change.account, in: texts.language)
            return Change(
                name: name.isEmpty ? change.account : "\(name) (\(change.account))",
                before: Sum(minor: change.beforeMinor, change.currency),
                after: Sum(minor: change.afterMinor, change.currency))
        }
        let items = preview.items.map { change in
            Change(
                name: "\(texts[ReconciliationText.openItem]) \(Link.short(change.reference))",
                before: Sum(minor: change.beforeMinor, change.currency),
                after: Sum(minor: change.afterMinor, change.currency))
        }
        return balances + items
    }
}

/// What stands open on a channel's clearing account, and whether it adds up to the balance.
struct OpenItemsView {
    struct Row {
        let reference: Link?
        let id: String
        let open: Sum?
        let at: Moment?
        let transfer: Link
        let item: Link?
    }

    let channel: String
    let currency: String
    let accountHref: String
    let rows: [Row]
    let isEmpty: Bool
    let total: Sum?
    let balance: Sum?
    let count: String
    let adds: Bool
    let verdict: String
    let pager: Pager?
    let back = Place.reconciliation

    init(_ reply: V1ListChannelOpenItemsReply, channel: String, currency: String, after: String, texts: Texts) {
        self.channel = channel
        self.currency = currency
        accountHref = Place.account("clearing:" + channel, currency)
        rows = reply.items.map { item in
            Row(
                reference: .reference(item.reference), id: item.reference, open: Sum(item.open),
                at: Moment(message: item.openedAt),
                transfer: Link(
                    href: Place.transfer(item.openedTransfer), text: "\(item.openedTransfer)",
                    full: "\(item.openedTransfer)"),
                item: item.caseID.isEmpty
                    ? nil : Link(href: Place.item(item.caseID), text: Link.ending(item.caseID), full: item.caseID))
        }
        isEmpty = rows.isEmpty
        total = Sum(reply.open)
        balance = Sum(reply.balance)
        count = Figure.count(reply.count)
        adds = reply.open.minor == reply.balance.minor
        verdict = texts[adds ? ReconciliationText.itemsAddUp : ReconciliationText.itemsDoNotAddUp]
        pager = Pager(path: Place.openItems(channel, currency), query: [], after: after, next: reply.nextPageToken)
    }
}
