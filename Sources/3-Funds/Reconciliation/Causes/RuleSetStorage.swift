import Crypto
import Runtime
import Store
import Synchronization

/// A row of `recon_rule_sets`.
struct RuleSetRecord: Sendable {
    enum State: String, Sendable { case candidate, live, retired }

    let kind: RuleSetKind
    let number: Int64
    var state: State
    let source: String
    let sha256: [UInt8]
    let maker: Actor
    var checker: String
    let putAt: Timestamp
    var activatedAt: Timestamp?

    static func hash(_ source: String) -> [UInt8] { Array(SHA256.hash(data: Array(source.utf8))) }

    /// The set that the house comes with; nil for a kind that has none.
    static func standard(_ kind: RuleSetKind, isLive: Bool) -> RuleSetRecord? {
        guard let source = StandardRuleSets.source(kind) else { return nil }
        return RuleSetRecord(
            kind: kind, number: 0, state: isLive ? .live : .retired, source: source, sha256: hash(source),
            maker: Actor(subject: "kontor", person: "kontor"), checker: "", putAt: Timestamp(microseconds: 0),
            activatedAt: nil)
    }
}

/// SQL of rule sets, by name.
enum RuleSetStorage {
    private static let columns: SQL = """
        kind, number, state, source, sha256, maker, maker_person, checker, put_at, activated_at
        """

    static func insert(_ row: RuleSetRecord, in tx: Transaction) throws {
        try tx.execute(
            """
            INSERT INTO recon_rule_sets (\(columns)) VALUES (\(row.kind.rawValue), \(row.number),
            \(row.state.rawValue), \(row.source), \(row.sha256), \(row.maker.subject), \(row.maker.person),
            \(row.checker), \(row.putAt), \(row.activatedAt.sqlValue))
            """)
    }

    static func nextNumber(_ kind: RuleSetKind, _ reader: any SQLReader) throws -> Int64 {
        let last = try reader.first(
            "SELECT COALESCE(MAX(number), 0) FROM recon_rule_sets WHERE kind = \(kind.rawValue)"
        ) { $0.int64(0) }
        return (last ?? 0) + 1
    }

    /// Makes a set live and retires the ones before: of kind `matching` one set a channel is live, of the others one.
    static func activate(_ row: RuleSetRecord, retiring others: [Int64], checker: String, in tx: Transaction) throws {
        try retire(row.kind, others, in: tx)
        try tx.execute(
            """
            UPDATE recon_rule_sets SET state = 'live', checker = \(checker), activated_at = \(tx.now)
            WHERE kind = \(row.kind.rawValue) AND number = \(row.number)
            """)
    }

    static func retire(_ kind: RuleSetKind, _ numbers: [Int64], in tx: Transaction) throws {
        guard !numbers.isEmpty else { return }
        try tx.execute(
            """
            UPDATE recon_rule_sets SET state = 'retired'
            WHERE kind = \(kind.rawValue) AND number IN (\(list: numbers))
            """)
    }

    static func find(_ kind: RuleSetKind, _ number: Int64, _ reader: any SQLReader) throws -> RuleSetRecord? {
        if number == 0 { return .standard(kind, isLive: try live(kind, reader).isEmpty) }
        return try reader.first(
            "SELECT \(columns) FROM recon_rule_sets WHERE kind = \(kind.rawValue) AND number = \(number)", read)
    }

    /// The sets that decide: one of most kinds, one a channel of `matching`; none while the standard decides.
    static func live(_ kind: RuleSetKind, _ reader: any SQLReader) throws -> [RuleSetRecord] {
        try reader.query(
            """
            SELECT \(columns) FROM recon_rule_sets WHERE kind = \(kind.rawValue) AND state = 'live'
            ORDER BY number DESC LIMIT 1000
            """, read)
    }

    /// Newest first, at most 200 of a kind.
    static func all(_ kind: RuleSetKind, _ reader: any SQLReader) throws -> [RuleSetRecord] {
        try reader.query(
            """
            SELECT \(columns) FROM recon_rule_sets WHERE kind = \(kind.rawValue) ORDER BY number DESC LIMIT 200
            """, read)
    }

    private static func read(_ row: Row) throws -> RuleSetRecord {
        guard let kind = RuleSetKind(rawValue: row.text(0)), let state = RuleSetRecord.State(rawValue: row.text(2))
        else { throw StoreError(.unexpectedValue, "a rule set has words that no version wrote") }
        return RuleSetRecord(
            kind: kind, number: row.int64(1), state: state, source: row.text(3), sha256: row.bytes(4),
            maker: Actor(subject: row.text(5), person: row.text(6)), checker: row.text(7), putAt: try row.get(8),
            activatedAt: try row.get(9))
    }
}

/// The rules that decide now. They are looked up in the transaction that uses them, so that a set holds from the very
/// command after its activation, in every process; only their compilation is remembered, by the text's hash.
enum LiveRules {
    /// Compiled sets that are remembered; more tenants than that compile again.
    static let remembered = 256
    private static let compiled = Mutex<[[UInt8]: RuleSetDocument]>([:])

    static func causes(_ reader: any SQLReader) throws -> (number: Int64, rules: CauseRules) {
        let row = try current(.causes, reader)
        guard case .causes(let rules) = try document(row) else { throw unexpected(row) }
        return (row.number, rules)
    }

    static func policy(_ reader: any SQLReader) throws -> (cases: CasePolicy, repairs: RepairPolicy) {
        let row = try current(.policy, reader)
        guard case .policy(let cases, let repairs) = try document(row) else { throw unexpected(row) }
        return (cases, repairs)
    }

    static func document(_ row: RuleSetRecord) throws -> RuleSetDocument {
        if let known = compiled.withLock({ $0[row.sha256] }) { return known }
        let document = try RuleSetDocument(row.source)
        compiled.withLock { compiled in
            if compiled.count >= remembered { compiled.removeAll(keepingCapacity: true) }
            compiled[row.sha256] = document
        }
        return document
    }

    private static func current(_ kind: RuleSetKind, _ reader: any SQLReader) throws -> RuleSetRecord {
        if let row = try RuleSetStorage.live(kind, reader).first { return row }
        guard let standard = RuleSetRecord.standard(kind, isLive: true) else {
            throw StoreError(.unexpectedValue, "there is no standard rule set of kind \(kind.rawValue)")
        }
        return standard
    }

    private static func unexpected(_ row: RuleSetRecord) -> StoreError {
        StoreError(.unexpectedValue, "rule set \(row.kind.rawValue) \(row.number) is of another kind")
    }
}
