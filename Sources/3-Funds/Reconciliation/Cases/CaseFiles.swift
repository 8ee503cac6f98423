import Runtime
import Store

/// Small files in the same place as statements: named by what is in them, kept once however often they come.
enum CaseFiles {
    static func keep(_ content: [UInt8], sha256: [UInt8], in tx: Transaction) throws {
        guard try FileRows.find(sha256, tx) == nil else { return }
        let file = StoredFile(sha256: sha256, store: tx.world.newUUID(), size: Int64(content.count), pieces: 1)
        try FileRows.insert(file, in: tx)
        try FileRows.insert(try FilePiece(content), number: 0, store: file.store, in: tx)
    }

    /// The bytes of an attachment; nil when there is none. A statement that was attached as well may have many pieces.
    static func content(_ sha256: [UInt8], _ reader: any SQLReader) throws -> [UInt8]? {
        guard let file = try FileRows.find(sha256, reader), file.size <= Int64(Cases.attachmentLimit) else {
            return nil
        }
        return try (0..<file.pieces).reduce(into: []) { content, number in
            content += try FileRows.piece(number, store: file.store, reader)?.unpacked() ?? []
        }
    }
}
