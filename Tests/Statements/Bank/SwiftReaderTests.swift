import Money
import Statements
import Testing

@Suite("SWIFT MT940 and MT942") struct SwiftReaderTests {
    /// A statement of one account with a body of lines between its balances.
    private func statement(
        _ body: String, opening: String = "C260101EUR100,00", closing: String, number: String = "1/1"
    ) -> String {
        """
        :20:REF
        :25:DE02120300000000202051
        :28C:\(number)
        :60F:\(opening)
        \(body)
        :62F:\(closing)
        -

        """
    }

    private func line(_ field: String, closing: String = "C260131EUR100,00", opening: String = "C260101EUR100,00")
        throws
        -> StatementRow
    {
        let text = statement(":61:\(field)", opening: opening, closing: closing)
        return try #require(try BankFile(text, format: "mt940").rows.first)
    }

    @Test("a line has its value date, entry date, mark, amount, type and references")
    func lineHasItsParts() throws {
        let row = try line("2601310201CR12,34NTRFINVOICE 7//B123456", closing: "C260131EUR112,34")
        #expect(row.amountMinor == 1234)
        #expect(row.currency.code == "EUR")
        #expect(row.merchantReference == "INVOICE 7")
        #expect(row.channelReference == "B123456")
        #expect(row.rawStatus == "C NTRF")
        #expect(row.valueDate?.description == "2026-01-31")
        #expect(row.time?.description == "2026-02-01")
        #expect(row.account == "DE02120300000000202051")
        #expect(row.kind == .payment)
        #expect(row.line == 5)
    }

    @Test(
        "marks give the direction: a reversed credit takes, a reversed debit brings",
        arguments: [("C", 1000, "110,00"), ("D", -1000, "90,00"), ("RC", -1000, "90,00"), ("RD", 1000, "110,00")])
    func marks(mark: String, amount: Int64, closing: String) throws {
        #expect(try line("260105\(mark)10,00NMSCNONREF", closing: "C260131EUR\(closing)").amountMinor == amount)
        // The third letter of the currency may follow.
        #expect(try line("260105\(mark)R10,NMSCNONREF", closing: "C260131EUR\(closing)").amountMinor == amount)
    }

    @Test(
        "an entry date has no year: it is the nearest to the value date",
        arguments: [
            ("2512311231", "2025-12-31"), ("2512310102", "2026-01-02"), ("2601021231", "2025-12-31"),
            ("260102    ", "2026-01-02"), ("260102", "2026-01-02"), ("2402290229", "2024-02-29")
        ])
    func entryDates(dates: String, day: String) throws {
        let row = try line("\(dates)C1,00NTRFNONREF", closing: "C260131EUR101,00")
        #expect(row.time?.date.description == day)
    }

    @Test(
        "amounts have as many decimals as their currency, also none",
        arguments: [("JPY", "1234,", 1234), ("EUR", "12,3", 1230), ("EUR", "00012,34", 1234), ("KWD", "1,234", 1234)])
    func decimals(currency: String, amount: String, minor: Int64) throws {
        let text = statement(
            ":61:260105C\(amount)NTRFNONREF", opening: "C260101\(currency)0,", closing: "C260131\(currency)\(amount)")
        let file = try BankFile(text, format: "mt940")
        #expect(file.rows.map(\.amountMinor) == [minor])
        #expect(file.summary.balances.map(\.minor) == [0, minor])
    }

    @Test("more decimals than the currency has are a bad line, unless they are zero")
    func surplusDecimals() throws {
        #expect(try line("260105C1,230NTRFNONREF", closing: "C260131EUR101,23").amountMinor == 123)
        let text = statement(":61:260105C1,234NTRFNONREF", closing: "C260131EUR101,23")
        let refusal = BankFile.refusal(text, format: "mt940")
        #expect(refusal?.code == .tooManyRejected)
        #expect(refusal?.rejected.first?.line == 5)
        #expect(refusal?.rejected.first?.field == ":61:")
    }

