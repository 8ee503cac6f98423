import Money
import Testing

@testable import Statements

@Suite("Files that a profile describes")
struct ProfileReaderTests {
    private let base = """
        profile: test
        columns: {channel_reference: id}
        amount: {column: amount}
        currency: EUR
        kind: {credit: payment, debit: refund}
        """

    @Test("columns are found by name in any order; unused ones do not matter")
    func names() throws {
        let rows = try ProfileFile(base, "x,amount,id\n,-1.50,a\n,2,b\n").read().rows
        #expect(rows.map(\.amountMinor) == [-150, 200] && rows.map(\.channelReference) == ["a", "b"])
        #expect(rows.map(\.kind) == [.refund, .payment] && rows.map(\.line) == [2, 3] && rows[1].offset == 21)
        let missing = #expect(throws: StatementError.self) { try ProfileFile(base, "x,amount\n,1\n").read() }
        #expect(missing?.message.contains("id") == true)
        #expect(throws: StatementError.self) { try ProfileFile(base, "id,amount,amount\na,1,2\n").read() }
    }

    @Test("a record with too few or too many fields is rejected, empty ones at the end are decoration")
    func widths() throws {
        #expect(try ProfileFile(base, "id,amount\na,1,,\n").read().rows.count == 1)
        #expect(throws: StatementError.self) { try ProfileFile(base, "id,amount\na\n").read() }
        #expect(throws: StatementError.self) { try ProfileFile(base, "id,amount\na,1,2\n").read() }
        let (summary, rows) = try ProfileFile(base, "id,amount\na\nb,1\nc,x\n").read(maxRejected: 2)
        #expect(rows.map(\.channelReference) == ["b"])
        #expect(summary.rejected.map(\.line) == [2, 4] && summary.rejected[1].field == "amount")
    }

    @Test(
        "every rule of signs",
        arguments: [
            ("amount: {column: amount, sign: reversed}", "5.00,", -500), ("amount: {column: amount}", "-5.00,", -500),
            ("amount: {column: amount, sign: {column: way, credit: [C], debit: [D]}}", "5.00,D", -500),
            ("amount: {column: amount, sign: {column: way, credit: [C], debit: [D]}}", "5.00,C", 500),
            ("amount: {column: amount, unit: minor, sign: {credit: C, debit: D}}", "D000500,", -500),
            ("amount: {credit: amount, debit: way}", ",5.00", -500),
            ("amount: {credit: amount, debit: way}", "5.00,", 500),
            ("amount: {column: amount, decimal: comma}", "\"1.234,50\",", 123_450),
            ("amount: {column: amount, unit: minor}", "7,", 7)
        ])
    func signs(rule: String, fields: String, minor: Int64) throws {
        let yaml = base.replacing("amount: {column: amount}", with: rule)
        #expect(try ProfileFile(yaml, "id,amount,way\na,\(fields)\n").read().rows.map(\.amountMinor) == [minor])
    }

    @Test("a word that the profile does not know is rejected, unless there is a default")
    func words() throws {
        let yaml = base.replacing(
            "kind: {credit: payment, debit: refund}", with: "kind: {column: k, values: {sale: payment}}")
        #expect(try ProfileFile(yaml, "id,amount,k\na,1,sale\n").read().rows.map(\.kind) == [.payment])
        #expect(throws: StatementError.self) { try ProfileFile(yaml, "id,amount,k\na,1,gift\n").read() }
        let lenient = yaml.replacing("{sale: payment}", with: "{sale: payment}, default: adjustment")
        #expect(try ProfileFile(lenient, "id,amount,k\na,1,gift\n").read().rows.map(\.kind) == [.adjustment])
        let byKind = yaml.replacing("amount: {column: amount}", with: "amount: {column: amount, sign: by_kind}")
            .replacing("{sale: payment}", with: "{sale: payment, back: refund}")
        #expect(try ProfileFile(byKind, "id,amount,k\na,1,back\n").read().rows.map(\.amountMinor) == [-100])
    }

    @Test("a fee finer than its currency is kept and rounded; an amount must be exact")
    func fees() throws {
        let yaml = base + "\nfee: {column: fee}\nnet: {column: net}"
        let row = try #require(try ProfileFile(yaml, "id,amount,fee,net\na,1.00,0.00600,0.99\n").read().rows.first)
        #expect(row.feeMinor == 1 && row.fineFee == ExactDecimal(units: 600, scale: 5) && row.netMinor == 99)
        #expect(throws: StatementError.self) { try ProfileFile(yaml, "id,amount,fee,net\na,1.00,0.01,0.98\n").read() }
        #expect(throws: StatementError.self) { try ProfileFile(yaml, "id,amount,fee,net\na,1.001,0,1.001\n").read() }
    }

