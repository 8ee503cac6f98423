import Money
import Testing

@testable import Statements

@Suite("Card reports of the corpus", .enabled(if: Corpus.isThere, "the corpus is not beside the checkout"))
struct CardCorpusTests {
    private func read(_ path: String) throws -> (summary: StatementSummary, rows: [StatementRow], expected: JSON) {
        let folder = String(path.prefix { $0 != "/" })
        let expected = try #require(Corpus.expected(in: folder).first { $0.path == path }?.expected)
        var rows: [StatementRow] = []
        let summary = try Statements.read(Corpus.source(path)) { rows.append($0) }
        return (summary, rows, expected)
    }

    private func minor(_ json: JSON?, _ currency: Currency = .usd) throws -> Int64 {
        try FieldText.decimal(FieldText.bytes(try #require(json?.string))).minor(currency)
    }

    @Test("the Adyen batch adds up to its payout, and every sum is that of the corpus")
    func adyen() throws {
        let (summary, rows, expected) = try read("adyen/oca-13.0-adyen-settlement_detail_report_batch_380.csv")
        #expect(summary.format == "adyen-settlement")
        #expect(rows.count == expected["rows"]?.int)
        for (type, count) in expected["types"]?.members ?? [:] {
            #expect(rows.count { $0.rawStatus == type } == count.int)
        }
        let nets = rows.map(\.netMinor)
        #expect(nets.filter { $0 > 0 }.reduce(0, +) == (try minor(expected["net_credit"])))
        #expect(nets.filter { $0 < 0 }.reduce(0, -) == (try minor(expected["net_debit"])))
        let payout = rows.filter { $0.kind == .payout }
        #expect(payout.reduce(0) { $0 - $1.amountMinor } == (try minor(expected["payout"])))
        let business = rows.filter { [.payment, .refund, .chargeback].contains($0.kind) }
        #expect(
            business.reduce(0) { $0 + $1.amountMinor } == (try minor(expected["gross_of_sales_refunds_chargebacks"])))
        let fees = ["Commission (NC)", "Markup (NC)", "Scheme Fees (NC)", "Interchange (NC)"]
        #expect(rows.reduce(0) { $0 + $1.feeMinor } == (try fees.reduce(0) { $0 + (try minor(expected[$1])) }))
        #expect(summary.checks.map(\.holds) == [true])
        let refund = try #require(rows.first { $0.kind == .refund })
        #expect(refund.originalReference == "4646080478327021" && refund.channelReference == "4346098382059723")
        #expect(rows[0].time?.description == "2021-01-05T00:21:32+01:00")
    }

    @Test("the PayPal download has the sums of the corpus, and its days are read the right way round")
    func payPal() throws {
        let (summary, rows, expected) = try read("paypal/oca-15.0-paypal-activity_en.csv")
        #expect(summary.format == "paypal-activity")
        #expect(rows.count == expected["rows"]?.int)
        for (code, sums) in expected["by_currency"]?.members ?? [:] {
            let currency = try Currency(code: code)
            let own = rows.filter { $0.currency == currency }
            #expect(own.count == sums[0]?.int)
            #expect(own.reduce(0) { $0 + $1.amountMinor } == (try minor(sums[1], currency)))
            #expect(own.reduce(0) { $0 - $1.feeMinor } == (try minor(sums[2], currency)))
            #expect(own.reduce(0) { $0 + $1.netMinor } == (try minor(sums[3], currency)))
        }
        #expect(rows[0].time?.description == "2015-12-29T07:45:51-08:00")
        #expect(rows[1].time?.date == CivilDate(year: 2016, month: 2, day: 12))
        #expect(rows[1].kind == .fx && rows[1].originalReference == "TID3")
        #expect(rows.first { $0.channelReference == "TID11" }?.status == .pending)
        #expect(rows.first { $0.channelReference == "TID11" }?.kind == .payout)
    }

    @Test("the UnionPay file has the totals of the corpus")
    func unionPay() throws {
        let (summary, rows, expected) = try read("unionpay/INN26030100ZM_777290058110048-SYNTHETIC.txt")
        #expect(summary.format == "unionpay-zm")
        #expect(rows.count == expected["rows"]?.int)
        let payments = rows.filter { $0.kind == .payment }
        #expect(payments.count == expected["payments"]?[0]?.int)
        #expect(payments.reduce(0) { $0 + $1.amountMinor } == Int64(expected["payments"]?[1]?.int ?? 0))
        let refunds = rows.filter { $0.kind == .refund }
        #expect(refunds.count == expected["refunds"]?[0]?.int)
        #expect(refunds.reduce(0) { $0 - $1.amountMinor } == Int64(expected["refunds"]?[1]?.int ?? 0))
        #expect(rows.reduce(0) { $0 - $1.feeMinor } == Int64(expected["fees_minor"]?.int ?? 0))
        #expect(rows.reduce(0) { $0 + $1.netMinor } == Int64(expected["settlement_minor"]?.int ?? 0))
        #expect(rows[3].originalReference == "202603010900010000001" && rows[3].merchantReference == "RFD20260301001")
        #expect(rows[0].time?.description == "2026-03-01T09:00:01+08:00")
        #expect(rows[2].description == "银联测试" || rows[2].description.isEmpty)
        #expect(summary.accounts == ["777290058110048"])
        #expect(summary.period?.from.description == "2026-02-28T23:00:00+08:00")
    }
}
