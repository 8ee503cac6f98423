import ArgumentParser
import Assembly
import Configuration
import Runtime

/// Flags that every command takes which opens a house.
struct HouseOptions: ParsableArguments {
    @Option(help: "The data folder [env KONTOR_DATA, default var/kontor].")
    var data: String?

    var config: ConfigReader { ConfigReader(provider: EnvironmentVariablesProvider()).scoped(to: "kontor") }

    func settings() -> HouseSettings {
        let config = config
        var settings = HouseSettings(dataFolder: data ?? config.string(forKey: "data", default: "var/kontor"))
        settings.environment = config.string(forKey: "environment", default: "live")
        settings.issuer = config.string(forKey: "issuer", default: "kontor")
        settings.maximumOpenBooks = config.int(forKey: "books.maximum", default: 256)
        settings.sandboxAddress = config.string(forKey: "sandbox.address")
        settings.publicAddress = config.string(forKey: "public.address", default: settings.publicAddress)
        return settings
    }

    /// Opens the house, runs `body` and closes it, whatever happens.
    func withHouse<Answer>(_ body: (House) async throws -> Answer) async throws -> Answer {
        try await CommandFailure.explained {
            let house = try await House(settings())
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
