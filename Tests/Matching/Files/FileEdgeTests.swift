import Foundation
import Matching
import Testing

@Suite("Files: what files are like")
struct FileEdgeTests {
    private let files: FileFixture
    init() throws { files = try FileFixture() }

    private let header = FileFixture.header

    @Test("a last line without a newline counts, CRLF changes nothing, blank lines are no lines")
    func lineEnds() throws {
        let report = try files.run(
            header + "A,1.00,CNY,paid\nB,2.00,CNY,paid",
            "order_no,amount,currency,status\r\n\r\nB,2.00,CNY,paid\r\nA,1.00,CNY,paid\r\n\r\n")
        #expect(report.found == ["matched": 2])
        #expect(report.theirs.rows == 2)
    }

    @Test("the last line is read wherever the file ends in a block of 64 bytes")
    func tails() throws {
        for padding in 0..<140 {
            let text = header + "A,1.00,CNY,paid\n" + "K\(String(repeating: "k", count: padding)),2.00,CNY,paid"
            #expect(try files.run(text, text + "\n").found == ["matched": 2], "\(padding)")
        }
    }

    @Test("files that are a whole number of pages long are read to their end")
    func wholePages() throws {
        let line = ",2.00,CNY,paid"
        for end in ["", "\n"] {
            var text = header
            while text.utf8.count < 8000 { text += "K\(text.utf8.count),1.00,CNY,paid\n" }
            text +=
                String(repeating: "k", count: 8192 - text.utf8.count - line.utf8.count - end.utf8.count) + line + end
            #expect(text.utf8.count == 8192)
            let report = try files.run(text, text)
            #expect(report.found == ["matched": report.ours.rows])
            #expect(report.ours.rows == text.split(separator: "\n").count - 1)
        }
    }

    @Test("lines and keys beyond the limits are rejected, and what follows them is not lost")
    func tooLong() throws {
        var settings = FileFixture.settings
        settings.allowedRejects = 2
        settings.chunkBytes = 4096
        let text =
            header + String(repeating: "k", count: 1025) + ",2.00,CNY,paid\n" + String(repeating: "k", count: 70_000)
            + ",2.00,CNY,paid\n" + String(repeating: "k", count: 1024) + ",2.00,CNY,paid\nL,1.00,CNY,paid\n"
        let report = try files.run(text, text, settings: settings)
        #expect(report.found == ["matched": 2])
        #expect(try files.rows("rejects").filter { $0[0] == "ours" }.map { $0[1] } == ["2", "3"])
    }

    @Test("empty files and files of a header alone have no lines")
    func empty() throws {
        #expect(try files.run("", "").found.isEmpty)
        #expect(try files.run(header, "").found.isEmpty)
        #expect(try files.run(header, header + "A,1.00,CNY,paid\n").found == ["missing_ours": 1])
        #expect(try files.run(String(header.dropLast()), header + "A,1.00,CNY,paid\n").found == ["missing_ours": 1])
    }

    @Test("quoted fields are the same as bare ones, with separators, quotes and newlines inside")
    func quotes() throws {
        let ours = header + "\"A\",\"1.00\",\"CNY\",\"paid\"\n\"a,b\"\"c\nd\",2.00,CNY,paid\nE,3.00,CNY,paid\n"
        let theirs = header + "E,3.00,CNY,paid\n\"a,b\"\"c\nd\",2.50,CNY,paid\nA,1.00,CNY,paid\n"
        let report = try files.run(ours, theirs)
        #expect(report.found == ["matched": 2, "amount": 1])
        #expect(try files.result("differences").contains("\"a,b\"\"c\nd\""))
        // The line of a record is the one it begins on.
        let moved = try files.run(ours + "F,1.00,CNY,paid\n", theirs)
        #expect(moved.found["missing_theirs"] == 1)
        #expect(try files.result("differences").contains(",6,F,100,"))
    }

    @Test("a quote within a field is a letter")
    func innerQuotes() throws {
        let report = try files.run(
            header + "5\" pipe,1.00,CNY,paid\nB,2.00,CNY,paid\n",
            header + "\"5\"\" pipe\",1.00,CNY,paid\nB,2.00,CNY,paid\n")
        #expect(report.found == ["matched": 2])
    }

    @Test("a file whose first quote comes after a mebibyte is read with quotes from its beginning")
    func lateQuotes() throws {
        let many = (0..<70_000).map { "K\($0),1.00,CNY,paid\n" }.joined()
        let report = try files.run(header + many + "\"Q\",1.00,CNY,paid\n", header + "Q,1.00,CNY,paid\n" + many)
        #expect(report.found == ["matched": 70_001])
    }

