import Money
import Testing

@testable import Statements

@Suite("Adyen settlement detail reports")
struct AdyenTests {
    private let header =
        "Company Account,Merchant Account,Psp Reference,Merchant Reference,Payment Method,Creation Date,TimeZone,Type,"
        + "Modification Reference,Gross Currency,Gross Debit (GC),Gross Credit (GC),Exchange Rate,Net Currency,"
        + "Net Debit (NC),Net Credit (NC),Commission (NC),Markup (NC),Scheme Fees (NC),Interchange (NC),Batch Number"

    private func line(
        _ type: String, _ gross: (String, String), _ net: (String, String), fees: String = ",,,",
        currency: String = "EUR",
        netCurrency: String = "EUR", batch: String = "7", zone: String = "CEST"
    ) -> String {
        "C,M,P1,ORDER-1,visa,2026-07-01 10:00:00,\(zone),\(type),M1,\(currency),\(gross.0),\(gross.1),1,\(netCurrency),"
            + "\(net.0),\(net.1),\(fees),\(batch)"
    }

    @Test("the net side and the fees decide which way gross stands", arguments: [("", "10.00"), ("10.00", "")])
    func sides(debit: String, credit: String) throws {
        let file = TableFile(
            header: header, lines: [line("Settled", (debit, credit), ("", "9.50"), fees: "0.20,0.10,0.10,0.10")])
        let row = try #require(try file.read().rows.first)
        #expect(row.amountMinor == 1_000 && row.feeMinor == 50 && row.netMinor == 950)
        #expect(row.time?.description == "2026-07-01T10:00:00+02:00")
    }

    @Test("a batch that was paid out adds up to its payout, or the file is refused")
    func batches() throws {
        var file = TableFile(
            header: header,
            lines: [
                line("Settled", ("", "10.00"), ("", "10.00")), line("Chargeback", ("3.00", ""), ("3.00", "")),
                line("Fee", ("", ""), ("0.50", ""), currency: ""),
                line("MerchantPayout", ("", ""), ("6.50", ""), currency: ""),
                line("Settled", ("", "4.00"), ("", "4.00"), batch: "8")
            ])
        let (summary, rows) = try file.read()
        #expect(rows.map(\.kind) == [.payment, .chargeback, .fee, .payout, .payment])
        #expect(summary.checks.count == 1 && summary.isConsistent, "an open batch proves nothing")
        file.lines[3] = line("MerchantPayout", ("", ""), ("6.51", ""), currency: "")
        let error = #expect(throws: StatementError.self) { try file.read() }
        #expect(error?.stated == "6.51 EUR" && error?.found == "6.50 EUR")
    }

    @Test("an amount that was converted is a row of the net currency and says what it was")
    func converted() throws {
        let file = TableFile(
            header: header,
            lines: [line("Settled", ("", "100.00"), ("", "91.00"), fees: "1.00,,,", currency: "USD")])
        let row = try #require(try file.read().rows.first)
        #expect(row.currency == .eur && row.amountMinor == 9_200 && row.netMinor == 9_100)
        #expect(row.description.contains("100.00 USD"))
    }

    @Test("a row that does not tie, or in an unknown zone, is rejected")
    func rejected() throws {
        for bad in [
            line("Settled", ("", "10.00"), ("", "9.00")), line("Settled", ("", "1"), ("", "1"), zone: "Nowhere")
        ] {
            #expect(throws: StatementError.self) { try TableFile(header: header, lines: [bad]).read() }
        }
    }
}

@Suite("PayPal activity downloads")
struct PayPalActivityTests {
    private func file(_ days: [String], language: String = "en") -> TableFile {
        let header =
            language == "en"
            ? "\"Date\",\"Time\",\"TimeZone\",\"Name\",\"Type\",\"Status\",\"Currency\",\"Gross\",\"Fee\",\"Net\",\"Transaction ID\""
            : "\"Datum\",\"Uhrzeit\",\"Zeitzone\",\"Name\",\"Typ\",\"Status\",\"Währung\",\"Brutto\",\"Gebühr\",\"Netto\",\"Transaktionscode\""
        return TableFile(
            header: header,
            lines: days.map {
                language == "en"
                    ? "\"\($0)\",\"10:00:00\",\"PDT\",\"X\",\"Website Payment\",\"Completed\",\"USD\",\"1,250.00\",\"-2.50\",\"1,247.50\",\"T\""
                    : "\"\($0)\",\"10:00:00\",\"Europe/Berlin\",\"X\",\"Zahlung\",\"Abgeschlossen\",\"EUR\",\"1.250,00\",\"-2,50\",\"1.247,50\",\"T\""
            })
    }

