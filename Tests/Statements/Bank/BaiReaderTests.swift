import Money
import Statements
import Testing

@Suite("BAI2") struct BaiReaderTests {
    /// A file of one account; trailers count what is there unless they are given.
    private func file(
        _ body: [String], header: String = "03,123,USD/", sum: Int64, accountTrailer: String? = nil,
        groupTrailer: String? = nil, fileTrailer: String? = nil
    ) -> String {
        let records = body.count + 2
        return
            ([
                "01,BANK,US,260105,1200,1,,,2/", "02,US,BANK,1,260104,2359,USD,2/", header
            ] + body + [
                accountTrailer ?? "49,\(sum),\(records)/", groupTrailer ?? "98,\(sum),1,\(records + 2)/",
                fileTrailer ?? "99,\(sum),1,\(records + 4)/"
            ]).joined(separator: "\n")
    }

    @Test("credits and debits are told by the range of their type")
    func ranges() throws {
        let text = file(
            ["16,142,100,Z,B1,C1,IN/", "16,451,30,Z,B2,C2,OUT/", "16,399,5,,,,/", "16,698,7,,,,FEE/"], sum: 142)
        let file = try BankFile(.bytes(Array(text.utf8), name: "a.bai"))
        #expect(file.summary.format == "bai2")
        #expect(file.rows.map(\.amountMinor) == [100, -30, 5, -7])
        #expect(file.rows.map(\.kind) == [.payment, .payout, .payment, .fee])
        #expect(file.rows[0].channelReference == "B1")
        #expect(file.rows[0].merchantReference == "C1")
        #expect(file.rows[0].description == "IN")
        #expect(file.rows[0].time?.description == "2026-01-04")
        #expect(file.rows[0].account == "123")
    }

    @Test(
        "each funds type takes the fields that belong to it",
        arguments: ["Z", "0", "1", "2", "", "V,260106,1200", "V,,", "S,1,2,3", "S,,,", "D,2,0,60,1,40", "D,0"])
    func fundsTypes(funds: String) throws {
        let rows = try BankFile(file(["16,195,100,\(funds),BANK,CUST,SOME, TEXT/"], sum: 100), format: "bai2").rows
        #expect(rows.map(\.channelReference) == ["BANK"])
        #expect(rows.map(\.merchantReference) == ["CUST"])
        #expect(rows.map(\.description) == ["SOME, TEXT"])
        #expect(rows[0].valueDate?.description == (funds.hasPrefix("V,2") ? "2026-01-06" : nil))
    }

    @Test("a continuation goes on with any record: amounts of an account, funds, references, text")
    func continuations() throws {
        let text = file(
            [
                "88,015,200,,/", "16,142,100/", "88,V,260106,,B1/", "88,C1/", "88,THIS, THAT", "88,AND MORE/"
            ], header: "03,123,,010,100,,/", sum: 400)
        let file = try BankFile(text, format: "bai2")
        #expect(file.rows.map(\.channelReference) == ["B1"])
        #expect(file.rows.map(\.merchantReference) == ["C1"])
        #expect(file.rows.map(\.description) == ["THIS, THAT AND MORE"])
        #expect(file.summary.balances.map(\.minor) == [100, 200])
    }

    @Test("a group's currency holds for accounts without one, the dollar where neither says")
    func currencies() throws {
        let text = file(["16,142,100,Z,,,/"], header: "03,123,,,,,/", sum: 100)
        #expect(try BankFile(text.replacing("USD", with: "JPY"), format: "bai2").rows[0].currency.code == "JPY")
        #expect(try BankFile(text.replacing("USD", with: ""), format: "bai2").rows[0].currency.code == "USD")
    }

