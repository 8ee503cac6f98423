import Foundation
import Testing

@testable import Matching

/// The fixture does every job by a sketch and by entries and compares both, so all tests of files are tests of it too.
@Suite("Difference sketch") struct SketchTests {
    private func text(_ lines: [(key: String, amount: Int)]) -> String {
        FileFixture.header + lines.map { "\($0.key),\($0.amount).00,CNY,paid\n" }.joined()
    }

    private func lines(_ keys: Range<Int>) -> [(key: String, amount: Int)] {
        keys.map { ("ORDER-\($0)", $0 % 977 + 1) }
    }

    @Test("a few differences among many lines are read from the sketch")
    func few() throws {
        let files = try FileFixture()
        var theirs = lines(3..<20_000)
        theirs[500].amount += 1
        let report = try files.run(text(lines(0..<19_990)), text(theirs.shuffled()))
        #expect(files.wasSketched)
        #expect(report.count(.missingTheirs) == 3 && report.count(.missingOurs) == 10 && report.count(.amount) == 1)
        #expect(report.count(.matched) == 19_986)
    }

    @Test("equal files have no difference, and no line is read twice")
    func equal() throws {
        let files = try FileFixture()
        let report = try files.run(text(lines(0..<5_000)), text(lines(0..<5_000).reversed()))
        #expect(files.wasSketched && report.count(.matched) == 5_000 && report.differences == 0)
    }

    @Test("a day on which more differs than the sketch can tell apart is done by entries")
    func tooMuch() throws {
        let files = try FileFixture()
        let report = try files.run(text(lines(0..<4_000)), text(lines(3_000..<7_000)))
        #expect(!files.wasSketched)
        #expect(report.count(.matched) == 1_000 && report.count(.missingOurs) == 3_000)
    }

    @Test(
        "a line that is repeated more often on one side is told as often", arguments: [1, 2, 3, 8, 200, 255, 256, 1_000]
    )
    func repeated(times: Int) throws {
        let files = try FileFixture()
        let more = Array(repeating: (key: "AGAIN", amount: 7), count: times)
        let report = try files.run(text(lines(0..<2_000) + more + more), text(more + lines(0..<2_000)))
        // The lines of one difference more than 255 are the first too many for one cell.
        #expect(files.wasSketched == (times <= 255))
        #expect(report.count(.duplicateOurs) == times && report.count(.matched) == 2_000 + times)
    }

    @Test("lines that cancel within a side do not hide a difference")
    func crosswise() throws {
        // Sums of amounts, of keys and of lines are equal on both sides; the pairs are not.
        let files = try FileFixture()
        let report = try files.run(
            text([("A", 100), ("B", 200), ("C", 300)]), text([("A", 200), ("B", 100), ("C", 300)]))
        #expect(files.wasSketched && report.count(.amount) == 2 && report.count(.matched) == 1)
    }

    @Test("with little memory the sketch is smaller, and what it cannot tell is found by entries")
    func littleMemory() throws {
        let files = try FileFixture()
        var settings = FileFixture.settings
        settings.memoryBytes = 1 << 20
        settings.threads = 2
        let report = try files.run(text(lines(0..<30_000)), text(lines(25..<30_025)), settings: settings)
        #expect(files.wasSketched && report.count(.missingOurs) == 25 && report.count(.missingTheirs) == 25)
    }
}
