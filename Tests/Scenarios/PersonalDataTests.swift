import Assembly
import Contract
import Foundation
import Journal
import Store
import Tenancy
import Testing

/// Personal values are readable by those who may, and by nobody who reads the disk.
@Suite(
    "Personal data", .serialized, .enabled(if: KontorProcess.program != nil, "the program kontor was not built"))
struct PersonalDataTests {
    /// A shopper whose every value is a word that stands nowhere else.
    struct Shopper: Sendable {
        let email = "Zephyrine.Quastenberg@marked.example"
        let name = "Zephyrine Quastenberg"
        let phone = "+49 170 99887766"
        let line1 = "Mohnblumenweg 77b"
        let city = "Lindenstadtl"

        var address: String {
            #"""
            {"name": "\#(name)", "line1": "\#(line1)", "city": "\#(city)", "postal_code": "98765",
            "country": "DE", "phone": "\#(phone)"}
            """#
        }

        /// What is searched for, in lower case: whole values and the parts that would give them away.
        var marks: [String] {
            [
                "zephyrine", "quastenberg", "marked.example", "mohnblumenweg", "lindenstadtl", "99887766",
                "4917099887766"
            ]
        }
    }

    /// Where a mark stands in any file of a folder, whatever the file is.
    private func traces(of shopper: Shopper, _ folder: String) -> [String] {
        Folders.contents(folder).flatMap { path, bytes in
            let lower = Data(bytes.map { (65...90).contains($0) ? $0 + 32 : $0 })
            return shopper.marks.filter { lower.range(of: Data($0.utf8)) != nil }.map { "\(path) holds \($0)" }
        }
    }

    @Test("names, mails, phones and streets stand in no file, no log and no trace; erasing ends what can be revealed")
    func nowhereInTheClear() async throws {
        let shopper = Shopper()
        try await Outpost.with { outpost in
            let files = ["--log-level", "trace", "--log-file", outpost.folder + "/kontor.log"]
            let (process, web) = try await outpost.serve(files + ["--trace-file", outpost.folder + "/spans.jsonl"])
            let order = try await shop(shopper, outpost, web)
            let person = order.person_id.text

            // Who may read does read, through every call that shows values.
            let revealed = try await web.get("/v1/orders/\(order.order_id.text)?reveal=true")
            #expect(revealed.email.text == shopper.email)
            #expect(revealed.shipping_address.name.text == shopper.name)
            let found = try await web.call("POST", "/v1/people/find", #"{"email": "\#(shopper.email)"}"#).expecting(200)
            #expect(found.person_id.text == person)
            let export = try await web.call("POST", "/v1/people/\(person)/export", #"{"reason": "access request"}"#)
                .expecting(200)
            #expect(export.values.items.contains { $0.value.text == shopper.phone })

            // The write-ahead log is still there while the process runs.
            #expect(traces(of: shopper, outpost.folder).isEmpty, "\(traces(of: shopper, outpost.folder))")
            let paths = Set(Folders.contents(outpost.folder).map(\.path))
            #expect(paths.contains { $0.hasSuffix("-wal") })
            #expect(paths.isSuperset(of: ["kontor.log", "spans.jsonl", "keys/master.key"]))
            // The search finds what is there: the shelf's own word stands in the clear.
            #expect(Folders.contents(outpost.folder).contains { $0.bytes.range(of: Data("NAIL".utf8)) != nil })
            #expect(spans(outpost).contains("PlaceOrder"))

            try await erase(shopper, order, export, web)
            #expect(await process.stop() == 0)
            #expect(traces(of: shopper, outpost.folder).isEmpty, "\(traces(of: shopper, outpost.folder))")
            let audit = try await outpost.house { house in
                try await house.withBook(of: outpost.tenant) { try await $0.read { try Audit($0) } }
            }
            #expect(audit.broken == nil, "the chain verifies after the erasure")
        }
    }

    private func spans(_ outpost: Outpost) -> String {
        String(decoding: FileManager.default.contents(atPath: outpost.folder + "/spans.jsonl") ?? Data(), as: UTF8.self)
    }

    /// Buys through every call that takes a personal field, and is refused where a value is wrong.
    private func shop(_ shopper: Shopper, _ outpost: Outpost, _ web: Web) async throws -> JSON {
        let line = #"{"variant_id": "\#(outpost.variant)", "quantity": "1"}"#
        let cart = try await web.post("/v1/carts", #"{"lines": [\#(line)]}"#, key: "cart").cart_id.text
        _ = try await web.call(
            "PATCH", "/v1/carts/\(cart)", #"{"email": "\#(shopper.email)", "shipping_address": \#(shopper.address)}"#,
            key: "details"
        ).expecting(200)
        // Refusals quote values to their caller, and must not quote them to the log.
        let refused = [
            #"{"email": "\#(shopper.email) and more"}"#,
            #"{"shipping_address": {"name": "\#(shopper.name)", "country": "\#(shopper.city)"}}"#,
            #"{"email": 5, "shipping_address": \#(shopper.address)}"#,
            #"{"\#(shopper.name)": true}"#,
            #"{"email": "\#(shopper.email)", "shipping_address": "#
        ]
        for (number, body) in refused.enumerated() {
            let answer = try await web.call("PATCH", "/v1/carts/\(cart)", body, key: "refused-\(number)")
            #expect((400..<500).contains(answer.status), "\(body): \(answer.text)")
        }
        let checkedOut = try await web.post("/v1/carts/\(cart)/checkout", key: "checkout")
        _ = try await web.post(
            "/v1/orders/\(checkedOut.order_id.text)/pay", #"{"instrument_token": "tok_ok", "channel": "sandbox"}"#,
            key: "pay")
        let second = try await web.post(
            "/v1/orders",
            #"""
            {"lines": [\#(line)], "email": "\#(shopper.email)", "shipping_address": \#(shopper.address),
            "billing_address": \#(shopper.address)}
            """#,
            key: "order")
        #expect(second.person_id == checkedOut.person_id, "the same mail is the same person")
        #expect(second.email.text.hasPrefix("tok_"))
        _ = try await web.get("/v1/orders?person_id=\(second.person_id.text)")
        return checkedOut
    }

    private func erase(_ shopper: Shopper, _ order: JSON, _ export: JSON, _ web: Web) async throws {
        let person = order.person_id.text
        let tokens = export.values.items.map(\.token.text)
        #expect(!tokens.isEmpty)
        _ = try await web.call("DELETE", "/v1/people/\(person)").expecting(200)
        let list = tokens.map { #""\#($0)""# }.joined(separator: ", ")
        let revealed = try await web.call(
            "POST", "/v1/personal/reveal", #"{"tokens": [\#(list)], "reason": "after the erasure"}"#
        ).expecting(200)
        #expect(revealed.values.items.count == tokens.count)
        #expect(revealed.values.items.allSatisfy { $0.state.text == "erased" && $0.value.text.isEmpty })
        let shown = try await web.call("GET", "/v1/orders/\(order.order_id.text)?reveal=true")
        #expect(shown.status == 200, "an order outlives its shopper's data: \(shown.text)")
        for mark in shopper.marks { #expect(!shown.text.lowercased().contains(mark)) }
        #expect(try await web.call("POST", "/v1/people/find", #"{"email": "\#(shopper.email)"}"#).status == 404)
    }

    @Test("without the scope personal:read nobody is shown a value, and each reading stands in the journal")
    func scopeAndJournal() async throws {
        let shopper = Shopper()
        try await Mall.open(seed: 21) { mall in
            let stall = try await mall.openShop("scoped")
            let variant = try await stall.shelve("nail", priceMinor: 250, stock: 10)
            let order = try await stall.web.post(
                "/v1/orders",
                #"""
                {"lines": \#(stall.lines([(variant, 1)])), "email": "\#(shopper.email)",
                "shipping_address": \#(shopper.address)}
                """#,
                key: "order")
            let clerk = try await stall.web.call(
                "POST", "/v1/keys", #"{"name": "clerk", "scopes": ["orders:*", "people:read"]}"#
            ).expecting(201)
            let web = Web(address: mall.address, credential: clerk.credential.text)
            let path = "/v1/orders/\(order.order_id.text)?reveal=true"
            #expect(try await web.call("GET", path).status == 403)
            #expect(try await web.call("POST", "/v1/people/find", #"{"email": "\#(shopper.email)"}"#).status == 403)
            let readings = try await self.readings(stall)
            #expect(readings == 0)
            _ = try await stall.web.get(path)
            #expect(try await self.readings(stall) == 1)
        }
    }

    private func readings(_ stall: Stall) async throws -> Int {
        try await stall.read { reader in
            try Journal.events(after: 0, limit: 10_000, reader).count { $0.type.hasSuffix("PersonalDataRead") }
        }
    }
}
