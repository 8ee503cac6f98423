import Testing

@testable import Channels

@Suite("Which day a file is of, by its name")
struct FileNamePatternTests {
    @Test(
        "a pattern finds the day in the names that are its own",
        arguments: [
            ("IND{yyMMdd}01ACOM", 0, "IND26112101ACOM", "2026-11-21"),
            ("*_{yyyy-MM-dd}.csv.gz", 0, "wx_bill_2026-11-21.csv.gz", "2026-11-21"),
            ("{dd}{MM}{yyyy}.txt", -1, "01112026.txt", "2026-10-31"),
            ("a*b*{yyyyMMdd}", 0, "aXbbY20261121", "2026-11-21")
        ])
    func days(pattern: String, offset: Int, name: String, day: String) throws {
        #expect(try FileNamePattern(pattern, offsetDays: offset).day(of: name) == day)
    }

    @Test(
        "a name of another pattern, or of no day of the calendar, is of no day",
        arguments: ["IND26112101ACOM.gz", "IND26132101ACOM", "IND26022901ACOM", "IN", "", "XIND26112101ACOM"])
    func strangers(name: String) throws {
        #expect(try FileNamePattern("IND{yyMMdd}01ACOM").day(of: name) == nil)
    }

    @Test("the name of a day is found again in its pattern")
    func roundTrip() throws {
        let pattern = try FileNamePattern("bank-{yyyyMMdd}.csv", offsetDays: -1)
        #expect(pattern.name(of: "2026-02-28") == "bank-20260301.csv")
        #expect(pattern.day(of: "bank-20260301.csv") == "2026-02-28")
        #expect(try FileNamePattern("*{yyyyMMdd}").name(of: "2026-02-28") == nil, "a star has no one name")
    }

    @Test(
        "a pattern that names no day, two days, a folder or nothing is refused",
        arguments: [
            "bill.csv", "{yyyy}{MM}.csv", "{yyyyMMdd}{yyyyMMdd}", "in/{yyyyMMdd}", "", "{yyyyMMdd",
            "*a*b*c*d*e{yyyyMMdd}"
        ])
    func refused(pattern: String) {
        #expect(throws: FileNamePattern.Refusal.self) { try FileNamePattern(pattern) }
    }

    @Test("a long name of many equal letters is answered at once")
    func bounded() throws {
        let pattern = try FileNamePattern("*a*a{yyyyMMdd}")
        let started = ContinuousClock.now
        #expect(pattern.day(of: String(repeating: "a", count: 199)) == nil)
        #expect(pattern.day(of: String(repeating: "a", count: 5_000)) == nil)
        #expect(ContinuousClock.now - started < .seconds(5))
    }

    @Test("without a pattern any day in the name counts")
    func anyName() {
        #expect(FileNamePattern.dayOf(anyName: "alipay_20261121_1.zip") == "2026-11-21")
        #expect(FileNamePattern.dayOf(anyName: "b-2026-11-21.csv") == "2026-11-21")
        #expect(FileNamePattern.dayOf(anyName: "statement.csv") == nil)
    }
}
