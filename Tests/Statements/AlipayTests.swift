import Money
import Testing

@testable import Statements

@Suite("Alipay bills") struct AlipayTests {
    /// Business details of two trades and a refund, as the archive of a day holds them.
    private func business(
        brackets: (String, String) = ("（", "）"), totals: [String]? = nil, isCut: Bool = false, tabs: String = "\t"
    ) -> String {
        let (open, close) = brackets
        let header = [
            "支付宝交易号", "商户订单号", "业务类型", "商品名称", "创建时间", "完成时间", "门店编号", "门店名称", "操作员", "终端号", "对方账户", "订单金额（元）",
            "商家实收（元）", "支付宝红包（元）", "集分宝（元）", "支付宝优惠（元）", "商家优惠（元）", "券核销金额（元）", "券名称", "商家红包消费金额（元）", "卡消费金额（元）",
            "退款批次号/请求号", "服务费（元）", "分润（元）", "备注"
        ].joined(separator: ",").replacing("（", with: open).replacing("）", with: close)
        func row(
            _ id: String, _ order: String, _ type: String, _ gross: String, _ net: String, _ discount: String,
            _ request: String, _ fee: String
        ) -> String {
            "\(id)\(tabs),\(order)\(tabs),\(type)\(tabs),茶,2026-03-01 10:00:00,2026-03-01 10:00:05,\(tabs),\(tabs),\(tabs),\(tabs),*三(1**@x.cn)\(tabs),"
                + "\(gross),\(net),0.00,0.00,0.00,\(discount),0.00,,0.00\(tabs),0.00,\(request)\(tabs),\(fee),0.00,"
        }
        var lines = [
            "#支付宝业务明细查询", "#账号：[20880000000000000156]", "#起始日期：[2026年03月01日 00:00:00]   终止日期：[2026年03月02日 00:00:00]",
            "#-----------------------------------------业务明细列表----------------------------------------", header,
            row("2026030122001", "A1", "交易", "100.00", "95.00", "5.00", "", "-0.57"),
            row("2026030122002", "A2", "交易", "0.10", "0.10", "0.00", "", "0.00"),
            row("2026030122001", "A1", "退款", "-10.00", "-10.00", "0.00", "R1", "0.06")
        ]
        if !isCut {
            lines.append("#-----------------------------------------业务明细列表结束------------------------------------")
            lines += totals ?? ["#交易合计：2笔，商家实收共95.10元，商家优惠共5.00元", "#退款合计：1笔，商家实收退款共-10.00元，商家优惠退款共0.00元"]
            lines.append("#导出时间：[2026年03月02日 05:46:49]")
        }
        return lines.joined(separator: "\n") + "\n"
    }

    private func summary(net: String = "84.59", trades: String = "2") -> String {
        """
        #支付宝业务汇总查询
        #账号：[20880000000000000156]
        #-----------------------------------------业务汇总列表----------------------------------------
        门店编号,门店名称,交易订单总笔数,退款订单总笔数,订单金额（元）,商家实收（元）,支付宝优惠（元）,商家优惠（元）,卡消费金额（元）,服务费（元）,分润（元）,实收净额（元）
        合计\t,\t,\(trades)\t,1\t,90.10,85.10,0.00,5.00,0.00,-0.51,0.00,\(net)
        #----------------------------------------业务汇总列表结束-------------------------------------
        """
    }

    private func archive(_ details: String, _ summary: String) -> StatementSource {
        let stem = "20880000000000000156_20260301_业务明细"
        return .bytes(
            Archives.zip([
                (Archives.gbk(stem + ".csv"), Archives.gbk(details)),
                (Archives.gbk(stem + "(汇总).csv"), Archives.gbk(summary))
            ]), name: "bill.zip")
    }

    @Test("an archive with names and content in GBK is read in place, the summary beside the details ties")
    func archive() throws {
        let (summary, rows) = try readAll(archive(business(), summary()))
        #expect(summary.format == "alipay-business" && summary.encoding == "gb18030")
        #expect(summary.entry == "20880000000000000156_20260301_业务明细.csv")
        #expect(summary.accounts == ["20880000000000000156"])
        #expect(rows.map(\.kind) == [.payment, .payment, .refund])
        #expect(rows.map(\.amountMinor) == [9500, 10, -1000])
        #expect(rows.map(\.feeMinor) == [57, 0, -6])
        #expect(rows[2].merchantRefundReference == "R1" && rows[2].originalReference == "2026030122001")
        #expect(rows[0].channelReference == "2026030122001" && rows[0].merchantReference == "A1")
        #expect(rows[0].time?.description == "2026-03-01T10:00:05+08:00")
        #expect(summary.period?.from.description == "2026-03-01T00:00:00+08:00")
        #expect(summary.checks.contains { $0.what == "汇总 实收净额(元)" && $0.holds })
        #expect(summary.checks.count == 11)
        #expect(summary.lines.total == 12)
    }

    @Test("a summary that contradicts the details refuses the archive")
    func wrongSummary() throws {
        let net = #expect(throws: StatementError.self) { try readAll(archive(business(), summary(net: "84.60"))) }
        #expect(net?.code == .contradiction && net?.stated == "84.60 CNY" && net?.found == "84.59 CNY")
        let count = #expect(throws: StatementError.self) { try readAll(archive(business(), summary(trades: "3"))) }
        #expect(count?.code == .contradiction && count?.stated == "3" && count?.found == "2")
    }

