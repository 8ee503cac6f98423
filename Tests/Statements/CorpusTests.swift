import Money
import Testing

@testable import Statements

/// Real files of WeChat and Alipay with what the corpus' own notes say of them.
@Suite("Corpus: WeChat and Alipay", .enabled(if: Corpus.isThere, "the corpus is not there"))
struct CorpusTests {
    private func read(_ path: String, refusing: Bool = true) throws -> (StatementSummary, [StatementRow]) {
        var rows: [StatementRow] = []
        var options = ReadOptions()
        options.refusesContradictions = refusing
        let summary = try Statements.read(Corpus.source(path), options: options) { rows.append($0) }
        return (summary, rows)
    }

    @Test(
        "a trade bill of each kind is what its trailer says",
        arguments: [
            ("wechat-merchant/gunsluo-ALL-b18b51eb.csv", "ALL", 3, Int64(3)),
            ("wechat-merchant/gunsluo-ALL-gzip.csv.gz", "ALL", 3, 3),
            ("wechat-merchant/gunsluo-REFUND-c7fd3b4f.csv", "REFUND", 2, -2),
            ("wechat-merchant/gunsluo-SUCCESS-29a7a45c.csv", "SUCCESS", 1, 1)
        ])
    func tradeBills(path: String, variant: String, count: Int, net: Int64) throws {
        let (summary, rows) = try read(path)
        #expect(summary.format == "wechat-trade")
        #expect(summary.variant == variant)
        #expect(rows.count == count && summary.rows == count)
        #expect(summary.totals.map(\.currency) == [.cny])
        #expect(summary.totals.first?.netMinor == net)
        #expect(summary.totals.first?.kinds[net < 0 ? .refund : .payment]?.rows == count)
        #expect(summary.checks.count >= 7 && summary.checks.allSatisfy(\.holds))
        #expect(summary.lines.total == count + 3)
    }

    @Test("a refund carries its own numbers and the payment's")
    func refund() throws {
        let (_, rows) = try read("wechat-merchant/gunsluo-REFUND-c7fd3b4f.csv")
        let refund = try #require(rows.first)
        #expect(refund.kind == .refund && refund.amountMinor == -1 && refund.status == .succeeded)
        #expect(refund.channelReference == "50300807172021020106006664916")
        #expect(refund.originalReference == "4200000844202101245866928772")
        #expect(refund.merchantReference == "S20210124161554311546")
        #expect(refund.merchantRefundReference == "S20210201143320649393")
        #expect(refund.time?.description == "2021-02-01T14:33:24+08:00")
        #expect(refund.line == 2)
    }

    @Test(
        "a personal export that was cut contradicts the count in its preamble",
        arguments: [
            ("wechat-personal/deg-wechat-example-wechat-records.csv", "43", "27"),
            ("wechat-personal/deg-wechat-example-wechat-records.xlsx", "10", "27"),
            ("alipay-personal/deg-alipay-example-alipay-records.csv", "66", "10")
        ])
    func personal(path: String, stated: String, found: String) throws {
        let error = #expect(throws: StatementError.self) { try read(path) }
        #expect(error?.code == .contradiction)
        #expect(error?.stated == stated && error?.found == found)
    }

    @Test("the rows of a contradicting export are read all the same when that is asked for")
    func personalTotals() throws {
        for path in ["records.csv", "records.xlsx"] {
            let (summary, rows) = try read("wechat-personal/deg-wechat-example-wechat-\(path)", refusing: false)
            #expect(rows.count == 27)
            #expect(summary.checks.first { $0.what == "支出" }?.found == "2904.53 CNY")
            #expect(summary.checks.first { $0.what == "收入" }?.found == "28.49 CNY")
            #expect(summary.checks.first { $0.what == "中性交易" }?.found == "26100.89 CNY")
            #expect(summary.checks.first { $0.what == "支出 笔数" }?.found == "11")
        }
        let (summary, _) = try read("alipay-personal/deg-alipay-example-alipay-records.csv", refusing: false)
        #expect(summary.encoding == "gb18030")
        #expect(summary.checks.first { $0.what == "支出" }?.found == "211.64 CNY")
        #expect(summary.checks.first { $0.what == "收入" }?.found == "222228.50 CNY")
        #expect(summary.checks.first { $0.what == "不计收支" }?.found == "247.37 CNY")
    }
}
