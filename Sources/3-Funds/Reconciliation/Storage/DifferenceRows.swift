import Matching
import Money
public import Runtime
public import Store

/// A difference as its row has it: with its lines, for the days that come.
struct DifferenceRow: Sendable {
    let number: Int64
    let id: DifferenceID
    let finding: RunFinding
    var state: DifferenceState
    let openMinor: Int64
    let currency: String
    let reference: String
    /// What was booked for it under its own reference.
    let bookedMinor: Int64

    init(_ finding: RunFinding, _ conclusion: Conclusion, id: DifferenceID, number: Int64) {
        self.number = number
        self.id = id
        self.finding = finding
        state = finding.matchClass == .late ? .carried : .open
        openMinor = conclusion.openMinor
        currency = conclusion.currency
        reference = conclusion.reference
        let own = conclusion.postings.filter { $0.kind == .settlement && $0.reference == conclusion.reference }
        bookedMinor =
            finding.ours.isEmpty || finding.matchClass == .status ? own.reduce(Int64(0)) { $0 &+ $1.netMinor } : 0
    }

    fileprivate init(_ row: Row) throws {
        number = row.int64(0)
        id = try row.get(1)
        guard let matchClass = MatchClass(code: row.text(2)), let state = DifferenceState(rawValue: row.text(3)) else {
            throw StoreError(.unexpectedValue, "a difference is of class \(row.text(2)) and state \(row.text(3))")
        }
        self.state = state
        reference = row.text(4)
        currency = row.text(5)
        openMinor = row.int64(6)
        var packed = Unpacker(row.bytes(7))
        bookedMinor = try packed.integer()
        let reason = try packed.text()
        let code = MatchReason(rawValue: try packed.text()) ?? .noCounterpart
        let confidence = UInt8(clamping: try packed.unsigned())
        let (ours, theirs) = (try packed.unsigned(), try packed.unsigned())
        finding = RunFinding(
            matchClass: matchClass, reason: reason, code: code, confidence: confidence,
            ours: try (0..<ours).map { _ in try RunLine(from: &packed) },
            theirs: try (0..<theirs).map { _ in try RunLine(from: &packed) })
    }

    fileprivate var content: [UInt8] {
        var packer = Packer()
        packer.integer(bookedMinor)
        packer.text(String(finding.reason.prefix(400)))
        packer.text(finding.code.rawValue)
        packer.unsigned(UInt64(finding.confidence))
        packer.unsigned(UInt64(finding.ours.count))
        packer.unsigned(UInt64(finding.theirs.count))
        for line in finding.ours + finding.theirs { line.pack(into: &packer) }
        return packer.bytes
    }

    func difference(of run: Run, foundAt: Timestamp) throws -> Difference {
        // A line that is over is shown beside what its key was matched with.
        let side: ([RunLine], [RunLine]) throws -> DifferenceSide? = { lines, others in
            if !lines.isEmpty { return DifferenceSide(lines) }
            return try others.first?.unpackedTwin().map { DifferenceSide([$0]) }
        }
        return Difference(
            id: id, run: run.id, number: number, channel: run.channel, day: run.day, matchClass: finding.matchClass,
            state: state, reason: finding.reason, confidence: finding.confidence,
            ours: try side(finding.ours, finding.theirs), theirs: try side(finding.theirs, finding.ours),
            open: Amount(minor: openMinor, try Currency(code: currency)), reference: reference, foundAt: foundAt)
    }
}

extension DifferenceSide {
    init(_ lines: [RunLine]) {
        let first = lines[0]
        self.init(
            kind: first.kind.code, merchantReference: first.merchantReference,
            channelReference: first.channelReference, reference: first.reference, paymentID: first.paymentID,
            currency: first.currency, amountMinor: lines.reduce(0) { $0 &+ $1.amountMinor },
            feeMinor: lines.contains { $0.feeMinor != nil } ? lines.reduce(0) { $0 &+ ($1.feeMinor ?? 0) } : nil,
            status: first.status.code, rawStatus: first.rawStatus, timeUs: first.timeUs, line: first.line,
            lines: lines.count)
    }
}

