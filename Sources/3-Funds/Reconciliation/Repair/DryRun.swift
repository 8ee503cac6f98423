import Contract
import Ledger
import Money
import Runtime
import Store
import SwiftProtobuf

/// Executes a repair in a transaction that is rolled back, and says what it changed.
///
/// It is the execution itself and no imitation of it, so what is shown is what would happen now.
struct DryRun {
    let cases: Cases

    /// Thrown to undo everything that was tried; it carries what was seen.
    private struct RolledBack: Error {
        let preview: V1RepairPreview
    }

    func run(
        _ book: Book, deadline: Timestamp,
        _ prepare: @escaping @Sendable (Transaction) throws -> (CaseRecord, RepairRecord)
    ) async throws -> V1RepairPreview {
        do {
            try await book.write("reconciliation.dry-run", deadline: deadline) { tx in
                throw RolledBack(preview: try attempt(tx, prepare))
            }
        } catch let done as RolledBack {
            return done.preview
        }
        // The command above always throws: it has answered with a preview or with what refused it.
        preconditionFailure("a dry run was not rolled back")
    }

    private func attempt(
        _ tx: Transaction, _ prepare: (Transaction) throws -> (CaseRecord, RepairRecord)
    ) throws -> V1RepairPreview {
        // A proposal is tried as if it were approved; the record is written by nobody.
        var (row, repair) = try prepare(tx)
        let before = try Picture(of: repair.plan, row, cases, tx)
        if repair.state == .proposed { try repair.move(.approve) }
        try cases.execute(&repair, by: repair.maker, in: tx)
        row = try CaseStorage.existing(row.id, tx)
        let after = try Picture(of: repair.plan, row, cases, tx, cases: before.cases.map(\.id))
        var preview = V1RepairPreview()
        preview.entries = repair.plan.entries.map(V1RepairEntry.init)
        preview.balances = zip(before.balances, after.balances).map { before, after in
            .with {
                $0.account = before.account
                $0.currency = repair.currency.code
                $0.beforeMinor = before.minor
                $0.afterMinor = after.minor
            }
        }
        preview.items = zip(before.items, after.items).map { before, after in
            .with {
                $0.account = before.account
                $0.reference = before.reference
                $0.currency = repair.currency.code
                $0.beforeMinor = before.minor
                $0.afterMinor = after.minor
            }
        }
        preview.cases = zip(before.cases, after.cases).filter { $0.state != $1.state || $0.id == row.id }.map {
            before, after in
            .with {
                $0.caseID = "\(before.id)"
                $0.before = before.state
                $0.after = after.state
            }
        }
        return preview
    }

    /// What a repair can change, as it stands at one moment.
    private struct Picture {
        var balances: [(account: String, minor: Int64)] = []
        var items: [(account: String, reference: String, minor: Int64)] = []
        var cases: [(id: CaseID, state: String)] = []

        init(
            of plan: RepairPlan, _ row: CaseRecord, _ capability: Cases, _ tx: Transaction, cases known: [CaseID]? = nil
        ) throws {
            let currency = row.open.currency
            let ledger = capability.ledger
            for code in Set(plan.entries.flatMap { [$0.debit, $0.credit] }).sorted() {
                let isOpen = try ledger.account(code, currency: currency, in: tx) != nil
                balances.append(
                    (code, isOpen ? try ledger.balance(of: code, currency: currency, in: tx).posted.minor : 0))
            }
            let clearing = ChartAccount.clearing(row.channel).code
            let hasClearing = try ledger.account(clearing, currency: currency, in: tx) != nil
            let references = Set(plan.entries.map(\.reference) + [row.reference]).sorted()
            for reference in references {
                let open =
                    hasClearing
                    ? try ledger.openItem(account: clearing, currency: currency, reference: reference, in: tx) : nil
                items.append((clearing, reference, open?.open.minor ?? 0))
            }
            let touched: [CaseID]
            if let known {
                touched = known
            } else {
                let live = try references.flatMap {
                    try CaseStorage.live(channel: row.channel, reference: $0, tx).map(\.id)
                }
                touched = Set(live + [row.id]).sorted()
            }
            cases = try touched.map { ($0, try CaseStorage.existing($0, tx).state.rawValue) }
        }
    }
}