    @Test("brackets of either width, with tabs behind the values or without, in UTF-8 or GBK")
    func spellings() throws {
        for brackets in [("（", "）"), ("(", ")")] {
            for tabs in ["\t", "", "\t\t "] {
                let text = business(brackets: brackets, tabs: tabs)
                #expect(try readAll(text).rows.map(\.amountMinor) == [9500, 10, -1000])
                let gbk = try readAll(.bytes(Archives.gbk(text), name: "业务明细.csv"))
                #expect(gbk.rows.map(\.merchantReference) == ["A1", "A2", "A1"])
            }
        }
    }

    @Test(
        "totals behind the list that contradict the rows refuse the file",
        arguments: [
            ["#交易合计：3笔，商家实收共95.10元，商家优惠共5.00元", "#退款合计：1笔，商家实收退款共-10.00元，商家优惠退款共0.00元"],
            ["#交易合计：2笔，商家实收共95.11元，商家优惠共5.00元", "#退款合计：1笔，商家实收退款共-10.00元，商家优惠退款共0.00元"],
            ["#交易合计：2笔，商家实收共95.10元，商家优惠共5.00元", "#退款合计：1笔，商家实收退款共-9.00元，商家优惠退款共0.00元"],
            ["#交易合计：2笔，商家实收共95.10元，商家优惠共6.00元", "#退款合计：1笔，商家实收退款共-10.00元，商家优惠退款共0.00元"]
        ])
    func wrongTotals(totals: [String]) throws {
        let error = #expect(throws: StatementError.self) { try readAll(business(totals: totals)) }
        #expect(error?.code == .contradiction)
    }

    @Test("a file without its end mark or its totals is not complete")
    func cut() throws {
        #expect(#expect(throws: StatementError.self) { try readAll(business(isCut: true)) }?.code == .truncated)
        #expect(#expect(throws: StatementError.self) { try readAll(business(totals: [])) }?.code == .truncated)
        let tradesOnly = ["#交易合计：2笔，商家实收共95.10元，商家优惠共5.00元"]
        #expect(#expect(throws: StatementError.self) { try readAll(business(totals: tradesOnly)) }?.code == .truncated)
    }

    private func account(_ rows: [String], totals: [String]) -> String {
        ([
            "#支付宝账务明细查询", "#账号：[20880000000000000156]", "#起始日期：[2026年03月01日 00:00:00]   终止日期：[2026年03月02日 00:00:00]",
            "#----账务明细列表----", "账务流水号,业务流水号,商户订单号,商品名称,发生时间,对方账号,收入金额（+元）,支出金额（-元）,账户余额（元）,交易渠道,业务类型,备注"
        ] + rows + ["#----账务明细列表结束----"] + totals + ["#导出时间：[2026年03月02日 05:00:00]"]).joined(separator: "\n")
    }

    private let movements = [
        "1\t,T1\t,A1\t,茶\t,2026-03-01 21:02:06,甲\t,100.00,0.00,600.00,支付宝,交易付款,",
        "2\t,T1\t,A1\t,茶\t,2026-03-01 21:02:06,甲\t,0.00,-0.60,599.40,支付宝,收费,",
        "3\t,T0\t,A0\t,茶\t,2026-03-01 22:00:00,乙\t,0.00,-9.40,590.00,支付宝,交易退款,",
        "4\t,W1\t,\t,提现\t,2026-03-01 23:00:00,\t,,-500.00,90.00,支付宝,提现,"
    ]
    private let totals = ["#支出合计：3笔，共510.00元", "#收入合计：1笔，共100.00元"]

    @Test("account details: kinds, totals and the running balance, forwards and backwards")
    func accountDetails() throws {
        for rows in [movements, movements.reversed()] {
            let (summary, read) = try readAll(.bytes(Archives.gbk(account(rows, totals: totals)), name: "账务明细.csv"))
            #expect(summary.format == "alipay-account" && summary.isConsistent)
            #expect(Set(read.map(\.kind)) == [.payment, .fee, .refund, .payout])
            #expect(read.map(\.amountMinor).reduce(0, +) == -41_000)
            #expect(summary.balances.map(\.minor) == [50_000, 9000])
        }
        let minus = ["#支出合计：3笔，共-510.00元", "#收入合计：1笔，共100.00元"]
        #expect(try readAll(account(movements, totals: minus)).rows.count == 4)
    }

    @Test("account details that contradict themselves are refused")
    func accountContradictions() throws {
        let broken = movements.map { $0.replacing("590.00", with: "590.01") }
        let error = #expect(throws: StatementError.self) { try readAll(account(broken, totals: totals)) }
        #expect(error?.code == .contradiction && error?.message.contains("账户余额") == true)
        let few = #expect(throws: StatementError.self) {
            try readAll(account(movements, totals: ["#支出合计：2笔，共510.00元", totals[1]]))
        }
        #expect(few?.stated == "2" && few?.found == "3")
        #expect(throws: StatementError.self) { try readAll(account(movements, totals: [totals[0]])) }
    }

    @Test("a line with an income and an expense is a bad line")
    func twoWays() throws {
        let rows = ["1\t,T1\t,A1\t,茶\t,2026-03-01 21:02:06,甲\t,100.00,-1.00,600.00,支付宝,交易付款,"]
        let error = #expect(throws: StatementError.self) { try readAll(account(rows, totals: totals)) }
        #expect(error?.code == .tooManyRejected && error?.line == 6)
    }
}
