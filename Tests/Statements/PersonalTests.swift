import Money
import Testing

@testable import Statements

@Suite("Personal exports") struct PersonalTests {
    private func wechat(records: String = "3", income: String = "1笔 23.00元", expense: String = "1笔 28.16元") -> String {
        """
        微信支付账单明细,,,,,,,,,,
        微信昵称：[测试],,,,,,,,,,
        起始时间：[2026-03-01 00:00:00] 终止时间：[2026-03-31 23:59:59],,,,,,,,,,
        ,,,,,,,,,,
        共\(records)笔记录,,,,,,,,,,
        收入：\(income),,,,,,,,,,
        支出：\(expense),,,,,,,,,,
        中性交易：1笔 100.10元,,,,,,,,,,
        ----------------------微信支付账单明细列表--------------------,,,,,,,,,,
        交易时间,交易类型,交易对方,商品,收/支,金额(元),支付方式,当前状态,交易单号,商户单号,备注
        2026-03-26 12:45:27,商户消费,"面馆, 总店","总共消费:28.16",支出,¥28.16,零钱,支付成功,"1001"\t,"2001"\t,"/"
        2026-03-27 19:29:00,二维码收款,用户A,收款方备注:二维码收款,收入,¥23.00,零钱,已收钱,1002,/\t,/
        2026-03-28 16:29:37,零钱提现,招商银行,"/",/,¥100.10,招商银行,提现已到账,1003\t,/\t,"服务费¥0.10"
        """
    }

    @Test("WeChat: directions are signs, the preamble's counts and sums tie")
    func wechatMonth() throws {
        let (summary, rows) = try readAll(wechat())
        #expect(summary.format == "wechat-personal" && summary.isConsistent && summary.checks.count == 7)
        #expect(rows.map(\.amountMinor) == [-2816, 2300, -10_010])
        #expect(rows.map(\.channelReference) == ["1001", "1002", "1003"])
        #expect(rows.map(\.merchantReference) == ["2001", "", ""])
        #expect(rows[0].description == "面馆, 总店 总共消费:28.16")
        #expect(summary.period?.through.description == "2026-03-31T23:59:59+08:00")
    }

    @Test("a preamble that contradicts the table is refused with both figures")
    func contradictions() throws {
        let count = #expect(throws: StatementError.self) { try readAll(wechat(records: "4")) }
        #expect(count?.code == .contradiction && count?.stated == "4" && count?.found == "3")
        let money = #expect(throws: StatementError.self) { try readAll(wechat(expense: "1笔 28.17元")) }
        #expect(money?.stated == "28.17 CNY" && money?.found == "28.16 CNY")
        let cut = wechat().split(separator: "\n").dropLast().joined(separator: "\n")
        #expect(#expect(throws: StatementError.self) { try readAll(cut) }?.code == .contradiction)
    }

    @Test("Alipay's export of the web site counts behind its table, by the state of the money")
    func alipayWeb() throws {
        let text = """
            支付宝交易记录明细查询
            账号:[someone@example.com]
            起始日期:[2026-03-01 00:00:00]    终止日期:[2026-04-01 00:00:00]
            ---------------------------------交易记录明细列表------------------------------------
            交易号                  ,商家订单号               ,交易创建时间              ,付款时间                ,最近修改时间              ,交易来源地     ,类型              ,交易对方            ,商品名称                ,金额（元）   ,收/支     ,交易状态    ,服务费（元）   ,成功退款（元）  ,备注                  ,资金状态     ,
            2026032622001	,A1	,2026-03-26 12:45:20 ,2026-03-26 12:45:27 ,2026-03-26 12:45:27 ,其他（包括阿里巴巴和外部商家）,即时到账交易         ,面馆  ,午餐  ,28.16   ,支出      ,交易成功    ,0.00     ,0.00     ,                    ,已支出      ,
            2026032722002	,A2	,2026-03-27 12:00:00 ,                    ,2026-03-27 12:00:00 ,淘宝              ,即时到账交易         ,店  ,茶  ,9.00   ,支出      ,等待付款    ,0.00     ,0.00     ,                    ,待支出      ,
            ------------------------------------------------------------------------------------
            共2笔记录
            已收入:0笔,0.00元
            待收入:0笔,0.00元
            已支出:1笔,28.16元
            待支出:1笔,9.00元
            导出时间:[2026-04-02 10:00:00]    用户:某人
            """
        let (summary, rows) = try readAll(.bytes(Archives.gbk(text), name: "alipay_record.csv"))
        #expect(summary.format == "alipay-personal" && summary.checks.count == 9 && summary.isConsistent)
        #expect(rows.map(\.amountMinor) == [-2816, -900] && rows.map(\.status) == [.succeeded, .pending])
        #expect(rows[1].time == nil)
        let wrong = text.replacing("已支出:1笔", with: "已支出:2笔")
        #expect(throws: StatementError.self) { try readAll(.bytes(Archives.gbk(wrong), name: "a.csv")) }
    }

