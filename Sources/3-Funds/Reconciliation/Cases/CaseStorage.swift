import Contract
import Matching
import Money
import Runtime
import Store
import SwiftProtobuf

/// SQL of cases, by name.
enum CaseStorage {
    private static let columns: SQL = """
        id, difference_id, run_id, channel, day, class, state, severity, reason, ours, theirs, currency, open_minor,
        reference, cause, confidence, rules, repair, other_causes, oddity, odd_feature, owner, deadline_at, carried_to,
        outcome, version, opened_at, updated_at, ended_at
        """

    static func insert(_ row: CaseRecord, in tx: Transaction) throws {
        let side = row.oneSided
        try tx.execute(
            """
            INSERT INTO recon_cases (\(columns), side_currency, side_minor) VALUES (\(row.id), \(row.difference),
            \(row.run), \(row.channel), \(row.day.number), \(row.matchClass.code), \(row.state.rawValue),
            \(row.severity.rawValue), \(row.reason), \(try bytes(row.ours)), \(try bytes(row.theirs)),
            \(row.open.currency.code), \(row.open.minor), \(row.reference), \(row.cause.cause),
            \(row.cause.confidence), \(row.rules), \(row.cause.repair), \(row.cause.others.joined(separator: " ")),
            \(row.oddity?.basisPoints ?? 0), \(row.oddity?.feature ?? ""), \(row.owner), \(row.deadline),
            \(row.carriedTo), \(row.outcome), \(row.version), \(row.openedAt), \(row.updatedAt),
            \(row.endedAt.sqlValue), \(side?.currency ?? ""), \((side?.amountMinor).sqlValue))
            """)
    }

    static func update(_ row: CaseRecord, in tx: Transaction) throws {
        try tx.execute(
            """
            UPDATE recon_cases SET run_id = \(row.run), state = \(row.state.rawValue),
            severity = \(row.severity.rawValue), reason = \(row.reason), ours = \(try bytes(row.ours)),
            theirs = \(try bytes(row.theirs)), open_minor = \(row.open.minor), reference = \(row.reference),
            cause = \(row.cause.cause), confidence = \(row.cause.confidence), rules = \(row.rules),
            repair = \(row.cause.repair), other_causes = \(row.cause.others.joined(separator: " ")),
            oddity = \(row.oddity?.basisPoints ?? 0), odd_feature = \(row.oddity?.feature ?? ""),
            owner = \(row.owner), deadline_at = \(row.deadline), carried_to = \(row.carriedTo),
            outcome = \(row.outcome), version = \(row.version), updated_at = \(row.updatedAt),
            ended_at = \(row.endedAt.sqlValue) WHERE id = \(row.id)
            """)
    }

    static func find(_ id: CaseID, _ reader: any SQLReader) throws -> CaseRecord? {
        try reader.first("SELECT \(columns) FROM recon_cases WHERE id = \(id)", read)
    }

    /// The case or `notFound`.
    static func existing(_ id: CaseID, _ reader: any SQLReader) throws -> CaseRecord {
        guard let row = try find(id, reader) else { throw CasesError.notFound("case", "\(id)") }
        return row
    }

    static func find(
        differences: [DifferenceID], _ reader: any SQLReader
    ) throws -> [DifferenceID: CaseRecord] {
        let rows = try reader.query(
            "SELECT \(columns) FROM recon_cases WHERE difference_id IN (\(list: differences))", read)
        return Dictionary(uniqueKeysWithValues: rows.map { ($0.difference, $0) })
    }

    /// Cases that are not ended and stand open under a reference; at most 100.
    static func live(channel: String, reference: String, _ reader: any SQLReader) throws -> [CaseRecord] {
        try reader.query(
            """
            SELECT \(columns) FROM recon_cases WHERE reference = \(reference) AND channel = \(channel)
            AND ended_at IS NULL ORDER BY id LIMIT 100
            """, read)
    }

    static func of(run: RunID, after: CaseID?, limit: Int, _ reader: any SQLReader) throws -> [CaseRecord] {
        try reader.query(
            """
            SELECT \(columns) FROM recon_cases WHERE run_id = \(run) AND id > \(after?.uuid.bytes ?? [])
            ORDER BY id LIMIT \(limit)
            """, read)
    }

    /// One-sided cases of a channel with one of some amounts: what a line may be mistaken for. At most `limit`.
    static func oneSided(
        channel: String, currency: String, amounts: [Int64], limit: Int, _ reader: any SQLReader
    ) throws -> [CaseRecord] {
        try reader.query(
            """
            SELECT \(columns) FROM recon_cases WHERE channel = \(channel) AND side_currency = \(currency)
            AND side_minor IN (\(list: amounts)) ORDER BY id DESC LIMIT \(limit)
            """, read)
    }

