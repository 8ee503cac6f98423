import Money
import Statements
import Testing

/// Banks' ways of writing one and the same statement: each is read alike.
@Suite("SWIFT statements as banks write them") struct SwiftVariantsTests {
    private static let fields = """
        :20:REF
        :25:NL01BANK0123456789
        :28C:1/1
        :60F:C260101EUR10,00
        :61:2601050105C1,00NTRFA//B
        :86:text
        :62F:C260105EUR11,00
        """

    @Test(
        "whatever stands around the fields, the statement is the same",
        arguments: [
            ("", ""), ("", "\n-"), ("", "\n-\n"), ("", "\n-}"), ("", "\n-}{5:{CHK:1}}"), ("", "\n-XXX"),
            ("", "\n-\u{3}"),
            ("\u{1}\n", "\n-\u{3}"), ("BANKNL2A\n940\nBANKNL2A\n", "\n-"), (":940:\n", ""), ("\n\n", "\n\n"),
            ("{1:F01BANKNL2A}{2:O940BANKNL2A}{4:\n", "\n-}"), ("{1:F01BANKNL2A}\n{2:I940BANKNL2A}\n{4:\n", "\n-}"),
            ("0000 01BANKNL2AXXXX00001\n940 00\n", "\n-XXX\n"), ("\u{FEFF}", "")
        ])
    func decoration(before: String, after: String) throws {
        let text = before + Self.fields + after
        for variant in [text, text.replacing("\n", with: "\r\n"), text.replacing("\n", with: "\r")] {
            let file = try BankFile(.bytes(Array(variant.utf8), name: "a.sta"))
            #expect(file.summary.format == "mt940")
            #expect(file.rows.map(\.amountMinor) == [100])
            #expect(file.rows.map(\.channelReference) == ["B"])
            #expect(file.rows.map(\.description) == ["text"])
            #expect(file.summary.balances.map(\.minor) == [1000, 1100])
        }
    }

    @Test("MT950 has no details and is read like MT940")
    func withoutDetails() throws {
        let text = "{1:F01A}{2:O950A}{4:\n" + Self.fields.replacing(":86:text\n", with: "") + "\n-}"
        let file = try BankFile(.bytes(Array(text.utf8), name: "a.sta"))
        #expect(file.summary.variant == "MT950")
        #expect(file.rows.map(\.description) == [""])
    }

    @Test("statements without an end begin with the next reference")
    func withoutEnds() throws {
        let file = try BankFile(Self.fields + "\n" + Self.fields, format: "mt940")
        #expect(file.rows.count == 2)
        #expect(file.summary.checks.count { $0.what.hasPrefix("closing") && $0.holds } == 2)
    }

    @Test("a text that looks like a tag stays text", arguments: [":12:30 o'clock", ":ABC:x", "20:00", ":8:x", "- dash"])
    func textLikeTags(line: String) throws {
        let file = try BankFile(Self.fields.replacing(":86:text", with: ":86:text\n\(line)"), format: "mt940")
        #expect(file.rows.map(\.description) == ["text \(line)"])
    }

    @Test("an account named anew behind its lines contradicts the statement")
    func secondAccount() {
        let text = Self.fields.replacing(":86:text", with: ":86:text\n:25:OTHER")
        let refusal = BankFile.refusal(text, format: "mt940")
        #expect(refusal?.code == .contradiction)
        #expect(refusal?.found == "OTHER")
    }

    @Test("two balances of one kind contradict each other, unless they are the same")
    func secondBalance() throws {
        let same = Self.fields.replacing(":61:", with: ":60F:C260101EUR10,00\n:61:")
        #expect(try BankFile(same, format: "mt940").rows.count == 1)
        let other = Self.fields.replacing(":61:", with: ":60F:C260101EUR12,00\n:61:")
        #expect(BankFile.refusal(other, format: "mt940")?.found == "12.00 EUR")
    }

    @Test("a fragment names no currency: it is asked for and not guessed")
    func fragments() throws {
        let text = ":61:110701CN50,00NZ10NONREF\n-\n"
        let refusal = BankFile.refusal(text, format: "mt940")
        #expect(refusal?.rejected.first?.reason.contains("currency") == true)
        var options = ReadOptions()
        options.currency = try Currency(code: "EUR")
        #expect(try BankFile(text, format: "mt940", options: options).rows.map(\.amountMinor) == [5000])
        // One field may be copied from anywhere: detection says what would settle it.
        #expect(throws: StatementError.self) { try Statements.detect(.bytes(Array(text.utf8), name: "a.txt")) }
    }

