import Contract
import Foundation
import Reconciliation
import Testing

@testable import Console

@Suite("Pages of reconciliation")
struct ReconciliationPageTests {
    static let overview = "/console/reconciliation"
    static let run = "/console/reconciliation/runs/\(SampleReconciliation.runID)"
    static let item = "/console/reconciliation/cases/\(SampleReconciliation.caseID)"

    @Test("an empty house has pages too, in both languages", arguments: ["en", "zh"])
    func empty(language: String) async throws {
        var visitor = try await ConsoleVisitor(reconciliation: SampleReconciliation(isEmpty: true))
        visitor.language = language
        for path in [
            Self.overview, "/console/reconciliation/cases", "/console/reconciliation/open-items/wechat/EUR",
            "/console/reconciliation/reports/2026-11-20"
        ] {
            let reply = await visitor.get(path)
            #expect(reply.status == 200, "\(path)")
            #expect(!reply.text.contains("Everything agrees"), "\(path): nothing was compared")
            try Album.keep(reply, path.dropFirst().replacing("/", with: "-") + "-empty-\(language)")
        }
        let text = await visitor.get(Self.overview).text
        #expect(text.contains(language == "en" ? "Nothing has been reconciled yet" : "尚未进行对账"))
    }

    @Test("the overview shows the levels with their objectives, and leads to runs, cases and the report")
    func overview() async throws {
        let text = await (try await ConsoleVisitor()).get(Self.overview).text
        #expect(text.contains("0.0006 %") && text.contains("0.001 %"), "small shares keep their places")
        #expect(text.contains("98.3333 %") && text.contains("missed"))
        #expect(text.contains("02:00 Asia/Shanghai"))
        #expect(text.contains(#"href="\#(Self.run)""#))
        #expect(text.contains(#"href="/console/reconciliation/reports/2026-11-21""#))
        #expect(text.contains(#"class="heat9""#))
        #expect(text.contains("overdue"))
    }

    @Test("from a difference to its cause are two clicks: the overview's run, the run's case")
    func twoClicks() async throws {
        let visitor = try await ConsoleVisitor()
        #expect(await visitor.get(Self.overview).text.contains(#"href="\#(Self.run)""#))
        let run = await visitor.get(Self.run).text
        #expect(run.contains(#"href="\#(Self.item)""#))
        #expect(run.contains("The bank rounded to whole ten cents"), "the cause stands in the row already")
        let item = await visitor.get(Self.item).text
        #expect(item.contains("The bank rounded to whole ten cents") && item.contains("bank_rounding"))
    }

