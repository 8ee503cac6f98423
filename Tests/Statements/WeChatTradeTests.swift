import Money
import Testing

@testable import Statements

@Suite("WeChat trade bill") struct WeChatTradeTests {
    /// A day with a coupon, a fine fee and a refund that returns its fee.
    private var day: WeChatBill {
        WeChatBill()
            .payment("A1", settled: "99.00", gross: "100.00", fee: "0.59400")
            .payment("A2", settled: "0.50", fee: "0.00300")
            .refund("A0", "R1", amount: "10.00", fee: "-0.06000")
            .stating("3", "99.50", "10.00", "0.00", "0.53700", "100.50", "10.00")
    }

    @Test("a bill that was saved again in GBK is read with its trailer")
    func savedAgain() throws {
        let bill = WeChatBill().payment("A1", settled: "1.00")
            .stating("1", "1.00", "0.00", "0.00", "0.00000", "1.00", "0.00")
        let read = try readAll(.bytes(Archives.gbk(bill.text), name: "b.csv"))
        #expect(read.rows.count == 1 && read.summary.isConsistent && !read.summary.checks.isEmpty)
    }

    @Test("amounts are what is settled; fees keep their five decimals and are rounded for the books")
    func day_() throws {
        let (summary, rows) = try readAll(day.source)
        #expect(summary.format == "wechat-trade" && summary.variant == "ALL" && summary.isConsistent)
        #expect(rows.map(\.amountMinor) == [9900, 50, -1000])
        #expect(rows.map(\.feeMinor) == [59, 0, -6])
        #expect(rows.map { $0.fineFee?.description } == ["0.59400", "0.00300", nil])
        #expect(rows.map(\.kind) == [.payment, .payment, .refund])
        #expect(rows[2].merchantReference == "A0" && rows[2].merchantRefundReference == "R1")
        #expect(rows[2].channelReference == "50R1" && rows[2].originalReference == "42A0")
        #expect(rows[0].time?.epochSeconds == 1_772_337_600)
        #expect(rows[0].account == "1601")
        let total = try #require(summary.totals.first)
        #expect(total.creditMinor == 9950 && total.debitMinor == -1000 && total.feeMinor == 53)
        #expect(total.netMinor == 8897)
    }

    @Test("a comma, a quote or a backtick within a value is a part of it")
    func decoratedValues() throws {
        let bill = WeChatBill().payment("A1", settled: "1.00", product: #"茶, "大" 份`x"#)
            .stating("1", "1.00", "0.00", "0.00", "0.00000", "1.00", "0.00")
        let (_, rows) = try readAll(bill.source)
        #expect(rows.first?.description == #"茶, "大" 份`x"#)
        #expect(rows.first?.amountMinor == 100)
    }

    @Test("columns are found by name: in any order, with unknown ones between")
    func otherOrder() throws {
        var bill = day
        bill.header = ["新列"] + WeChatBill.columns.reversed() + ["另一列"]
        let (summary, rows) = try readAll(bill.source)
        #expect(summary.isConsistent && rows.map(\.amountMinor) == [9900, 50, -1000])
    }

    @Test("a byte order mark, carriage returns and a spreadsheet's quotes do not matter")
    func decorations() throws {
        var bill = day
        bill.lineEnd = "\r\n"
        let marked = [0xEF, 0xBB, 0xBF] + bill.bytes
        #expect(try readAll(.bytes(marked, name: "a.csv")).rows.count == 3)
        let quoted = day.lines.map { line in
            line.hasPrefix("`") ? line.dropFirst().components(",`").map { "\"`\($0)\"" }.joined(separator: ",") : line
        }.joined(separator: "\n")
        #expect(try readAll(quoted).rows.map(\.amountMinor) == [9900, 50, -1000])
        let plain = day.text.replacing("`", with: "")
        #expect(try readAll(plain).rows.map(\.feeMinor) == [59, 0, -6])
    }

    @Test("some values may lack their backtick")
    func missingBackticks() throws {
        let text = day.text.replacing("`ORIGINAL", with: "ORIGINAL")
        #expect(try readAll(text).rows.count == 3)
    }

    @Test(
        "a trailer that contradicts the rows refuses the file with both figures",
        arguments: [
            (0, "4", "3"), (1, "99.51", "99.50"), (2, "9.00", "10.00"), (3, "0.01", "0.00"), (4, "0.53701", "0.537"),
            (5, "1.00", "100.50"), (6, "0.00", "10.00")
        ])
    func wrongTotals(place: Int, stated: String, found: String) throws {
        var bill = day
        bill.stated?[place] = stated
        let error = #expect(throws: StatementError.self) { try readAll(bill.source) }
        #expect(error?.code == .contradiction)
        #expect(error?.stated == stated && error?.found == found)
        #expect(error?.message.contains(WeChatBill.trailer[place]) == true)
    }

    @Test("a bill that was cut is refused wherever the cut is")
    func cut() throws {
        let bytes = day.bytes
        for length in stride(
            from: WeChatBill.columns.joined(separator: ",").utf8.count + 1, to: bytes.count - 12, by: 7)
        {
            let error = #expect(throws: StatementError.self, "cut at \(length)") {
                try readAll(.bytes(Array(bytes[..<length]), name: "cut.csv"))
            }
            let codes: [StatementError.Code] = [.truncated, .tooManyRejected, .contradiction, .malformed, .encoding]
            #expect(codes.contains { $0 == error?.code }, "cut at \(length): \(error?.code.description ?? "")")
        }
    }

