import Money
import Testing

@testable import Statements

/// Builds settlement reports.
struct PayPalReportFile {
    var columns = [
        "Transaction ID", "Invoice ID", "PayPal Reference ID", "PayPal Reference ID Type", "Transaction Event Code",
        "Transaction Initiation Date", "Transaction Completion Date", "Transaction Debit or Credit",
        "Gross Transaction Amount", "Gross Transaction Currency", "Fee Debit or Credit", "Fee Amount", "Fee Currency",
        "Custom Field", "Consumer ID", "Payment Tracking ID", "Store ID", "Bank Reference ID"
    ]
    var separator = ","
    var bodies: [String] = []
    var footers: [String] = []
    var sectionCount: Int?
    var end = ["\"RF\",\"USD\",0,0,0,0", "\"RC\",%", "\"FF\",%"]

    mutating func add(
        _ id: String, _ code: String, _ direction: String, _ amount: String, _ currency: String = "USD",
        fee: (String, String, String) = ("DR", "0", "USD"), invoice: String = "", reference: String = ""
    ) {
        bodies.append(
            "\"SB\",\"\(id)\",\"\(invoice)\",\"\(reference)\",\"\(reference.isEmpty ? "" : "TXN")\",\"\(code)\","
                + "\"2026/03/01 10:00:00 -0800\",\"2026/03/01 10:00:01 -0800\",\"\(direction)\",\(amount),\"\(currency)\","
                + "\"\(fee.0)\",\(fee.1),\"\(fee.2)\",\"\",\"\",\"\",\"\",\"\"")
    }

    var text: String {
        let names = columns.map { "\"\($0)\"" }.joined(separator: ",")
        let lines =
            [
                "\"RH\",2026/03/02 05:00:00 -0800,\"A\",\"ACCOUNT\",009", "\"FH\",01",
                "\"SH\",2026/03/01 00:00:00 -0800,2026/03/01 23:59:59 -0800,\"ACCOUNT\",\"\"", "\"CH\",\(names)"
            ] + bodies + footers + ["\"SC\",\(sectionCount ?? bodies.count)"]
            + end.map { $0.replacing("%", with: String(bodies.count)) }
        return lines.map { separator == "," ? $0 : $0.replacing(",", with: separator) }.joined(separator: "\r\n")
            + "\r\n"
    }

    func read(refusing: Bool = true) throws -> (summary: StatementSummary, rows: [StatementRow]) {
        var rows: [StatementRow] = []
        var options = ReadOptions()
        options.refusesContradictions = refusing
        let summary = try Statements.read(
            .bytes(Array(text.utf8), name: "STL-20260301.01.009.CSV"), options: options
        ) { rows.append($0) }
        return (summary, rows)
    }
}

@Suite("PayPal settlement reports")
struct PayPalSettlementTests {
    private var day: PayPalReportFile {
        var file = PayPalReportFile()
        file.add("T1", "T0006", "CR", "10000", fee: ("DR", "320", "USD"), invoice: "ORDER-1")
        file.add("T2", "T1107", "DR", "2500", fee: ("CR", "80", "USD"), reference: "T1")
        file.add("T3", "T0400", "DR", "5000")
        file.footers = ["\"SF\",\"USD\",10000,7500,80,320,\"CR\",1000,\"CR\",3260,\"CR\",0,\"CR\",0"]
        file.end[0] = "\"RF\",\"USD\",10000,7500,80,320"
        return file
    }

    @Test("unsigned amounts take their sign from CR and DR, and all that the file says of itself is checked")
    func reads() throws {
        let (summary, rows) = try day.read()
        #expect(rows.map(\.kind) == [.payment, .refund, .payout])
        #expect(rows.map(\.amountMinor) == [10_000, -2_500, -5_000])
        #expect(rows.map(\.feeMinor) == [320, -80, 0])
        #expect(rows[0].merchantReference == "ORDER-1" && rows[1].originalReference == "T1")
        #expect(rows[0].time?.description == "2026-03-01T10:00:01-08:00")
        #expect(summary.variant == "version 9" && summary.accounts == ["ACCOUNT"])
        #expect(summary.balances.map(\.minor) == [1_000, 3_260])
        #expect(summary.checks.count == 12 && summary.isConsistent)
        #expect(summary.lines.total == 12)
    }