    @Test("blanks before the amount and the type, and a line that breaks before the amount, separate fields")
    func separatedParts() throws {
        for line in [":61:2601050105C 1,00NTRFA//B", ":61:2601050105C\n1,00NTRFA//B", ":61:2601050105CR1,00 NTRFA//B"] {
            let text = Self.fields.replacing(":61:2601050105C1,00NTRFA//B", with: line)
            let row = try #require(try BankFile(text, format: "mt940").rows.first)
            #expect(row.amountMinor == 100 && row.rawStatus == "C NTRF")
            #expect(row.merchantReference == "A" && row.channelReference == "B")
        }
    }

    @Test(
        "a 30 February of banks that count thirty days a month is its last day",
        arguments: [
            ("1602300301", "2016-02-29", "2016-03-01"), ("1702300230", "2017-02-28", "2017-02-28"),
            ("1702290301", "2017-02-28", "2017-03-01")
        ])
    func interestDays(dates: String, value: String, entry: String) throws {
        let text = Self.fields.replacing("2601050105", with: dates).replacing("C260105", with: "C170230")
        let row = try #require(try BankFile(text, format: "mt940").rows.first)
        #expect(row.valueDate?.description == value && row.time?.description == entry)
        let wrong = Self.fields.replacing("2601050105", with: "1602310301")
        #expect(BankFile.refusal(wrong, format: "mt940")?.rejected.first?.field == ":61: value date")
    }

    @Test("a hyphen before the lines ends nothing; one before the next statement ends this one")
    func hyphenInside() throws {
        let text = Self.fields.replacing(":61:", with: "-\n:61:")
        #expect(try BankFile(text + "\n-\n" + text, format: "mt940").rows.map(\.amountMinor) == [100, 100])
        let cut = Self.fields.replacing(":62F:C260105EUR11,00", with: "-\n") + Self.fields
        #expect(BankFile.refusal(cut, format: "mt940")?.stated == "missing")
    }

    @Test("a closing balance without a currency is in that of the opening balance")
    func closingWithoutCurrency() throws {
        let text = Self.fields.replacing(":62F:C260105EUR11,00", with: ":62F:C26010511,00")
        #expect(try BankFile(text, format: "mt940").summary.balances.map(\.minor) == [1000, 1100])
        let opening = Self.fields.replacing(":60F:C260101EUR10,00", with: ":60F:C26010110,00")
        #expect(BankFile.refusal(opening, format: "mt940")?.code == .tooManyRejected)
    }

    @Test("statements without a reference and without ends begin with the account, or with the next opening balance")
    func withoutReferences() throws {
        let first = Self.fields.replacing(":20:REF\n", with: "")
        let second = first.replacing("0123456789", with: "999").replacing("EUR", with: "CHF")
        let file = try BankFile(.bytes(Array((first + "\n" + second).utf8), name: "a.txt"))
        #expect(file.rows.map(\.account) == ["NL01BANK0123456789", "NL01BANK999"])
        #expect(file.rows.map(\.currency.code) == ["EUR", "CHF"])
        let next = ":60F:C260105EUR11,00\n:61:2601060106D3,00NTRFC//D\n:62F:C260106EUR8,00\n"
        let pair = try BankFile(Self.fields + "\n" + next, format: "mt940")
        #expect(pair.rows.map(\.account) == ["NL01BANK0123456789", "NL01BANK0123456789"])
        #expect(pair.rows.map(\.amountMinor) == [100, -300])
    }

    // The decimals of the last balance may be cut off without changing it.
    @Test("every cut of a file before its last amount is refused")
    func everyCut() throws {
        let bytes = Array((Self.fields + "\n-\n").utf8)
        for length in 0..<(bytes.count - 6) {
            var rows = 0
            do {
                try Statements.read(.bytes(Array(bytes.prefix(length)), name: "a.sta"), format: "mt940") { _ in
                    rows += 1
                }
                Issue.record("cut to \(length) bytes it is read with \(rows) rows")
            } catch is StatementError {}
        }
    }
}
