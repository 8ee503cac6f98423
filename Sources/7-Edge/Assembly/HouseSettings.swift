public import StorePostgreSQL
import Tenancy

/// Where a house keeps its data and how it behaves.
public struct HouseSettings: Sendable {
    /// What a house is opened for.
    public enum Access: Sendable {
        /// To serve: everything runs. A folder of books is taken; a database is shared with other processes.
        case serving
        /// For one command: the same, but no jobs run.
        case commanding
        /// To look only, also beside a house that serves: nothing is written, made or migrated.
        case reading
    }

    /// The folder of every file: keys, spans, and the books unless there is a database.
    public var dataFolder: String
    /// The PostgreSQL database of the books, as a URL of libpq; nil when they are SQLite files in the data folder.
    ///
    /// Processes that share it are one installation, and share or copy the folder of keys.
    public var database: String?
    /// How this process uses each PostgreSQL database.
    public var databaseOptions = PostgreSQLOptions()
    public var access = Access.serving
    /// False where a house must be there already, so that a mistyped folder or database begins no new one.
    public var begins = true
    /// Stands in every API key: `live`, `test` or `demo`.
    public var environment = "live"
    /// Who signs the tokens of people: usually the installation's public address.
    public var issuer = "kontor"
    /// Tenants' books that may be open at once.
    public var maximumOpenBooks = 256
    /// Where the sandbox channel listens, e.g. `http://127.0.0.1:8090`; nil when there is none.
    public var sandboxAddress: String?
    /// Where channels reach us with their callbacks, e.g. `http://127.0.0.1:8080`.
    public var publicAddress = "http://127.0.0.1:8080"
    /// The operator's list of where statements come from, in YAML; nil when there is none.
    public var statementSources: String?
    /// The folder below which `TENANT/CHANNEL` folders take dropped statements; nil when there is none.
    public var inbox: String?
    /// How often each open book's jobs run: expiries, unknown outcomes, completions.
    public var jobInterval = Duration.seconds(1)

    public init(dataFolder: String) { self.dataFolder = dataFolder }

    /// Where the books are, for people and without a password.
    public var location: String { database.map(DatabaseURL.withoutPassword) ?? dataFolder }

    var bookFolder: String { dataFolder + "/books" }
    var keyFolder: String { dataFolder + "/keys" }
}