    @Test("opening balance and lines make the closing balance, or the file is refused with both figures")
    func balancesAreVerified() throws {
        let body = ":61:260105C10,00NTRFA\n:61:260106D3,00NTRFB"
        #expect(try BankFile(statement(body, closing: "C260131EUR107,00"), format: "mt940").rows.count == 2)
        let refusal = BankFile.refusal(statement(body, closing: "C260131EUR108,00"), format: "mt940")
        #expect(refusal?.code == .contradiction)
        #expect(refusal?.stated == "108.00 EUR")
        #expect(refusal?.found == "107.00 EUR")
        #expect(BankFile.refusal(statement(body, closing: "D260131EUR107,00"), format: "mt940")?.code == .contradiction)
    }

    @Test("a statement that ends before its closing balance is refused")
    func truncatedStatement() {
        let text = ":20:REF\n:25:1\n:28C:1\n:60F:C260101EUR1,00\n:61:260105C1,00NTRFA\n"
        let refusal = BankFile.refusal(text, format: "mt940")
        #expect(refusal?.code == .contradiction)
        #expect(refusal?.stated == "missing")
        #expect(refusal?.found == "2.00 EUR")
    }

    @Test("pages of one statement continue with the balance that the page before ended with")
    func pagesContinue() throws {
        func pages(_ carried: String) -> String {
            """
            :20:A
            :25:1
            :28C:7/1
            :60F:C260101EUR1,00
            :61:260105C1,00NTRFA
            :62M:C260105EUR2,00
            -
            :20:B
            :25:1
            :28C:7/2
            :60M:C260105EUR\(carried)
            :61:260105C1,00NTRFB
            :62F:C260105EUR\(carried == "2,00" ? "3,00" : "6,00")
            -
            """
        }
        #expect(try BankFile(pages("2,00"), format: "mt940").rows.count == 2)
        let refusal = BankFile.refusal(pages("5,00"), format: "mt940")
        #expect(refusal?.code == .contradiction)
        #expect(refusal?.found == "2.00 EUR")
    }

    @Test("statements stand in message blocks, without them, and behind each other on one line")
    func messageBlocks() throws {
        let text = """
            {1:F01BANKDEFFXXXX0000000000}{2:O9401200260105BANKDEFFXXXX00000000002601051200N}{3:{108:X}}{4:
            :20:A
            :25:1
            :28C:1
            :60F:C260101EUR0,
            :61:260105C1,00NTRFA
            :62F:C260105EUR1,00
            -}{5:{CHK:123}}{1:F01BANKDEFFXXXX0000000000}{2:O940}{4::20:B
            :25:2
            :28C:1
            :60F:C260101USD0,
            :61:260105D1,00NTRFB
            :62F:D260105USD1,00
            -}
            """
        let file = try BankFile(text, format: "mt940")
        #expect(file.rows.map(\.account) == ["1", "2"])
        #expect(file.rows.map(\.currency.code) == ["EUR", "USD"])
        #expect(file.summary.accounts == ["1", "2"])
        #expect(file.summary.lines.total == 14)
    }

    @Test("an interim report's counts and sums are verified; expected entries are pending")
    func interimReport() throws {
        func report(_ sum: String) -> String {
            """
            :20:A
            :25:DE1
            :28C:1/1
            :34F:EUR0,
            :13D:2601051200+0100
            :61:260105C5,00NTRFA
            :61:260106EC7,00NTRFB
            :61:260106D1,00NTRFC
            :90D:1EUR1,00
            :90C:2EUR\(sum)
            -
            """
        }
        let file = try BankFile(.bytes(Array(report("12,00").utf8), name: "a.sta"))
        #expect(file.summary.format == "mt942")
        #expect(file.rows.map(\.amountMinor) == [500, 700, -100])
        #expect(file.rows.map(\.status) == [.succeeded, .pending, .succeeded])
        let refusal = BankFile.refusal(report("13,00"), format: "mt942")
        #expect(refusal?.stated == "13.00 EUR")
        #expect(refusal?.found == "12.00 EUR")
    }