    @Test("a case marks what differs between both lines, and only that")
    func sides() async throws {
        let text = await (try await ConsoleVisitor()).get(Self.item).text
        #expect(text.contains("123.45") && text.contains("123.40"))
        let rows = text.components(separatedBy: #"<tr class="differs">"#)
        #expect(rows.count == 2, "five seconds between two clocks are no difference")
        #expect(rows.last?.prefix(200).contains("Amount") == true)
    }

    @Test("a proposed repair shows its entries and what it would change")
    func repair() async throws {
        let text = await (try await ConsoleVisitor()).get(Self.item).text
        #expect(text.contains("What it would change") && text.contains("480.05") && text.contains("480.00"))
        #expect(text.contains(#"value="approve""#) && text.contains(#"value="reject""#))
        #expect(text.contains("over the limit of 2"))
    }

    @Test("whoever proposed a repair is not offered to approve it")
    func ownRepair() async throws {
        let text = await (try await ConsoleVisitor(reconciliation: SampleReconciliation(maker: "key_01kakyz")))
            .get(Self.item).text
        #expect(!text.contains(#"value="approve""#) && !text.contains(#"value="reject""#))
        #expect(text.contains("somebody else has to approve it") && text.contains(#"value="withdraw""#))
    }

    @Test("a viewer who may only look is offered nothing to do")
    func readOnly() async throws {
        let visitor = try await ConsoleVisitor(scopes: ["reconciliation:read"])
        let item = await visitor.get(Self.item).text
        #expect(!item.contains(#"method="post"><input"#) && !item.contains("decision"))
        #expect(!item.contains("<textarea"))
        let ready = await visitor.get("/console/reconciliation/runs/run_01kakyz3v0e9ra5h8v2q5m7rdy").text
        #expect(!ready.contains("Confirm and settle"))
        #expect(await visitor.get("/console").status == 403)
        let none = try await ConsoleVisitor(scopes: ["orders:read"])
        #expect(await none.get(Self.overview).status == 403)
        #expect(await !none.get("/console").text.contains(Self.overview))
    }

    @Test("forms do what they say, once, and lead back to their page")
    func acting() async throws {
        let sample = SampleReconciliation()
        let visitor = try await ConsoleVisitor(reconciliation: sample)
        func post(_ path: String, _ body: String) async -> String {
            let reply = await visitor.post(path, body)
            #expect(reply.status == 303, "\(path): \(reply.text)")
            return reply.headers.first { $0.name == "location" }?.value ?? ""
        }
        let ready = "/console/reconciliation/runs/run_01kakyz3v0e9ra5h8v2q5m7rdy"
        #expect(await visitor.get(ready).text.contains("Confirm and settle"))
        #expect(await post(ready + "/confirm", "version=7") == ready)
        _ = await post(ready + "/abort", "version=7&reason=wrong+file")
        _ = await post(Self.item + "/notes", "text=Asked+the+bank")
        _ = await post(Self.item + "/move", "move=resolve&reason=known&version=4")
        _ = await post(Self.item + "/repairs", "kind=write_off_rounding&amount=5&reason=r&key=abc")
        let decided = await post(
            "/console/reconciliation/repairs/\(SampleReconciliation.repairID)",
            "decision=approve&version=1&case=\(SampleReconciliation.caseID)")
        #expect(decided == "\(Self.item)#\(SampleReconciliation.repairID)")
        #expect(
            sample.done.all == [
                "confirm run_01kakyz3v0e9ra5h8v2q5m7rdy 7", "abort run_01kakyz3v0e9ra5h8v2q5m7rdy 7 wrong file",
                "note \(SampleReconciliation.caseID) Asked the bank",
                "move \(SampleReconciliation.caseID) resolve known 4",
                "propose write_off_rounding 5 r abc", "approve \(SampleReconciliation.repairID) 1"
            ])
    }

