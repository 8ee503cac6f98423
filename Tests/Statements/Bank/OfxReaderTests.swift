import Money
import Statements
import Testing

@Suite("OFX 1 and 2") struct OfxReaderTests {
    private static let sgmlHeader = """
        OFXHEADER:100
        DATA:OFXSGML
        VERSION:102
        SECURITY:NONE
        ENCODING:USASCII
        CHARSET:1252
        COMPRESSION:NONE
        OLDFILEUID:NONE
        NEWFILEUID:NONE


        """

    private static let xmlHeader = """
        <?xml version="1.0" encoding="UTF-8"?>
        <?OFX OFXHEADER="200" VERSION="211" SECURITY="NONE" OLDFILEUID="NONE" NEWFILEUID="NONE"?>

        """

    private func sgml(_ lines: String, currency: String = "USD") -> String {
        Self.sgmlHeader + """
            <OFX><SIGNONMSGSRSV1><SONRS><STATUS><CODE>0<SEVERITY>INFO</STATUS><DTSERVER>20260105</SONRS></SIGNONMSGSRSV1>
            <BANKMSGSRSV1><STMTTRNRS><TRNUID>1<STATUS><CODE>0<SEVERITY>INFO</STATUS><STMTRS><CURDEF>\(currency)
            <BANKACCTFROM><BANKID>1<ACCTID>ACC-1<ACCTTYPE>CHECKING</BANKACCTFROM>
            <BANKTRANLIST><DTSTART>20260101<DTEND>20260131
            \(lines)
            </BANKTRANLIST><LEDGERBAL><BALAMT>10.00<DTASOF>20260131</LEDGERBAL></STMTRS></STMTTRNRS></BANKMSGSRSV1></OFX>
            """
    }

    private func row(
        amount: String = "-5.50", date: String = "20260105120000.000[-5:EST]", more: String = "",
        currency: String = "USD"
    ) throws -> StatementRow {
        let text = sgml(
            "<STMTTRN><TRNTYPE>DEBIT<DTPOSTED>\(date)<TRNAMT>\(amount)<FITID>F1\(more)</STMTTRN>", currency: currency)
        return try #require(try BankFile(text, format: "ofx").rows.first)
    }

    @Test("elements without ends, empty elements and escapes are read as the specification has them")
    func sgmlElements() throws {
        let row = try row(more: "<CHECKNUM>0<REFNUM>R9<NAME>Caf\u{E9} &amp; Bar<MEMO>\n<SIC>\n")
        #expect(row.amountMinor == -550)
        #expect(row.channelReference == "F1")
        #expect(row.merchantReference == "R9")
        #expect(row.description == "Café & Bar")
        #expect(row.account == "ACC-1")
        #expect(row.rawStatus == "DEBIT")
        #expect(row.kind == .payout)
    }

    @Test(
        "amounts have a point or a comma, a sign and zeros in front",
        arguments: [
            ("+1.00", 100), ("-1,50", -150), ("000012.5", 1250), ("1.234,56", 123_456), ("1,234.56", 123_456),
            ("7", 700), ("-.50", -50), ("-10.", -1000), ("+1 006,60", 100_660), ("1\u{A0}234\u{A0}567,00", 123_456_700)
        ])
    func amounts(text: String, minor: Int64) throws {
        #expect(try row(amount: text).amountMinor == minor)
    }

    @Test("a comma before three digits may mean either: nobody guesses")
    func ambiguousComma() {
        let text = sgml("<STMTTRN><TRNTYPE>DEBIT<DTPOSTED>20260105<TRNAMT>1,234<FITID>F1</STMTTRN>")
        let refusal = BankFile.refusal(text, format: "ofx")
        #expect(refusal?.rejected.first?.field == "TRNAMT")
        #expect(refusal?.rejected.first?.line == 15)
    }

    @Test(
        "blanks that are between no groups, and words beside a number, make no amount",
        arguments: ["1 00,60", "1 0066,60", "1234 567", "- 5.00", " ", "R$ 5.00", "5.00-", "1 234.5 678"])
    func noAmounts(text: String) {
        let line = "<STMTTRN><TRNTYPE>DEBIT<DTPOSTED>20260105<TRNAMT>\(text)<FITID>F1</STMTTRN>"
        #expect(BankFile.refusal(sgml(line), format: "ofx")?.rejected.first?.field == "TRNAMT")
    }

