import Assembly
import Foundation
import Reconciliation
import Testing

extension Belongings {
    /// A channel of the tenant's own with a statement that names money nobody knows: a run, a case, a repair, a note, an
    /// upload, and a rule set that ran in the shadow.
    static func reconciled(_ stall: Stall) async throws -> [String: String] {
        let web = stall.web
        let package = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
            .deletingLastPathComponent().deletingLastPathComponent()
        func example(_ path: String) throws -> String {
            try String(contentsOf: package.appending(path: "Examples/\(path)"), encoding: .utf8)
        }
        func json(_ text: String) throws -> String { String(decoding: try JSONEncoder().encode(text), as: UTF8.self) }

        let layout = try json(try example("statements/kontor.yaml"))
        _ = try await web.put(
            "/v1/reconciliation/profiles/amberpay",
            #"""
            {"profile": {"statement_profile": \#(layout), "currency": "\#(stall.currency)", "auto_confirm": true,
            "auto_differences": 10, "auto_amount_minor": "100000", "carry_days": -1}}
            """#, key: "profile")
        let file = """
            merchant_reference,channel_reference,kind,amount_minor,fee_minor,currency,status,time,original_reference
            amberway-1,ch-1,payment,1234,0,\(stall.currency),succeeded,2026-01-01T10:00:00Z,
            TOTAL,1,,1234,0,\(stall.currency),,,

            """
        let statement = try await web.call(
            "POST", "/v1/reconciliation/statements/amberpay/2026-01-01/kontor-amber.csv", file, key: "statement",
            type: "text/csv"
        ).expecting(201)
        let upload = try await web.post(
            "/v1/reconciliation/uploads",
            #"""
            {"channel": "amberpay", "day": "2026-01-02", "name": "kontor-amber-2.csv", "size_bytes": "10",
            "sha256": "\#(String(repeating: "0", count: 64))"}
            """#, key: "upload")
        try await stall.house.withBook(of: stall.tenant) { book in
            while try await stall.house.reconciliation.work(book, process: "test") > 0 {}
            while try await stall.house.cases.work(book) > 0 {}
        }
        let run = statement.run_id.text
        let item = try await web.get("/v1/reconciliation/cases?run_id=\(run)").cases[0].id.text
        let note = try await web.post(
            "/v1/reconciliation/cases/\(item)/notes", #"{"text": "asked the amberhouse"}"#, key: "note")
        let repair = try await web.post(
            "/v1/reconciliation/cases/\(item)/repairs", #"{"kind": "book_unknown_money", "reason": "amber"}"#,
            key: "repair")
        let rules = try await web.post(
            "/v1/reconciliation/rules", #"{"source": \#(try json(try example("reconciliation/causes.yaml")))}"#,
            key: "rules")
        let shadow = try await web.post(
            "/v1/reconciliation/shadows",
            #"{"run_id": "\#(run)", "kind": "causes", "number": "\#(rules.number.text)"}"#, key: "shadow")
        return [
            "run_id": run, "statement_id": statement.id.text, "upload_id": upload.id.text, "case_id": item,
            "note_id": note.id.text, "repair_id": repair.id.text, "shadow_id": shadow.id.text
        ]
    }
}
