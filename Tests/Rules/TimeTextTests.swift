import Testing

@testable import Rules

@Suite("Texts of times") struct TimeTextTests {
    @Test(
        "a timestamp is read as RFC 3339 and written back in UTC",
        arguments: [
            ("2009-02-13T23:31:30Z", "2009-02-13T23:31:30Z"),
            ("2009-02-14T00:31:30+01:00", "2009-02-13T23:31:30Z"),
            ("2009-02-13T20:01:30.500-03:30", "2009-02-13T23:31:30.5Z"),
            ("9999-12-31T23:59:59.999999999Z", "9999-12-31T23:59:59.999999999Z"),
            ("0001-01-01T00:00:00Z", "0001-01-01T00:00:00Z"), ("1969-12-31T23:59:59.25Z", "1969-12-31T23:59:59.25Z"),
            ("2000-02-29T12:00:00Z", "2000-02-29T12:00:00Z"), ("1900-03-01T00:00:00z", "1900-03-01T00:00:00Z")
        ])
    func timestamps(_ text: String, _ written: String) throws {
        #expect(try Timestamp(parsing: text).text == written)
    }

    @Test(
        "what is no timestamp, or lies outside the years 1 to 9999, is refused",
        arguments: [
            "", "2009-02-13", "2009-02-13T23:31:30", "2009-02-13 23:31:30Z", "2009-02-29T00:00:00Z",
            "1900-02-29T00:00:00Z", "2009-13-01T00:00:00Z", "2009-02-13T24:00:00Z", "2009-02-13T23:60:00Z",
            "2009-02-13T23:31:60Z", "2009-02-13T23:31:30+0100", "2009-02-13T23:31:30+24:00", "2009-02-13T23:31:30.Z",
            "0000-01-01T00:00:00Z", "10000-01-01T00:00:00Z", "0001-01-01T00:00:00+01:00", "9999-12-31T23:59:59-00:01",
            "2009-02-13T23:31:30Zx", "٢٠٠٩-02-13T23:31:30Z"
        ])
    func refusedTimestamps(_ text: String) {
        #expect(throws: EvaluationError.self) { try Timestamp(parsing: text) }
    }

    @Test(
        "a duration is read with units and written in seconds",
        arguments: [
            ("1h30m1.5s", "5401.5s"), ("-1500ms", "-1.5s"), ("0", "0s"), ("+5s", "5s"), ("-.5s", "-0.5s"),
            ("1us1ns", "0.000001001s"), ("1µs", "0.000001s"), ("2μs", "0.000002s"), ("1.s", "1s"),
            ("0.0000000019s", "0.000000001s"), ("-999999999ns", "-0.999999999s"), ("10000s", "10000s"), ("0h", "0s"),
            ("315576000000s", "315576000000s"), ("0.1h", "360s")
        ])
    func durations(_ text: String, _ written: String) throws {
        #expect(try Duration(parsing: text).text == written)
    }

    @Test(
        "what is no duration, or lies beyond ten thousand years, is refused",
        arguments: [
            "", "1", "1.5", "s", ".s", "1d", "1 s", "--1s", "+-1s", "1h-1m", "-", "1x", "0x1s", "320000000000s",
            "-320000000000s", "99999999999999999999999999999h", "00", "1u"
        ])
    func refusedDurations(_ text: String) {
        #expect(throws: EvaluationError.self) { try Duration(parsing: text) }
    }

    @Test("a time zone shifts the clock by name or by offset")
    func zones() throws {
        let moment: Int64 = 1_234_567_890  // 2009-02-13T23:31:30Z
        #expect(try TimeZones.offset(of: "Australia/Sydney", at: moment) == 11 * 3_600)
        #expect(try TimeZones.offset(of: "US/Central", at: moment) == -6 * 3_600)
        #expect(try TimeZones.offset(of: "Asia/Kathmandu", at: moment) == 5 * 3_600 + 45 * 60)
        #expect(try TimeZones.offset(of: "America/St_Johns", at: moment) == -(3 * 3_600 + 30 * 60))
        #expect(try TimeZones.offset(of: "Europe/Berlin", at: moment + 86_400 * 180) == 2 * 3_600)
        #expect(try TimeZones.offset(of: "UTC", at: moment) == 0)
        #expect(try TimeZones.offset(of: "EST", at: moment) == -5 * 3_600)
        #expect(try TimeZones.offset(of: "02:00", at: moment) == 7_200)
        #expect(try TimeZones.offset(of: "-02:30", at: moment) == -9_000)
        #expect(try TimeZones.offset(of: "+11:00", at: moment) == 39_600)
        #expect(try TimeZones.offset(of: "-00:00", at: moment) == 0)
        for unknown in ["Nowhere/X", "Local", "utc", "+25:00", "+2", "GMT+99", "../etc/passwd", "12:60"] {
            #expect(throws: EvaluationError.self) { try TimeZones.offset(of: unknown, at: moment) }
        }
    }

    @Test("days are counted right over four centuries")
    func civilDates() {
        var date = CivilDate(year: 1799, month: 12, day: 31)
        var count = date.daysSince1970
        while date.year < 2201 {
            let next = CivilDate(daysSince1970: count + 1)
            let isNewMonth = date.day == CivilDate.days(in: date.month, of: date.year)
            #expect(next.day == (isNewMonth ? 1 : date.day + 1))
            #expect(next.dayOfWeek == (date.dayOfWeek + 1) % 7)
            #expect(next.daysSince1970 == count + 1)
            date = next
            count += 1
        }
        #expect(CivilDate(year: 2000, month: 1, day: 1).dayOfWeek == 6)
        #expect(CivilDate(year: 2024, month: 12, day: 31).dayOfYear == 365)
    }
}
