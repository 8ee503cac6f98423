import Testing

@testable import Reconciliation

@Suite("Names of attachments")
struct CaseFileNameTests {
    @Test(
        "a name is a plain file name, whatever was sent",
        arguments: [
            ("advice.pdf", "advice.pdf"), ("银行回单 2026-11.pdf", "银行回单 2026-11.pdf"),
            ("../../etc/passwd", "passwd"), ("C:\\papers\\advice.pdf", "advice.pdf"), ("/", "attachment"),
            ("", "attachment"), ("...", "attachment"), (" . ", "attachment"), (".htaccess", "htaccess"),
            ("advice.pdf. ", "advice.pdf"), ("a\r\nSet-Cookie: x=1", "aSet-Cookie_ x=1"),
            ("a\u{0}b\u{7F}.txt", "ab.txt"),
            ("\u{202E}fdp.exe", "fdp.exe"), ("a\u{200B}\u{2066}b.pdf", "ab.pdf"), ("a\"b<c>|d?*.csv", "a_b_c__d__.csv"),
            ("line\u{2028}end.txt", "lineend.txt")
        ])
    func plain(sent: String, kept: String) {
        #expect(CaseFileName.plain(sent) == kept)
        #expect(CaseFileName.plain(kept) == kept, "a plain name stays as it is")
    }

    @Test("a long name is cut and keeps its ending")
    func long() {
        let name = CaseFileName.plain(String(repeating: "单", count: 300) + ".pdf")
        #expect(name.unicodeScalars.count == CaseFileName.limit && name.hasSuffix("单.pdf"))
        let endless = CaseFileName.plain("a." + String(repeating: "x", count: 300))
        #expect(endless.unicodeScalars.count == CaseFileName.limit)
    }
}
