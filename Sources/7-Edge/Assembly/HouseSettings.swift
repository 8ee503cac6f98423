/// Where a house keeps its data and how it behaves.
public struct HouseSettings: Sendable {
    /// What a house is opened for.
    public enum Access: Sendable {
        /// To serve: everything runs, the folder is taken.
        case serving
        /// For one command: the folder is taken, no jobs run.
        case commanding
        /// To look only, also beside a house that serves: nothing is written, made or migrated.
        case reading
    }

    /// The folder of every file: books, keys, spans.
    public var dataFolder: String
    public var access = Access.serving
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
    /// How often each open book's jobs run: expiries, unknown outcomes, completions.
    public var jobInterval = Duration.seconds(1)

    public init(dataFolder: String) { self.dataFolder = dataFolder }

    var bookFolder: String { dataFolder + "/books" }
    var keyFolder: String { dataFolder + "/keys" }
}
