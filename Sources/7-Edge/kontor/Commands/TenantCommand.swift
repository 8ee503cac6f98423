import ArgumentParser
import Assembly
import Contract
import Money
import Runtime
import Tenancy

struct TenantCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "tenant", abstract: "Create, list, move, suspend, resume and close tenants.",
        subcommands: [Create.self, List.self, Move.self, Suspend.self, Resume.self, Close.self])

    /// A tenant as programs read it.
    struct Shown: Encodable {
        let id, slug, name, currency, country, plan, state, place, book: String
        let movingTo: String?
        let feeBasisPoints: Int32

        init(_ tenant: Tenant) {
            id = "\(tenant.id)"
            slug = tenant.slug
            name = tenant.name
            currency = tenant.baseCurrency.code
            country = tenant.country
            plan = tenant.plan
            state = tenant.state.rawValue
            place = "\(tenant.place.home)"
            book = tenant.bookName
            movingTo = tenant.relocation.map { "\($0.to.home)" }
            feeBasisPoints = tenant.feeBasisPoints
        }

        static func show(_ tenants: [Tenant], json: Bool) throws {
            if json { return try Terminal.json(tenants.map(Shown.init)) }
            if tenants.isEmpty { return Terminal.line("no tenants yet; `kontor tenant create` makes the first") }
            Terminal.table(
                ["tenant", "slug", "name", "currency", "country", "plan", "state", "place"],
                tenants.map {
                    [
                        "\($0.id)", $0.slug, $0.name, $0.baseCurrency.code, $0.country, $0.plan, $0.state.rawValue,
                        TenantCommand.place($0)
                    ]
                })
        }
    }

    /// Where a tenant's book is, and where it is going.
    private static func place(_ tenant: Tenant) -> String {
        guard let going = tenant.relocation else { return "\(tenant.place.home)" }
        return "\(tenant.place.home), moving to \(going.to.home)"
    }

    /// `sqlite`, `postgres` or a URL, in the words of the command line. Read in `validate`, because a value that the
    /// parser itself refuses is printed with all that stands in it.
    static func home(_ text: String) throws -> BookHome {
        do { return try BookHome(text) } catch { throw ValidationError(error.message) }
    }

    struct Create: AsyncParsableCommand {
        static let configuration = CommandConfiguration(abstract: "Make a tenant with its book and chart of accounts.")
        @OptionGroup var options: HouseOptions
        @Argument(help: "A short name: letters, digits and '-'.") var slug: String
        @Option(help: "The name that people see; the short name when it is not given.") var name: String?
        @Option(help: "ISO 4217.", transform: Arguments.currency) var currency = Currency.eur
        @Option(help: "ISO 3166-1, two letters.") var country = "DE"
        @Option(help: "The price plan.") var plan = "standard"
        @Option(help: "The platform's share of captures, in basis points, 0 to 10000.") var fee: Int32 = 80
        @Option(help: "The language, e.g. en or zh-Hans.") var locale = "en"
        @Option(
            help: ArgumentHelp(
                "Where its book is made: sqlite, postgres or a database's URL; the installation's store otherwise.",
                valueName: "place"))
        var on: String?
        @Flag(help: "One JSON document instead of a table.") var json = false

        func validate() throws { _ = try on.map(TenantCommand.home) }

        func run() async throws {
            let draft = TenantDraft(
                slug: slug, name: name ?? slug, baseCurrency: currency, country: country, plan: plan,
                feeBasisPoints: fee, locale: locale,
                home: try on.map(TenantCommand.home))
            try await CommandFailure.explained { try draft.check() }
            try await options.withHouse(.commanding, begins: true) { house in
                let tenant = try await house.tenancy.create(draft)
                try Shown.show([tenant], json: json)
            }
        }
    }

    struct List: AsyncParsableCommand {
        static let configuration = CommandConfiguration(abstract: "List all tenants.")
        @OptionGroup var options: HouseOptions
        @Flag(help: "One JSON document instead of a table.") var json = false

        func run() async throws {
            try await options.withHouse(.reading) { house in
                var all: [Tenant] = []
                while true {
                    let page = try await house.tenancy.tenants(after: all.last?.id)
                    if page.isEmpty { break }
                    all += page
                }
                try Shown.show(all, json: json)
            }
        }
    }

    struct Suspend: AsyncParsableCommand {
        static let configuration = CommandConfiguration(abstract: "Refuse all calls of a tenant until it is resumed.")
        @OptionGroup var options: HouseOptions
        @Argument(help: "Identifier or slug.") var tenant: String
        @Option(help: "Why, for the journal: 3 to 120 characters.") var reason: String
        @Flag(help: "One JSON document instead of a table.") var json = false

        func run() async throws {
            try await options.withHouse(.commanding) { house in
                let id = try await house.tenant(tenant).id
                try Shown.show([try await house.tenancy.suspend(id, reason: reason)], json: json)
            }
        }
    }

    struct Resume: AsyncParsableCommand {
        static let configuration = CommandConfiguration(abstract: "Take a suspended tenant's calls again.")
        @OptionGroup var options: HouseOptions
        @Argument(help: "Identifier or slug.") var tenant: String
        @Flag(help: "One JSON document instead of a table.") var json = false

        func run() async throws {
            try await options.withHouse(.commanding) { house in
                let id = try await house.tenant(tenant).id
                try Shown.show([try await house.tenancy.resume(id)], json: json)
            }
        }
    }

    struct Close: AsyncParsableCommand {
        static let configuration = CommandConfiguration(abstract: "End a tenant for good; its book stays for auditors.")
        @OptionGroup var options: HouseOptions
        @Argument(help: "Identifier or slug.") var tenant: String
        @Option(help: "Why, for the journal: 3 to 120 characters.") var reason: String
        @Flag(help: "One JSON document instead of a table.") var json = false

        func run() async throws {
            try await options.withHouse(.commanding) { house in
                let id = try await house.tenant(tenant).id
                try Shown.show([try await house.tenancy.close(id, reason: reason)], json: json)
            }
        }
    }
}
