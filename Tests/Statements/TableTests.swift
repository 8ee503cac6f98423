import Money
import Testing

@testable import Statements

@Suite("Separated fields") struct TableTests {
    private func records(_ text: String, _ dialect: CSVDialect = .csv, encoding: TextEncoding? = nil) throws
        -> [[String]]
    {
        var options = ReadOptions()
        options.encoding = encoding
        let bytes = encoding == .gb18030 ? Archives.gbk(text) : Array(text.utf8)
        let input = try StatementInput(MemoryStream(bytes), fileName: "x", options: options)
        let (reader, decoder) = try (input.records(dialect), input.decoder())
        var rows: [[String]] = []
        while let record = try reader.next() {
            rows.append(try (0..<record.count).map { try decoder.string(record.bytes($0)) })
        }
        return rows
    }

    @Test("quotes as RFC 4180 has them: separators, quotes and line ends within a field")
    func quotes() throws {
        let rows = try records("a,\"b,c\",\"d \"\"e\"\"\"\n\"f\ng\",,h\r\n\"3985\"\t,x\n")
        #expect(rows == [["a", "b,c", "d \"e\""], ["f\ng", "", "h"], ["3985", "x"]])
    }

    @Test("a quote in the middle of a field is an ordinary character")
    func innerQuotes() throws {
        #expect(try records("5\" pipe,b\"c\n", .csv) == [["5\" pipe", "b\"c"]])
        #expect(try records("\"open,b\n", .oneLine) == [["\"open", "b"]])
    }

    @Test("a quote that is never closed refuses the file and names its line")
    func openQuote() throws {
        let error = #expect(throws: StatementError.self) { try records("a,b\n\"c,d\ne,f\n") }
        #expect(error?.code == .malformed && error?.line == 2)
    }

    @Test("a separator may look like the second byte of a character")
    func trailBytes() throws {
        var dialect = CSVDialect(separator: UInt8(ascii: "|"))
        dialect.spansLines = false
        // The second byte of 亅 in GBK is 7C, a vertical bar.
        let text = "亅|甲\n"
        #expect(Archives.gbk(text).filter { $0 == UInt8(ascii: "|") }.count == 2)
        #expect(try records(text, dialect, encoding: .gb18030) == [["亅", "甲"]])
    }

    @Test("the last line needs no end, and a carriage return alone ends lines where nothing else does")
    func ends() throws {
        #expect(try records("a,b\nc,d") == [["a", "b"], ["c", "d"]])
        #expect(try records("a,b\rc,d\r") == [["a", "b"], ["c", "d"]])
        #expect(try records("a\n\nb") == [["a"], [""], ["b"]])
    }

    @Test("lines know their number and their place, across the reader's buffer")
    func places() throws {
        let text = (0..<40_000).map { "line \($0)" }.joined(separator: "\r\n")
        let input = try StatementInput(MemoryStream(Array(text.utf8)), fileName: "x", options: ReadOptions())
        let lines = try input.lines()
        var offset: Int64 = 0
        var number = 0
        while let line = try lines.next() {
            #expect(line.offset == offset && line.number == number + 1)
            #expect(String(decoding: line.bytes, as: UTF8.self) == "line \(number)")
            offset += Int64(line.bytes.count + 2)
            number += 1
        }
        #expect(number == 40_000)
    }

    @Test("bytes that are not of the encoding are a problem of the field")
    func wrongBytes() throws {
        let decoder = try TextDecoder(.utf8)
        #expect(throws: FieldProblem.self) { try decoder.string([0x41, 0xFF]) }
        #expect(throws: FieldProblem.self) { try TextDecoder(.gb18030).string([0xB0]) }
        #expect(try TextDecoder(.windows1252).string([0x80, 0xFC]) == "€ü")
        #expect(try TextDecoder(.latin1).string([0xFC]) == "ü")
    }

    @Test("the encoding is found from the bytes")
    func guesses() throws {
        func guess(_ bytes: [UInt8]) -> TextEncoding { TextEncoding.guess(bytes, isComplete: true) }
        #expect(guess(Array("plain".utf8)) == .utf8)
        #expect(guess(Array("支付宝".utf8)) == .utf8)
        #expect(guess(Archives.gbk("支付宝（中国）网络技术")) == .gb18030)
        #expect(guess(Archives.encoded("Überweisung für Müller", "CP1252")) == .windows1252)
        #expect(guess(Archives.encoded("wide text, wide", "UTF-16LE")) == .utf16le)
        #expect(TextEncoding.guess(Array("支付宝".utf8.dropLast()), isComplete: false) == .utf8)
    }

    @Test("a hundred thousand rows are read in the memory of a few")
    func streams() throws {
        let header = Array((WeChatBill.columns.joined(separator: ",") + "\n").utf8)
        let row = Array((WeChatBill().payment("A1", settled: "0.01").lines[1] + "\n").utf8)
        let rows = 100_000
        let trailer = "总交易单数,应结订单总金额\n`\(rows),`\(rows / 100).00\n"
        let stream = RepeatingStream(header, row, count: rows, Array(trailer.utf8))
        let before = RepeatingStream.residentKilobytes()
        let input = try StatementInput(stream, fileName: "big.csv", options: ReadOptions())
        let session = ReadSession(options: ReadOptions()) { _ in }
        try WeChatTradeReader().read(input, session)
        let summary = try session.finish(bytes: input.bytesRead)
        #expect(summary.rows == rows && summary.isConsistent)
        // The file is 30 MB and more; other tests of the process may allocate meanwhile.
        #expect(RepeatingStream.residentKilobytes() - before < 24_000, "\(summary.bytes) bytes were read")
    }
}