    struct Filter: Sendable {
        var run: RunID?
        var channel = ""
        var matchClass = ""
        var cause = ""
        var state = ""
        var owner = ""
        var isLive = false
        /// Only those whose deadline is before this moment.
        var overdueAt: Timestamp?
    }

    /// Newest first, after the case that the last page ended with.
    static func page(_ filter: Filter, before: CaseID?, limit: Int, _ reader: any SQLReader) throws -> [CaseRecord] {
        var conditions: [SQL] = []
        if let run = filter.run { conditions.append("run_id = \(run)") }
        if !filter.channel.isEmpty { conditions.append("channel = \(filter.channel)") }
        if !filter.matchClass.isEmpty { conditions.append("class = \(filter.matchClass)") }
        if !filter.cause.isEmpty { conditions.append("cause = \(filter.cause)") }
        if !filter.state.isEmpty { conditions.append("state = \(filter.state)") }
        if !filter.owner.isEmpty { conditions.append("owner = \(filter.owner)") }
        if filter.isLive || filter.overdueAt != nil { conditions.append("ended_at IS NULL") }
        if let now = filter.overdueAt { conditions.append("deadline_at < \(now)") }
        if let before { conditions.append("id < \(before)") }
        let condition = conditions.reduce("1 = 1" as SQL) { $0 + " AND " + $1 }
        return try reader.query(
            "SELECT \(columns) FROM recon_cases WHERE \(condition) ORDER BY id DESC LIMIT \(limit)", read)
    }

    private static func bytes(_ side: DifferenceSide?) throws -> SQLValue {
        guard let side else { return .null }
        return .bytes(try V1CaseLine(side).serializedBytes())
    }

    private static func side(_ row: Row, _ column: Int) throws -> DifferenceSide? {
        row.isNull(column) ? nil : DifferenceSide(try V1CaseLine(serializedBytes: row.bytes(column)))
    }

    private static func read(_ row: Row) throws -> CaseRecord {
        guard let matchClass = MatchClass(code: row.text(5)), let state = CaseState(rawValue: row.text(6)),
            let severity = CasePolicy.Severity(rawValue: try row.get(7))
        else { throw StoreError(.unexpectedValue, "a case has words that no version wrote") }
        var record = CaseRecord(
            id: try row.get(0), difference: try row.get(1), run: try row.get(2), channel: row.text(3),
            day: BusinessDay(number: row.int64(4)), matchClass: matchClass, severity: severity, reason: row.text(8),
            ours: try side(row, 9), theirs: try side(row, 10),
            open: Amount(minor: row.int64(12), try Currency(code: row.text(11))), reference: row.text(13),
            owner: row.text(21), deadline: try row.get(22), openedAt: try row.get(26), updatedAt: try row.get(27))
        record.state = state
        record.cause.cause = row.text(14)
        record.cause.confidence = try row.get(15)
        record.rules = row.int64(16)
        record.cause.repair = row.text(17)
        record.cause.others = row.text(18).split(separator: " ").map(String.init)
        if row.int64(19) > 0 { record.oddity = .init(basisPoints: try row.get(19), feature: row.text(20)) }
        record.carriedTo = row.text(23)
        record.outcome = row.text(24)
        record.version = row.int64(25)
        record.endedAt = try row.get(28)
        return record
    }
}

extension V1CaseLine {
    /// A side as it is kept: without the channel's own words, which may name a person.
    init(_ side: DifferenceSide) {
        self.init()
        kind = side.kind
        merchantReference = side.merchantReference
        channelReference = side.channelReference
        paymentID = side.paymentID
        amount = .with {
            $0.minor = side.amountMinor
            $0.currency = side.currency
        }
        if let feeMinor = side.feeMinor {
            fee = .with {
                $0.minor = feeMinor
                $0.currency = side.currency
            }
        }
        status = side.status
        at = side.timeUs.map { Timestamp(microseconds: $0).rfc3339 } ?? ""
        line = side.line
        lines = Int32(clamping: side.lines)
    }
}

extension DifferenceSide {
    init(_ line: V1CaseLine) {
        self.init(
            kind: line.kind, merchantReference: line.merchantReference, channelReference: line.channelReference,
            reference: "", paymentID: line.paymentID, currency: line.amount.currency, amountMinor: line.amount.minor,
            feeMinor: line.hasFee ? line.fee.minor : nil, status: line.status, rawStatus: "",
            timeUs: line.at.isEmpty ? nil : Timestamp(rfc3339: line.at)?.microseconds, line: line.line,
            lines: Int(line.lines))
    }
}