    @Test("bad lines are rejected with their numbers, fields and reasons")
    func rejects() throws {
        var settings = FileFixture.settings
        settings.allowedRejects = 10
        let report = try files.run(
            header
                + "A,1.00,CNY\nB,1.00,CNY,paid,x\nC,abc,CNY,paid\nD,92233720368547758.08,CNY,paid\n"
                + "E,1.001,CNY,paid\nF,1.00,,paid\nG,1.00,CNY,odd\nH,,CNY,paid\nI,1.00,CNY,paid\n",
            header + "I,1.00,CNY,paid\n", settings: settings)
        #expect(report.found == ["matched": 1])
        #expect(report.ours.rejects == 8)
        let rows = try files.rows("rejects")
        #expect(rows.map { $0[1] } == ["2", "3", "4", "5", "6", "7", "8", "9"])
        #expect(rows.map { $0[2] } == ["", "", "amount", "amount", "amount", "currency", "status", "amount"])
        #expect(rows[0].joined(separator: ",").contains("has 3 fields, 4 are expected"))
    }

    @Test("more bad lines than allowed refuse the job, which says the first and leaves their list only")
    func refused() throws {
        let error = #expect(throws: FileReconciliationError.self) {
            try files.run(header + "A,1.00,CNY,paid\nB,x,CNY,paid\n", header)
        }
        #expect(error?.description.contains("line 3") == true)
        #expect(try files.rows("rejects").count == 1)
        #expect(!FileManager.default.fileExists(atPath: files.folder + "/out/differences.csv"))
    }

    @Test("a quote that is never closed is a bad line, not a hang")
    func openQuote() throws {
        var settings = FileFixture.settings
        settings.allowedRejects = 1
        let report = try files.run(
            header + "A,1.00,CNY,paid\n\"B,1.00,CNY,paid\nC,1.00,CNY,paid\n", header + "A,1.00,CNY,paid\n",
            settings: settings)
        #expect(report.found == ["matched": 1])
        #expect(report.ours.rejects == 1)
    }

    @Test(
        "amounts are exact to the last of 64 bits",
        arguments: [
            ("92233720368547758.07", "92233720368547758.07", "matched"),
            ("92233720368547758.07", "92233720368547758.06", "amount"),
            ("-92233720368547758.07", "92233720368547758.07", "amount"),
            ("5497558138.88", "5497558138.88", "matched"), ("5497558138.87", "5497558138.88", "amount"),
            ("-5497558138.88", "5497558138.88", "amount"), ("1", "1.00", "matched"), ("+1.5", "001.50", "matched"),
            ("1.5000", "1.50", "matched"), (".5", "0.50", "matched"), ("-0.01", "0.01", "amount"),
            ("12345678.90", "12345678.91", "amount"), ("99999.99", "99999.99", "matched")
        ])
    func amounts(ours: String, theirs: String, expected: String) throws {
        let report = try files.run(header + "A,\(ours),CNY,paid\n", header + "A,\(theirs),CNY,paid\n")
        #expect(report.found == [expected: 1])
    }

    @Test("decimals are those of the currency")
    func decimals() throws {
        var minor = FileFixture.profile
        minor.unit = .minor
        let report = try files.run(
            header + "A,100,JPY,paid\nB,1.234,KWD,paid\n", header + "A,100,JPY,paid\nB,1234,KWD,paid\n",
            theirsProfile: minor)
        #expect(report.found == ["matched": 2])
    }

    @Test("keys that are no UTF-8 stay different and equal as their bytes are")
    func bytes() throws {
        func text(_ keys: [[UInt8]]) -> [UInt8] {
            Array(header.utf8) + keys.flatMap { $0 + Array(",1.00,CNY,paid\n".utf8) }
        }
        let (one, two, three): ([UInt8], [UInt8], [UInt8]) = ([0xC4, 0xE3], [0xC4, 0xE4], [0xB0, 0xFC])
        let report = try files.run(
            text([one, two]), text([two, three]), profile: FileFixture.profile, settings: FileFixture.settings)
        #expect(report.found == ["matched": 1, "missing_ours": 1, "missing_theirs": 1])
    }

    @Test("a byte order mark, other separators, lines before the header and columns by number")
    func shapes() throws {
        var profile = FileFixture.profile
        profile.separator = UInt8(ascii: "\t")
        profile.skippedLines = 2
        var numbered = ColumnProfile(
            keys: [[.index(3)]], amount: .index(0), currency: .index(1), status: .index(2), separator: UInt8(ascii: "|")
        )
        numbered.hasHeader = false
        let report = try files.run(
            "\u{FEFF}made by x\n\norder_no\tamount\tcurrency\tstatus\n`A\t 1.00 \tCNY\tpaid\n".replacing("`", with: ""),
            "1.00|CNY|paid|A\n2.00|CNY|paid|B", profile: profile, theirsProfile: numbered)
        #expect(report.found == ["matched": 1, "missing_ours": 1])
    }

    @Test("what is wrong with a profile or a path is said with what there is")
    func errors() throws {
        var profile = FileFixture.profile
        profile.amount = .name("betrag")
        let error = #expect(throws: FileReconciliationError.self) {
            try files.run(header + "A,1.00,CNY,paid\n", header, profile: profile)
        }
        #expect(error?.description.contains("'betrag'") == true && error?.description.contains("order_no") == true)
        let job = FileReconciliation(
            ours: .init(path: files.folder + "/nowhere.csv", profile: FileFixture.profile),
            theirs: .init(path: files.folder, profile: FileFixture.profile), folder: files.folder + "/out")
        #expect(throws: FileReconciliationError.self) { try job.run() }
    }
}
