import Money
import Testing

@testable import Statements

@Suite("The project's own profiles")
struct ExampleProfileTests {
    private let header =
        "merchant_reference,channel_reference,kind,amount_minor,fee_minor,currency,status,time,original_reference"

    private func kontor(_ lines: [String]) throws -> (summary: StatementSummary, rows: [StatementRow]) {
        let text = ([header] + lines).joined(separator: "\n") + "\n"
        return try ProfileFile.read(Array(text.utf8), name: "sandbox-2026-11-21.csv", try ProfileFile.example("kontor"))
    }

    @Test("the sandbox's statement is read and proved by its trailers")
    func sandbox() throws {
        let lines = [
            "pay_1-1,sbx1,payment,1234,7,EUR,succeeded,2026-11-21T10:00:00.000000Z,",
            "rfd_1,sbx1-r1,refund,-500,0,EUR,succeeded,2026-11-21T11:00:00.000000Z,pay_1-1",
            "pay_2-1,sbx2,payment,900,0,USD,succeeded,2026-11-21T12:00:00.000000Z,",
            "TOTAL,2,total,734,7,EUR,,,", "TOTAL,1,total,900,0,USD,,,"
        ]
        let (summary, rows) = try kontor(lines)
        #expect(rows.map(\.netMinor) == [1_227, -500, 900])
        #expect(rows[1].originalReference == "pay_1-1" && rows[0].time?.description == "2026-11-21T10:00:00Z")
        #expect(summary.checks.count == 6 && summary.lines.trailers == 2)
        for broken in [[0, 2, 3, 4], [0, 1, 2, 3], [0, 1, 2]] {
            #expect(throws: StatementError.self) { try kontor(broken.map { lines[$0] }) }
        }
        #expect(try kontor(["TOTAL,0,total,0,0,,,,"]).rows.isEmpty)
    }

    @Test("plain lines need no trailer and take their columns in any order")
    func lines() throws {
        let text =
            "time,status,currency,fee_minor,amount_minor,kind,channel_reference,merchant_reference\n"
            + "2026-11-21,pending,JPY,0,500,payment,c,m\n"
        let rows = try ProfileFile.read(Array(text.utf8), try ProfileFile.example("kontor-lines")).rows
        #expect(rows[0].amountMinor == 500 && rows[0].currency == .jpy && rows[0].status == .pending)
    }

    @Test("NetsUnion: bars, codes, fen, and the last line's sums")
    func netsUnion() throws {
        let lines = [
            "2026030100001|ORDER-1|1001|10000|60|00|20260301100000||",
            "2026030100002|RFD-1|2001|2500|0|00|20260301110000|2026030100001|",
            "TOTAL|2||7500|60|"
        ]
        let profile = try ProfileFile.example("netsunion")
        let (summary, rows) = try ProfileFile.read(
            Array(lines.joined(separator: "\n").utf8), name: "NUCC_1.txt", profile)
        #expect(rows.map(\.amountMinor) == [10_000, -2_500] && summary.checks.count == 3)
        #expect(
            rows[1].originalReference == "2026030100001" && rows[0].time?.description == "2026-03-01T10:00:00+08:00")
        #expect(throws: StatementError.self) {
            try ProfileFile.read(Array(lines.dropLast().joined(separator: "\n").utf8), profile)
        }
    }

    @Test("a bank's debits: Windows-1252, two columns, a line of sums")
    func bankDebit() throws {
        let text =
            "Buchungsdatum;Wertstellung;Vorgang;Verwendungszweck;Mandatsreferenz;Referenz;IBAN;W\u{E4}hrung;Soll;Haben;Geb\u{FC}hr\n"
            + "01.03.2026;02.03.2026;Saldovortrag;;;;;EUR;;100,00;\n"
            + "01.03.2026;02.03.2026;Einzug;Bestellung 1;M-1;R-1;NL26VAYB8060476890;EUR;;1.019,90;0,10\n"
            + "01.03.2026;02.03.2026;R\u{FC}cklastschrift;Bestellung 0;M-0;R-2;NL26VAYB8060476890;EUR;5,00;;3,00\n"
            + "Summe;2;5,00;1.019,90\n"
        let bytes = text.unicodeScalars.map { UInt8($0.value) }
        let (summary, rows) = try ProfileFile.read(bytes, try ProfileFile.example("bank-debit"))
        #expect(rows.map(\.kind) == [.payment, .chargeback])
        #expect(rows.map(\.amountMinor) == [101_990, -500] && rows.map(\.feeMinor) == [10, 300])
        #expect(summary.checks.count == 3 && summary.accounts == ["NL26VAYB8060476890"])
    }

    @Test("ACOM: widths are data, and a line that does not have them is refused")
    func acom() throws {
        let profile = try ProfileFile.example("unionpay-acom")
        guard case .fixed(let layout) = profile.layout else { throw FieldProblem("is not fixed") }
        let values = [
            "transmission_time": "0301100000", "amount": "000000010000", "processing_code": "000000",
            "retrieval_reference": "REF000000001",
            "merchant_id": "777290058110048", "response_code": "00", "fee_payable": "D00000000060", "trace_no": "000001"
        ]
        var line = ""
        for (name, width) in zip(layout.names, layout.widths) {
            let value = values[name] ?? ""
            line += (line.isEmpty ? "" : " ") + value + String(repeating: " ", count: width - value.count)
        }
        let name = "IND26030101ACOMN"
        let row = try #require(try ProfileFile.read(Array((line + " tail\n").utf8), name: name, profile).rows.first)
        #expect(row.amountMinor == 10_000 && row.feeMinor == 60 && row.channelReference == "REF000000001")
        #expect(row.time?.description == "2026-03-01T10:00:00+08:00")
        for wrong in [String(line.dropLast(13)), "X" + line] {
            #expect(throws: StatementError.self) { try ProfileFile.read(Array(wrong.utf8), name: name, profile) }
        }
        #expect(throws: StatementError.self) { try ProfileFile.read(Array(line.utf8), name: "ACOM", profile) }
    }
}

@Suite("The project's sample statements")
struct SampleStatementTests {
    static let samples: [(file: String, profile: String?, rows: Int, checks: Int)] = [
        ("camt053.xml", nil, 3, 3), ("STL-20260301.01.009.CSV", nil, 2, 12), ("stripe-payout.csv", nil, 2, 0),
        ("sandbox-2026-03-01.csv", "kontor", 4, 6), ("bank-debit.csv", "bank-debit", 3, 3),
        ("NUCC_20260301.txt", "netsunion", 3, 3)
    ]

    @Test("each is read as the guide shows", arguments: samples)
    func reads(sample: (file: String, profile: String?, rows: Int, checks: Int)) throws {
        let root = #filePath.split(separator: "/").dropLast(4).joined(separator: "/")
        let reader = try sample.profile.map { try ProfileFile.example($0).reader }
        var rows = 0
        let summary = try Statements.read(
            .file("/\(root)/Examples/statements/samples/\(sample.file)"), reader: reader
        ) { _ in rows += 1 }
        #expect(rows == sample.rows && summary.checks.count == sample.checks && summary.rejectedCount == 0)
    }
}
