import Journal
import Runtime
import Store

/// Notes and attachments of cases.
///
/// A note's words stand in its row only: people write about people, and what is in the journal is there for ever.
enum CasePapers {
    struct Note: Sendable {
        let id: CaseNoteID
        let author: String
        var text: String
        var isErased: Bool
        let writtenAt: Timestamp
    }

    static func notes(of id: CaseID, _ reader: any SQLReader) throws -> [Note] {
        try reader.query(
            """
            SELECT id, author, body, erased, written_at FROM recon_case_notes WHERE case_id = \(id) ORDER BY id
            LIMIT \(Cases.notesPerCase)
            """, note)
    }

    static func note(_ note: CaseNoteID, of id: CaseID, _ reader: any SQLReader) throws -> Note {
        let found = try reader.first(
            """
            SELECT id, author, body, erased, written_at FROM recon_case_notes
            WHERE case_id = \(id) AND id = \(note)
            """, self.note)
        guard let found else { throw CasesError.notFound("note", "\(note)") }
        return found
    }

    static func save(_ note: Note, of id: CaseID, in tx: Transaction) throws {
        try tx.execute(
            """
            INSERT INTO recon_case_notes (case_id, id, author, body, erased, written_at) VALUES (\(id), \(note.id),
            \(note.author), \(note.text), \(note.isErased), \(note.writtenAt))
            ON CONFLICT (case_id, id) DO UPDATE SET body = excluded.body, erased = excluded.erased
            """)
    }

    private static func note(_ row: Row) throws -> Note {
        Note(
            id: try row.get(0), author: row.text(1), text: row.text(2), isErased: try row.get(3),
            writtenAt: try row.get(4))
    }

    struct File: Sendable {
        let sha256: [UInt8]
        let name: String
        let size: Int64
        let attachedBy: String
        let attachedAt: Timestamp
    }

    static func files(of id: CaseID, _ reader: any SQLReader) throws -> [File] {
        try reader.query(
            """
            SELECT sha256, name, size, attached_by, attached_at FROM recon_case_files WHERE case_id = \(id)
            ORDER BY attached_at, sha256 LIMIT \(Cases.filesPerCase)
            """
        ) {
            File(
                sha256: $0.bytes(0), name: $0.text(1), size: $0.int64(2), attachedBy: $0.text(3),
                attachedAt: try $0.get(4))
        }
    }

    static func attach(_ file: File, to id: CaseID, in tx: Transaction) throws {
        try tx.execute(
            """
            INSERT INTO recon_case_files (case_id, sha256, name, size, attached_by, attached_at) VALUES (\(id),
            \(file.sha256), \(file.name), \(file.size), \(file.attachedBy), \(file.attachedAt))
            """)
    }
}

extension V1CaseNote {
    init(_ note: CasePapers.Note) {
        self.init()
        id = "\(note.id)"
        author = note.author
        text = note.text
        erased = note.isErased
        writtenAt = note.writtenAt.rfc3339
    }
}

extension V1CaseFile {
    init(_ file: CasePapers.File) {
        self.init()
        sha256 = Hex.text(file.sha256)
        name = file.name
        sizeBytes = file.size
        attachedBy = file.attachedBy
        attachedAt = file.attachedAt.rfc3339
    }
}