/// The rows of `recon_differences`.
enum DifferenceRows {
    private static let insert = Prepared(
        """
        INSERT INTO recon_differences (run_id, number, id, channel, day, class, state, reference, currency, open_minor,
        content, found_at) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
        """)
    private static let columns: SQL = "number, id, class, state, reference, currency, open_minor, content, found_at"

    /// Numbers of the differences that a task finds: each task has a range of its own.
    static func first(ofTask number: Int) -> Int64 { Int64(number) << 32 }

    static func write(_ rows: ArraySlice<DifferenceRow>, of run: Run, in tx: Transaction) throws {
        let rows = Array(rows)
        try tx.execute(each: insert, count: rows.count) { index, row in
            let difference = rows[index]
            row.bytes(run.id.uuid.bytes)
            row.integer(difference.number)
            row.bytes(difference.id.uuid.bytes)
            row.text(run.channel)
            row.integer(run.day.number)
            row.text(difference.finding.matchClass.code)
            row.text(difference.state.rawValue)
            row.text(difference.reference)
            row.text(difference.currency)
            row.integer(difference.openMinor)
            row.bytes(difference.content)
            row.integer(tx.now.microseconds)
        }
    }

    /// What a task wrote before it was interrupted.
    static func clear(run: RunID, task: Int, in tx: Transaction) throws {
        try tx.execute(
            """
            DELETE FROM recon_differences WHERE run_id = \(run) AND number >= \(first(ofTask: task))
            AND number < \(first(ofTask: task + 1))
            """)
    }

    static func page(
        of run: RunID, matchClass: String = "", after number: Int64, limit: Int, _ reader: any SQLReader
    ) throws -> [(row: DifferenceRow, foundAt: Timestamp)] {
        let ofClass: SQL = matchClass.isEmpty ? "" : "AND class = \(matchClass)"
        return try reader.query(
            """
            SELECT \(columns) FROM recon_differences WHERE run_id = \(run) AND number > \(number) \(ofClass)
            ORDER BY number LIMIT \(limit)
            """
        ) { (try DifferenceRow($0), try $0.get(8)) }
    }

    /// The difference of an identifier as the latest run that has it sees it.
    static func latest(_ id: DifferenceID, _ reader: any SQLReader) throws -> (run: RunID, number: Int64)? {
        try reader.first(
            "SELECT run_id, number FROM recon_differences WHERE id = \(id) ORDER BY run_id DESC LIMIT 1"
        ) { (try $0.get(0), $0.int64(1)) }
    }

    static func hasOpen(_ id: DifferenceID, in run: RunID, _ reader: any SQLReader) throws -> Bool {
        try reader.first(
            "SELECT 1 FROM recon_differences WHERE id = \(id) AND run_id = \(run) AND state <> 'withdrawn' LIMIT 1"
        ) { _ in true } ?? false
    }

    static func setState(_ state: DifferenceState, run: RunID, number: Int64, in tx: Transaction) throws {
        try tx.execute(
            "UPDATE recon_differences SET state = \(state.rawValue) WHERE run_id = \(run) AND number = \(number)")
    }
}

extension Reconciliation {
    /// The differences of a run in the order in which they were found, after the one with that number.
    public func differences(
        of run: RunID, class matchClass: String = "", after number: Int64 = 0,
        limit: Int = Reconciliation.differencesAtOnce, in reader: any SQLReader
    ) throws -> [Difference] {
        guard let found = try RunRows.find(run, reader) else { return [] }
        return try DifferenceRows.page(of: run, matchClass: matchClass, after: number, limit: limit, reader).map {
            try $0.row.difference(of: found, foundAt: $0.foundAt)
        }
    }

    /// A difference as the latest run that has it sees it.
    public func difference(_ id: DifferenceID, in reader: any SQLReader) throws -> Difference? {
        guard let place = try DifferenceRows.latest(id, reader) else { return nil }
        return try differences(of: place.run, after: place.number - 1, limit: 1, in: reader).first
    }
}
