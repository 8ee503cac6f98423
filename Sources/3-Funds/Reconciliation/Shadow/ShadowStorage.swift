import Contract
import Runtime
import Store
import SwiftProtobuf

/// Comparisons of candidates with the live rules, as they were made.
enum ShadowStorage {
    static func insert(_ report: V1ShadowReport, _ id: ShadowID, run: RunID, in tx: Transaction) throws {
        let bytes: [UInt8] = try report.serializedBytes()
        try tx.execute(
            """
            INSERT INTO recon_shadows (id, kind, number, run_id, report, run_at)
            VALUES (\(id), \(report.kind), \(report.number), \(run), \(bytes), \(tx.now))
            """)
    }

    static func find(_ id: ShadowID, _ reader: any SQLReader) throws -> V1ShadowReport? {
        try reader.first("SELECT report FROM recon_shadows WHERE id = \(id)", read)
    }

    /// The comparisons of a rule set, newest first.
    static func all(
        _ kind: RuleSetKind, _ number: Int64, limit: Int, _ reader: any SQLReader
    ) throws -> [V1ShadowReport] {
        try reader.query(
            """
            SELECT report FROM recon_shadows WHERE kind = \(kind.rawValue) AND number = \(number)
            ORDER BY id DESC LIMIT \(limit)
            """, read)
    }

    static func newest(limit: Int, _ reader: any SQLReader) throws -> [V1ShadowReport] {
        try reader.query("SELECT report FROM recon_shadows ORDER BY id DESC LIMIT \(limit)", read)
    }

    private static func read(_ row: Row) throws -> V1ShadowReport { try V1ShadowReport(serializedBytes: row.bytes(0)) }
}