    @Test("days that show their order are read so; days that do not are asked for")
    func days() throws {
        let april = CivilDate(year: 2026, month: 4, day: 3)
        #expect(try file(["03/04/2026", "29/04/2026"]).read().rows[0].time?.date == april)
        #expect(try file(["04/03/2026", "04/29/2026"]).read().rows[0].time?.date == april)
        #expect(try file(["2026-04-03"]).read().rows[0].time?.date == april)
        let error = #expect(throws: StatementError.self) { try file(["03/04/2026"]).read() }
        #expect(error?.code == .ambiguousFormat)
        #expect(try file(["03/04/2026"]).read { $0.dayFirst = true }.rows[0].time?.date == april)
        #expect(try file(["04/03/2026"]).read { $0.dayFirst = false }.rows[0].time?.date == april)
    }

    @Test("another language has its own columns, words and decimal comma")
    func german() throws {
        let (summary, rows) = try file(["03.07.2026"], language: "de").read()
        #expect(summary.variant == "de")
        #expect(rows[0].amountMinor == 125_000 && rows[0].feeMinor == 250 && rows[0].status == .succeeded)
        #expect(rows[0].time?.description == "2026-07-03T10:00:00+02:00")
    }

    @Test("the account statement has descriptions instead of types and no status: all of it moved the balance")
    func accountStatement() throws {
        let table = TableFile(
            header:
                "\"Datum\",\"Uhrzeit\",\"Zeitzone\",\"Beschreibung\",\"Währung\",\"Brutto\",\"Entgelt\",\"Netto\",\"Guthaben\","
                + "\"Transaktionscode\",\"Name\",\"Rechnungsnummer\",\"Zugehöriger Transaktionscode\"",
            lines: [
                "\"03.07.2026\",\"10:00:00\",\"CEST\",\"Allgemeine Zahlung\",\"EUR\",\"1.250,00\",\"-2,50\",\"1.247,50\",\"1.347,50\",\"T1\",\"X\",\"O7\",\"\"",
                "\"04.07.2026\",\"10:00:00\",\"CEST\",\"Rückzahlung\",\"EUR\",\"-50,00\",\"0,00\",\"-50,00\",\"1.297,50\",\"T2\",\"X\",\"\",\"T1\""
            ])
        let (summary, rows) = try table.read()
        #expect(summary.format == "paypal-activity" && summary.balances.map(\.minor) == [10_000, 129_750])
        #expect(rows.map(\.kind) == [.payment, .refund] && rows.allSatisfy { $0.status == .succeeded })
        #expect(rows[0].merchantReference == "O7" && rows[1].originalReference == "T1")
    }

    @Test(
        "a hold is the merchant's own money, a deposit from the bank no payout",
        arguments: [
            ("Account Hold for Open Authorization", RowKind.adjustment), ("Payment Reversal", .chargeback),
            ("Reversal of General Account Hold", .adjustment), ("Bankgutschrift auf PayPal-Konto", .adjustment),
            ("Hold on Balance for Dispute Investigation", .adjustment), ("General Withdrawal", .payout)
        ])
    func kinds(type: String, kind: RowKind) {
        #expect(PayPalActivityWords.kind(type, isCredit: true) == kind)
    }

    @Test("a net amount that is not gross and fee is rejected")
    func rejected() throws {
        var broken = file(["29/04/2026"])
        broken.lines[0] = broken.lines[0].replacing("1,247.50", with: "1,247.51")
        #expect(throws: StatementError.self) { try broken.read() }
    }
}