    @Test("an owner is assigned with a deadline to the minute, and a file is attached under the name it came with")
    func caring() async throws {
        let sample = SampleReconciliation()
        let visitor = try await ConsoleVisitor(reconciliation: sample)
        let page = await visitor.get(Self.item).text
        #expect(page.contains(#"enctype="multipart/form-data""#) && page.contains(#"value="2026-11-22T16:00""#))
        let owned = await visitor.post(
            Self.item + "/owner", "owner=+team.payments+&deadline=2026-11-23T08%3A30&version=4")
        #expect(owned.status == 303 && owned.headers.contains { $0.value == Self.item })
        _ = await visitor.post(Self.item + "/owner", "owner=anna&deadline=&version=4")
        let attached = await visitor.post(Self.item + "/files", file: "a b.pdf", [1, 2, 3])
        #expect(attached.status == 303 && attached.headers.contains { $0.value == Self.item })
        let id = SampleReconciliation.caseID
        #expect(
            sample.done.all == [
                "assign \(id) team.payments 2026-11-23T08:30:00Z 4", "assign \(id) anna  4", "attach \(id) a b.pdf 3"
            ])
    }

    @Test("what the matcher suggests stands in the case with the other half, and one button proposes to join them")
    func suggestions() async throws {
        let sample = SampleReconciliation()
        let visitor = try await ConsoleVisitor(reconciliation: sample)
        let path = "/console/reconciliation/cases/\(SampleReconciliation.likelyID)"
        let page = await visitor.get(path)
        try Album.keep(page, "case-likely")
        let text = page.text
        #expect(text.contains("What may belong together") && text.contains("same amount, two seconds apart"))
        #expect(text.contains(#"href="/console/reconciliation/cases/case_01kakyz3v0e9ra5h8v2q5m7lke""#))
        #expect(!text.contains("case_gone"), "one that cannot be read is left out")
        // What is open here is moved to the other's reference, and no more than is open there.
        #expect(text.contains(#"name="target" value="\#(SampleReads.orderID)""#))
        #expect(text.contains(#"name="amount" value="2000""#))
        _ = await visitor.post(
            path + "/repairs", "kind=reclassify&target=\(SampleReads.orderID)&amount=2000&reason=r&key=abc")
        #expect(sample.done.all == ["propose reclassify 2000 r abc \(SampleReads.orderID)"])
        let run = await visitor.get(Self.run).text
        #expect(run.contains("What may belong together") && run.contains("1,204 found in all"))
        let reader = try await ConsoleVisitor(scopes: ["reconciliation:read"])
        let read = await reader.get(path).text
        #expect(read.contains("What may belong together") && !read.contains("Propose that they belong together"))
        #expect(await !visitor.get(Self.item).text.contains("What may belong together"), "this one has none")
    }

    @Test("a run whose task was given up offers to try again, and an owner can be taken away")
    func retrying() async throws {
        let sample = SampleReconciliation()
        let visitor = try await ConsoleVisitor(reconciliation: sample)
        let stuck = "/console/reconciliation/runs/run_01kakyz3v0e9ra5h8v2q5m7two"
        #expect(await visitor.get(stuck).text.contains("Try again"))
        #expect(await !visitor.get(Self.run).text.contains("Try again"))
        let reply = await visitor.post(stuck + "/retry", "version=7")
        #expect(reply.status == 303 && reply.headers.contains { $0.value == stuck })
        _ = await visitor.post(Self.item + "/owner", "owner=anna&nobody=1&deadline=&version=4")
        #expect(
            sample.done.all == [
                "retry run_01kakyz3v0e9ra5h8v2q5m7two 7", "unassign \(SampleReconciliation.caseID) 4"
            ])
    }

    @Test("an attachment is a file to keep, never a page, and its name is no header")
    func download() async throws {
        let visitor = try await ConsoleVisitor()
        let path = Self.item + "/files/" + SampleReconciliation.fileHash
        #expect(await visitor.get(Self.item).text.contains(#"href="\#(path)""#))
        let reply = await visitor.get(path)
        #expect(reply.status == 200 && reply.contentType == "application/octet-stream")
        #expect(reply.text == "%PDF-1.7 <script>")
        let header = try #require(reply.headers.first { $0.name == "content-disposition" }?.value)
        #expect(header.hasPrefix("attachment; filename=\"____ ") && header.contains("filename*=UTF-8''%E9%93%B6"))
        #expect(!header.contains("<") && header.utf8.allSatisfy { (32...126).contains($0) })
        #expect(reply.headers.contains { $0.name == "x-content-type-options" && $0.value == "nosniff" })
        #expect(await visitor.get(Self.item + "/files/" + String(repeating: "0", count: 64)).status == 404)
        let stranger = try await ConsoleVisitor(scopes: ["orders:read"])
        #expect(await stranger.get(path).status == 403)
    }

    @Test(
        "a file that is too large, empty or missing is refused by a sentence on the case's page",
        arguments: ["en", "zh"])
    func refusedFiles(language: String) async throws {
        let sample = SampleReconciliation()
        var visitor = try await ConsoleVisitor(reconciliation: sample)
        visitor.language = language
        let path = Self.item + "/files"
        let texts = Texts(language: language == "en" ? .en : .zh)
        let tooLarge = [UInt8](repeating: 1, count: Cases.attachmentLimit + 1)
        let wrong: [(ConsoleReply, Int, ReconciliationText)] = [
            (await visitor.post(path, file: "a.pdf", tooLarge), 413, .refused_file_too_large),
            (await visitor.post(path, file: "a.pdf", []), 422, .refused_file_empty),
            (await visitor.post(path, file: "", []), 422, .refused_file_missing),
            (await visitor.post(path), 422, .refused_file_missing)
        ]
        for (reply, status, text) in wrong {
            #expect(reply.status == status)
            #expect(reply.text.contains(texts[text]) && reply.text.contains(#"role="alert""#))
            #expect(reply.text.contains("123.45"), "the case itself is shown")
        }
        #expect(texts[.refused_file_too_large].contains("\(Cases.attachmentLimit >> 20) MiB"))
        let cut = await visitor.console.handle(
            ConsoleRequest(
                method: "POST", path: path, headers: [("cookie", visitor.cookie ?? ""), ("accept-language", language)],
                isBodyCut: true))
        #expect(cut.status == 413 && cut.text.contains(texts[.refused_file_too_large]))
        #expect(sample.done.all.isEmpty)
    }

    @Test("room for a file is made only for whoever may attach one, and from our own page")
    func bodyLimit() async throws {
        func limit(_ visitor: ConsoleVisitor, _ path: String, _ more: [(name: String, value: String)] = []) async -> Int
        {
            await visitor.console.bodyLimit(
                of: ConsoleRequest(
                    method: "POST", path: path,
                    headers: [("cookie", visitor.cookie ?? ""), ("host", "mall.test")] + more))
        }
        let writer = try await ConsoleVisitor(scopes: ["reconciliation:read", "reconciliation:write"])
        #expect(await limit(writer, Self.item + "/files") == Form.fileBodyLimit)
        #expect(await limit(writer, Self.item + "/notes") == Form.bodyLimit)
        #expect(await limit(writer, Self.item + "/files", [("origin", "https://evil.test")]) == Form.bodyLimit)
        #expect(
            await limit(try await ConsoleVisitor(scopes: ["reconciliation:read"]), Self.item + "/files")
                == Form.bodyLimit)
        var nobody = writer
        nobody.cookie = nil
        #expect(await limit(nobody, Self.item + "/files") == Form.bodyLimit)
    }

    @Test("who may only look is told so, and a form of another site attaches and assigns nothing")
    func notAllowed() async throws {
        let sample = SampleReconciliation()
        let reader = try await ConsoleVisitor(reconciliation: sample, scopes: ["reconciliation:read"])
        let refused = await reader.post(Self.item + "/files", file: "a.pdf", [1])
        #expect(refused.status == 403 && refused.text.contains("Your credential does not allow this."))
        #expect(await !reader.get(Self.item).text.contains(#"type="file""#))
        let visitor = try await ConsoleVisitor(reconciliation: sample)
        let evil: [(name: String, value: String)] = [("origin", "https://evil.test")]
        #expect(await visitor.post(Self.item + "/files", file: "a.pdf", [1], headers: evil).status == 403)
        #expect(await visitor.post(Self.item + "/owner", "owner=eve&version=4", headers: evil).status == 403)
        #expect(
            await visitor.post(Self.item + "/files", file: "a.pdf", [1], headers: [("sec-fetch-site", "cross-site")])
                .status == 403)
        #expect(sample.done.all.isEmpty)
    }

    @Test("a refusal is told on the case's page in a sentence and the house's words, with what was written")
    func refused() async throws {
        let refusal = Problem(type: "same-person", title: "x", status: 403, detail: "maker and checker are one person")
        let visitor = try await ConsoleVisitor(reconciliation: SampleReconciliation(refusal: refusal))
        let reply = await visitor.post(
            "/console/reconciliation/repairs/\(SampleReconciliation.repairID)",
            "decision=approve&version=1&case=\(SampleReconciliation.caseID)")
        #expect(reply.status == 403)
        #expect(reply.text.contains("A second person has to decide this."))
        #expect(reply.text.contains("maker and checker are one person") && reply.text.contains("123.45"))
        let note = await visitor.post(Self.item + "/notes", "text=Asked+%3Cthe%3E+bank")
        #expect(note.status == 403 && note.text.contains(">Asked &lt;the&gt; bank</textarea>"))
        let elsewhere = await visitor.post(
            "/console/reconciliation/repairs/rep_1", "decision=approve&version=1&case=case_unknown")
        #expect(elsewhere.status == 403 && elsewhere.text.contains("maker and checker are one person"))
        for path in ["/owner", "/files", "/notes"] {
            #expect(await visitor.get(Self.item + path).headers.contains { $0.value == Self.item }, "opened again")
        }
    }

    @Test(
        "what is no decision, no amount or no address is refused before anything is asked",
        arguments: [
            ("/console/reconciliation/repairs/rep_1", "decision=drop&version=1", 404),
            ("/console/reconciliation/cases/case_1/repairs", "kind=x&amount=-5", 404),
            ("/console/reconciliation/cases/case_1/repairs", "kind=x&amount=1.5", 404),
            ("/console/reconciliation/cases/case_1/drop", "", 404), ("/console/reconciliation/x", "", 404)
        ])
    func nonsense(path: String, body: String, status: Int) async throws {
        let sample = SampleReconciliation()
        let reply = await (try await ConsoleVisitor(reconciliation: sample)).post(path, body)
        #expect([404, 422].contains(reply.status))
        #expect(sample.done.all.isEmpty)
    }

    @Test("a foreign site's form does nothing")
    func foreign() async throws {
        let sample = SampleReconciliation()
        let reply = await (try await ConsoleVisitor(reconciliation: sample)).post(
            Self.run + "/confirm", "version=7", headers: [("origin", "https://evil.test")])
        #expect(reply.status == 403 && sample.done.all.isEmpty)
    }

    @Test("open items say whether they add up to the balance, and lead to their cases")
    func openItems() async throws {
        let visitor = try await ConsoleVisitor()
        let good = await visitor.get("/console/reconciliation/open-items/wechat/EUR").text
        #expect(good.contains("The open items add up") && good.contains(Self.item))
        let bad = await visitor.get("/console/reconciliation/open-items/broken/EUR").text
        #expect(bad.contains("do not add up"))
        #expect(await visitor.get("/console/reconciliation/open-items/nothing/EUR").status == 404)
    }

    @Test("filters keep each other, and the list's pages keep them all")
    func filters() async throws {
        let text = await (try await ConsoleVisitor()).get(
            "/console/reconciliation/cases", [("channel", "wechat"), ("live", "1")]
        ).text
        #expect(text.contains("channel=wechat&amp;class=fee&amp;live=1"))
        #expect(text.contains("channel=wechat&amp;state=resolved"))
        #expect(text.contains("channel=wechat&amp;live=1&amp;after=more"))
    }

    @Test("the report on paper has its styles inside and asks for nothing else", arguments: ["en", "zh"])
    func paper(language: String) async throws {
        let visitor = try await ConsoleVisitor()
        let html = try await PaperReport.html(
            day: "2026-11-20", caller: visitor.caller, tenantName: SampleReads.hostile, language: language,
            reads: SampleReconciliation())
        #expect(html.contains("<style>") && html.contains("@media print"))
        #expect(!html.contains("<script") && !html.contains("<link") && !html.contains("src="))
        #expect(html.contains(language == "en" ? "Reconciliation report 2026-11-20" : "对账日报 2026-11-20"))
        await #expect(throws: Problem.self) {
            try await PaperReport.html(
                day: "2026-02-30", caller: visitor.caller, tenantName: "x", language: language,
                reads: SampleReconciliation())
        }
        if let folder = ProcessInfo.processInfo.environment["KONTOR_PAGES"] {
            try html.write(toFile: "\(folder)/paper-\(language).html", atomically: true, encoding: .utf8)
        }
    }

    @Test("shares and times are shown in figures that people read")
    func figures() {
        #expect(Figure.percent(ppm: 1_000_000) == "100 %")
        #expect(Figure.percent(ppm: 999_990) == "99.999 %")
        #expect(Figure.percent(ppm: 985_000) == "98.50 %")
        #expect(Figure.percent(ppm: 1) == "0.0001 %")
        #expect(Figure.percent(ppm: 0) == "0 %")
        let texts = Texts(language: .en)
        #expect(
            [0, 1_023, 1_024, 1_300, (4 << 20) - 1, 4 << 20].map(Figure.bytes)
                == ["0 B", "1,023 B", "1.0 KiB", "1.2 KiB", "3.9 MiB", "4.0 MiB"])
        #expect(Figure.duration(seconds: 0, texts) == "0 s")
        #expect(Figure.duration(seconds: 59, texts) == "59 s")
        #expect(Figure.duration(seconds: 3_660, texts) == "1 h 1 min")
        #expect(Figure.duration(seconds: 7_200, texts) == "2 h")
        #expect(Figure.duration(seconds: 187_200, texts) == "2 d 4 h")
    }

    @Test("every text of reconciliation says something in every language", arguments: ReconciliationText.allCases)
    func texts(text: ReconciliationText) {
        for language in Language.allCases { #expect(!text.said(in: language).isEmpty) }
    }
}