    @Test("tabs separate as well, and names may have no spaces or two", arguments: ["\t", ","])
    func decoration(separator: String) throws {
        var file = day
        file.separator = separator
        file.columns = file.columns.map { $0.replacing("Transaction ID", with: "Transaction  ID") }
        #expect(try file.read().rows.map(\.channelReference) == ["T1", "T2", "T3"])
        file.columns = file.columns.map { $0.replacing(" ", with: "") }
        #expect(try file.read().rows.map(\.channelReference) == ["T1", "T2", "T3"])
    }

    @Test(
        "a footer that is not the sum of its section is refused with both figures",
        arguments: [
            ("10000,7500", "10001,7500", "gross credits"), ("10000,7500", "10000,7400", "gross debits"),
            ("80,320", "81,320", "fee credits"), ("80,320", "80,321", "fee debits"),
            ("\"CR\",3260", "\"CR\",3261", "ending")
        ])
    func footers(right: String, wrong: String, what: String) throws {
        var file = day
        file.footers = file.footers.map { $0.replacing(right, with: wrong) }
        let error = #expect(throws: StatementError.self) { try file.read() }
        #expect(error?.code == .contradiction && error?.message.contains(what) == true)
        #expect(error?.stated != error?.found)
    }

    @Test("wrong counts, and rows that are missing at the end, are refused")
    func counts() throws {
        var file = day
        file.sectionCount = 4
        #expect(throws: StatementError.self) { try file.read() }
        file = day
        file.end[1] = "\"RC\",7"
        #expect(throws: StatementError.self) { try file.read() }
        file = day
        file.end = []
        let error = #expect(throws: StatementError.self) { try file.read() }
        #expect(error?.code == .truncated)
        file = day
        file.footers = []
        #expect(throws: StatementError.self) { try file.read() }
    }

    @Test(
        "whole units: yen, and the currencies that PayPal uses without decimals",
        arguments: [
            ("JPY", 10_000), ("TWD", 1_000_000), ("HUF", 1_000_000), ("USD", 10_000)
        ])
    func wholeUnits(currency: String, minor: Int64) throws {
        var file = PayPalReportFile()
        file.add("T1", "T0006", "CR", "10000", currency, fee: ("DR", "0", currency))
        file.footers = ["\"SF\",\"\(currency)\",10000,0,0,0,\"CR\",0,\"CR\",10000"]
        file.end[0] = "\"RF\",\"\(currency)\",10000,0,0,0"
        #expect(try file.read().rows.map(\.amountMinor) == [minor])
    }

    @Test("a fee in another currency is a row of its own")
    func foreignFee() throws {
        var file = PayPalReportFile()
        file.add("T1", "T0006", "CR", "10000", fee: ("DR", "30", "EUR"))
        file.footers = ["\"SF\",\"USD\",10000,0,0,0", "\"SF\",\"EUR\",0,0,0,30"]
        file.end[0] = "\"RF\",\"USD\",10000,0,0,0"
        let rows = try file.read().rows
        #expect(rows.map(\.netMinor) == [10_000, -30])
        #expect(rows[1].kind == .fee && rows[1].currency == .eur)
    }

    @Test(
        "amounts with a point or a sign, and directions that are neither, are rejected",
        arguments: [
            ("CR", "100.00"), ("CR", "-100"), ("XX", "100"), ("", "100")
        ])
    func rejected(direction: String, amount: String) throws {
        var file = PayPalReportFile()
        file.add("T1", "T0006", direction, amount)
        file.footers = ["\"SF\",\"USD\",0,0,0,0"]
        let error = #expect(throws: StatementError.self) { try file.read() }
        #expect(error?.code == .tooManyRejected)
    }
}
