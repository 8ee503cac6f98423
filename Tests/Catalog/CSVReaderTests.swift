import Catalog
import Runtime
import Testing

@Suite struct CSVReaderTests {
    @Test("quotes hold commas, line ends and doubled quotes, and records know their lines")
    func quotes() throws {
        let records = try read("a,b\r\n\"x, y\",\"line 1\nline 2 \"\"so\"\"\"\r\nlast,\n")
        #expect(records.map(\.fields) == [["a", "b"], ["x, y", "line 1\nline 2 \"so\""], ["last", ""]])
        #expect(records.map(\.line) == [1, 2, 4])
    }

    @Test("a file may end without a line end, begin with a byte order mark, and hold empty lines")
    func edges() throws {
        #expect(try read("\u{FEFF}a,b\n\n1,2").map(\.fields) == [["a", "b"], ["1", "2"]])
        #expect(try read("a\rb\r\rc").map(\.line) == [1, 2, 4])
        #expect(try read("").isEmpty)
        #expect(try read("\"\"").map(\.fields) == [[""]])
        #expect(try read(",").map(\.fields) == [["", ""]])
    }

    @Test("the cut of the chunks never changes what is read", arguments: 1...9)
    func chunks(size: Int) throws {
        let text = "\u{FEFF}Händel,\"a \"\"b\"\"\"\r\n\"multi\r\nline\",名前\r\n\r\nx,\"\"\r\n"
        #expect(try read(text, chunk: size) == (try read(text, chunk: 10_000)))
    }

    @Test("random fields written by the rules read back as they were", arguments: UInt64(1)...20)
    func roundTrip(seed: UInt64) throws {
        let random = RandomSource(seed: seed)
        let alphabet = Array("ab,\"\n\r é名;\t")
        let records = (0..<30).map { _ in
            (0..<random.integer(in: 2..<5)).map { _ in
                String((0..<random.integer(in: 0..<12)).map { _ in alphabet[random.integer(in: 0..<alphabet.count)] })
            }
        }
        let text = records.map { fields in
            fields.map { "\"" + quoted($0) + "\"" }.joined(separator: ",")
        }.joined(separator: "\r\n")
        #expect(try read(text, chunk: random.integer(in: 1..<40)).map(\.fields) == records)
    }

    @Test("an unclosed quote names the line where it opens")
    func unclosed() throws {
        #expect(try failure("a,b\n1,2\n3,\"four\nfive,6\n") == CSVError.Code.unclosedQuote.rawValue + " 3")
    }

    @Test("a quote in the middle and text after a closing quote are named")
    func stray() throws {
        #expect(try failure("a\n5\" pipe\n") == "strayQuote 2")
        #expect(try failure("a\n\"x\"y\n") == "textAfterQuote 2")
    }

    @Test("bytes that are not UTF-8 name their own line, also inside a quoted field")
    func encoding() throws {
        #expect(try failure(Array("a,b\nx,caf".utf8) + [0xE9] + Array("\n".utf8)) == "invalidUTF8 2")
        #expect(try failure(Array("a,\"one\ntwo\nthr".utf8) + [0xC3, 0x28] + Array("\"\n".utf8)) == "invalidUTF8 3")
        #expect(try failure([0xFF, 0xFE, 0x61, 0x00]) == "invalidUTF8 1")
        #expect(try failure(Array("a\nx".utf8) + [0]) == "nulCharacter 2")
    }

    @Test("a line of 100 MB is refused after one megabyte was read of it")
    func giant() throws {
        var served = 0
        let piece = [UInt8](repeating: UInt8(ascii: "x"), count: 1 << 16)
        var reader = CSVReader {
            served += piece.count
            return served <= 100 << 20 ? piece : nil
        }
        #expect {
            try reader.next()
        } throws: { ($0 as? CSVError)?.code == .fieldTooLarge && ($0 as? CSVError)?.line == 1 }
        #expect(served < 2 << 20)
        #expect(try reader.next() == nil)
    }

    @Test("a record of many fields and many bytes is refused by its limits")
    func limits() throws {
        var limits = CSVReader.Limits()
        limits.fields = 3
        limits.recordBytes = 10
        #expect(try failure("1,2,3,4\n", limits: limits) == "tooManyFields 1")
        #expect(try failure("123456,123456\n", limits: limits) == "recordTooLarge 1")
    }

    @Test("any bytes are read or refused with a line, whatever the chunks", arguments: UInt64(1)...8)
    func anyBytes(seed: UInt64) throws {
        let random = RandomSource(seed: seed)
        let alphabet: [UInt8] = Array("a,\"\n\r ".utf8) + [0xC3, 0xA9, 0xFF, 0x00, 0xEF, 0xBB, 0xBF]
        for _ in 0..<500 {
            let bytes = (0..<random.integer(in: 0..<40)).map { _ in alphabet[random.integer(in: 0..<alphabet.count)] }
            let whole = Result { try read(bytes, chunk: 1_000) }
            let pieces = Result { try read(bytes, chunk: random.integer(in: 1..<6)) }
            switch (whole, pieces) {
            case (.success(let left), .success(let right)): #expect(left == right, "seed \(seed), \(bytes)")
            case (.failure(let left as CSVError), .failure(let right as CSVError)):
                #expect(left == right && left.line >= 1, "seed \(seed), \(bytes)")
            default: Issue.record("seed \(seed), \(bytes): \(whole) and \(pieces)")
            }
        }
    }

    private func quoted(_ text: String) -> String {
        // By bytes, because "\r\n" is one Character and a quote may combine with what follows.
        String(decoding: text.utf8.flatMap { $0 == UInt8(ascii: "\"") ? [$0, $0] : [$0] }, as: UTF8.self)
    }

    private func read(
        _ text: String, chunk: Int = 7, limits: CSVReader.Limits = .init()
    ) throws -> [CSVRecord] {
        try read(Array(text.utf8), chunk: chunk, limits: limits)
    }

    private func read(_ bytes: [UInt8], chunk: Int = 7, limits: CSVReader.Limits = .init()) throws -> [CSVRecord] {
        var position = 0
        var reader = CSVReader(limits: limits) {
            guard position < bytes.count else { return nil }
            defer { position += chunk }
            return Array(bytes[position..<min(position + chunk, bytes.count)])
        }
        var records: [CSVRecord] = []
        while let record = try reader.next() { records.append(record) }
        return records
    }

    private func failure(_ text: String, limits: CSVReader.Limits = .init()) throws -> String? {
        try failure(Array(text.utf8), limits: limits)
    }

    private func failure(_ bytes: [UInt8], limits: CSVReader.Limits = .init()) throws -> String? {
        do {
            _ = try read(bytes, limits: limits)
            return nil
        } catch let error as CSVError {
            return "\(error.code.rawValue) \(error.line)"
        }
    }
}
