import Foundation
import Matching
import Money
import Payments
import Runtime
import Statements
import Store

/// The tasks that read both sides: the statement and the books.
extension Reconciliation {
    /// Which shard a line belongs to: lines of one strongest key are always together. FNV-1a (Fowler, Noll, Vo), because
    /// Swift's own hashes differ from process to process.
    static func shard(_ line: RunLine, of shards: Int) -> Int {
        guard shards > 1 else { return 0 }
        let key = line.merchantReference.isEmpty ? line.channelReference : line.merchantReference
        var hash: UInt64 = 0xcbf2_9ce4_8422_2325
        for byte in key.utf8 { hash = (hash ^ UInt64(byte)) &* 0x100_0000_01b3 }
        return Int((hash ^ hash >> 32) % UInt64(shards))
    }

    // MARK: their side

    private struct Parsed: Sendable {
        let spool: BlockSpool
        let rows: Int64
        let summary: StatementSummary
    }

    func parse(_ run: Run, _ held: HeldTask) async throws {
        let number = held.task.number
        let id = run.id
        try await held.write("parse clears") { _, tx in
            try BlockRows.clear(run: id, source: number, in: tx)
            try tx.execute("DELETE FROM recon_rejects WHERE run_id = \(id)")
        }
        let profile = try ChannelProfile(serialized: run.profile)
        guard let statement = run.statement,
            let found = try await held.book.read({ try StatementRows.find(statement, $0) })
        else { throw ReconciliationError(.statementUnknown, "run \(id) has no statement") }
        let file = try await SpooledFile.make(of: found, in: held.book)
        let shards = run.shards
        let parsed = try await OwnThread.run {
            let spool = try BlockSpool()
            var writer = BlockWriter { try spool.add($0) }
            var rows: Int64 = 0
            let summary = try Statements.read(
                .file(file.path), format: profile.format, reader: try profile.reader(), options: profile.readOptions()
            ) { row in
                rows += 1
                let line = profile.line(row, id: rows)
                try writer.add(.theirs, shard: Self.shard(line, of: shards)) { line.pack(into: &$0) }
            }
            try writer.finish()
            return Parsed(spool: spool, rows: rows, summary: summary)
        }
        try await write(parsed.spool, run: id, held)
        try await complete(held) { task, tx in
            for (index, reject) in parsed.summary.rejected.enumerated() {
                try tx.execute(
                    """
                    INSERT INTO recon_rejects (run_id, number, line, field, reason) VALUES (\(id), \(index + 1),
                    \(reject.line), \(reject.field), \(String(reject.reason.prefix(300))))
                    """)
            }
            task.counts = RunCounts()
            task.counts.theirs = parsed.rows
            task.counts.rejected = Int64(parsed.summary.rejectedCount)
        }
    }

    /// Writes blocks in pieces, each a command of its own.
    private func write(_ spool: BlockSpool, run: RunID, _ held: HeldTask) async throws {
        let number = held.task.number
        try await spool.drain { piece in
            let piece = Array(piece)
            try await held.write("\(held.task.kind.rawValue) block") { _, tx in
                try BlockRows.write(piece[...], run: run, source: number, in: tx)
            }
        }
    }

    // MARK: our side

    func collect(_ run: Run, _ held: HeldTask) async throws {
        let number = held.task.number
        try await held.write("collect clears") { _, tx in try BlockRows.clear(run: run.id, source: number, in: tx) }
        let profile = try ChannelProfile(serialized: run.profile)
        let zone = profile.zone.offsets(around: run.day)
        let (spool, rows) = try await held.book.read { reader in
            let spool = try BlockSpool()
            var writer = BlockWriter { try spool.add($0) }
            var rows: Int64 = 0
            try Payments.clearingItems(channel: run.channel, from: run.from, until: run.until, in: reader) { item in
                rows += 1
                let line = ChannelProfile.line(item, id: rows, zone)
                try writer.add(.ours, shard: Self.shard(line, of: run.shards)) { line.pack(into: &$0) }
            }
            try writer.finish()
            return (spool, rows)
        }
        try await write(spool, run: run.id, held)
        try await complete(held) { task, _ in
            task.counts = RunCounts()
            task.counts.ours = rows
        }
    }
}

extension ChannelProfile {
    /// The name of its files' format; nil when it is detected or described.
    var format: String? {
        message.format.isEmpty || !message.statementProfile.isEmpty ? nil : message.format
    }

    /// What Payments knows as a line of a run; its civil day is that of the channel's zone.
    static func line(_ item: ClearingItem, id: Int64, _ zone: ZoneOffsets) -> RunLine {
        var line = RunLine(
            id: id, kind: item.kind == .payment ? .payment : .refund,
            status: item.status == .succeeded ? .succeeded : item.status == .failed ? .failed : .pending,
            currency: item.amount.currency.code, amountMinor: item.amount.minor,
            // A fee of zero is one that the channel has not told us yet, so it cannot differ from theirs.
            feeMinor: item.fee.isZero ? nil : item.fee.minor)
        line.merchantReference = item.merchantReference
        line.channelReference = item.channelReference
        line.reference = item.reference
        line.paymentID = "\(item.payment)"
        line.timeUs = item.at.microseconds
        let seconds = item.at.microseconds / 1_000_000
        let local = seconds + zone.offset(at: seconds)
        line.day = Int32(clamping: local / 86_400)
        return line
    }
}

/// A statement's file as a file of the disk, for as long as it is held.
final class SpooledFile: Sendable {
    let path: String
    private let folder: String

    private init(folder: String, name: String) {
        self.folder = folder
        path = folder + "/" + name
    }

    deinit { try? FileManager.default.removeItem(atPath: folder) }

    /// Writes the pieces out one by one. The name stays, because some formats say in it what they are.
    static func make(of statement: Statement, in book: Book) async throws -> SpooledFile {
        guard let stored = try await book.read({ try FileRows.find(statement.sha256, $0) }) else {
            throw ReconciliationError(.statementUnknown, "the file of statement \(statement.id) is not kept")
        }
        let name = statement.name.split(separator: "/").last.map(String.init) ?? "statement"
        let folder = NSTemporaryDirectory() + "kontor-statement-\(UUID().uuidString)"
        try FileManager.default.createDirectory(
            atPath: folder, withIntermediateDirectories: true, attributes: [.posixPermissions: 0o700])
        let file = SpooledFile(folder: folder, name: name == ".." || name == "." ? "statement" : name)
        guard FileManager.default.createFile(atPath: file.path, contents: nil, attributes: [.posixPermissions: 0o600]),
            let handle = FileHandle(forWritingAtPath: file.path)
        else { throw StoreError(.unavailable, "no temporary file can be made in \(NSTemporaryDirectory())") }
        defer { try? handle.close() }
        for number in 0..<stored.pieces {
            guard let piece = try await book.read({ try FileRows.piece(number, store: stored.store, $0) }) else {
                throw ReconciliationError(.statementUnknown, "piece \(number) of statement \(statement.id) is not kept")
            }
            try handle.write(contentsOf: piece.unpacked())
        }
        return file
    }
}
