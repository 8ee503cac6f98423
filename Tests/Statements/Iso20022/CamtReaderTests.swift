import Money
import Testing

@testable import Statements

@Suite("ISO 20022 statements")
struct CamtReaderTests {
    @Test("an entry's total is never repeated on its details")
    func batchIsDivided() throws {
        var file = CamtFile()
        file.statement(
            CamtFile.balance("OPBD", "100.00"), CamtFile.balance("CLBD", "130.00"),
            CamtFile.entry(
                "30.00", details: [CamtFile.detail("10.00", end: "E1"), CamtFile.detail("20.00", end: "E2")]))
        let (summary, rows) = try file.read()
        #expect(rows.map(\.amountMinor) == [1000, 2000])
        #expect(rows.map(\.merchantReference) == ["E1", "E2"])
        #expect(rows.map(\.channelReference) == ["A1/1", "A1/2"])
        #expect(summary.totals.first?.creditMinor == 3000)
    }

    @Test(
        "details that do not say their part leave one row with the entry's amount",
        arguments: [
            [CamtFile.detail(nil, end: "E1"), CamtFile.detail(nil, end: "E2")],
            [CamtFile.detail("10.00", currency: "CHF"), CamtFile.detail("20.00", currency: "CHF")],
            [CamtFile.detail("10.00"), CamtFile.detail(nil)]
        ])
    func undivided(details: [String]) throws {
        var file = CamtFile()
        file.statement(CamtFile.entry("30.00", details: details))
        let (summary, rows) = try file.read()
        #expect(rows.map(\.amountMinor) == [3000])
        #expect(summary.checks.count == 1 && summary.isConsistent)
    }

    @Test("details that add up to something else are a contradiction with both figures")
    func contradictingDetails() throws {
        var file = CamtFile()
        file.statement(CamtFile.entry("30.00", details: [CamtFile.detail("10.00"), CamtFile.detail("21.00")]))
        let error = #expect(throws: StatementError.self) { try file.read() }
        #expect(error?.stated == "30.00 EUR" && error?.found == "31.00 EUR")
        let (summary, rows) = try file.read(refusing: false)
        #expect(!summary.isConsistent && rows.map(\.amountMinor) == [3000])
    }

    @Test("amounts are decimals of XML: digits on either side of the point may be missing")
    func bareDecimals() throws {
        var file = CamtFile()
        file.statement(CamtFile.entry(".02", details: [CamtFile.detail(".02")]), CamtFile.entry("8."))
        #expect(try file.read().rows.map(\.amountMinor) == [2, 800])
        for text in [".", "", "1,5", "-.02", "1.2.3", "1 000.00"] {
            var bad = CamtFile()
            bad.statement(CamtFile.entry(text))
            #expect(throws: StatementError.self) { try bad.read() }
        }
    }

    @Test("a currency that was withdrawn since is read")
    func withdrawn() throws {
        var file = CamtFile()
        file.statement(CamtFile.entry("1.00", currency: "HRK"))
        #expect(try file.read().rows.map(\.currency.code) == ["HRK"])
    }

    @Test("a statement's entry without a status is booked; a report's has to say what it is")
    func missingStatus() throws {
        let entry = CamtFile.entry("30.00").replacing("<Sts><Cd>BOOK</Cd></Sts>", with: "")
        var file = CamtFile()
        file.statement(entry)
        #expect(try file.read().rows.map(\.status) == [.succeeded])
        var report = CamtFile(message: "BkToCstmrAcctRpt", container: "Rpt")
        report.statement(entry)
        let error = #expect(throws: StatementError.self) { try report.read() }
        #expect(error?.rejected.first?.field == "Sts")
    }

    @Test("charges of which only the total is stated tie details and entry, too")
    func totalOfCharges() throws {
        var file = CamtFile()
        file.statement(
            CamtFile.entry(
                "28.50", charges: "<Chrgs><TtlChrgsAndTaxAmt Ccy=\"EUR\">1.50</TtlChrgsAndTaxAmt></Chrgs>",
                details: [CamtFile.detail("10.00"), CamtFile.detail("20.00")]))
        let rows = try file.read().rows
        #expect(rows.map(\.netMinor).reduce(0, +) == 2850 && rows.map(\.feeMinor).reduce(0, +) == 150)
    }

    @Test(
        "a summary's sum of all entries adds them up, or is their net, signed",
        arguments: [("50.00", true), ("-10.00", true), ("10.00", false), ("49.99", false)])
    func summarySum(stated: String, holds: Bool) throws {
        var file = CamtFile()
        file.statement(
            "<TxsSummry><TtlNtries><NbOfNtries>2</NbOfNtries><Sum>\(stated)</Sum></TtlNtries></TxsSummry>",
            CamtFile.entry("20.00"), CamtFile.entry("30.00", "DBIT"))
        #expect(try file.read(refusing: false).summary.isConsistent == holds)
    }