    @Test("a workbook is read by its sheet, with shared strings, numbers and gaps")
    func workbook() throws {
        let sheet = """
            <worksheet xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"><sheetData>
            <row r="1"><c r="A1" t="s"><v>0</v></c></row>
            <row r="3"><c r="A3" t="inlineStr"><is><t>共1笔记录</t></is></c></row>
            <row r="4">\(["交易时间", "交易类型", "收/支", "金额(元)", "当前状态", "交易单号"].enumerated().map {
                "<c r=\"\(["A", "B", "C", "D", "E", "H"][$0.offset])4\" t=\"inlineStr\"><is><t>\($0.element)</t></is></c>"
            }.joined())</row>
            <row r="7"><c r="A7" t="inlineStr"><is><t>2026-03-26 12:45:27</t></is></c><c r="B7" t="s"><v>1</v></c>\
            <c r="C7" t="inlineStr"><is><t>支出</t></is></c><c r="D7"><v>548.58000000000004</v></c>\
            <c r="E7" t="inlineStr"><is><t>支付成功</t></is></c><c r="H7" t="inlineStr"><is><t>1001</t></is></c></row>
            </sheetData></worksheet>
            """
        let files = [
            (
                "xl/workbook.xml",
                "<workbook xmlns:r=\"r\"><sheets><sheet name=\"账单\" sheetId=\"1\" r:id=\"rId1\"/></sheets></workbook>"
            ),
            (
                "xl/_rels/workbook.xml.rels",
                "<Relationships><Relationship Id=\"rId1\" Target=\"worksheets/sheet1.xml\"/></Relationships>"
            ),
            ("xl/sharedStrings.xml", "<sst><si><t>微信支付账单明细</t></si><si><r><t>商户</t></r><r><t>消费</t></r></si></sst>"),
            ("xl/worksheets/sheet1.xml", sheet)
        ]
        let book = Archives.zip(files.map { (Array($0.0.utf8), Array($0.1.utf8)) })
        let (summary, rows) = try readAll(.bytes(book, name: "bill.xlsx"))
        #expect(summary.entry == "账单" && summary.format == "wechat-personal")
        #expect(rows.map(\.amountMinor) == [-54_858] && rows[0].line == 7 && rows[0].channelReference == "1001")
    }

    @Test("a long string that many cells name does not fill the memory")
    func workbookBomb() throws {
        let cells = (0..<400).map { _ in "<c t=\"s\"><v>0</v></c>" }.joined()
        let files = [
            (
                "xl/workbook.xml",
                "<workbook xmlns:r=\"r\"><sheets><sheet name=\"S\" sheetId=\"1\" r:id=\"rId1\"/></sheets></workbook>"
            ),
            (
                "xl/_rels/workbook.xml.rels",
                "<Relationships><Relationship Id=\"rId1\" Target=\"worksheets/sheet1.xml\"/></Relationships>"
            ),
            ("xl/sharedStrings.xml", "<sst><si><t>\(String(repeating: "x", count: 10_000))</t></si></sst>"),
            ("xl/worksheets/sheet1.xml", "<worksheet><sheetData><row>\(cells)</row></sheetData></worksheet>")
        ]
        let source = StatementSource.bytes(
            Archives.zip(files.map { (Array($0.0.utf8), Array($0.1.utf8)) }), name: "b.xlsx")
        #expect(#expect(throws: StatementError.self) { try readAll(source) }?.code == .limit)
        var options = ReadOptions()
        options.limits.maxWorkbookStringBytes = 5000
        #expect(#expect(throws: StatementError.self) { try readAll(source, options: options) }?.code == .limit)
    }
}
