internal import Crypto

/// One step of a capability's schema. A step that has run is never edited: its checksum is compared at each start.
///
/// Types are PostgreSQL's (BIGINT, TEXT, BYTEA), which SQLite takes as they are. A `CREATE TABLE` that ends with
/// `/* clustered */` is kept in key order: `WITHOUT ROWID` in SQLite.
public struct Migration: Sendable {
    public let capability: String
    public let version: Int
    public let name: String
    public let statements: [String]
    public let textIndexes: [String]

    public init(
        capability: String, version: Int, name: String, statements: [String], textIndexes: [String] = []
    ) {
        self.capability = capability
        self.version = version
        self.name = name
        self.statements = statements
        self.textIndexes = textIndexes
    }

    /// SHA-256 over everything the step does, as hexadecimal text.
    public var checksum: String {
        var hash = SHA256()
        for part in statements + textIndexes {
            hash.update(data: Array(part.utf8))
            hash.update(data: [0])
        }
        return hash.finalize().map { byte in
            let text = String(byte, radix: 16)
            return text.count == 1 ? "0" + text : text
        }.joined()
    }
}
