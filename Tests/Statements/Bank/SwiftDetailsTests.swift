import Statements
import Testing

@Suite("Information to the account owner") struct SwiftDetailsTests {
    private func row(_ details: String, reference: String = "NONREF") throws -> StatementRow {
        let text = """
            :20:A
            :25:1
            :28C:1
            :60F:C260101EUR0,
            :61:260105C1,00NTRF\(reference)
            \(details)
            :62F:C260105EUR1,00
            -
            """
        return try #require(try BankFile(text, format: "mt940").rows.first)
    }

    @Test("German subfields give the end-to-end reference, the purpose and the name, across cut lines")
    func germanSubfields() throws {
        let row = try row(
            """
            :86:166?00GUTSCHRIFT?109310?20EREF+ORDER-4711?21MREF+M1?22SVWZ+Rechnung 7?23 und
             Teil 2?30GENODEF1?31DE021203?32ERIKA ?33MUSTER?34000
            """)
        #expect(row.merchantReference == "ORDER-4711")
        #expect(row.description == "GUTSCHRIFT; Rechnung 7 und Teil 2; ERIKA MUSTER")
    }

    @Test("other separators than the question mark are known by their place", arguments: [">", "~", "^", "@"])
    func otherSeparators(separator: Character) throws {
        let text = ":86:166?00TRANSFER?20EREF+X1?32NAME".replacing("?", with: String(separator))
        #expect(try row(text).merchantReference == "X1")
    }

    @Test("codes between slashes give the reference and what was remitted, slashes within included")
    func slashCodes() throws {
        let row = try row(":86:/EREF/A/12/34/NAME/ACME/REMI/Invoice 5/6 May")
        #expect(row.merchantReference == "A/12/34")
        #expect(row.description == "Invoice 5/6 May; ACME")
    }

    @Test("a word for a missing reference is none", arguments: ["NOTPROVIDED", "NONREF"])
    func missingReference(word: String) throws {
        #expect(try row(":86:/EREF/\(word)/REMI/x").merchantReference == "")
    }

    @Test("the line's own reference stands where the details have none")
    func ownReference() throws {
        #expect(try row(":86:plain text", reference: "CUST1//BANK1").merchantReference == "CUST1")
        #expect(try row(":86:plain text", reference: "CUST1//BANK1").channelReference == "BANK1")
        #expect(try row(":86:166?20EREF+E1", reference: "KREF+//BANK1").merchantReference == "E1")
    }

    @Test("the separator may stand in the text itself")
    func separatorInText() throws {
        #expect(try row(":86:166?00POST?20SVWZ+WARUM?NICHT?32NAME").description == "POST; WARUM?NICHT; NAME")
    }

    @Test(
        "a hostile field of separators or slashes takes no time that grows with its square",
        arguments: [("166?00", "?a"), ("/EREF/", "/a")])
    func hostileFields(start: String, piece: String) throws {
        let text = start + String(repeating: piece, count: 30_000)
        let clock = ContinuousClock()
        // A copy for each of 30,000 pieces would take ten seconds and more on a busy machine.
        let time = try clock.measure { _ = try row(":86:" + text) }
        #expect(time < .seconds(5))
    }

    @Test("plain text of several lines and fields is kept, with the second line of the statement line")
    func plainText() throws {
        let row = try row("SUPPLEMENT\n:86:one\ntwo\n:86:three")
        #expect(row.description == "one two three; SUPPLEMENT")
    }
}
