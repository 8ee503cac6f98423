/// Where a house keeps its data and how it behaves.
public struct HouseSettings: Sendable {
    /// The folder of every file: books, keys, spans.
    public var dataFolder: String
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
}
