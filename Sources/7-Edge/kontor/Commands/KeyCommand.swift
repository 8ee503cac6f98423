import ArgumentParser
import Assembly
import Contract
import Identity
import Runtime
import Store
import SwiftProtobuf
import Tenancy

struct KeyCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "key", abstract: "Issue, list and revoke API keys.",
        subcommands: [Create.self, List.self, Revoke.self])

    struct Create: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Issue a key; it is shown once.",
            discussion: "Without --tenant it is an operator's key, which manages tenants and reaches no tenant's data.")
        @OptionGroup var options: HouseOptions
        @Option(help: "Identifier or slug of the tenant.") var tenant: String?
        @Option(help: "What the key is for.") var name = "command line"
        @Option(
            parsing: .upToNextOption,
            help: "Scopes such as orders:write, or a role's: owner, manager, clerk, auditor, support.")
        var scope: [String] = []
        @Flag(help: "One JSON document instead of the key alone.") var json = false

        func validate() throws {
            if tenant == nil, !scope.isEmpty {
                throw ValidationError("--scope goes with --tenant: an operator's key always manages the platform")
            }
        }

        func run() async throws {
            try await options.withHouse(.commanding, begins: tenant == nil) { house in
                let issued: (key: ApiKey, credential: String)
                if let tenant {
                    let id = try await house.tenant(tenant).id
                    let scopes = try Self.scopes(scope, of: house)
                    issued = try await house.identity.issueKey(
                        tenant: "\(id)", name: name, scopes: scopes)
                } else {
                    issued = try await house.identity.issueOperatorKey(name: name)
                }
                if json {
                    try Terminal.json(["id": "\(issued.key.id)", "credential": issued.credential])
                } else {
                    Terminal.line(issued.credential)
                    Terminal.note("\(issued.key.id), shown this once; `kontor key revoke` ends it")
                }
            }
        }

        /// The roles' scopes and those that some call of the contract asks for: a mistyped scope opens nothing, so it is
        /// refused here instead of puzzling its owner later.
        private static func scopes(_ names: [String], of house: House) throws -> [String] {
            if names.isEmpty { return Array(Role.owner.scopes) }
            let known = Set(house.routes.map(\.operation.scope)).filter { !$0.isEmpty && !$0.hasPrefix("platform:") }
            let patterns = Set(known.map { $0.prefix { $0 != ":" } + ":*" }).union(["*"])
            var scopes: Set<String> = []
            for name in names {
                if let role = Role(rawValue: name) {
                    scopes.formUnion(role.scopes)
                } else if known.contains(name) || patterns.contains(name) {
                    scopes.insert(name)
                } else {
                    throw Problem.invalid(
                        field: "scope", value: name,
                        rule: "must be a role (\(Role.allCases.map(\.rawValue).joined(separator: ", "))) or one of "
                            + known.sorted().joined(separator: ", "))
                }
            }
            return scopes.sorted()
        }
    }

    struct List: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "List a tenant's keys, oldest first; what a key opens is known to its holder alone.",
            discussion: "--json has the whole identifiers, which `kontor key revoke` takes.")
        @OptionGroup var options: HouseOptions
        @Option(help: "Identifier or slug of the tenant.") var tenant: String
        @Flag(help: "One JSON document instead of a table.") var json = false

        /// Where a list ends that nobody reads any more.
        private static let most = 10_000

        func run() async throws {
            try await options.withHouse(.reading) { house in
                let id = try await house.tenant(tenant).id
                // Keys stand in the platform's book, so the tenant's need not be opened.
                let caller = Caller(subject: "operator", tenant: "\(id)", scopes: ["keys:read"], book: house.platform)
                let context = CallContext(
                    caller: caller, operation: IdentityContract.listKeys,
                    deadline: house.world.now().adding(.seconds(60)))
                var all = V1ListKeysReply()
                repeat {
                    let page = try await house.identity.listKeys(.with { $0.pageToken = all.nextPageToken }, context)
                    all.keys += page.keys
                    all.nextPageToken = page.nextPageToken
                } while !all.nextPageToken.isEmpty && all.keys.count < Self.most
                if json {
                    Terminal.line(String(decoding: try all.contractJSON(), as: UTF8.self))
                } else {
                    Terminal.table(["key", "name", "state", "scopes", "created", "ends"], all.keys.map(Self.row))
                }
            }
        }

        private static func row(_ key: V1ApiKey) -> [String] {
            let ends = key.revokedAt.isEmpty ? key.expiresAt : key.revokedAt
            return [
                "…\(key.keyID.suffix(4))", key.name, key.state, scopes(key.scopes), String(key.createdAt.prefix(16)),
                ends.isEmpty ? "–" : String(ends.prefix(16))
            ]
        }

        /// A role's scopes by its name.
        private static func scopes(_ scopes: [String]) -> String {
            Role.allCases.first { $0.scopes == Set(scopes) }?.rawValue ?? scopes.joined(separator: " ")
        }
    }

    struct Revoke: AsyncParsableCommand {
        static let configuration = CommandConfiguration(abstract: "End a key; calls with it are refused from now on.")
        @OptionGroup var options: HouseOptions
        @Argument(help: "The key's identifier.") var key: String

        func validate() throws {
            guard ApiKeyID(key) == nil else { return }
            throw ValidationError(
                "key \"\(key.prefix(40))\": must be a key's identifier such as key_01h455vb4pex5vsknk084sn02q")
        }

        func run() async throws {
            guard let id = ApiKeyID(key) else { return }
            try await options.withHouse(.commanding) { house in
                let changed = try await house.identity.revokeKey(id)
                Terminal.line(changed ? "revoked" : "was revoked before")
            }
        }
    }
}