    @Test("control totals and record counts of account, group and file are verified")
    func trailersAreVerified() throws {
        let body = ["16,142,100,Z,,,/"]
        let account = BankFile.refusal(file(body, sum: 100, accountTrailer: "49,101,3/"), format: "bai2")
        #expect(account?.code == .contradiction)
        #expect(account?.stated == "101")
        #expect(account?.found == "100")
        let count = BankFile.refusal(file(body, sum: 100, accountTrailer: "49,100,4/"), format: "bai2")
        #expect(count?.stated == "4")
        #expect(count?.found == "3")
        for trailer in ["98,99,1,5/", "98,100,2,5/", "98,100,1,6/"] {
            #expect(
                BankFile.refusal(file(body, sum: 100, groupTrailer: trailer), format: "bai2")?.code == .contradiction)
        }
        for trailer in ["99,99,1,7/", "99,100,2,7/", "99,100,1,8/"] {
            #expect(
                BankFile.refusal(file(body, sum: 100, fileTrailer: trailer), format: "bai2")?.code == .contradiction)
        }
    }

    @Test("opening balance, all credits and all debits make the closing balance")
    func balanceEquation() throws {
        let header = "03,1,USD,010,100,,,015,%,,,100,50,1,,400,20,1,/"
        let body = ["16,142,50,Z,,,/", "16,451,20,Z,,,/"]
        let good = file(body, header: header.replacing("%", with: "130"), sum: 370)
        #expect(try BankFile(good, format: "bai2").rows.count == 2)
        let refusal = BankFile.refusal(file(body, header: header.replacing("%", with: "131"), sum: 371), format: "bai2")
        #expect(refusal?.stated == "131")
        #expect(refusal?.found == "130")
    }

    @Test("a total that says of how many items it is must be theirs")
    func itemTotals() throws {
        let body = ["16,142,50,Z,,,/"]
        #expect(try BankFile(file(body, header: "03,1,USD,100,50,1,/", sum: 100), format: "bai2").rows.count == 1)
        // Details may be fewer than the total has items.
        #expect(try BankFile(file(body, header: "03,1,USD,100,60,2,/", sum: 110), format: "bai2").rows.count == 1)
        let refusal = BankFile.refusal(file(body, header: "03,1,USD,100,60,1,/", sum: 110), format: "bai2")
        #expect(refusal?.code == .contradiction)
    }

    @Test("a file that ends before its trailers is truncated", arguments: 1...3)
    func truncated(missing: Int) {
        let lines = file(["16,142,100,Z,,,/"], sum: 100).split(separator: "\n")
        let refusal = BankFile.refusal(lines.dropLast(missing).joined(separator: "\n"), format: "bai2")
        #expect(refusal?.code == .truncated)
    }

    @Test("records may share a line, and a text may break where no code follows")
    func oddLines() throws {
        let text = file(["16,142,100,Z,,,ONE/ 16,142,50,Z,,,TWO AND", "  A HALF/"], sum: 150)
            .replacing("49,150,4/", with: "49,150,4/").replacing(
                "US,260105,1200,1,,,2/\n", with: "US,260105,1200,1,,,2/   ")
        let rows = try BankFile(text, format: "bai2").rows
        #expect(rows.map(\.amountMinor) == [100, 50])
        #expect(rows.map(\.description) == ["ONE", "TWO AND A HALF"])
    }

    @Test("tests and withdrawn reports are no statements", arguments: ["2", "4"])
    func otherGroups(status: String) {
        let text = file(["16,142,100,Z,,,/"], sum: 100).replacing("BANK,1,260104", with: "BANK,\(status),260104")
        #expect(BankFile.refusal(text, format: "bai2")?.code == .unsupported)
    }

    @Test(
        "a bad transaction is rejected with its line and field",
        arguments: [
            ("16,010,100,Z,,,/", "16 type code"), ("16,X,100,Z,,,/", "16 type code"), ("16,142,1.5,Z,,,/", "16 amount"),
            ("16,142,100,Q,,,/", "16 funds type"),
            ("16,142,100,D,9,1,2/", "16 funds type D"), ("17,142,100,Z,,,/", "record code")
        ])
    func badTransactions(record: String, field: String) {
        let refusal = BankFile.refusal(file([record], sum: 100), format: "bai2")
        #expect(refusal?.rejected.first?.line == 4)
        #expect(refusal?.rejected.first?.field == field)
    }

    @Test(
        "a message without money is no row, whatever its type", arguments: ["16,890,,,,,HELLO/", "16,142,,Z,,,HELLO/"])
    func messages(record: String) throws {
        let file = try BankFile(file([record], sum: 0), format: "bai2")
        #expect(file.rows.isEmpty)
        #expect(file.summary.lines.comments == 1)
        // An amount that got lost is missing from the control total.
        #expect(BankFile.refusal(self.file([record], sum: 5), format: "bai2")?.found == "0")
    }

    @Test("version 3 (BTRS) is read like version 2; others are not")
    func versions() throws {
        let text = file(["16,142,100,Z,B1,C1,IN/"], sum: 100)
        let third = try BankFile(.bytes(Array(text.replacing(",,,2/", with: ",,,3/").utf8), name: "a.bai"))
        #expect(third.summary.variant == "BTRS 3" && third.rows.map(\.amountMinor) == [100])
        #expect(BankFile.refusal(text.replacing(",,,2/", with: ",,,1/"), format: "bai2")?.code == .unsupported)
    }
}
