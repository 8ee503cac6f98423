import Money
import Testing

@testable import Statements

@Suite("Stripe reports")
struct StripeTests {
    private let header =
        "balance_transaction_id,created_utc,available_on_utc,currency,gross,fee,net,reporting_category,source_id,"
        + "description,charge_id,payment_metadata[order_id],automatic_payout_id"

    @Test("lines of a reconciliation report become rows by the names of their columns")
    func reads() throws {
        let file = TableFile(
            header: header,
            lines: [
                "txn_1,2026-03-01 10:00:00,2026-03-03 00:00:00,usd,100.00,3.20,96.80,charge,ch_1,\"Sale, one\",ch_1,ORDER-1,po_1",
                "txn_2,2026-03-01 11:00:00,2026-03-03 00:00:00,usd,-40.00,0.00,-40.00,refund,re_1,,ch_1,ORDER-1,po_1",
                "txn_3,2026-03-02 00:00:00,2026-03-02 00:00:00,usd,-56.80,0.00,-56.80,payout,po_1,,,,po_1"
            ])
        let (summary, rows) = try file.read()
        #expect(summary.format == "stripe" && summary.variant == "payout_reconciliation")
        #expect(rows.map(\.kind) == [.payment, .refund, .payout])
        #expect(rows.map(\.netMinor) == [9_680, -4_000, -5_680])
        #expect(rows[0].feeMinor == 320 && rows[0].merchantReference == "ORDER-1" && rows[0].channelReference == "ch_1")
        #expect(rows[1].originalReference == "ch_1")
        #expect(rows[0].time?.description == "2026-03-01T10:00:00Z")
        #expect(rows[0].valueDate == CivilDate(year: 2026, month: 3, day: 3))
    }

    @Test("columns may come in any order and selection; a local time has the zone that is given")
    func selection() throws {
        let file = TableFile(
            header: "net,gross,currency,created,balance_transaction_id",
            lines: ["\"90,5\",\"100,0\",eur,2026-03-01 10:00:00,txn_1"])
        let row = try #require(try file.read { $0.offsetSeconds = 3_600 }.rows.first)
        #expect(row.amountMinor == 10_000 && row.feeMinor == 950)
        #expect(row.time?.description == "2026-03-01T10:00:00+01:00")
        #expect(try file.read().rows.first?.time?.offsetSeconds == nil)
    }

    @Test(
        "amounts are major units of their currency",
        arguments: [
            ("jpy", "1500", 1_500), ("kwd", "1.234", 1_234), ("eur", "12.5", 1_250), ("usd", "\"1,234.50\"", 123_450),
            ("eur", "\"1.234,50\"", 123_450)
        ])
    func currencies(code: String, amount: String, minor: Int64) throws {
        let file = TableFile(
            header: "balance_transaction_id,currency,gross,fee,net", lines: ["txn_1,\(code),\(amount),0,\(amount)"])
        #expect(try file.read().rows.map(\.amountMinor) == [minor])
    }

    @Test(
        "a line whose net is not gross less fee, or that is shifted, is rejected",
        arguments: [
            "txn_1,usd,10.00,1.00,9.01", "txn_1,usd,10.00,1.00", "txn_1,usd,10.00,1.00,9.00,7", "txn_1,xyz,1,0,1",
            "txn_1,usd,10.001,0,10.001"
        ])
    func rejected(line: String) throws {
        let file = TableFile(header: "balance_transaction_id,currency,gross,fee,net", lines: [line])
        let error = #expect(throws: StatementError.self) { try file.read() }
        #expect(error?.code == .tooManyRejected)
        #expect(try file.read(maxRejected: 1).summary.rejectedCount == 1)
    }

    @Test("the balance history of the dashboard is read, too")
    func history() throws {
        let file = TableFile(
            header: "id,Type,Source,Amount,Fee,Net,Currency,Created (UTC),Available On (UTC),Description",
            lines: ["txn_1,charge,ch_1,10.00,0.50,9.50,usd,2026-03-01 10:00,2026-03-03 00:00,x"])
        let row = try #require(try file.read().rows.first)
        #expect(row.netMinor == 950 && row.kind == .payment && row.time?.description == "2026-03-01T10:00:00Z")
    }
}
