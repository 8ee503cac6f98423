import Runtime
import Store

/// A file as it is kept.
struct StoredFile: Sendable {
    let sha256: [UInt8]
    /// Under what its pieces lie.
    let store: UUIDv7
    let size: Int64
    let pieces: Int
}

/// The rows of `recon_files` and `recon_file_pieces`.
enum FileRows {
    static func find(_ sha256: [UInt8], _ reader: any SQLReader) throws -> StoredFile? {
        try reader.first("SELECT store_id, size, pieces FROM recon_files WHERE sha256 = \(sha256)") { row in
            StoredFile(sha256: sha256, store: try row.get(0), size: row.int64(1), pieces: try row.get(2))
        }
    }

    static func insert(_ file: StoredFile, in tx: Transaction) throws {
        try tx.execute(
            """
            INSERT INTO recon_files (sha256, store_id, size, pieces, received_at) VALUES (\(file.sha256),
            \(file.store), \(file.size), \(file.pieces), \(tx.now))
            """)
    }

    static func insert(_ piece: FilePiece, number: Int, store: UUIDv7, in tx: Transaction) throws {
        try tx.execute(
            """
            INSERT INTO recon_file_pieces (store_id, number, size, content) VALUES (\(store), \(number),
            \(piece.size), \(piece.packed))
            """)
    }

    static func piece(_ number: Int, store: UUIDv7, _ reader: any SQLReader) throws -> FilePiece? {
        try reader.first(
            "SELECT size, content FROM recon_file_pieces WHERE store_id = \(store) AND number = \(number)"
        ) { FilePiece(size: try $0.get(0), packed: $0.bytes(1)) }
    }

    static func drop(store: UUIDv7, in tx: Transaction) throws {
        try tx.execute("DELETE FROM recon_file_pieces WHERE store_id = \(store)")
    }
}

/// A piece of a file, packed.
struct FilePiece: Sendable {
    let size: Int
    let packed: [UInt8]

    init(_ bytes: [UInt8]) throws {
        size = bytes.count
        packed = try Deflate.pack(bytes)
    }

    init(size: Int, packed: [UInt8]) {
        self.size = size
        self.packed = packed
    }

    func unpacked() throws -> [UInt8] { try Deflate.unpack(packed, size: size) }
}
