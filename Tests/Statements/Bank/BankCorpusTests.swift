import Foundation
import Money
import Statements
import Testing

/// What `expected.jsonl` says of the banks' files of the corpus, held against what is read.
@Suite("Banks' files that the project did not write", .enabled(if: Corpus.isThere, "the corpus is absent"))
struct BankCorpusTests {
    static let swift = expected("mt940/")
    static let ofx = expected("ofx/")

    @Test("MT940: lines, sums, balances and whether they tie", arguments: swift)
    func swiftFiles(_ file: Expected) throws {
        var options = ReadOptions()
        options.refusesContradictions = false
        // Fragments name no currency; the amounts are read in any of two decimals.
        options.currency = try Currency(code: "EUR")
        let read = try BankFile(Corpus.source(file.path), format: "mt940", options: options)
        let statements = file.expected.statements ?? []
        #expect(read.rows.count == statements.reduce(0) { $0 + $1.lines })
        #expect(read.summary.lines.total == Self.lineCount(file.path))
        let credits = read.rows.filter { $0.amountMinor > 0 }.reduce(0) { $0 + $1.amountMinor }
        let debits = read.rows.filter { $0.amountMinor < 0 }.reduce(0) { $0 + $1.amountMinor }
        #expect(credits == statements.reduce(0) { $0 + $1.credits.minor })
        #expect(debits == statements.reduce(0) { $0 + $1.debits.minor })
        let balances = statements.flatMap { [$0.opening?.minor, $0.closing?.minor].compactMap { $0 } }
        let found = read.summary.balances.filter { $0.kind == .opening || $0.kind == .closing }.map(\.minor)
        // The fragment of one field six times is one statement with six opening balances: five are bad lines.
        if read.summary.rejectedCount == 0 { #expect(found == balances) }

        let refusal = Self.refusal(of: file.path, format: "mt940", currency: true)
        switch file.expected.verdict {
        case "ok": #expect(refusal == nil, "\(file.path)")
        case "balances do not tie":
            #expect(refusal?.code == .contradiction, "\(file.path)")
            #expect(refusal?.stated != nil && refusal?.found != nil)
        default: #expect(read.rows.isEmpty)
        }
    }

    @Test("BAI2: every file whose trailers are true is read, every other is refused with both figures")
    func baiFiles() throws {
        let folder = "bai2/"
        // Rows, credits, debits as stated beside the files; the third sample has several records on some lines.
        let good: [(String, Int, Int64, Int64)] = [
            ("moov-sample1.txt", 17, 320_000, 320_000), ("moov-sample2.txt", 4, 30_950_000, 0),
            ("pypi-bai2-account_trailer_amount_blank_example.bai2", 0, 0, 0), ("pypi-bai2-citi_example.bai2", 1, 1, 0),
            ("pypi-bai2-nwb_example.bai2", 5, 89, 2_765), ("pypi-bai2-svb_us_example.bai2", 2, 1_395_996, 0)
        ]
        for (name, count, credits, debits) in good {
            let file = try BankFile(Corpus.source(folder + name))
            #expect(file.summary.format == "bai2")
            #expect(file.rows.count == count, "\(name)")
            #expect(file.rows.filter { $0.amountMinor > 0 }.reduce(0) { $0 + $1.amountMinor } == credits, "\(name)")
            #expect(file.rows.filter { $0.amountMinor < 0 }.reduce(0) { $0 - $1.amountMinor } == debits, "\(name)")
            #expect(file.summary.lines.total == Self.lineCount(folder + name), "\(name)")
        }
        // Counted line by line it would have 24 transactions; its trailers prove those that share a line.
        let crowded = try BankFile(Corpus.source(folder + "moov-sample3.txt"))
        #expect(crowded.rows.count == 26)
        for name in ["moov-sample4-continuations-newline-delimited.txt", "moov-sample5-issue113.txt"] {
            let refusal = Self.refusal(of: folder + name, format: "bai2")
            #expect(refusal?.code == .contradiction, "\(name): \(refusal.map(\.message) ?? "read")")
            #expect(refusal?.stated != refusal?.found)
        }
        #expect(Self.refusal(of: folder + "moov-errors-sample-parseError.txt", format: "bai2") != nil)
    }

    @Test("OFX: accounts, cash lines, their sums and the balance", arguments: ofx)
    func ofxFiles(_ file: Expected) throws {
        let accounts = file.expected.accounts ?? []
        guard file.expected.verdict == "ok" else {
            #expect(Self.refusal(of: file.path, format: "ofx")?.code == .unsupported)
            return
        }
        let read = try BankFile(Corpus.source(file.path))
        #expect(read.summary.format == "ofx")
        #expect(read.summary.accounts == accounts.map(\.account))
        #expect(read.summary.lines.total == Self.lineCount(file.path))
        for account in accounts {
            let rows = read.rows.filter { $0.account == account.account }
            #expect(rows.count { $0.amountMinor > 0 } == account.credits?.count ?? 0)
            #expect(rows.count { $0.amountMinor < 0 } == account.debits?.count ?? 0)
            #expect(Self.sum(rows.filter { $0.amountMinor > 0 }) == account.credits?.fine ?? 0)
            #expect(Self.sum(rows.filter { $0.amountMinor < 0 }) == account.debits?.fine ?? 0)
            guard let balance = account.ledger_balance else { continue }
            let found = read.summary.balances.filter { $0.account == account.account && $0.kind == .closing }
            #expect(found.map(\.minor) == [Figure.units(balance, decimals: 2)])
        }
    }

    /// Sums in units of 10^-4, which is as fine as the files are.
    private static func sum(_ rows: [StatementRow]) -> Int64 {
        rows.reduce(0) { $0 + ($1.fineAmount?.units(atScale: 4) ?? $1.amountMinor * 100) }
    }

    private static func refusal(of path: String, format: String, currency: Bool = false) -> StatementError? {
        var options = ReadOptions()
        if currency { options.currency = try? Currency(code: "EUR") }
        do {
            _ = try BankFile(Corpus.source(path), format: format, options: options)
            return nil
        } catch {
            return error as? StatementError
        }
    }

    /// Lines as an editor counts them: a last one without an end counts, too.
    private static func lineCount(_ path: String) -> Int {
        guard let bytes = FileManager.default.contents(atPath: Corpus.file(path)) else { return -1 }
        return bytes.count { $0 == 10 } + (bytes.isEmpty || bytes.last == 10 ? 0 : 1)
    }

    private static func expected(_ folder: String) -> [Expected] {
        guard let text = try? String(contentsOfFile: Corpus.file("expected.jsonl"), encoding: .utf8) else { return [] }
        let decoder = JSONDecoder()
        return text.split(separator: "\n").filter { $0.contains("\"path\": \"\(folder)") }
            .compactMap { try? decoder.decode(Expected.self, from: Data($0.utf8)) }
    }
}

/// One line of `expected.jsonl`, as far as banks' files have it.
struct Expected: Decodable, Sendable, CustomTestStringConvertible {
    struct Content: Decodable, Sendable {
        var verdict: String?
        var statements: [Statement]?
        var accounts: [Account]?
    }

