public import Store

/// Where a tenant's book is kept: a store, the database in it, and the book's name there.
public struct BookPlace: Sendable, Hashable {
    public let kind: StoreKind
    /// The book's name: a file in a folder, a schema in a database.
    public let name: String
    /// A database of its own, as a URL without a password; nil for the installation's own store of that kind.
    public let database: String?

    public init(kind: StoreKind, name: String, database: String? = nil) {
        self.kind = kind
        self.name = name
        self.database = database
    }

    public init(_ home: BookHome, name: String) {
        self.init(kind: home.kind, name: name, database: home.database)
    }

    /// The store without the book's name.
    public var home: BookHome { BookHome(kind: kind, database: database) }
}

extension BookPlace: CustomStringConvertible {
    /// For people: `sqlite ten_01h…`.
    public var description: String { "\(home) \(name)" }
}

/// A store in which books can be made: the installation's folder, its database, or a further database by its URL.
public struct BookHome: Sendable, Hashable {
    public let kind: StoreKind
    /// As in `BookPlace`.
    public let database: String?

    init(kind: StoreKind, database: String?) {
        self.kind = kind
        self.database = database
    }

    /// The folder of SQLite files.
    public static let sqlite = BookHome(kind: .sqlite, database: nil)
    /// The installation's own PostgreSQL database.
    public static let postgres = BookHome(kind: .postgres, database: nil)

    /// Reads `sqlite`, `postgres` or the URL of a further PostgreSQL database.
    ///
    /// Throws `invalidField` for anything else, and for a URL with a password: the directory is no place for secrets.
    public init(_ text: String) throws(TenancyError) {
        switch text {
        case "sqlite": self = .sqlite
        case "postgres", "postgresql": self = .postgres
        default:
            guard let address = DatabaseURL(text) else {
                throw TenancyError(
                    .invalidField, field: "place",
                    "a place is sqlite, postgres or postgres://HOST/DATABASE, not "
                        + "\"\(DatabaseURL.withoutPassword(text).prefix(80))\"")
            }
            guard !address.hasPassword else {
                throw TenancyError(
                    .invalidField, field: "place",
                    "the URL of a place is written down, so it names no password; put that into the file that PGPASSFILE "
                        + "names (~/.pgpass)")
            }
            self.init(kind: .postgres, database: text)
        }
    }
}

extension BookHome: CustomStringConvertible {
    /// What `init(_:)` reads.
    public var description: String { database ?? kind.rawValue }
}