    @Test("a byte that is no text spoils its line, not the file")
    func damagedByte() throws {
        var bytes = day.bytes
        let place = try #require(bytes.firstRange(of: Array("`茶".utf8))).lowerBound
        bytes[place + 2] = 0xFF
        let error = #expect(throws: StatementError.self) { try readAll(.bytes(bytes, name: "a.csv")) }
        #expect(error?.code == .tooManyRejected && error?.rejected.first?.field == "商品名称" && error?.line == 2)
        let options = ReadOptions(limits: ReadLimits(maxRejected: 1))
        #expect(try readAll(.bytes(bytes, name: "a.csv"), options: options).rows.count == 2)
    }

    @Test("a cut in the middle of a row names the line")
    func cutRow() throws {
        let lines = day.lines
        let text = (lines[0...1] + [String(lines[2].prefix(80))]).joined(separator: "\n")
        let error = #expect(throws: StatementError.self) { try readAll(text) }
        #expect(error?.code == .tooManyRejected && error?.line == 3)
    }

    @Test("bad lines are listed with line, field and reason; the limit decides whether the file stands")
    func rejects() throws {
        let bill = WeChatBill().payment("A1", settled: "1.00").payment("A2", settled: "1.x")
            .payment("A3", settled: "2.00", changes: ["交易状态": "MAGIC"]).payment("A4", settled: "3.00")
            .stating("4", "6.00", "0.00", "0.00", "0.00000", "6.00", "0.00")
        let error = #expect(throws: StatementError.self) {
            try readAll(bill.source, options: ReadOptions(limits: ReadLimits(maxRejected: 1)))
        }
        #expect(error?.code == .tooManyRejected)
        #expect(error?.rejected.map(\.line) == [3, 4])
        #expect(error?.rejected.map(\.field) == ["应结订单金额", "交易状态"])
        let (summary, rows) = try readAll(bill.source, options: ReadOptions(limits: ReadLimits(maxRejected: 2)))
        #expect(rows.map(\.merchantReference) == ["A1", "A4"])
        #expect(summary.rejectedCount == 2 && summary.lines.rejected == 2)
        #expect(summary.checks.first { $0.what == "总交易单数" }?.holds == true)
        #expect(summary.checks.first { $0.what == "应结订单总金额" }?.isUnproven == true)
    }

    @Test("every line of the file is accounted for")
    func allLines() throws {
        let text = "\n" + day.lines.joined(separator: "\n\n") + "\n\n"
        let (summary, _) = try readAll(text)
        #expect(summary.lines.total == text.split(separator: "\n", omittingEmptySubsequences: false).count - 1)
        #expect(summary.lines.rows == 3 && summary.lines.trailers == 2 && summary.lines.headers == 1)
    }

    @Test("the layout before 2019 is read by its own names")
    func oldLayout() throws {
        let text = """
            交易时间,公众账号ID,商户号,子商户号,设备号,微信订单号,商户订单号,用户标识,交易类型,交易状态,付款银行,货币种类,总金额,企业红包金额,微信退款单号,商户退款单号,退款金额,企业红包退款金额,退款类型,退款状态,商品名称,商户数据包,手续费,费率
            `2016-11-10 16:33:45,`wx2,`10000100,`0,`1000,`1001690740201411100005734289,`1415640626,`085e,`MICROPAY,`SUCCESS,`CFT,`CNY,`0.01,`0.0,`0,`0,`0,`0,`,`,`被扫支付测试,`订单额外描述,`0,`0.60%
            `2016-11-10 16:46:14,`wx2,`10000100,`0,`1000,`1002780740201411100005729794,`1415635270,`085e,`MICROPAY,`REFUND,`CFT,`CNY,`0.00,`0.0,`2008450740201411110000174436,`1415701182,`0.01,`0.00,`ORIGINAL,`SUCCESS,`被扫,`,`0,`0.60%
            总交易单数,总交易额,总退款金额,总企业红包退款金额,手续费总金额
            `2,`0.01,`0.01,`0.0,`0
            """
        let (summary, rows) = try readAll(text)
        #expect(rows.map(\.amountMinor) == [1, -1] && summary.checks.count == 5)
        let error = #expect(throws: StatementError.self) {
            try readAll(text.replacing("`2,`0.01,`0.01", with: "`2,`0.02,`0.01"))
        }
        #expect(error?.code == .contradiction)
    }

    @Test("refunds that fail or wait say so")
    func refundStatus() throws {
        var bill = WeChatBill().refund("A", "R1", amount: "1.00").refund("B", "R2", amount: "1.00")
            .stating("2", "0.00", "2.00", "0.00", "0.00000", "0.00", "2.00")
        bill.rows[0]["退款状态"] = "PROCESSING"
        bill.rows[1]["退款状态"] = "CHANGE"
        #expect(try readAll(bill.source).rows.map(\.status) == [.pending, .failed])
    }

    @Test("what follows the trailer is no part of a bill")
    func afterTrailer() throws {
        let error = #expect(throws: StatementError.self) { try readAll(day.text + day.text) }
        #expect(error?.code == .malformed)
    }

    @Test("a bill of a day without trade is a bill")
    func empty() throws {
        let bill = WeChatBill().stating("0", "0.00", "0.00", "0.00", "0.00000", "0.00", "0.00")
        let (summary, rows) = try readAll(bill.source)
        #expect(rows.isEmpty && summary.isConsistent && summary.totals.isEmpty)
    }

    @Test("amounts of another currency have its decimals")
    func yen() throws {
        let changes = ["货币种类": "JPY"]
        let whole = WeChatBill().payment("A", settled: "100", changes: changes).stating(
            "1", "100", "0", "0", "0", "100", "0")
        #expect(try readAll(whole.source).rows.first?.amountMinor == 100)
        let broken = WeChatBill().payment("A", settled: "100.5", changes: changes)
            .stating("1", "100.5", "0", "0", "0", "100.5", "0")
        #expect(throws: StatementError.self) { try readAll(broken.source) }
    }
}

extension StringProtocol {
    /// The parts between a separator of several characters.
    fileprivate func components(_ separator: String) -> [String] {
        var parts: [String] = []
        var rest = String(self)[...]
        while let range = rest.firstRange(of: separator) {
            parts.append(String(rest[..<range.lowerBound]))
            rest = rest[range.upperBound...]
        }
        return parts + [String(rest)]
    }
}