    struct Statement: Decodable, Sendable {
        var opening: Balance?
        var closing: Balance?
        var lines: Int
        var credits: Figure
        var debits: Figure
    }

    struct Balance: Decodable, Sendable {
        var minor: Int64

        init(from decoder: any Decoder) throws {
            let parts = try [String](from: decoder)
            minor = Figure.units(parts[0], decimals: 2)
        }
    }

    struct Account: Decodable, Sendable {
        var account: String
        var credits: Figure?
        var debits: Figure?
        var ledger_balance: String?
    }

    var path: String
    var expected: Content
    var testDescription: String { path }
}

/// A count and a sum: `[3, "-345.27"]`.
struct Figure: Decodable, Sendable {
    var count: Int
    var text: String

    var minor: Int64 { Figure.units(text, decimals: 2) }
    var fine: Int64 { Figure.units(text, decimals: 4) }

    init(from decoder: any Decoder) throws {
        var parts = try decoder.unkeyedContainer()
        count = try parts.decode(Int.self)
        text = try parts.decode(String.self)
    }

    static func units(_ text: String, decimals: Int) -> Int64 {
        let parts = text.split(separator: ".", omittingEmptySubsequences: false)
        let fraction = parts.count > 1 ? String(parts[1]) : ""
        let padded = fraction.padding(toLength: decimals, withPad: "0", startingAt: 0)
        return Int64(parts[0] + padded) ?? .min
    }
}
