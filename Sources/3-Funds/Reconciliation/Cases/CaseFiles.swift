import Store

/// Small files in the same place as statements: named by what is in them, kept once however often they come.
enum CaseFiles {
    static func keep(_ content: [UInt8], sha256: [UInt8], in tx: Transaction) throws {
        try tx.execute(
            """
            INSERT INTO recon_files (sha256, size, pieces, received_at)
            VALUES (\(sha256), \(content.count), 1, \(tx.now)) ON CONFLICT (sha256) DO NOTHING
            """)
        try tx.execute(
            """
            INSERT INTO recon_file_pieces (sha256, number, size, content)
            VALUES (\(sha256), 0, \(content.count), \(content)) ON CONFLICT (sha256, number) DO NOTHING
            """)
    }

    /// The bytes of an attachment, which is one of the smaller files; nil when there is none.
    static func content(_ sha256: [UInt8], _ reader: any SQLReader) throws -> [UInt8]? {
        let pieces = try reader.query(
            """
            SELECT content FROM recon_file_pieces WHERE sha256 = \(sha256) ORDER BY number LIMIT 64
            """
        ) { $0.bytes(0) }
        return pieces.isEmpty ? nil : pieces.flatMap { $0 }
    }
}
