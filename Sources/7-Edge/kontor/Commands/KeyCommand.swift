import ArgumentParser
import Assembly
import Identity
import Runtime
import Tenancy

struct KeyCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "key", abstract: "Issue and revoke API keys.",
        subcommands: [Create.self, Revoke.self])

    struct Create: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Issue a key; it is shown once.",
            discussion: "Without --tenant it is an operator's key, which manages tenants and reaches no tenant's data.")
        @OptionGroup var options: HouseOptions
        @Option(help: "Identifier or slug of the tenant.") var tenant: String?
        @Option(help: "What the key is for.") var name = "command line"
        @Option(parsing: .upToNextOption, help: "Scopes such as orders:write, or a role's: owner, manager, clerk, auditor.")
        var scope: [String] = []
        @Flag var json = false

        func run() async throws {
            try await options.withHouse { house in
                let issued: (key: ApiKey, credential: String)
                if let tenant {
                    let id = try await house.tenant(tenant).id
                    let scopes = scope.flatMap { name in Role(rawValue: name).map { Array($0.scopes) } ?? [name] }
                    issued = try await house.identity.issueKey(
                        tenant: "\(id)", name: name, scopes: scopes.isEmpty ? Array(Role.owner.scopes) : scopes)
                } else {
                    issued = try await house.identity.issueOperatorKey(name: name)
                }
                if json {
                    try Terminal.json(["id": "\(issued.key.id)", "credential": issued.credential])
                } else {
                    Terminal.line(issued.credential)
                }
            }
        }
    }

    struct Revoke: AsyncParsableCommand {
        static let configuration = CommandConfiguration(abstract: "End a key; calls with it are refused from now on.")
        @OptionGroup var options: HouseOptions
        @Argument(help: "The key's identifier.") var key: String

        func run() async throws {
            guard let id = ApiKeyID(key) else { throw ValidationError("\"\(key)\" is no key's identifier") }
            try await options.withHouse { house in
                let changed = try await house.identity.revokeKey(id)
                Terminal.line(changed ? "revoked" : "was revoked before")
            }
        }
    }
}