@Suite("Zones by name")
struct ZoneTests {
    @Test(
        "a named zone changes its offset with the year, in the data's past and by its rule",
        arguments: [
            ("Europe/Berlin", 2026, 1, 3_600), ("Europe/Berlin", 2026, 7, 7_200),
            ("America/New_York", 2026, 7, -14_400),
            ("Asia/Shanghai", 2026, 7, 28_800), ("Europe/Berlin", 2045, 7, 7_200), ("Europe/Berlin", 2045, 12, 3_600),
            ("Australia/Sydney", 2026, 1, 39_600), ("Australia/Sydney", 2045, 7, 36_000)
        ])
    func offsets(zone: String, year: Int, month: Int, seconds: Int32) throws {
        let day = try #require(CivilDate(year: year, month: month, day: 15))
        #expect(ZoneNames.offset(of: zone, at: StatementTime(date: day)) == seconds)
    }

    @Test("a rule of POSIX says when summer begins and ends, on either half of the earth")
    func rules() throws {
        let berlin = try #require(ZoneRule("CET-1CEST,M3.5.0,M10.5.0/3"))
        // 2026-03-29 01:00 UTC and 2026-10-25 01:00 UTC.
        #expect(berlin.offset(at: 1_774_745_999) == 3_600 && berlin.offset(at: 1_774_746_000) == 7_200)
        #expect(berlin.offset(at: 1_792_889_999) == 7_200 && berlin.offset(at: 1_792_890_000) == 3_600)
        let sydney = try #require(ZoneRule("AEST-10AEDT,M10.1.0,M4.1.0/3"))
        #expect(sydney.offset(at: 1_767_225_600) == 39_600 && sydney.offset(at: 1_780_272_000) == 36_000)
        #expect(ZoneRule("<+0530>-5:30")?.offset(at: 0) == 19_800)
        #expect(ZoneRule("nonsense") == nil)
    }

    @Test(
        "abbreviations and offsets are known, paths are not followed",
        arguments: [
            ("PST", -28_800), ("CEST", 7_200), ("+05:30", 19_800), ("GMT-3", -10_800), ("UTC", 0)
        ])
    func names(name: String, seconds: Int32) throws {
        let day = try #require(CivilDate(year: 2026, month: 1, day: 1))
        #expect(ZoneNames.offset(of: name, at: StatementTime(date: day)) == seconds)
        #expect(ZoneNames.offset(of: "../../etc/passwd", at: StatementTime(date: day)) == nil)
    }
}

@Suite("Sums of fields that are large")
struct LargeSumTests {
    @Test("several amounts that each fit and together do not are a rejected line, not the end of the process")
    func adyen() throws {
        let header =
            "Merchant Account,Psp Reference,Merchant Reference,Type,Modification Reference,Net Currency,Net Debit (NC),"
            + "Net Credit (NC),Commission (NC),Markup (NC),Scheme Fees (NC),Interchange (NC)"
        let most = "9999999999999999.99"
        for line in ["M,P,O,Fee,X,EUR,,\(most),\(most),\(most),\(most),\(most)", "M,P,O,Fee,X,EUR,-\(most),\(most),,,,"]
        {
            let error = #expect(throws: StatementError.self) { try TableFile(header: header, lines: [line]).read() }
            #expect(error?.code == .tooManyRejected)
        }
    }

    @Test("so are charges, details and columns of two directions")
    func others() throws {
        let most = "9999999999999999.99"
        let charge = "<Rcrd><Amt Ccy=\"EUR\">\(most)</Amt><ChrgInclInd>true</ChrgInclInd></Rcrd>"
        var file = CamtFile()
        file.statement(CamtFile.entry(most, charges: "<Chrgs>\(String(repeating: charge, count: 12))</Chrgs>"))
        #expect(throws: StatementError.self) { try file.read() }
        file.statements = []
        file.statement(CamtFile.entry(most, charges: "<Chrgs>\(charge)</Chrgs>"))
        #expect(throws: StatementError.self) { try file.read() }
        file.statements = []
        file.statement(CamtFile.entry("1.00", "DBIT", details: Array(repeating: CamtFile.detail(most), count: 40)))
        let error = #expect(throws: StatementError.self) { try file.read() }
        #expect(error?.found == "-399999999999999999.60 EUR")
        let yaml =
            "profile: t\ncolumns: {channel_reference: 1}\namount: {credit: 2, debit: 3}\ncurrency: EUR\nkind: payment"
        #expect(throws: StatementError.self) { try ProfileFile(yaml, "a,b,c\nx,-\(most),\(most)\n").read() }
    }
}