    @Test(
        "a balance without a number states nothing",
        arguments: ["<BALAMT><DTASOF>", "<BALAMT></BALAMT><DTASOF></DTASOF>"])
    func emptyBalance(elements: String) throws {
        let text = sgml("<STMTTRN><TRNTYPE>DEBIT<DTPOSTED>20260105<TRNAMT>1<FITID>F1</STMTTRN>")
            .replacing("<BALAMT>10.00<DTASOF>20260131", with: elements)
        let file = try BankFile(text, format: "ofx")
        #expect(file.rows.count == 1 && file.summary.balances.isEmpty && file.summary.checks.isEmpty)
    }

    @Test("both syntaxes are read in UTF-16, too", arguments: ["UTF-16LE", "UTF-16BE"])
    func wide(encoding: String) throws {
        let mark: [UInt8] = encoding == "UTF-16LE" ? [0xFF, 0xFE] : [0xFE, 0xFF]
        let text = sgml("<STMTTRN><TRNTYPE>DEBIT<DTPOSTED>20260105<TRNAMT>1<FITID>F1<NAME>Café</STMTTRN>")
        let xml =
            Self.xmlHeader.replacing("UTF-8", with: "UTF-16") + """
                <OFX><BANKMSGSRSV1><STMTTRNRS><STMTRS><CURDEF>USD</CURDEF><BANKACCTFROM><ACCTID>ACC-1</ACCTID></BANKACCTFROM>
                <BANKTRANLIST><STMTTRN><TRNTYPE>DEBIT</TRNTYPE><DTPOSTED>20260105</DTPOSTED><TRNAMT>1</TRNAMT>
                <FITID>F1</FITID><NAME>Café</NAME></STMTTRN></BANKTRANLIST></STMTRS></STMTTRNRS></BANKMSGSRSV1></OFX>
                """
        for text in [text, xml] {
            let file = try BankFile(.bytes(mark + Archives.encoded(text, encoding), name: "a.ofx"))
            #expect(file.rows.map(\.description) == ["Café"] && file.rows.map(\.amountMinor) == [100])
        }
    }

    @Test("a file without a currency says how to name one")
    func currencyIsAsked() throws {
        let text = sgml("<STMTTRN><TRNTYPE>DEBIT<DTPOSTED>20260105<TRNAMT>1<FITID>F1</STMTTRN>", currency: "")
        #expect(BankFile.refusal(text, format: "ofx")?.message.contains("--currency") == true)
        var options = ReadOptions()
        options.currency = .eur
        #expect(try BankFile(text, format: "ofx", options: options).rows.map(\.currency) == [.eur])
    }

    @Test("an amount finer than its currency is rounded and kept as it was")
    func fineAmounts() throws {
        let row = try row(amount: "+00000000000115.8350")
        #expect(row.amountMinor == 11_584)
        #expect(row.fineAmount?.description == "115.8350")
        #expect(try self.row(amount: "1.5000").fineAmount == nil)
    }

    @Test(
        "times have zones with hours, with parts of an hour, or none",
        arguments: [
            ("20260105120000.000[-5:EST]", "2026-01-05T12:00:00-05:00"), ("20260105120000", "2026-01-05T12:00:00"),
            ("20260105", "2026-01-05"), ("20260105120000[0:GMT]", "2026-01-05T12:00:00Z"),
            ("20260105120000[+5.30:IST]", "2026-01-05T12:00:00+05:30"),
            ("20260105120000[-3.5]", "2026-01-05T12:00:00-03:30"), ("20260105120000[-:EST]", "2026-01-05T12:00:00"),
            ("202601051230", "2026-01-05T12:30:00"), ("20260105120000 [-3:BRT]", "2026-01-05T12:00:00-03:00"),
            ("20260105120000[GMT]", "2026-01-05T12:00:00Z"), ("20260105120000[EST]", "2026-01-05T12:00:00"),
            ("20260105120000[+5:30:IST]", "2026-01-05T12:00:00+05:30"), ("2026-01-05", "2026-01-05"),
            ("20260105120000[-3:00]", "2026-01-05T12:00:00-03:00"), ("2026-01-05T12:00:00", "2026-01-05T12:00:00")
        ])
    func times(text: String, shown: String) throws {
        #expect(try row(date: text).time?.description == shown)
    }

    @Test("a time that is none is a bad line", arguments: ["2026010", "20261305", "20260105[x]", "20260105250000", "x"])
    func badTimes(text: String) {
        let line = "<STMTTRN><TRNTYPE>DEBIT<DTPOSTED>\(text)<TRNAMT>1<FITID>F1</STMTTRN>"
        #expect(BankFile.refusal(sgml(line), format: "ofx")?.rejected.first?.field == "DTPOSTED")
    }

