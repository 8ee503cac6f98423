import Matching
import Runtime
import Store

/// The rows of `recon_suggestions`, and of `recon_suggestion_links`, by which a difference finds its own.
enum SuggestionRows {
    /// Suggestions written in one command: each has up to `Reconciliation.suggestionLinks` rows more.
    static let atOnce = 100

    private static let insert = Prepared(
        "INSERT INTO recon_suggestions (run_id, number, confidence, content) VALUES (?, ?, ?, ?)")
    private static let link = Prepared(
        "INSERT INTO recon_suggestion_links (difference_id, run_id, number) VALUES (?, ?, ?)")

    static func write(_ piece: ArraySlice<Suggestion>, in tx: Transaction) throws {
        let suggestions = Array(piece)
        try tx.execute(each: insert, count: suggestions.count) { index, row in
            let suggestion = suggestions[index]
            row.bytes(suggestion.run.uuid.bytes)
            row.integer(suggestion.number)
            row.integer(Int64(suggestion.confidence))
            row.bytes(suggestion.content)
        }
        let links = suggestions.flatMap { suggestion in
            // One difference may hold two lines of a set.
            Set(suggestion.differences).map { (difference: $0, suggestion: suggestion) }
        }
        try tx.execute(each: link, count: links.count) { index, row in
            row.bytes(links[index].difference.uuid.bytes)
            row.bytes(links[index].suggestion.run.uuid.bytes)
            row.integer(links[index].suggestion.number)
        }
    }

    /// What a task wrote before it was interrupted, or what a run that was given up had.
    static func clear(run: RunID, in tx: Transaction) throws {
        try unlink(run: run, in: tx)
        try tx.execute("DELETE FROM recon_suggestions WHERE run_id = \(run)")
    }

    /// The run is corrected by another: differences are told the other's suggestions.
    static func unlink(run: RunID, in tx: Transaction) throws {
        try tx.execute("DELETE FROM recon_suggestion_links WHERE run_id = \(run)")
    }

    static func page(
        of run: RunID, after number: Int64, limit: Int, _ reader: any SQLReader
    ) throws -> [Suggestion] {
        try reader.query(
            """
            SELECT run_id, number, confidence, content FROM recon_suggestions
            WHERE run_id = \(run) AND number > \(number) ORDER BY number LIMIT \(limit)
            """, read)
    }

    /// What a difference may belong to, the surest first.
    static func concerning(_ difference: DifferenceID, _ reader: any SQLReader) throws -> [Suggestion] {
        try reader.query(
            """
            SELECT s.run_id, s.number, s.confidence, s.content FROM recon_suggestion_links l
            JOIN recon_suggestions s ON s.run_id = l.run_id AND s.number = l.number
            WHERE l.difference_id = \(difference) ORDER BY s.confidence DESC, s.run_id DESC, s.number
            LIMIT \(Reconciliation.suggestionLinks)
            """, read)
    }

    private static func read(_ row: Row) throws -> Suggestion {
        try Suggestion(
            run: row.get(0), number: row.int64(1), confidence: UInt8(clamping: row.int64(2)), content: row.bytes(3))
    }
}

extension Suggestion {
    fileprivate var content: [UInt8] {
        var packer = Packer()
        packer.text(matchClass.code)
        packer.text(reason)
        ours.pack(into: &packer)
        theirs.pack(into: &packer)
        packer.unsigned(UInt64(differences.count))
        for difference in differences { packer.raw(difference.uuid.bytes) }
        return packer.bytes
    }

    fileprivate init(run: RunID, number: Int64, confidence: UInt8, content: [UInt8]) throws {
        var packed = Unpacker(content)
        let code = try packed.text()
        guard let matchClass = MatchClass(code: code) else {
            throw StoreError(.unexpectedValue, "a suggestion is of class \(code)")
        }
        let reason = try packed.text()
        let (ours, theirs) = (try DifferenceSide(from: &packed), try DifferenceSide(from: &packed))
        let differences = try (0..<(try packed.unsigned())).map { _ in
            guard let id = UUIDv7(bytes: try packed.raw()) else {
                throw StoreError(.unexpectedValue, "a suggestion names no difference")
            }
            return DifferenceID(id)
        }
        self.init(
            run: run, number: number, matchClass: matchClass, confidence: confidence, reason: reason, ours: ours,
            theirs: theirs, differences: differences)
    }
}

extension DifferenceSide {
    func pack(into packer: inout Packer) {
        for text in [kind, merchantReference, channelReference, reference, paymentID, currency, status, rawStatus] {
            packer.text(text)
        }
        packer.integer(amountMinor)
        packer.optional(feeMinor)
        packer.optional(timeUs)
        packer.integer(line)
        packer.integer(Int64(lines))
    }

    init(from packed: inout Unpacker) throws {
        let texts = try (0..<8).map { _ in try packed.text() }
        self.init(
            kind: texts[0], merchantReference: texts[1], channelReference: texts[2], reference: texts[3],
            paymentID: texts[4], currency: texts[5], amountMinor: try packed.integer(),
            feeMinor: try packed.optional(), status: texts[6], rawStatus: texts[7], timeUs: try packed.optional(),
            line: try packed.integer(), lines: Int(clamping: try packed.integer()))
    }
}
