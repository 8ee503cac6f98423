import Contract
import Crypto
import Foundation
public import Runtime
public import Store
import SwiftProtobuf

extension Reconciliation {
    /// Bytes of one piece in which a file is kept.
    public static let pieceBytes = 1 << 20
    /// Bytes of a file that comes in one call; larger ones come in pieces.
    public static let fileBytes = 32 << 20
    /// Files that a day may have.
    public static let revisionLimit = 1_000

    /// What became of a file.
    public struct Received: Sendable {
        public let statement: Statement
        /// This very file was here before, and nothing was changed.
        public let isRepeated: Bool
        public let run: RunID?
    }

    /// Takes a channel's file of a day, with the right of the house: fetchers and imports use it.
    ///
    /// The same file again changes nothing; another one supersedes the day's file, and both are kept. The day's run is
    /// opened, and a further one where the day was settled already. Throws `profileUnknown`, `tooLarge`.
    @discardableResult
    public func receive(
        _ content: [UInt8], name: String, channel: String, day: BusinessDay, in book: Book,
        deadline: Timestamp? = nil
    ) async throws -> Received {
        guard content.count <= Reconciliation.fileBytes else {
            throw ReconciliationError(
                .tooLarge, "a file in one piece has at most \(Reconciliation.fileBytes) bytes; send this one in pieces")
        }
        let sha256 = Array(SHA256.hash(data: content))
        let size = content.count
        // Packing takes longer than writing, so it is done before the batch.
        let pieces = try stride(from: 0, to: max(1, size), by: Reconciliation.pieceBytes).map { start in
            try FilePiece(Array(content[start..<min(start + Reconciliation.pieceBytes, size)]))
        }
        return try await book.write("reconciliation.receive", deadline: deadline) { tx in
            let file = StoredFile(sha256: sha256, store: tx.world.newUUID(), size: Int64(size), pieces: pieces.count)
            if let known = try FileRows.find(sha256, tx) {
                return try take(known, name: name, channel: channel, day: day, in: tx)
            }
            _ = try requiredProfile(channel, tx)
            for (number, piece) in pieces.enumerated() {
                try FileRows.insert(piece, number: number, store: file.store, in: tx)
            }
            try FileRows.insert(file, in: tx)
            return try take(file, name: name, channel: channel, day: day, in: tx)
        }
    }

    /// Makes a file that is kept the statement of a day.
    func take(
        _ file: StoredFile, name: String, channel: String, day: BusinessDay, in tx: Transaction
    ) throws -> Received {
        let profile = try requiredProfile(channel, tx)
        var earlier = try StatementRows.ofDay(channel, day, tx)
        if let same = earlier.first(where: { $0.sha256 == file.sha256 }) {
            return Received(
                statement: same, isRepeated: true, run: try RunRows.ofDay(channel, day, tx).last?.id)
        }
        guard earlier.count < Reconciliation.revisionLimit else {
            throw ReconciliationError(
                .tooLarge, "\(day) of \(channel) has \(earlier.count) files already; no day has more")
        }
        let statement = Statement(
            id: tx.newID(), channel: channel, day: day, revision: (earlier.last?.revision ?? 0) + 1, name: name,
            sha256: file.sha256, size: file.size, pieces: file.pieces, state: .active, refusal: "", receivedAt: tx.now)
        try StatementRows.insert(statement, in: tx)
        try tell(received: statement, in: tx)
        for index in earlier.indices where earlier[index].state == .active {
            earlier[index].state = .superseded
            try StatementRows.update(earlier[index], in: tx)
            try tell(superseded: earlier[index], by: statement, in: tx)
        }
        let run = try arrived(statement, profile, in: tx)
        return Received(statement: statement, isRepeated: false, run: run.id)
    }

    private func tell(received statement: Statement, in tx: Transaction) throws {
        try tx.record(
            V1StatementReceived.with {
                $0.statementID = "\(statement.id)"
                $0.channel = statement.channel
                $0.day = "\(statement.day)"
                $0.sha256 = Data(statement.sha256)
                $0.sizeBytes = statement.size
                $0.revision = Int32(clamping: statement.revision)
                $0.atUs = tx.now.microseconds
            })
    }

    private func tell(superseded statement: Statement, by other: Statement, in tx: Transaction) throws {
        try tx.record(
            V1StatementSuperseded.with {
                $0.statementID = "\(statement.id)"
                $0.channel = statement.channel
                $0.day = "\(statement.day)"
                $0.supersededBy = "\(other.id)"
                $0.atUs = tx.now.microseconds
            })
    }
}
