import Testing

@testable import Statements

@Suite("Documents of ISO 20022 as bytes")
struct CamtBytesTests {
    private var file: CamtFile {
        var file = CamtFile()
        file.statement(CamtFile.balance("OPBD", "0.00"), CamtFile.balance("CLBD", "1.00"), CamtFile.entry("1.00"))
        return file
    }

    @Test("line ends, a byte order mark and blanks before the declaration are decoration")
    func decoration() throws {
        let text = file.text
        let crlf = text.replacing("><", with: ">\r\n<")
        for bytes in [
            Array(text.utf8), Array(crlf.utf8), [0xEF, 0xBB, 0xBF] + Array(text.utf8),
            Array("\n  ".utf8) + Array(text.utf8)
        ] {
            #expect(try CamtFile.read(bytes).rows.count == 1)
        }
    }

    @Test("UTF-16 is read in either byte order", arguments: [true, false])
    func utf16(isLittle: Bool) throws {
        var file = file
        file.declaration = "<?xml version=\"1.0\" encoding=\"UTF-16\"?>"
        var bytes: [UInt8] = isLittle ? [0xFF, 0xFE] : [0xFE, 0xFF]
        for unit in file.text.utf16 {
            bytes += isLittle ? [UInt8(unit & 0xFF), UInt8(unit >> 8)] : [UInt8(unit >> 8), UInt8(unit & 0xFF)]
        }
        #expect(try CamtFile.read(bytes).rows.count == 1)
    }

    @Test("prefixes, character references and CDATA are read as what they stand for")
    func spelling() throws {
        let remittance = "<RmtInf><Ustrd>A &amp; B &#233; <![CDATA[<1>]]></Ustrd></RmtInf>"
        var file = CamtFile()
        file.statement(CamtFile.entry("1.00", details: [CamtFile.detail("1.00", more: remittance)]))
        let prefixed = file.text.replacing("<", with: "<n:").replacing("<n:/", with: "</n:")
            .replacing("<n:?", with: "<?").replacing("<n:![CDATA[<n:", with: "<![CDATA[<").replacing(
                "xmlns=", with: "xmlns:n=")
        for text in [file.text, prefixed] {
            let (summary, rows) = try CamtFile.read(Array(text.utf8))
            #expect(rows.first?.description == "A & B é <1>" && summary.variant == "camt.053.001.08")
        }
    }

    @Test("a document type is refused before any entity is expanded")
    func entityBomb() throws {
        var file = file
        let levels = (1...20).map { "<!ENTITY l\($0) \"&l\($0 - 1);&l\($0 - 1);&l\($0 - 1);\">" }.joined()
        file.doctype = "<!DOCTYPE Document [<!ENTITY l0 \"lol\">\(levels)]>"
        file.statements[0] = file.statements[0].replacing("<Id>S</Id>", with: "<Id>&l20;</Id>")
        let error = #expect(throws: StatementError.self) { try file.read() }
        #expect(error?.code == .malformed)
        file.doctype = "<!DOCTYPE Document SYSTEM \"file:///etc/passwd\">"
        #expect(throws: StatementError.self) { try file.read() }
    }

    @Test("a document that breaks off anywhere is refused")
    func truncated() throws {
        let bytes = Array(file.text.utf8)
        for end in stride(from: 1, to: bytes.count - 1, by: 7) {
            #expect(throws: StatementError.self, "cut at \(end)") { try CamtFile.read(Array(bytes[..<end])) }
        }
    }

    @Test("nesting and texts are bounded")
    func bounds() throws {
        var deep = file
        deep.statements[0] =
            String(repeating: "<a>", count: 300) + String(repeating: "</a>", count: 300) + deep.statements[0]
        #expect(throws: StatementError.self) { try deep.read() }
        var long = CamtFile()
        long.statement(
            CamtFile.entry("1.00", more: "<AddtlNtryInf>\(String(repeating: "x", count: 100_000))</AddtlNtryInf>"))
        let error = #expect(throws: StatementError.self) { try long.read() }
        #expect(error?.code == .limit)
    }
}

@Suite("Lines of documents")
struct CamtLineTests {
    @Test(
        "every line of a document is counted once, however its elements are laid out",
        arguments: ["", "\n", "\r\n", "\r"])
    func counted(separator: String) throws {
        var file = CamtFile()
        file.statement(
            CamtFile.balance("OPBD", "x"), CamtFile.entry("1.00"),
            CamtFile.entry("2.00", details: [CamtFile.detail("2.00")]),
            CamtFile.entry("bad"))
        let text = "\n\n" + file.text.replacing("><", with: ">\(separator)<")
        let bytes = Array((separator == "\r" ? text.replacing("\n", with: "\r") : text).utf8)
        let (summary, rows) = try CamtFile.read(bytes, maxRejected: 5)
        let end: UInt8 = bytes.contains(10) ? 10 : 13
        #expect(summary.lines.total == bytes.count { $0 == end })
        #expect(rows.count == 2 && summary.rejectedCount == 2)
        #expect(rows.allSatisfy { $0.line >= 1 && $0.offset < Int64(bytes.count) })
    }
}