    @Test("an amount in another currency is in that; what it was before the exchange is not")
    func currencies() throws {
        let foreign = try row(more: "<CURRENCY><CURRATE>1.1<CURSYM>EUR</CURRENCY>")
        #expect(foreign.currency.code == "EUR")
        let exchanged = try row(more: "<ORIGCURRENCY><CURRATE>1.1<CURSYM>EUR</ORIGCURRENCY>")
        #expect(exchanged.currency.code == "USD")
    }

    @Test("well-formed OFX 2 is read by the XML parser")
    func xml() throws {
        let text =
            Self.xmlHeader + """
                <OFX><SIGNONMSGSRSV1><SONRS><STATUS><CODE>0</CODE><SEVERITY>INFO</SEVERITY></STATUS></SONRS></SIGNONMSGSRSV1>
                <CREDITCARDMSGSRSV1><CCSTMTTRNRS><CCSTMTRS><CURDEF>GBP</CURDEF>
                <CCACCTFROM><ACCTID>4111</ACCTID></CCACCTFROM><BANKTRANLIST>
                <STMTTRN><TRNTYPE>FEE</TRNTYPE><DTPOSTED>20260105</DTPOSTED><TRNAMT>-1.20</TRNAMT><FITID>9</FITID>
                <NAME><![CDATA[A <b> & c]]></NAME><MEMO/></STMTTRN>
                </BANKTRANLIST><LEDGERBAL><BALAMT>-7.00</BALAMT><DTASOF>20260131</DTASOF></LEDGERBAL></CCSTMTRS>
                </CCSTMTTRNRS></CREDITCARDMSGSRSV1></OFX>
                """
        let file = try BankFile(.bytes(Array(text.utf8), name: "card.ofx"))
        #expect(file.rows.map(\.amountMinor) == [-120])
        #expect(file.rows.map(\.kind) == [.fee])
        #expect(file.rows.map(\.description) == ["A <b> & c"])
        #expect(file.rows.map(\.account) == ["4111"])
        #expect(file.summary.balances.map(\.minor) == [-700])
        #expect(file.summary.lines.total == 9)
        // Cut anywhere, it is refused.
        let cut = BankFile.refusal(String(text.dropLast(20)), format: "ofx")
        #expect(cut?.code == .malformed || cut?.code == .truncated)
    }

    @Test("SGML that is cut off is refused", arguments: [7, 30, 150])
    func truncated(bytes: Int) {
        let text = sgml("<STMTTRN><TRNTYPE>DEBIT<DTPOSTED>20260105<TRNAMT>1<FITID>F1</STMTTRN>")
        #expect(BankFile.refusal(String(text.dropLast(bytes)), format: "ofx")?.code == .truncated)
    }

    @Test("a bank's error is told in its words and is no empty statement")
    func errors() {
        let text =
            Self.sgmlHeader
            + "<OFX><SIGNONMSGSRSV1><SONRS><STATUS><CODE>15500<SEVERITY>ERROR<MESSAGE>Bad password</STATUS></SONRS></SIGNONMSGSRSV1></OFX>"
        let refusal = BankFile.refusal(text, format: "ofx")
        #expect(refusal?.code == .unsupported)
        #expect(refusal?.message.contains("15500") == true)
        #expect(refusal?.message.contains("Bad password") == true)
    }

    @Test("a bank that uses its ids again each year has lines of their own each year")
    func referencesOfTwoYears() throws {
        let old = try row(date: "20250105")
        let new = try row(date: "20260105")
        #expect(old.channelReference == new.channelReference)
        #expect(old.identity != new.identity)
    }

    @Test("a withdrawn currency is read in what was written then")
    func withdrawnCurrency() throws {
        #expect(try row(currency: "DEM").currency.code == "DEM")
    }

    @Test("a line without an amount, a day or a currency is rejected by name")
    func missingElements() {
        let line = "<STMTTRN><TRNTYPE>DEBIT<DTPOSTED>20260105<TRNAMT>1<FITID>F1</STMTTRN>"
        let amount = sgml(line.replacing("<TRNAMT>1", with: ""))
        #expect(BankFile.refusal(amount, format: "ofx")?.rejected.first?.field == "TRNAMT")
        let date = sgml(line.replacing("<DTPOSTED>20260105", with: ""))
        #expect(BankFile.refusal(date, format: "ofx")?.rejected.first?.field == "DTPOSTED")
        #expect(BankFile.refusal(sgml(line, currency: "ZZZ"), format: "ofx")?.rejected.first?.field == "CURDEF")
    }
}
