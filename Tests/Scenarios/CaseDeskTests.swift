import Foundation
import Reconciliation
import Testing

/// What people do on a case's page, through the front door and with the real capability behind it.
@Suite("A case in the console") struct CaseDeskTests {
    private static let boundary = "----kontor-scenario"

    /// A browser that has signed in and sends a form of the console.
    private func post(
        _ path: String, _ body: String, type: String = "application/x-www-form-urlencoded", _ stall: Stall,
        origin: String? = nil
    ) async throws -> Web.Answer {
        try await Web(address: stall.mall.address).call(
            "POST", path, body,
            headers: [
                ("cookie", "kontor_session=\(stall.web.credential ?? "")"), ("origin", origin ?? stall.mall.address)
            ], type: type)
    }

    private func attach(_ path: String, _ name: String, _ content: String, _ stall: Stall) async throws -> Web.Answer {
        let body = """
            --\(Self.boundary)\r
            Content-Disposition: form-data; name="file"; filename="\(name)"\r
            Content-Type: application/octet-stream\r
            \r
            \(content)\r
            --\(Self.boundary)--\r

            """
        return try await post(path + "/files", body, type: "multipart/form-data; boundary=\(Self.boundary)", stall)
    }

    @Test("an owner is assigned and a file is attached and downloaded; what is refused is a sentence on the page")
    func desk() async throws {
        try await Mall.open(seed: 71) { mall in
            let stall = try await mall.openShop("desk")
            let ids = try await Belongings.reconciled(stall)
            let path = "/console/reconciliation/cases/\(ids["case_id"] ?? "")"
            func shown() async throws -> JSON {
                try await stall.web.get("/v1/reconciliation/cases/\(ids["case_id"] ?? "")")
            }

            let version = try await shown().version.text
            // The client follows the redirect to the case's page.
            let owned = try await post(
                path + "/owner", "owner=team.payments&deadline=2026-02-01T08%3A30&version=\(version)", stall)
            #expect(owned.status == 200 && owned.text.contains("team.payments"))
            #expect(try await shown().owner.text == "team.payments")
            #expect(try await shown().deadline_at.text.hasPrefix("2026-02-01T08:30:00"))
            let stale = try await post(path + "/owner", "owner=eve&version=\(version)", stall)
            #expect(stale.status == 412 && stale.text.contains("Somebody changed it meanwhile"))
            let named = try await post(
                path + "/owner", "owner=Ada+Lovelace&version=\(try await shown().version.text)", stall)
            #expect(named.status == 422 && named.text.contains("An owner is a pseudonym"))
            #expect(named.text.contains(#"value="Ada Lovelace""#), "what was written is still there")

            let content = "advice of the bank\r\n--\n--\(Self.boundary)\n" + String(repeating: "y", count: 3 << 20)
            let attached = try await attach(path, "../advice\u{202E}.pdf", content, stall)
            #expect(attached.status == 200 && attached.text.contains(">advice.pdf</a>"))
            let file = try await shown().files[0]
            #expect(file.name.text == "advice.pdf" && file.size_bytes.int == Int64(content.utf8.count))
            let back = try await Web(address: mall.address).call(
                "GET", path + "/files/" + file.sha256.text,
                headers: [("cookie", "kontor_session=\(stall.web.credential ?? "")")])
            #expect(back.status == 200 && back.text == content && back.contentType == "application/octet-stream")

            for size in [Cases.attachmentLimit + 1, Cases.attachmentLimit + (1 << 20)] {
                let large = try await attach(path, "large.pdf", String(repeating: "z", count: size), stall)
                #expect(large.status == 413 && large.text.contains("The file is larger than 4 MiB."))
            }
            let note = try await post(path + "/notes", "text=" + String(repeating: "n", count: 4_001), stall)
            #expect(note.status == 422 && note.text.contains("A note has 1 to 4,000 characters."))
            let foreign = try await post(path + "/owner", "owner=eve&version=9", stall, origin: "https://evil.test")
            #expect(foreign.status == 403)
            #expect(try await shown().files.items.count == 1)
            #expect(try await shown().owner.text == "team.payments")
            #expect(try await stall.audit().broken == nil)
        }
    }
}
