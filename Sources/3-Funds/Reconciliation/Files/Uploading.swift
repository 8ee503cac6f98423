import Contract
import Crypto
public import Runtime
public import Store

/// A file that arrives in pieces.
public struct Upload: Hashable, Sendable {
    public let id: UploadID
    public let channel: String
    public let day: BusinessDay
    public let name: String
    /// What it will be: announced before the first piece and compared after the last.
    public let sha256: [UInt8]
    public let size: Int64
    public internal(set) var received: Int64
    public internal(set) var pieces: Int
}

extension Reconciliation {
    /// Bytes of one piece of an upload.
    public static let uploadPieceBytes = 8 << 20
    /// Bytes of a whole upload.
    public static let uploadBytes: Int64 = 16 << 30
    /// Bytes that a packed file may unpack to.
    static let unpackedBytes: Int64 = 64 << 30
    /// Uploads that may be under way in a book.
    public static let uploadLimit = 20
    /// An upload that was not ended for so long is dropped.
    public static let uploadPatience = Duration.seconds(86_400)

    /// Announces a file that comes in pieces. Throws `profileUnknown`, `tooLarge`.
    public func beginUpload(
        name: String, channel: String, day: BusinessDay, sha256: [UInt8], size: Int64, in tx: Transaction
    ) throws -> Upload {
        _ = try requiredProfile(channel, tx)
        guard (1...Reconciliation.uploadBytes).contains(size), sha256.count == 32 else {
            throw ReconciliationError(
                .tooLarge, "a file has 1 to \(Reconciliation.uploadBytes) bytes and a SHA-256 of 32 bytes")
        }
        try UploadRows.dropOld(before: tx.now.adding(.zero - Reconciliation.uploadPatience), in: tx)
        guard try UploadRows.count(tx) < Reconciliation.uploadLimit else {
            throw ReconciliationError(
                .tooLarge, "\(Reconciliation.uploadLimit) uploads are under way already; end one of them first")
        }
        let upload = Upload(
            id: tx.newID(), channel: channel, day: day, name: name, sha256: sha256, size: size, received: 0, pieces: 0)
        try UploadRows.insert(upload, in: tx)
        return upload
    }

    /// Takes one piece; a piece that is here already changes nothing. Throws `uploadUnknown`, `uploadMismatch`.
    public func takePiece(
        _ content: [UInt8], number: Int, of id: UploadID, in book: Book, deadline: Timestamp? = nil
    ) async throws -> Upload {
        guard (1...Reconciliation.uploadPieceBytes).contains(content.count) else {
            throw ReconciliationError(.tooLarge, "a piece has 1 to \(Reconciliation.uploadPieceBytes) bytes")
        }
        let piece = try FilePiece(content)
        return try await book.write("reconciliation.piece", deadline: deadline) { tx in
            var upload = try UploadRows.required(id, tx)
            if number < upload.pieces {
                guard let known = try FileRows.piece(number, store: id.uuid, tx), try known.unpacked() == content
                else {
                    throw ReconciliationError(
                        .uploadMismatch, "piece \(number) was sent before with another content; begin anew")
                }
                return upload
            }
            guard number == upload.pieces, upload.received + Int64(content.count) <= upload.size else {
                throw ReconciliationError(
                    .uploadMismatch,
                    "piece \(upload.pieces) comes next, and \(upload.size - upload.received) bytes are still to come")
            }
            try FileRows.insert(piece, number: number, store: id.uuid, in: tx)
            upload.pieces += 1
            upload.received += Int64(content.count)
            try UploadRows.update(upload, in: tx)
            return upload
        }
    }

    /// Ends an upload: what came must be what was announced. Throws `uploadUnknown`, `uploadMismatch`.
    public func finishUpload(
        _ id: UploadID, in book: Book, deadline: Timestamp? = nil
    ) async throws -> Received {
        let upload = try await book.read { try UploadRows.required(id, $0) }
        guard upload.received == upload.size else {
            throw ReconciliationError(
                .uploadMismatch, "\(upload.received) of the \(upload.size) bytes that were announced have come")
        }
        var hash = SHA256()
        for number in 0..<upload.pieces {
            guard let piece = try await book.read({ try FileRows.piece(number, store: id.uuid, $0) }) else {
                throw ReconciliationError(.uploadMismatch, "piece \(number) is not here; begin anew")
            }
            hash.update(data: try piece.unpacked())
        }
        guard Array(hash.finalize()) == upload.sha256 else {
            throw ReconciliationError(
                .uploadMismatch, "what came has another SHA-256 than was announced; begin anew")
        }
        return try await book.write("reconciliation.finish-upload", deadline: deadline) { tx in
            let upload = try UploadRows.required(id, tx)
            try UploadRows.delete(id, in: tx)
            if let known = try FileRows.find(upload.sha256, tx) {
                try FileRows.drop(store: id.uuid, in: tx)
                return try take(known, name: upload.name, channel: upload.channel, day: upload.day, in: tx)
            }
            let file = StoredFile(sha256: upload.sha256, store: id.uuid, size: upload.size, pieces: upload.pieces)
            try FileRows.insert(file, in: tx)
            return try take(file, name: upload.name, channel: upload.channel, day: upload.day, in: tx)
        }
    }
}

/// The rows of `recon_uploads`.
enum UploadRows {
    private static let columns: SQL = "id, channel, day, name, sha256, size, received, pieces"

    static func insert(_ upload: Upload, in tx: Transaction) throws {
        try tx.execute(
            """
            INSERT INTO recon_uploads (\(columns), begun_at) VALUES (\(upload.id), \(upload.channel),
            \(upload.day.number), \(upload.name), \(upload.sha256), \(upload.size), 0, 0, \(tx.now))
            """)
    }

    static func update(_ upload: Upload, in tx: Transaction) throws {
        try tx.execute(
            """
            UPDATE recon_uploads SET received = \(upload.received), pieces = \(upload.pieces) WHERE id = \(upload.id)
            """)
    }

    static func required(_ id: UploadID, _ reader: any SQLReader) throws -> Upload {
        let found = try reader.first("SELECT \(columns) FROM recon_uploads WHERE id = \(id)") { row in
            Upload(
                id: try row.get(0), channel: row.text(1), day: BusinessDay(number: row.int64(2)), name: row.text(3),
                sha256: row.bytes(4), size: row.int64(5), received: row.int64(6), pieces: try row.get(7))
        }
        guard let found else { throw ReconciliationError(.uploadUnknown, "there is no upload \(id) under way") }
        return found
    }

    static func count(_ reader: any SQLReader) throws -> Int {
        try reader.first("SELECT COUNT(*) FROM recon_uploads") { try $0.get(0) } ?? 0
    }

    static func delete(_ id: UploadID, in tx: Transaction) throws {
        try tx.execute("DELETE FROM recon_uploads WHERE id = \(id)")
    }

    /// What nobody ends would be kept for ever.
    static func dropOld(before moment: Timestamp, in tx: Transaction) throws {
        let old: [UploadID] = try tx.query("SELECT id FROM recon_uploads WHERE begun_at < \(moment)") { try $0.get(0) }
        for id in old {
            try FileRows.drop(store: id.uuid, in: tx)
            try delete(id, in: tx)
        }
    }
}
