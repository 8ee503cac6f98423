import Store
import Testing

@testable import Tenancy

@Suite struct PlaceTests {
    @Test(
        "a place is sqlite, postgres or a database's URL",
        arguments: [
            ("sqlite", "sqlite", StoreKind.sqlite), ("postgres", "postgres", .postgres),
            ("postgresql", "postgres", .postgres),
            ("postgres://db.example/gold", "postgres://db.example/gold", .postgres),
            ("postgresql:///gold?host=/run/pg&user=kontor", "postgresql:///gold?host=/run/pg&user=kontor", .postgres)
        ])
    func homes(text: String, shown: String, kind: StoreKind) throws {
        let home = try BookHome(text)
        #expect(home.description == shown && home.kind == kind)
        #expect((home.database == nil) == !text.contains("://"))
    }

    @Test(
        "what is no place is refused, and no message tells a password",
        arguments: [
            "", "mysql://h/db", "postgres:/h/db", "postgres://h/d b", "postgres://u:geheim@h/db",
            "postgres://h/db?password=geheim", "postgres://h/db?sslmode=require&sslpassword=geheim", "Sqlite",
            "mysql://u:geheim@h/db?password=geheim"
        ])
    func refused(text: String) {
        let refusal = #expect(throws: TenancyError.self) { try BookHome(text) }
        #expect(refusal?.code == .invalidField && refusal?.field == "place")
        if text.hasPrefix("postgres") { #expect(refusal?.message.contains("geheim") == false) }
    }

    @Test(
        "a URL is shown without its password and with everything else",
        arguments: [
            ("postgres://u:p@h:5432/db?sslmode=verify-full", "postgres://u@h:5432/db?sslmode=verify-full"),
            ("postgres://u:p:q@h/db", "postgres://u@h/db"), ("postgres://u@h/db", "postgres://u@h/db"),
            ("postgres:///db?password=x", "postgres:///db"),
            ("postgres:///db?user=a&PASSWORD=x", "postgres:///db?user=a"),
            ("postgres://h/db:x@y", "postgres://h/db:x@y")
        ])
    func shown(url: String, shown: String) throws {
        let address = try #require(DatabaseURL(url))
        #expect(address.withoutPassword == shown)
        #expect(address.hasPassword == (url != shown))
    }
}
