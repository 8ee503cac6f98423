@testable import Matching

/// 2026-11-20, a Friday: the business day of most tests.
let friday = CivilDay(2026, 11, 20)

extension CivilDay {
    /// A day that exists, for tests.
    init(_ year: Int, _ month: Int, _ day: Int) {
        guard let made = CivilDay(year: year, month: month, day: day) else {
            preconditionFailure("a test names a day that does not exist")
        }
        self = made
    }

    /// Seconds since 1970 at a time of this day in UTC.
    func at(_ hour: Int64, _ minute: Int64 = 0, _ second: Int64 = 0) -> Int64 {
        Int64(number) * 86_400 + hour * 3_600 + minute * 60 + second
    }
}

/// A line in euros on Friday; what a test does not name does not matter to it.
func line(
    _ id: Int64, _ key: String = "", _ amountMinor: Int64 = 1_000, channel: String? = nil, _ currency: String = "EUR",
    fee: Int64? = nil, status: MatchStatus = .succeeded, kind: MatchKind = .payment, day: CivilDay? = friday,
    time: Int64? = nil, batch: String = ""
) -> MatchRow {
    MatchRow(
        id: id, keys: channel.map { [key, $0] } ?? [key], currency: currency, amountMinor: amountMinor, feeMinor: fee,
        status: status, kind: kind, day: day?.number, time: time, batch: batch)
}

/// A finding in short, for comparisons: its class and the lines of both sides.
struct Outcome: Hashable, CustomStringConvertible {
    var matchClass: MatchClass
    var ours: [Int64]
    var theirs: [Int64]

    init(_ matchClass: MatchClass, _ ours: [Int64], _ theirs: [Int64]) {
        self.matchClass = matchClass
        self.ours = ours
        self.theirs = theirs
    }

    init(_ finding: MatchFinding) {
        self.init(finding.matchClass, finding.ours, finding.theirs)
    }

    var description: String { "\(matchClass.code) \(ours)/\(theirs)" }
}

extension MatchResult {
    var outcomes: [Outcome] { findings.map(Outcome.init) }
}

/// What went in must come out once: on every result of every test that matches.
func isComplete(_ result: MatchResult, ours: [MatchRow], theirs: [MatchRow]) -> Bool {
    result.findings.flatMap(\.ours).sorted() == ours.map(\.id).sorted()
        && result.findings.flatMap(\.theirs).sorted() == theirs.map(\.id).sorted()
}
