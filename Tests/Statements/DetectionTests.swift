import Testing

@testable import Statements

@Suite("Detection and sources") struct DetectionTests {
    private let bill = WeChatBill().payment("A1", settled: "1.00")
        .stating("1", "1.00", "0.00", "0.00", "0.00000", "1.00", "0.00")

    @Test("a file that no format knows is refused with a way out")
    func unknown() throws {
        let error = #expect(throws: StatementError.self) { try readAll("a,b,c\n1,2,3\n") }
        #expect(error?.code == .unknownFormat && error?.message.contains("--format") == true)
        #expect(#expect(throws: StatementError.self) { try readAll("") }?.code == .unknownFormat)
    }

    @Test("two bills in an archive are not chosen between: the refusal names both")
    func twoBills() throws {
        let archive = Archives.zip([(Array("a.csv".utf8), bill.bytes), (Array("b.csv".utf8), bill.bytes)])
        let source = StatementSource.bytes(archive, name: "bills.zip")
        let error = #expect(throws: StatementError.self) { try readAll(source) }
        #expect(error?.code == .ambiguousFormat && error?.candidates.count == 2)
        #expect(error?.message.contains("--entry \"a.csv\"") == true)
        #expect(try readAll(source, options: ReadOptions(entry: "b.csv")).summary.entry == "b.csv")
        let missing = #expect(throws: StatementError.self) { try readAll(source, options: ReadOptions(entry: "c.csv")) }
        #expect(missing?.code == .unknownEntry)
    }

    @Test("an unknown format is answered with the known ones")
    func unknownName() throws {
        let error = #expect(throws: StatementError.self) { try readAll(bill.source, format: "wechat") }
        #expect(error?.code == .unknownFormat && error?.candidates.contains("wechat-trade") == true)
    }

    @Test("gzip is read in place, several members of it too; a damaged or cut one is refused")
    func gzip() throws {
        let packed = Archives.gzip(bill.bytes)
        #expect(try readAll(.bytes(packed, name: "b.csv.gz")).rows.count == 1)
        let half = bill.bytes.count / 2
        let members = Archives.gzip(Array(bill.bytes[..<half])) + Archives.gzip(Array(bill.bytes[half...]))
        #expect(try readAll(.bytes(members, name: "b.csv.gz")).rows.count == 1)
        let cut = #expect(throws: StatementError.self) {
            try readAll(.bytes(Array(packed.dropLast(6)), name: "b.csv.gz"))
        }
        #expect(cut?.code == .truncated)
        var damaged = packed
        damaged[packed.count - 6] ^= 0xFF
        #expect(
            #expect(throws: StatementError.self) { try readAll(.bytes(damaged, name: "b.csv.gz")) }?.code == .unreadable
        )
    }

    @Test("a damaged or cut zip is refused")
    func zip() throws {
        var archive = Archives.zip([(Array("a.csv".utf8), bill.bytes)])
        archive[60] ^= 0x01
        #expect(
            #expect(throws: StatementError.self) { try readAll(.bytes(archive, name: "a.zip")) }?.code == .unreadable)
        let cut = Array(Archives.zip([(Array("a.csv".utf8), bill.bytes)]).dropLast(30))
        #expect(#expect(throws: StatementError.self) { try readAll(.bytes(cut, name: "a.zip")) }?.code == .unreadable)
    }

    @Test("a gzip within a zip is unpacked too, folders and a Mac's shadows are passed over")
    func nested() throws {
        let archive = Archives.zip([
            (Array("day/".utf8), []), (Array("__MACOSX/day/._a.csv.gz".utf8), [1, 2, 3]),
            (Array("day/a.csv.gz".utf8), Archives.gzip(bill.bytes))
        ])
        #expect(try readAll(.bytes(archive, name: "a.zip")).summary.entry == "day/a.csv.gz")
    }

    @Test("an archive within an archive is not looked into, and the refusal says so")
    func packedTwice() throws {
        let inner = Archives.zip([(Array("b.csv".utf8), bill.bytes)])
        let twice = [
            ("a.zip", Archives.zip([(Array("inner.zip".utf8), inner)])), ("a.zip.gz", Archives.gzip(inner)),
            ("a.csv.gz.gz", Archives.gzip(Archives.gzip(bill.bytes)))
        ]
        for (name, bytes) in twice {
            let error = #expect(throws: StatementError.self) { try readAll(.bytes(bytes, name: name)) }
            #expect(error?.code == .unknownFormat && error?.message.contains("unpack") == true)
        }
    }

    @Test("UTF-16 is read with a mark and without")
    func wide() throws {
        for (encoding, mark) in [("UTF-16LE", [UInt8](arrayLiteral: 0xFF, 0xFE)), ("UTF-16BE", [0xFE, 0xFF])] {
            let bytes = Archives.encoded(bill.text, encoding)
            #expect(try readAll(.bytes(mark + bytes, name: "b.csv")).rows.first?.description == "茶")
        }
    }

    @Test("a line longer than the limit, more columns than the limit, a bomb: each is stopped")
    func limits() throws {
        var options = ReadOptions()
        options.limits.maxLineBytes = 1000
        let long = WeChatBill().payment("A1", settled: "1.00", product: String(repeating: "x", count: 600_000))
        #expect(#expect(throws: StatementError.self) { try readAll(long.source, options: options) }?.code == .limit)
        options = ReadOptions()
        options.limits.maxFields = 20
        #expect(#expect(throws: StatementError.self) { try readAll(bill.source, options: options) }?.code == .limit)
        options = ReadOptions()
        options.limits.maxUnpackedBytes = 500
        let packed = StatementSource.bytes(Archives.gzip(bill.bytes), name: "b.gz")
        #expect(#expect(throws: StatementError.self) { try readAll(packed, options: options) }?.code == .limit)
    }

    @Test("a file that is not there says so")
    func absent() throws {
        let error = #expect(throws: StatementError.self) { try readAll(.file("/nowhere/at/all.csv")) }
        #expect(error?.code == .unreadable)
    }
}
