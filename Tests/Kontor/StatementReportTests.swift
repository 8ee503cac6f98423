import Foundation
import Statements
import Testing

@testable import kontor

@Suite("kontor statement inspect") struct StatementReportTests {
    private func report(
        trailer: String = "`1,`1,`100.00,`0,`0.00", rows: Int = 5, profile: String? = nil, maxRejected: Int = 0
    ) throws -> StatementReport {
        let text = """
            记账时间,微信支付业务单号,资金流水单号,业务名称,业务类型,收支类型,收支金额(元),账户结余(元),资金变更提交申请人,备注,业务凭证号
            `2026-03-01 09:00:00,`4200A,`F1,`交易,`交易,`收入,`100.00,`1100.00,`sys,`,`A1
            资金流水总笔数,收入笔数,收入金额,支出笔数,支出金额
            \(trailer)
            """
        let folder = FileManager.default.temporaryDirectory.appendingPathComponent(UUID().uuidString)
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        defer { try? FileManager.default.removeItem(at: folder) }
        let file = folder.appendingPathComponent("flow.csv")
        try Data(text.utf8).write(to: file)
        var options = ReadOptions(limits: ReadLimits(maxRejected: maxRejected))
        options.refusesContradictions = false
        return try StatementReport.read(file.path, format: nil, profile: profile, options: options, shownRows: rows)
    }

    @Test("a file that ties is ok, with its totals, balances, checks and first rows")
    func ties() throws {
        let report = try report()
        #expect(report.verdict == .ok && report.error == nil)
        #expect(report.format == "wechat-fundflow" && report.rows == 1)
        #expect(report.totals.first?.net == "100.00" && report.totals.first?.kinds["payment"]?.rows == 1)
        #expect(report.balances.map(\.amount) == ["1000.00", "1100.00"])
        #expect(report.checks.count == 6 && report.checks.allSatisfy { $0.outcome == "holds" })
        #expect(report.firstRows.first?.merchantReference == "A1")
        #expect(try self.report(rows: 0).firstRows.isEmpty)
    }

    @Test("a contradiction is shown with both figures beside everything else")
    func contradicts() throws {
        let report = try report(trailer: "`1,`1,`100.01,`0,`0.00")
        #expect(report.verdict == .mismatch && report.rows == 1)
        #expect(report.error?.stated == "100.01" && report.error?.found == "100.00" && report.error?.line == 4)
        #expect(report.checks.contains { $0.what == "收入金额" && $0.outcome == "fails" })
    }

    @Test("a file that is cut is malformed, one that cannot be opened is refused")
    func refused() throws {
        #expect(try report(trailer: "").verdict == .malformed)
        let absent = try StatementReport.read(
            "/nowhere/at/all.csv", format: nil, profile: nil, options: ReadOptions(), shownRows: 1)
        #expect(absent.verdict == .refused && absent.error?.code == "unreadable")
    }

    @Test("the document for programs names money as text and keys with underscores")
    func document() throws {
        let data = try JSONEncoder().encode(try report())
        let document = try #require(try JSONSerialization.jsonObject(with: data) as? [String: Any])
        let row = try #require((document["first_rows"] as? [[String: Any]])?.first)
        #expect(row["amount"] as? String == "100.00" && row["channel_reference"] as? String == "4200A")
        #expect(document["verdict"] as? String == "ok" && document["rejected_count"] as? Int == 0)
    }
}
