import Crypto
import Store

/// Where a book lives in its database: a schema, the role that owns it, and the key of its lock.
struct BookSchema: Sendable, Hashable {
    static let prefix = "kontor_"
    /// PostgreSQL cuts longer identifiers, so two of them could become one.
    static let limit = 63

    let name: String
    let schema: String
    /// What PostgreSQL's advisory lock of the book is named by: a collision only makes two books wait for each other.
    let lock: Int64

    /// Throws `database` when the name cannot be a schema's: 1 to 40 letters, digits, `-` or `_`.
    init(_ name: String) throws {
        guard (1...40).contains(name.utf8.count), name.utf8.allSatisfy(BookSchema.isAllowed) else {
            throw StoreError(.database, "a book's name is 1 to 40 letters, digits, '-' or '_', not \"\(name)\"")
        }
        self.name = name
        schema = BookSchema.prefix + name.lowercased()
        lock = SHA256.hash(data: Array(schema.utf8)).prefix(8).reduce(Int64(0)) { $0 << 8 | Int64($1) }
    }

    /// Roles belong to a whole server, so the database's number tells two installations on it apart.
    func role(database: String) -> String { "\(schema)_\(database)" }

    private static func isAllowed(_ byte: UInt8) -> Bool {
        byte &- 48 < 10 || (byte | 0x20) &- 97 < 26 || byte == UInt8(ascii: "-") || byte == UInt8(ascii: "_")
    }
}
