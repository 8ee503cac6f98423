import Assembly
import Contract
import Ledger
import Matching
import Money
import Reconciliation
import Runtime
import Store

/// What a run of the day must have found and left, compared with what it did.
struct ReconciliationFindings: Sendable {
    /// Each difference as its class and the line's merchant reference.
    private(set) var differences: Set<String> = []
    /// What stays open on the clearing account, by reference.
    private(set) var open: [String: Int64] = [:]
    private(set) var matched: Int64 = 0

    /// What the day was made with.
    init(of day: ReconciliationDay) {
        for number in 0..<day.sales {
            let sale = day.sale(number)
            switch sale.fate {
            case .equal: matched += 1
            case .twice:
                matched += 1
                add("duplicate_theirs", sale, nil)
            case .onlyOurs: add("missing_theirs", sale, (sale.reference, sale.amountMinor))
            // Money that nobody knows stands open under the channel's own number.
            case .onlyTheirs: add("missing_ours", sale, (sale.channelReference, sale.feeMinor - sale.paidMinor))
            case .amount: add("amount", sale, (sale.reference, sale.amountMinor - sale.paidMinor))
            case .status: add("status", sale, (sale.reference, sale.amountMinor))
            }
        }
    }

    private mutating func add(_ name: String, _ sale: Sale, _ item: (reference: String, minor: Int64)?) {
        differences.insert("\(name) \(sale.merchantReference)")
        if let item { open[item.reference] = item.minor }
    }

    /// Throws unless exactly these differences were found, and exactly these items are open and add up to the balance.
    func require(_ left: Left) throws {
        guard left.matched == matched, left.rejected == 0 else {
            throw ReconciliationBench.Failure(
                "\(left.matched) lines matched, \(left.rejected) could not be read; \(matched) are equal")
        }
        guard left.differences.count == differences.count, Set(left.differences) == differences else {
            let found = Set(left.differences)
            let (more, less) = (found.subtracting(differences).sorted(), differences.subtracting(found).sorted())
            throw ReconciliationBench.Failure(
                "\(left.differences.count) differences were found, \(differences.count) were made: "
                    + "\(more.prefix(3)) too many, \(less.prefix(3)) not found")
        }
        guard left.items == open else {
            let wrong = Set(left.items.keys).union(open.keys).filter { left.items[$0] != open[$0] }.sorted()
            throw ReconciliationBench.Failure(
                "\(left.items.count) items are open, \(open.count) must be; other than made: \(wrong.prefix(3))")
        }
        guard left.total == left.balance, left.total == open.values.reduce(0, +) else {
            throw ReconciliationBench.Failure(
                "the open items add up to \(left.total), the clearing account stands at \(left.balance)")
        }
    }

    /// What a run has left in its book.
    struct Left: Sendable {
        var matched: Int64
        var rejected: Int64
        var differences: [String]
        var items: [String: Int64]
        /// The open items as the ledger adds them up, and the account's balance.
        var total: Int64
        var balance: Int64

        static func by(_ run: Run, _ house: House, _ book: Book) async throws -> Left {
            let (runs, ledger) = (house.reconciliation, house.ledger)
            let (account, currency) = (
                ChartAccount.clearing(ReconciliationDay.channel).code, ReconciliationDay.currency
            )
            return try await book.read { reader in
                Left(
                    matched: run.counts.matched, rejected: run.counts.rejected,
                    differences: try differences(of: run.id, runs, reader),
                    items: try items(account, ledger, reader),
                    total: try ledger.openTotal(account: account, currency: currency, in: reader).open.minor,
                    balance: try ledger.balance(of: account, currency: currency, in: reader).posted.minor)
            }
        }

        private static func differences(
            of run: RunID, _ runs: Reconciliation, _ reader: any SQLReader
        ) throws -> [String] {
            var found: [String] = []
            var last: Int64 = 0
            while case let page = try runs.differences(of: run, after: last, in: reader), let end = page.last {
                found += page.map { "\($0.matchClass.code) \(($0.theirs ?? $0.ours)?.merchantReference ?? "")" }
                last = end.number
            }
            return found
        }

        private static func items(
            _ account: String, _ ledger: Ledger, _ reader: any SQLReader
        ) throws -> [String: Int64] {
            var items: [String: Int64] = [:]
            var last = TransferID(0)
            while case let page = try ledger.openItems(
                account: account, currency: ReconciliationDay.currency, after: last, in: reader), let end = page.last
            {
                for item in page { items[item.reference] = item.open.minor }
                last = end.opened
            }
            return items
        }
    }
}