    @Test("details have directions of their own")
    func mixedDirections() throws {
        var file = CamtFile()
        file.statement(
            CamtFile.entry(
                "15.00",
                details: [
                    CamtFile.detail("20.00", direction: "CRDT"), CamtFile.detail("5.00", direction: "DBIT")
                ]))
        #expect(try file.read().rows.map(\.amountMinor) == [2000, -500])
    }

    @Test(
        "charges that the details or the entry state become fees",
        arguments: [
            // Each detail is before its own charge.
            ("97.00", "", "<Chrgs><Rcrd><Amt Ccy=\"EUR\">3.00</Amt><CdtDbtInd>DBIT</CdtDbtInd></Rcrd></Chrgs>"),
            // The entry was charged as a whole.
            ("97.00", "<Chrgs><Amt Ccy=\"EUR\">3.00</Amt><CdtDbtInd>DBIT</CdtDbtInd></Chrgs>", "")
        ])
    func charges(booked: String, ofEntry: String, ofDetail: String) throws {
        var file = CamtFile()
        file.statement(
            CamtFile.balance("OPBD", "0.00"), CamtFile.balance("CLBD", booked),
            CamtFile.entry(booked, charges: ofEntry, details: [CamtFile.detail("100.00", more: ofDetail)]))
        let row = try #require(try file.read().rows.first)
        #expect(row.amountMinor == 10_000 && row.feeMinor == 300 && row.netMinor == 9_700)
    }

    @Test("opening balance and booked entries make the closing balance; what is pending does not count")
    func balances() throws {
        var file = CamtFile()
        let pending = CamtFile.entry("5.00", status: "PDNG")
        file.statement(
            CamtFile.balance("OPBD", "10.00", "DBIT"), CamtFile.balance("CLBD", "2.50"), CamtFile.entry("12.50"),
            pending,
            CamtFile.entry("9.00", "DBIT", status: "INFO"))
        let (summary, rows) = try file.read()
        #expect(rows.map(\.status) == [.succeeded, .pending, .pending])
        #expect(summary.balances.map(\.minor) == [-1000, 250])
        file.statements = []
        file.statement(CamtFile.balance("OPBD", "10.00"), CamtFile.balance("CLBD", "2.50"), CamtFile.entry("12.50"))
        let error = #expect(throws: StatementError.self) { try file.read() }
        #expect(error?.code == .contradiction && error?.stated == "2.50 EUR" && error?.found == "22.50 EUR")
    }

    @Test(
        "the summary of transactions is checked, with its counts and sums",
        arguments: [
            ("<TtlNtries><NbOfNtries>2</NbOfNtries><Sum>15.00</Sum></TtlNtries>", true),
            ("<TtlNtries><NbOfNtries>3</NbOfNtries></TtlNtries>", false),
            ("<TtlNtries><NbOfNtries>2</NbOfNtries><Sum>15.01</Sum></TtlNtries>", false),
            ("<TtlNtries><TtlNetNtry><Amt>5.00</Amt><CdtDbtInd>CRDT</CdtDbtInd></TtlNetNtry></TtlNtries>", true),
            ("<TtlNtries><TtlNetNtryAmt>5.00</TtlNetNtryAmt><CdtDbtInd>DBIT</CdtDbtInd></TtlNtries>", false),
            ("<TtlCdtNtries><NbOfNtries>1</NbOfNtries><Sum>10</Sum></TtlCdtNtries>", true),
            ("<TtlDbtNtries><NbOfNtries>1</NbOfNtries><Sum>6.00</Sum></TtlDbtNtries>", false)
        ])
    func summaries(summary: String, holds: Bool) throws {
        var file = CamtFile()
        file.statement("<TxsSummry>\(summary)</TxsSummry>", CamtFile.entry("10.00"), CamtFile.entry("5.00", "DBIT"))
        #expect(try file.read(refusing: false).summary.isConsistent == holds)
    }

    @Test(
        "a report (camt.052) and a notification (camt.054) have rows like a statement",
        arguments: [
            ("BkToCstmrAcctRpt", "Rpt", "camt052"), ("BkToCstmrAcctRptV01", "Rpt", "camt052"),
            ("BkToCstmrDbtCdtNtfctn", "Ntfctn", "camt054")
        ])
    func otherMessages(message: String, container: String, format: String) throws {
        var file = CamtFile(message: message, container: container, namespace: "urn:x")
        file.statement(CamtFile.entry("1.00"))
        let (summary, rows) = try file.read()
        #expect(rows.count == 1 && summary.format == format && summary.variant == format)
    }

