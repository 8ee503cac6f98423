import ArgumentParser
import Assembly
import Configuration
import Runtime
import StorePostgreSQL
import Tenancy

/// Flags that every command takes which opens a house.
struct HouseOptions: ParsableArguments {
    @Option(help: "The data folder [env KONTOR_DATA, default var/kontor].")
    var data: String?

    @Option(
        help: ArgumentHelp(
            "The PostgreSQL database of the books; without one they are files in the data folder [env KONTOR_DATABASE].",
            valueName: "url"))
    var database: String?

    var config: ConfigReader { ConfigReader(provider: EnvironmentVariablesProvider()).scoped(to: "kontor") }

    func settings() throws -> HouseSettings {
        let config = config
        var settings = HouseSettings(dataFolder: data ?? config.string(forKey: "data", default: "var/kontor"))
        settings.database = try databaseURL()
        settings.databaseOptions.writers = try number("database.writers", default: 8, in: 1...256)
        settings.databaseOptions.readers = try number("database.readers", default: 4, in: 1...256)
        settings.databaseOptions.separatesRoles = try flag("database.roles", default: true)
        settings.environment = config.string(forKey: "environment", default: "live")
        settings.issuer = config.string(forKey: "issuer", default: "kontor")
        settings.maximumOpenBooks = try number("books.maximum", default: 256, in: 1...100_000)
        settings.sandboxAddress = config.string(forKey: "sandbox.address")
        settings.statementSources = config.string(forKey: "statement.sources")
        settings.inbox = config.string(forKey: "inbox")
        settings.publicAddress = config.string(forKey: "public.address", default: settings.publicAddress)
        return settings
    }

    private func databaseURL() throws -> String? {
        let given = database ?? config.string(forKey: "database")
        guard let text = given, !text.isEmpty else { return nil }
        return try Self.databaseURL(text, of: "--database")
    }

    /// A wrong URL is told without the password that it may hold.
    static func databaseURL(_ text: String, of option: String) throws -> String {
        guard DatabaseURL(text) != nil else {
            throw ValidationError(
                "\(option) \"\(DatabaseURL.withoutPassword(text).prefix(80))\": must be a URL such as "
                    + "postgres://HOST/DATABASE (postgres:///DATABASE?host=/FOLDER for a socket)")
        }
        return text
    }

    /// A number of the environment; one that cannot be read is refused, never passed over.
    func number(_ key: ConfigKey, default fallback: Int, in range: ClosedRange<Int>) throws -> Int {
        guard let text = config.string(forKey: key), !text.isEmpty else { return fallback }
        guard let number = Int(text), range.contains(number) else {
            let name = "KONTOR_" + key.components.joined(separator: "_").uppercased()
            throw ValidationError(
                "\(name) \"\(text)\": must be a number from \(range.lowerBound) to \(range.upperBound)")
        }
        return number
    }

    /// A yes or no of the environment; a word that is neither is refused, never passed over.
    func flag(_ key: ConfigKey, default fallback: Bool) throws -> Bool {
        guard let text = config.string(forKey: key), !text.isEmpty else { return fallback }
        switch text.lowercased() {
        case "true", "yes", "on", "1": return true
        case "false", "no", "off", "0": return false
        default:
            let name = "KONTOR_" + key.components.joined(separator: "_").uppercased()
            throw ValidationError("\(name) \"\(text)\": must be true or false")
        }
    }

    /// Opens the house for `access`, runs `body` and closes it, whatever happens.
    ///
    /// Only where `begins` the folder or database may be new: a mistyped --data makes no house.
    func withHouse<Answer>(
        _ access: HouseSettings.Access, begins: Bool = false, _ body: (House) async throws -> Answer
    ) async throws -> Answer {
        try await CommandFailure.explained {
            var settings = try settings()
            settings.access = access
            settings.begins = begins
            let house = try await House(settings)
            do {
                let answer = try await body(house)
                await house.close()
                return answer
            } catch {
                await house.close()
                throw error
            }
        }
    }
}
