import Reconciliation
import Runtime
import Testing

@testable import Console

@Suite("Forms with a file")
struct MultipartTests {
    static let type = "multipart/form-data; boundary=----b1"

    /// A body as browsers write it.
    static func body(_ parts: [(head: String, content: [UInt8])], boundary: String = "----b1") -> [UInt8] {
        var body: [UInt8] = []
        for (head, content) in parts {
            body += Array("--\(boundary)\r\n\(head)\r\n\r\n".utf8) + content + Array("\r\n".utf8)
        }
        return body + Array("--\(boundary)--\r\n".utf8)
    }

    private static func field(_ name: String, _ value: String) -> (head: String, content: [UInt8]) {
        ("Content-Disposition: form-data; name=\"\(name)\"", Array(value.utf8))
    }

    static func file(_ name: String, _ content: [UInt8]) -> (head: String, content: [UInt8]) {
        (
            "Content-Disposition: form-data; name=\"file\"; filename=\"\(name)\"\r\nContent-Type: application/pdf",
            content
        )
    }

    private func read(_ body: [UInt8], type: String = MultipartTests.type) -> Form? {
        Form(ConsoleRequest(method: "POST", path: "/", headers: [("content-type", type)], body: body))
    }

    @Test("fields and the file come as they were sent, bytes that look like a boundary too")
    func parts() throws {
        let bytes = Array("\r\n--\r\n----b1\r\n\r--".utf8) + (0...255).map { UInt8($0) }
        let form = try #require(
            read(Self.body([Self.field("version", "4"), Self.file("龙井 – receipt.pdf", bytes), Self.field("a", "ü")])))
        #expect(form["version"] == "4" && form["a"] == "ü" && form["none"].isEmpty)
        #expect(form.file?.name == "龙井 – receipt.pdf")
        #expect(form.file.map { Array($0.content) } == bytes)
    }

    @Test(
        "names are read as browsers escape them, and headers in any case and order",
        arguments: [
            ("content-disposition: form-data; filename=\"a%22b;c.pdf\"; name=\"file\"", "a\"b;c.pdf"),
            ("Content-Type: text/plain\r\nCONTENT-DISPOSITION:form-data;name=file;filename=plain.txt", "plain.txt"),
            ("Content-Disposition: form-data; name=\"file\"; filename=\"C:\\papers\\x.pdf\"", "C:\\papers\\x.pdf")
        ])
    func names(head: String, name: String) throws {
        let form = try #require(read(Self.body([(head, [1, 2])])))
        #expect(form.file?.name == name)
    }

    @Test("a field of files in which nobody chose one is no file")
    func noFile() throws {
        let form = try #require(read(Self.body([Self.file("", [])])))
        #expect(form.file == nil)
    }

    @Test(
        "what is cut short, has no boundary or no names is no form",
        arguments: [
            "------b1\r\n", "------b1\r\nContent-Disposition: form-data; name=\"a\"\r\n\r\nx",
            "------b1\r\nContent-Disposition: form-data; name=\"a\"\r\n\r\nx\r\n------b1\r\n",
            "------b1\r\nContent-Disposition: form-data\r\n\r\nx\r\n------b1--",
            "------b1\r\nContent-Disposition: form-data; name=\"a\r\n\r\nx\r\n------b1--",
            "------b1\r\nContent-Type: text/plain\r\n\r\nx\r\n------b1--",
            "------b2\r\nContent-Disposition: form-data; name=\"a\"\r\n\r\nx\r\n------b2--", "a=b", "--", "\r\n"
        ])
    func broken(body: String) {
        #expect(read(Array(body.utf8)) == nil)
    }

    @Test(
        "a type without a boundary, or with one too long, is no form",
        arguments: [
            "multipart/form-data", "multipart/form-data; boundary=", "multipart/form-data; boundary=\"x",
            "multipart/form-data; boundary=\(String(repeating: "x", count: 71))", "multipart/mixed; boundary=----b1"
        ])
    func types(type: String) {
        #expect(read(Self.body([Self.field("a", "b")]), type: type) == nil)
    }

    @Test("parts, heads and bodies have their limits")
    func limits() throws {
        let many = (0..<Multipart.partLimit).map { Self.field("f\($0)", "x") }
        #expect(try #require(read(Self.body(many))).fields.count == Multipart.partLimit)
        #expect(read(Self.body(many + [Self.field("more", "x")])) == nil)
        let padding = String(repeating: "x", count: Multipart.headLimit)
        #expect(read(Self.body([("X-Padding: \(padding)\r\n" + Self.field("a", "").head, [])])) == nil)
        let large = Self.body([Self.file("large.pdf", [UInt8](repeating: 7, count: Form.fileBodyLimit))])
        #expect(try #require(read(large)).isCut)
        let plain = [UInt8](repeating: UInt8(ascii: "a"), count: Form.bodyLimit + 1)
        #expect(try #require(read(plain, type: "application/x-www-form-urlencoded")).isCut)
    }

    @Test("random damage is a form or none, never a crash")
    func damage() throws {
        let seed: UInt64 = 20_261_121
        var random = RandomSource(seed: seed).generator
        let whole = Self.body([Self.field("version", "4"), Self.file("receipt.pdf", Array("%PDF-1.7\r\n--".utf8))])
        for _ in 0..<2_000 {
            var body = whole
            for _ in 0..<Int.random(in: 1...4, using: &random) where !body.isEmpty {
                let index = Int.random(in: 0..<body.count, using: &random)
                switch Int.random(in: 0..<3, using: &random) {
                case 0: body[index] = UInt8.random(in: 0...255, using: &random)
                case 1: body.remove(at: index)
                default: body.removeSubrange(index...)
                }
            }
            if let form = read(body), let file = form.file { #expect(file.content.count < body.count, "seed \(seed)") }
        }
    }
}