    @Test("a document of another message is refused, not read as no rows")
    func otherRoots() throws {
        let file = CamtFile(message: "CstmrCdtTrfInitn", container: "PmtInf", namespace: "urn:pain")
        let unknown = #expect(throws: StatementError.self) { try file.read() }
        #expect(unknown?.code == .unknownFormat)
        let named = #expect(throws: StatementError.self) { try file.read(format: "camt053") }
        #expect(named?.code == .malformed)
        #expect(named?.message.contains("CstmrCdtTrfInitn") == true)
        var report = CamtFile(message: "BkToCstmrAcctRpt", container: "Rpt")
        report.statement(CamtFile.entry("1.00"))
        #expect(throws: StatementError.self) { try report.read(format: "camt053") }
    }

    @Test("a message without statements is refused, a statement without entries is a quiet day")
    func empty() throws {
        #expect(throws: StatementError.self) { try CamtFile().read() }
        var file = CamtFile()
        file.statement(CamtFile.balance("OPBD", "7.00"), CamtFile.balance("CLBD", "7.00"))
        let (summary, rows) = try file.read()
        #expect(rows.isEmpty && summary.isConsistent && summary.checks.count == 1)
    }

    @Test(
        "currencies without decimals and with three are exact; surplus decimals must be zero",
        arguments: [
            ("JPY", "1500", 1500), ("BHD", "1.500", 1500), ("EUR", "1.50000", 150), ("JPY", "15.0", 15)
        ])
    func decimals(currency: String, amount: String, minor: Int64) throws {
        var file = CamtFile()
        file.statement(CamtFile.entry(amount, currency: currency))
        #expect(try file.read().rows.map(\.amountMinor) == [minor])
    }

    @Test(
        "an entry that cannot be read is rejected with its line, never left out",
        arguments: [
            (CamtFile.entry("1.005"), "Amt"), (CamtFile.entry("1,00"), "Amt"), (CamtFile.entry("-1.00"), "Amt"),
            (CamtFile.entry("1.00", currency: "XQQ"), "Amt"), (CamtFile.entry("1.00", "CREDIT"), "CdtDbtInd"),
            (CamtFile.entry("1.00", status: "BOOKED"), "Sts")
        ])
    func rejected(entry: String, field: String) throws {
        var file = CamtFile()
        file.statement(CamtFile.entry("2.00"), entry)
        let error = #expect(throws: StatementError.self) { try file.read() }
        #expect(error?.code == .tooManyRejected)
        let (summary, rows) = try file.read(maxRejected: 1)
        #expect(rows.map(\.amountMinor) == [200])
        #expect(summary.rejected.map(\.field) == [field])
    }

    @Test("a reversed credit is a chargeback, bank codes say what is a fee or an exchange")
    func kinds() throws {
        func coded(_ domain: String, _ part: String) -> String {
            "<BkTxCd><Domn><Cd>\(domain)</Cd><Fmly><Cd>RCDT</Cd><SubFmlyCd>\(part)</SubFmlyCd></Fmly></Domn></BkTxCd>"
        }
        var file = CamtFile()
        file.statement(
            CamtFile.entry("1.00"), CamtFile.entry("1.00", "DBIT"), CamtFile.entry("1.00", "DBIT", reversal: true),
            CamtFile.entry("1.00", "DBIT", charges: coded("PMNT", "CHRG")),
            CamtFile.entry("1.00", charges: coded("FORX", "SPOT")),
            CamtFile.entry("1.00", "DBIT", charges: coded("PMNT", "RRTN")))
        let rows = try file.read().rows
        #expect(rows.map(\.kind) == [.payment, .payout, .chargeback, .fee, .fx, .chargeback])
        #expect(rows[2].rawStatus == "BOOK reversal")
    }

    @Test("a batch larger than what is held is handed on in parts and still has to add up")
    func largeBatch() throws {
        let count = CamtReading.mostHeldDetails + 7
        let details = (0..<count).map { CamtFile.detail("1.00", end: "E\($0)") }
        var file = CamtFile()
        file.statement(CamtFile.entry("\(count).00", details: details))
        let rows = try file.read().rows
        #expect(rows.count == count && rows.last?.merchantReference == "E\(count - 1)")
        file.statements = []
        file.statement(CamtFile.entry("\(count - 1).00", details: details))
        let error = #expect(throws: StatementError.self) { try file.read() }
        #expect(error?.code == .contradiction)
    }

    @Test("a row stands on the line of its own start tag")
    func lines() throws {
        var file = CamtFile()
        let details = [CamtFile.detail("1.00"), CamtFile.detail("1.00")]
        file.statement(CamtFile.entry("2.00", details: details), CamtFile.entry("7.00"))
        let text = file.text.replacing("><", with: ">\n<")
        let rows = try CamtFile.read(Array(text.utf8)).rows
        let all = text.split(separator: "\n", omittingEmptySubsequences: false)
        #expect(rows.map { all[$0.line - 1] } == ["<TxDtls>", "<TxDtls>", "<Ntry>"])
    }
}