    @Test("times by a pattern, in a zone of the profile or of the line")
    func times() throws {
        let named = base + "\ntime: {column: d, clock_column: t, format: dd.MM.yyyy HH:mm, zone: Europe/Berlin}"
        let first = try #require(try ProfileFile(named, "id,amount,d,t\na,1,03.07.2026,10:30\n").read().rows.first)
        #expect(first.time?.description == "2026-07-03T10:30:00+02:00")
        let column = base + "\ntime: {column: d, format: iso8601, zone_column: z}"
        let second = try #require(
            try ProfileFile(column, "id,amount,d,z\na,1,2026-07-03 10:30:00,PST\n").read().rows.first)
        #expect(second.time?.description == "2026-07-03T10:30:00-08:00")
        #expect(throws: StatementError.self) { try ProfileFile(named, "id,amount,d,t\na,1,31.02.2026,10:30\n").read() }
    }

    @Test(
        "trailers prove counts and sums: a wrong one is refused with both figures, a missing one is a file cut short",
        arguments: [
            ("END,2,3.00", true), ("END,3,3.00", false), ("END,2,3.01", false), ("", false)
        ])
    func trailers(line: String, holds: Bool) throws {
        let yaml = base + "\ntrailers: [{column: 1, equals: END, count: 2, amount: 3}]"
        let file = ProfileFile(yaml, "id,amount,x\na,1,\nb,2,\n\(line)\n")
        if holds {
            let summary = try file.read().summary
            #expect(summary.checks.count == 2 && summary.lines.trailers == 1 && summary.rows == 2)
        } else {
            let error = #expect(throws: StatementError.self) { try file.read() }
            #expect(error?.code == (line.isEmpty ? .truncated : .contradiction))
        }
    }

    @Test("the first or the last line may be the one with the sums, cut in its own way")
    func places() throws {
        let first = base + "\ntrailers: [{line: first, separator: '|', count: 1, credits: 2, debits: 3}]"
        #expect(try ProfileFile(first, "2|5.00|1.00\nid,amount\na,5\nb,-1\n").read().summary.checks.count == 3)
        let last = base + "\ntrailers: [{line: last, count: 2}]"
        #expect(try ProfileFile(last, "id,amount\na,5\nrows,1\n\n").read().rows.count == 1)
        #expect(throws: StatementError.self) { try ProfileFile(last, "id,amount\na,5\nb,2\n").read() }
    }

    @Test("comments, skipped lines and lines to be passed over are counted, not lost")
    func counted() throws {
        let yaml = base + "\nfile: {skip_lines: 1, comment: '#'}\npass_over: [{column: id, equals: carry}]"
        let (summary, rows) = try ProfileFile(yaml, "Bank of X\n# note\nid,amount\n\ncarry,9\na,1\n").read()
        #expect(rows.count == 1)
        #expect(summary.lines.total == 6 && summary.lines.comments == 2 && summary.lines.blank == 1)
    }

    @Test("a field that holds bytes of another encoding is rejected, GBK is read as the profile says")
    func encodings() throws {
        var file = ProfileFile(base, "")
        file.bytes = Array("id,amount\n".utf8) + [0xD2, 0xF8] + Array(",1\n".utf8)
        file.yaml += "\nfile: {encoding: utf-8}"
        #expect(throws: StatementError.self) { try file.read() }
        file.yaml = base + "\nfile: {encoding: gbk}"
        #expect(try file.read().rows.map(\.channelReference) == ["银"])
    }

    @Test("detection needs everything that the profile names")
    func detection() throws {
        let profile = try StatementProfile.load(
            yaml: base + "\ndetect: {file_name: ['day-*.csv'], header: [id, amount]}")
        func recognised(_ name: String, _ text: String) -> Recognition {
            profile.reader.recognise(Probe(fileName: name, head: Array(text.utf8), isComplete: true, encoding: nil))
        }
        #expect(recognised("day-1.csv", "id,amount\n") == .yes)
        #expect(recognised("DAY-22.CSV", "x,\"amount\",id\n") == .yes)
        #expect(recognised("night.csv", "id,amount\n") == .no)
        #expect(recognised("day-1.csv", "id,sum\n") == .no)
    }

    @Test(
        "names with stars match as shells do",
        arguments: [
            ("abc.csv", "*.csv", true), ("abc.csv", "a?c.*", true), ("abc", "a*d", false), ("", "*", true),
            ("aaaaaaaaaaaaaaaaaaaaaaaaaaaaab", "*a*a*a*a*a*a*c", false)
        ])
    func globs(name: String, pattern: String, matches: Bool) {
        #expect(Glob.matches(name, pattern) == matches)
    }
}
