import Money
import Testing

@testable import Statements

@Suite("WeChat fund flow") struct WeChatFundFlowTests {
    private func bill(brackets: (String, String) = ("(", ")"), order: [Int] = [0, 1, 2, 3], trailer: String? = nil)
        -> String
    {
        let (open, close) = brackets
        let rows = [
            "`2026-03-01 09:00:00,`4200A,`F1,`交易,`交易,`收入,`100.00,`1100.00,`sys,`,`A1",
            "`2026-03-01 09:00:00,`4200A,`F2,`交易,`扣除交易手续费,`支出,`0.60,`1099.40,`sys,`,`A1",
            "`2026-03-01 11:00:00,`5030R,`F3,`退款,`退款,`支出,`9.94,`1089.46,`1601API,`退款总金额10.00元;含手续费0.06元,`R1",
            "`2026-03-01 18:00:00,`6000W,`F4,`提现,`提现,`支出,`1000.00,`89.46,`admin,`,`W1"
        ]
        let header =
            "记账时间,微信支付业务单号,资金流水单号,业务名称,业务类型,收支类型,收支金额\(open)元\(close),账户结余\(open)元\(close),资金变更提交申请人,备注,业务凭证号"
        let lines =
            [header] + order.map { rows[$0] }
            + ["资金流水总笔数,收入笔数,收入金额,支出笔数,支出金额", trailer ?? "`4,`1,`100.00,`3,`1010.54"]
        return lines.joined(separator: "\n") + "\n"
    }

    @Test("movements have their kind, the balance runs, the trailer ties; brackets of either width")
    func day() throws {
        for brackets in [("(", ")"), ("（", "）")] {
            let (summary, rows) = try readAll(bill(brackets: brackets))
            #expect(summary.format == "wechat-fundflow")
            #expect(rows.map(\.kind) == [.payment, .fee, .refund, .payout])
            #expect(rows.map(\.amountMinor) == [10_000, -60, -994, -100_000])
            #expect(rows.map(\.merchantReference) == ["A1", "A1", "R1", "W1"])
            #expect(summary.checks.count == 6 && summary.checks.allSatisfy(\.holds))
            #expect(summary.balances.map(\.minor) == [100_000, 8946])
        }
    }

    @Test(
        "a file may run backwards, and lines of one second may stand in any order",
        arguments: [
            [3, 2, 1, 0], [1, 0, 2, 3], [2, 0, 3, 1]
        ])
    func orders(order: [Int]) throws {
        let (summary, _) = try readAll(bill(order: order))
        #expect(summary.balances.map(\.minor) == [100_000, 8946])
    }

    @Test("a balance that does not follow refuses the file with both figures and the line")
    func brokenBalance() throws {
        let error = #expect(throws: StatementError.self) {
            try readAll(bill().replacing("`1089.46", with: "`1089.45"))
        }
        #expect(error?.code == .contradiction && error?.line == 4)
        #expect(error?.stated == "1089.45 CNY" && error?.found == "1089.46 CNY")
    }

    @Test(
        "a trailer that contradicts the rows is refused",
        arguments: [
            "`5,`1,`100.00,`3,`1010.54", "`4,`2,`100.00,`3,`1010.54", "`4,`1,`100.01,`3,`1010.54",
            "`4,`1,`100.00,`4,`1010.54", "`4,`1,`100.00,`3,`1010.50"
        ])
    func wrongTrailer(trailer: String) throws {
        let error = #expect(throws: StatementError.self) { try readAll(bill(trailer: trailer)) }
        #expect(error?.code == .contradiction)
    }

    @Test("a line that was taken out is missed by the trailer and by the balance")
    func lostLine() throws {
        let error = #expect(throws: StatementError.self) { try readAll(bill(order: [0, 2, 3])) }
        #expect(error?.code == .contradiction && error?.stated == "4" && error?.found == "3")
        let balance = #expect(throws: StatementError.self) {
            try readAll(bill(order: [0, 2, 3], trailer: "`3,`1,`100.00,`2,`1009.94"))
        }
        #expect(balance?.message.contains("账户结余") == true)
    }

    @Test("a direction that is neither is a bad line")
    func direction() throws {
        let error = #expect(throws: StatementError.self) { try readAll(bill().replacing("`收入,", with: "`入,")) }
        #expect(error?.rejected.first?.field == "收支类型" && error?.line == 2)
    }
}