    @Test(
        "entries below the floor limit are counted and not listed: they are believed as far as they can be below it",
        arguments: [
            ("EURD100,", "3EUR250,", true), ("EUR100,", "3EUR250,", true), ("EURD100,", "3EUR400,", false),
            ("EURD100,", "3EUR199,", false), ("EURD100,", "1EUR201,", false), ("EURC100,", "3EUR250,", false),
            ("EURD0,", "3EUR250,", false),
            ("EUR", "1EUR200,", true), ("EUR0", "1EUR200,", true)
        ])
    func floorLimit(floor: String, debits: String, isBelieved: Bool) {
        let report = """
            :20:R
            :25:GB1
            :28C:1
            :34F:\(floor)
            :13D:2601051800+0100
            :61:2601050105D200,NTRFREF
            :90D:\(debits)
            -
            """
        let refusal = BankFile.refusal(report, format: "mt942")
        #expect((refusal == nil) == isBelieved)
        if !isBelieved { #expect(refusal?.code == .contradiction) }
    }

    @Test("bytes that are no UTF-8 are Windows-1252, wherever in the file they begin")
    func lateUmlaut() throws {
        var bytes = Array(statement(":61:260105C1,00NTRFA\n:86:M", closing: "C260131EUR101,00").utf8)
        let place = try #require(bytes.firstRange(of: Array("86:M".utf8)))
        bytes.insert(0xFC, at: place.upperBound)
        let file = try BankFile(.bytes(bytes, name: "a.sta"), format: "mt940")
        #expect(file.rows.first?.description == "Mü")
    }

    @Test("Chinese in GB 18030 is read as such, and a letter that Windows-1252 does not have refuses no file")
    func otherEncodings() throws {
        func statement(_ text: [UInt8]) -> StatementSource {
            let before = ":20:R\n:25:N\n:28C:1\n:60F:C260101EUR0,\n:61:2601050105C1,NTRFA//B\n:86:"
            return .bytes(Array(before.utf8) + text + Array("\n:62F:C260105EUR1,\n-\n".utf8), name: "a.sta")
        }
        #expect(try BankFile(statement(Archives.gbk("工资收入转账"))).rows.map(\.description) == ["工资收入转账"])
        // Of Windows-1250: Źródło.
        let polish = try BankFile(statement([0x8F, 0x72, 0xF3, 0x64, 0xB3, 0x6F]))
        #expect(polish.rows.map(\.amountMinor) == [100] && polish.rows[0].description.hasSuffix("ród³o"))
    }

    @Test("a bank that uses its references again each year has lines of their own each year")
    func referencesOfTwoYears() throws {
        let old = try line("250105C1,00NTRFA//0001", closing: "C260131EUR101,00")
        let new = try line("260105C1,00NTRFA//0001", closing: "C260131EUR101,00")
        #expect(old.channelReference == new.channelReference)
        #expect(old.identity != new.identity)
        #expect(try line("260105C1,00NTRFA//0001", closing: "C260131EUR101,00").identity == new.identity)
    }

    @Test(
        "a bad line is rejected with its number and field",
        arguments: [
            ("261305C1,00NTRFA", ":61: value date"), ("2601051332C1,00NTRFA", ":61: entry date"),
            ("260105X1,00NTRFA", ":61: mark"), ("260105CNTRF", ":61: amount"), ("260105C1,2,3NTRFA", ":61: amount"),
            ("260105C9999999999999999999,00NTRFA", ":61: amount")
        ])
    func badLines(field: String, name: String) {
        let refusal = BankFile.refusal(statement(":61:\(field)", closing: "C260131EUR101,00"), format: "mt940")
        #expect(
            refusal?.rejected == [RejectedLine(line: 5, field: name, reason: refusal?.rejected.first?.reason ?? "")])
    }

    @Test("rejected lines are listed and the others delivered, where a setting allows it")
    func allowedRejects() throws {
        let body = ":61:260105C1,00NTRFA\n:61:XX\n:86:more of it\n:61:260106C2,00NTRFB"
        var options = ReadOptions()
        options.limits.maxRejected = 1
        let file = try BankFile(statement(body, closing: "C260131EUR999,00"), format: "mt940", options: options)
        #expect(file.rows.map(\.amountMinor) == [100, 200])
        #expect(file.summary.rejected.map(\.line) == [6])
        #expect(file.summary.lines.rejected == 2)
        #expect(file.summary.lines.total == 10)
    }

    @Test("a field of endless lines is refused instead of filling the memory")
    func endlessField() {
        let endless = String(repeating: "x\n", count: 2_000)
        let refusal = BankFile.refusal(":20:A\n:86:\(endless)", format: "mt940")
        #expect(refusal?.code == .limit)
    }
}
