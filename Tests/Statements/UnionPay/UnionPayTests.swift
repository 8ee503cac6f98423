import Money
import Testing

@testable import Statements

/// Builds lines of fixed widths.
struct UnionPayLines {
    let layout: UnionPayLayout
    var lines: [[UInt8]] = []

    mutating func add(_ fields: [Int: String], gbk: [Int: [UInt8]] = [:]) {
        var line: [UInt8] = []
        for (index, width) in layout.widths.enumerated() {
            var field = gbk[index + 1] ?? Array((fields[index + 1] ?? "").utf8)
            field += Array(repeating: 0x20, count: max(0, width - field.count))
            line += (index == 0 ? [] : [0x20]) + field
        }
        lines.append(line)
    }

    func read(name: String) throws -> (summary: StatementSummary, rows: [StatementRow]) {
        var rows: [StatementRow] = []
        let bytes: [UInt8] = lines.flatMap { (line: [UInt8]) -> [UInt8] in line + [13, 10] }
        let summary = try Statements.read(.bytes(bytes, name: name)) { rows.append($0) }
        return (summary, rows)
    }
}

@Suite("UnionPay files of fixed widths")
struct UnionPayTests {
    private let sale = [
        1: "S22", 4: "000001", 5: "0301090001", 7: "000000010000", 10: "202603010900010000001", 12: "ORDER-1",
        16: "D000000000060", 17: "C000000009940", 20: "01", 28: "777290058110048"
    ]
    private let name = "INN26030100ZM_777290058110048"

    @Test("widths make 607 and 339 bytes")
    func lengths() {
        #expect(UnionPayLayout.transactions.length == 607 && UnionPayLayout.errors.length == 339)
    }

    @Test("bytes are sliced before they are decoded, so Chinese names do not shift the fields behind them")
    func gbk() throws {
        var file = UnionPayLines(layout: .transactions)
        // 银联测试 in GBK, in fields of 32 bytes before the discount.
        let word: [UInt8] = [0xD2, 0xF8, 0xC1, 0xAA, 0xB2, 0xE2, 0xCA, 0xD4]
        file.add(sale, gbk: [31: word, 35: word])
        let (_, rows) = try file.read(name: name)
        #expect(rows[0].description == "银联测试" && rows[0].amountMinor == 10_000 && rows[0].feeMinor == 60)
    }

    @Test("a line of another length, with shifted fields, or that does not tie is rejected")
    func rejected() throws {
        var file = UnionPayLines(layout: .transactions)
        file.add(sale)
        var short = file
        short.lines.append(Array(short.lines[0].dropLast()))
        #expect(throws: StatementError.self) { try short.read(name: name) }
        var shifted = file
        shifted.lines.append(Array(shifted.lines[0].dropFirst()) + [0x20])
        #expect(throws: StatementError.self) { try shifted.read(name: name) }
        var wrong = file
        wrong.add(sale.merging([17: "C000000009941"]) { $1 })
        let error = #expect(throws: StatementError.self) { try wrong.read(name: name) }
        #expect(error?.code == .tooManyRejected && error?.rejected.first?.field == "settled amount")
        var marked = file
        marked.add(sale.merging([16: "X000000000060"]) { $1 })
        #expect(throws: StatementError.self) { try marked.read(name: name) }
    }

    @Test("the day comes from the file's name; its evening before belongs to the year before")
    func days() throws {
        var file = UnionPayLines(layout: .transactions)
        file.add(sale.merging([5: "1231230500"]) { $1 })
        file.add(sale.merging([5: "0101225959"]) { $1 })
        let (summary, rows) = try file.read(name: "INN26010100ZM_777290058110048")
        #expect(rows.map { $0.time?.description } == ["2025-12-31T23:05:00+08:00", "2026-01-01T22:59:59+08:00"])
        #expect(summary.period?.from.description == "2025-12-31T23:00:00+08:00")
        #expect(summary.period?.through.description == "2026-01-01T22:59:59+08:00")
        // Without a name the query id says the year.
        #expect(try file.read(name: "download.txt").rows[1].time?.description == "2026-01-01T22:59:59+08:00")
    }

    @Test("a refund names the order of its payment where the file does, and its own beside it")
    func originalOrders() throws {
        var file = UnionPayLines(layout: .transactions)
        let refund = [12: "RFD-1", 16: "C000000000060", 17: "D000000009940", 20: "04", 27: "202603010900010000001"]
        file.add(sale.merging(refund) { $1 }.merging([41: "ORDER-1"]) { $1 })
        file.add(sale.merging(refund) { $1 })
        file.add(sale.merging([41: "ORDER-9"]) { $1 })
        let rows = try file.read(name: name).rows
        #expect(rows.map(\.merchantReference) == ["ORDER-1", "RFD-1", "ORDER-1"])
        #expect(rows.map(\.merchantRefundReference) == ["RFD-1", "RFD-1", ""])
        #expect(rows[0].kind == .refund && rows[0].netMinor == -9_940)
    }

    @Test("the file of errors has its own widths, and its own references")
    func errors() throws {
        var file = UnionPayLines(layout: .errors)
        let fields = [
            1: "E30", 4: "000009", 5: "0301100000", 7: "000000005000", 11: "000001", 12: "0228090000",
            15: "C000000000030",
            16: "D000000004970", 18: "777290058110048"
        ]
        file.add(fields)
        let (summary, rows) = try file.read(name: "INN26030100ZME_777290058110048")
        #expect(summary.format == "unionpay-zme")
        #expect(rows[0].kind == .chargeback && rows[0].amountMinor == -5_000 && rows[0].netMinor == -4_970)
        #expect(rows[0].originalReference == "000001-0228090000")
        file.add(fields.merging([16: "C000000004970"]) { $1 })
        #expect(throws: StatementError.self) { try file.read(name: "INN26030100ZME_777290058110048") }
    }

    @Test("the year of a line never lies behind the file's day")
    func leapDay() throws {
        let day = NamedDay(try #require(CivilDate(year: 2028, month: 3, day: 1)))
        #expect(
            try day.time(FieldText.bytes("0229230000"), "MMddHHmmss", offsetSeconds: nil).description
                == "2028-02-29T23:00:00")
        #expect(throws: FieldProblem.self) {
            try day.time(FieldText.bytes("0230000000"), "MMddHHmmss", offsetSeconds: nil)
        }
    }
}
