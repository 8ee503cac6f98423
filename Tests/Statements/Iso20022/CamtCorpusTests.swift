import Money
import Testing

@testable import Statements

@Suite("camt files of the corpus", .enabled(if: Corpus.isThere, "the corpus is not beside the checkout"))
struct CamtCorpusTests {
    static let files = Corpus.expected(in: "camt").map(\.path)

    @Test("every file reads as the corpus states", arguments: files)
    func reads(path: String) throws {
        let expected = try #require(Corpus.expected(in: "camt").first { $0.path == path }?.expected)
        var rows: [StatementRow] = []
        var options = ReadOptions()
        options.refusesContradictions = false
        let summary = try Statements.read(Corpus.source(path), options: options) { rows.append($0) }
        #expect(summary.variant == expected["message"]?.string)
        let statements = expected["statements"]?.items ?? []
        try compareTotals(summary, statements)
        compareBalances(summary, statements)
        #expect(
            summary.accounts == Set(statements.compactMap { $0["account"]?.string }).sorted() || path.contains("052.v1")
        )
        let stated = statements.reduce(0) { $0 + ($1["credits"]?[0]?.int ?? 0) + ($1["debits"]?[0]?.int ?? 0) }
        #expect(rows.count == stated)
        #expect(summary.isConsistent == (expected["verdict"]?.string == "ok"))
    }

    @Test("a file whose balances do not tie is refused with both figures", arguments: files)
    func refuses(path: String) throws {
        let verdict = Corpus.expected(in: "camt").first { $0.path == path }?.expected["verdict"]?.string
        guard verdict != "ok" else {
            #expect(throws: Never.self) { try Statements.read(Corpus.source(path)) { _ in } }
            return
        }
        let error = #expect(throws: StatementError.self) { try Statements.read(Corpus.source(path)) { _ in } }
        #expect(error?.code == .contradiction)
        #expect(error?.stated != nil && error?.found != nil && error?.stated != error?.found)
    }

    private func compareTotals(_ summary: StatementSummary, _ statements: [JSON]) throws {
        var credit: Int64 = 0
        var debit: Int64 = 0
        let currencies = Set(statements.flatMap { $0["currencies"]?.items.compactMap(\.string) ?? [] })
        #expect(Set(summary.totals.map(\.currency.code)) == currencies)
        guard let code = currencies.first else { return }
        #expect(currencies.count == 1, "the corpus has one currency a file")
        let currency = try Currency(code: code)
        for statement in statements {
            credit += try minor(statement["credits"]?[1]?.string ?? "0", currency)
            debit -= try minor(statement["debits"]?[1]?.string ?? "0", currency)
        }
        #expect(summary.totals.first?.creditMinor == credit)
        #expect(summary.totals.first?.debitMinor == debit)
    }

    private func compareBalances(_ summary: StatementSummary, _ statements: [JSON]) {
        let pairs = statements.flatMap { $0["balances"]?.members.values.flatMap(\.items) ?? [] }
        var stated: [String] = []
        for pair in pairs {
            guard let currency = try? Currency(code: pair[1]?.string ?? "") else { continue }
            guard let minor = try? minor(pair[0]?.string ?? "", currency) else { continue }
            stated.append("\(minor) \(currency)")
        }
        #expect(stated.count == pairs.count)
        #expect(summary.balances.map { "\($0.minor) \($0.currency)" }.sorted() == stated.sorted())
    }

    private func minor(_ text: String, _ currency: Currency) throws -> Int64 {
        try FieldText.decimal(FieldText.bytes(text)).minor(currency)
    }
}
