import Contract
import Ledger
import Money
import Runtime
import Store
import SwiftProtobuf

/// A row of `recon_repairs`.
struct RepairRecord: Sendable {
    let id: RepairID
    let caseID: CaseID
    let plan: RepairPlan
    let currency: Currency
    var state = RepairState.proposed
    let reason: String
    let maker: Actor
    var checker = ""
    var executor = ""
    var decision = ""
    var isAutomatic = false
    /// Why the policy leaves it to a person.
    var waits = ""
    let reverses: RepairID?
    var reversedBy: RepairID?
    var version: Int64 = 1
    let proposedAt: Timestamp
    var decidedAt: Timestamp?
    var executedAt: Timestamp?

    var amount: Amount { Amount(minor: plan.amountMinor, currency) }

    mutating func move(_ move: RepairMove) throws(CasesError) {
        try state.move(move)
        version += 1
    }
}

/// SQL of repairs, by name.
enum RepairStorage {
    private static let columns: SQL = """
        id, case_id, kind, state, entries, currency, amount_minor, item_reference, expected_open, carry_to, reason, maker,
        maker_person, checker, executor, decision, automatic, waits, reverses, reversed_by, version, proposed_at,
        decided_at, executed_at
        """

    /// Writes the repair whether it is new or not.
    static func save(_ row: RepairRecord, in tx: Transaction) throws {
        let entries =
            try V1Repair.with { $0.entries = row.plan.entries.map(V1RepairEntry.init) }.serializedBytes() as [UInt8]
        try tx.execute(
            """
            INSERT INTO recon_repairs (\(columns)) VALUES (\(row.id), \(row.caseID), \(row.plan.kind.rawValue),
            \(row.state.rawValue), \(entries), \(row.currency.code), \(row.plan.amountMinor),
            \(row.plan.itemReference), \(row.plan.expectedOpenMinor), \(row.plan.carryTo ?? ""), \(row.reason),
            \(row.maker.subject), \(row.maker.person), \(row.checker), \(row.executor), \(row.decision),
            \(row.isAutomatic), \(row.waits), \(row.reverses.sqlValue), \(row.reversedBy.sqlValue), \(row.version),
            \(row.proposedAt), \(row.decidedAt.sqlValue), \(row.executedAt.sqlValue))
            ON CONFLICT (id) DO UPDATE SET state = excluded.state, checker = excluded.checker,
            executor = excluded.executor, decision = excluded.decision, automatic = excluded.automatic,
            waits = excluded.waits, reversed_by = excluded.reversed_by, version = excluded.version,
            decided_at = excluded.decided_at, executed_at = excluded.executed_at
            """)
    }

    static func find(_ id: RepairID, _ reader: any SQLReader) throws -> RepairRecord? {
        try reader.first("SELECT \(columns) FROM recon_repairs WHERE id = \(id)", read)
    }

    /// The repair or `notFound`.
    static func existing(_ id: RepairID, _ reader: any SQLReader) throws -> RepairRecord {
        guard let row = try find(id, reader) else { throw CasesError.notFound("repair", "\(id)") }
        return row
    }

    /// The repairs of a case, oldest first.
    static func of(_ id: CaseID, _ reader: any SQLReader) throws -> [RepairRecord] {
        try reader.query(
            "SELECT \(columns) FROM recon_repairs WHERE case_id = \(id) ORDER BY id LIMIT \(Cases.repairsPerCase)", read
        )
    }

    /// Newest first, after the repair that the last page ended with.
    static func page(
        caseID: CaseID?, state: String, before: RepairID?, limit: Int, _ reader: any SQLReader
    ) throws -> [RepairRecord] {
        var condition: SQL = "1 = 1"
        if let caseID { condition = condition + " AND case_id = \(caseID)" }
        if !state.isEmpty { condition = condition + " AND state = \(state)" }
        if let before { condition = condition + " AND id < \(before)" }
        return try reader.query(
            "SELECT \(columns) FROM recon_repairs WHERE \(condition) ORDER BY id DESC LIMIT \(limit)", read)
    }

    /// What repaired itself on the day of `now` (UTC), in minor units.
    static func spent(
        _ kind: RepairKind, _ currency: Currency, at now: Timestamp, _ reader: any SQLReader
    ) throws -> Int64 {
        try reader.first(
            """
            SELECT amount_minor FROM recon_repair_days WHERE day = \(day(now)) AND kind = \(kind.rawValue)
            AND currency = \(currency.code)
            """
        ) { $0.int64(0) } ?? 0
    }

    static func spend(_ row: RepairRecord, in tx: Transaction) throws {
        try tx.execute(
            """
            INSERT INTO recon_repair_days (day, kind, currency, amount_minor, count) VALUES (\(day(tx.now)),
            \(row.plan.kind.rawValue), \(row.currency.code), \(row.plan.amountMinor), 1)
            ON CONFLICT (day, kind, currency) DO UPDATE SET
            amount_minor = recon_repair_days.amount_minor + excluded.amount_minor,
            count = recon_repair_days.count + 1
            """)
    }

    private static func day(_ now: Timestamp) -> Int64 { Ratio.floorDivide(now.microseconds, 86_400_000_000) }

    private static func read(_ row: Row) throws -> RepairRecord {
        guard let kind = RepairKind(rawValue: row.text(2)), let state = RepairState(rawValue: row.text(3)) else {
            throw StoreError(.unexpectedValue, "a repair has words that no version wrote")
        }
        let currency = try Currency(code: row.text(5))
        let carryTo = row.text(9)
        let plan = RepairPlan(
            kind: kind, entries: try V1Repair(serializedBytes: row.bytes(4)).entries.map(PlannedEntry.init),
            carryTo: carryTo.isEmpty ? nil : carryTo, itemReference: row.text(7), expectedOpenMinor: row.int64(8))
        var record = RepairRecord(
            id: try row.get(0), caseID: try row.get(1), plan: plan, currency: currency, reason: row.text(10),
            maker: Actor(subject: row.text(11), person: row.text(12)), reverses: try row.get(18),
            proposedAt: try row.get(21))
        record.state = state
        record.checker = row.text(13)
        record.executor = row.text(14)
        record.decision = row.text(15)
        record.isAutomatic = try row.get(16)
        record.waits = row.text(17)
        record.reversedBy = try row.get(19)
        record.version = row.int64(20)
        record.decidedAt = try row.get(22)
        record.executedAt = try row.get(23)
        return record
    }
}

extension V1RepairEntry {
    init(_ entry: PlannedEntry) {
        self.init()
        debit = entry.debit
        credit = entry.credit
        amount = V1Amount(entry.amount)
        code = Int32(entry.code.number)
        reference = entry.reference
    }
}

extension PlannedEntry {
    /// An entry that we wrote down ourselves.
    init(_ entry: V1RepairEntry) throws {
        guard let code = UInt16(exactly: entry.code) else {
            throw StoreError(.unexpectedValue, "there is no transfer code \(entry.code)")
        }
        self.init(
            debit: entry.debit, credit: entry.credit,
            amount: Amount(minor: entry.amount.minor, try Currency(code: entry.amount.currency)),
            code: TransferCode(code), reference: entry.reference)
    }
}
