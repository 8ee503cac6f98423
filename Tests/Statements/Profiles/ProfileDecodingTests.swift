import Testing

@testable import Statements

@Suite("Profiles in YAML")
struct ProfileDecodingTests {
    private let base = """
        profile: test
        columns: {channel_reference: id}
        amount: {column: amount}
        currency: EUR
        kind: payment
        """

    @Test(
        "an unknown key is an error that names it and its line",
        arguments: [
            ("sepparator: ','", "sepparator"), ("file: {separater: ','}", "separater"), ("fee: {colum: x}", "colum"),
            ("time: {column: t, format: iso8601, zon: UTC}", "zon"), ("detect: {filename: x}", "filename"),
            ("trailers: [{column: 1, equals: x, cuont: 2}]", "cuont"), ("pass_over: [{colum: 1}]", "colum")
        ])
    func unknownKeys(line: String, key: String) throws {
        let error = #expect(throws: StatementError.self) { try StatementProfile.load(yaml: base + "\n" + line) }
        #expect(error?.message.contains("\"\(key)\"") == true && error?.line == 6)
    }

    @Test(
        "what a rule leaves open, or cannot mean, is refused",
        arguments: [
            ("currency: EUR", "currency: EURO"), ("currency: EUR", "currency: XAU"), ("kind: payment", "kind: sale"),
            ("kind: payment", "kind: {credit: payment}"), ("kind: payment", "kind: {values: {a: payment}}"),
            ("amount: {column: amount}", "amount: {unit: cents, column: a}"),
            ("amount: {column: amount}", "amount: {credit: a}"),
            ("amount: {column: amount}", "amount: {column: a, sign: {credit: C}}"), ("amount: {column: amount}", ""),
            ("amount: {column: amount}", "amount: {column: a, sign: negative_is_kept}"),
            ("columns: {channel_reference: id}", "columns: {account: id}"),
            ("columns: {channel_reference: id}", "columns: id"),
            ("kind: payment", "kind: payment\nfile: {layout: fixed}"),
            ("kind: payment", "kind: payment\nfile: {encoding: klingon}"),
            ("kind: payment", "kind: payment\nfile: {layout: separated}"),
            ("kind: payment", "kind: payment\nfile: {header: false}"),
            ("kind: payment", "kind: payment\ntime: {column: t, format: HH:mm}"),
            ("kind: payment", "kind: payment\ntime: {column: t, format: iso8601, zone: Mars/Base}"),
            ("kind: payment", "kind: payment\ntrailers: [{column: 1, equals: x}]"),
            ("profile: test", "profile: ../etc"), ("profile: test", "profile: [")
        ])
    func refused(rule: String, wrong: String) throws {
        #expect(throws: StatementError.self) { try StatementProfile.load(yaml: base.replacing(rule, with: wrong)) }
    }

    @Test("aliases that multiply and pages without end are no profile")
    func bounds() throws {
        let bomb =
            "a: &a [x]\n"
            + (1...30).map { "b\($0): &b\($0) [*\($0 == 1 ? "a" : "b\($0 - 1)"), *\($0 == 1 ? "a" : "b\($0 - 1)")]" }
            .joined(separator: "\n")
        #expect(throws: StatementError.self) { try StatementProfile.load(yaml: bomb) }
        let long = base + "\n#" + String(repeating: "x", count: StatementProfile.maximumBytes)
        #expect(throws: StatementError.self) { try StatementProfile.load(yaml: long) }
        #expect(throws: StatementError.self) { try StatementProfile.load(yaml: "") }
    }
}
