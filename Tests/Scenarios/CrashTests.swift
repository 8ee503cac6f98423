import Assembly
import Contract
import Foundation
import Journal
import Orders
import Runtime
import Store
import Synchronization
import Tenancy
import Testing

/// What was acknowledged is there after any end of the process, once; what was not is there whole or not at all.
///
/// The server is the built program in a process of its own. `swift test` of the whole package builds it; a narrowed
/// build may not.
@Suite(
    "Ends of the process", .serialized, .enabled(if: KontorProcess.program != nil, "the program kontor was not built"))
struct CrashTests {
    /// The orders that callers asked for, by idempotency key, and what they were told.
    final class Notebook: Sendable {
        private let state = Mutex<(told: [String: String], asked: Set<String>)>(([:], []))
        private let stopped = Mutex(false)

        /// Set while callers may go on.
        var isOpen: Bool {
            get { stopped.withLock { !$0 } }
            set { stopped.withLock { $0 = !newValue } }
        }

        func asked(_ key: String) { state.withLock { _ = $0.asked.insert(key) } }
        func told(_ key: String, _ order: String) { state.withLock { $0.told[key] = order } }
        var told: [String: String] { state.withLock { $0.told } }
        var unanswered: Set<String> { state.withLock { $0.asked.subtracting($0.told.keys) } }
    }

    /// Eight callers place orders, and pay every third, until the server does not answer any more.
    private func load(_ outpost: Outpost, _ web: Web, _ round: Int, _ notebook: Notebook) async {
        await withTaskGroup(of: Void.self) { callers in
            for caller in 0..<8 {
                callers.addTask {
                    var number = 0
                    while notebook.isOpen {
                        let key = "r\(round)-c\(caller)-n\(number)"
                        number += 1
                        notebook.asked(key)
                        guard let placed = try? await place(outpost, web, key), placed.status == 201 else { continue }
                        let order = placed.json.order_id.text
                        notebook.told(key, order)
                        guard number % 3 == 0 else { continue }
                        _ = try? await web.call(
                            "POST", "/v1/orders/\(order)/pay",
                            #"{"instrument_token": "tok_ok", "channel": "sandbox"}"#, key: "pay-\(key)")
                    }
                }
            }
        }
    }

    private func place(_ outpost: Outpost, _ web: Web, _ key: String) async throws -> Web.Answer {
        try await web.call(
            "POST", "/v1/orders", #"{"lines": [{"variant_id": "\#(outpost.variant)", "quantity": "1"}]}"#, key: key)
    }

    /// Reads the files that the ended process left: the chain, the books, the stock, and each order once.
    private func verify(_ outpost: Outpost, _ notebook: Notebook, _ round: String) async throws {
        let told = notebook.told
        let (audit, ids) = try await outpost.house { house in
            try await house.withBook(of: outpost.tenant) { book in
                try await house.settle(book)
                return try await book.read { reader in
                    (try Audit(reader), try reader.query("SELECT id FROM orders") { "\(try $0.get(0) as OrderID)" })
                }
            }
        }
        #expect(audit.broken == nil, "\(round)")
        #expect(Set(ids).count == ids.count, "\(round): an order stands twice")
        let missing = Set(told.values).subtracting(ids)
        #expect(missing.isEmpty, "\(round): acknowledged and gone: \(missing)")
        #expect(Set(told.values).count == told.count, "\(round): two keys were told one order")
        // Each order holds one piece. None was sent, so nothing has left the shelf.
        #expect(audit.onHand == Outpost.stock, "\(round)")
        #expect(audit.reserved == Int64(ids.count), "\(round): reserved \(audit.reserved) for \(ids.count) orders")
        #expect(ids.count >= told.count && ids.count <= told.count + notebook.unanswered.count, "\(round)")
    }

    @Test("kill -9 during load loses no acknowledged order and doubles none, 50 times in a row")
    func killed() async throws {
        let rounds = ProcessInfo.processInfo.environment["KONTOR_KILLS"].flatMap(Int.init) ?? 50
        let random = RandomSource(seed: 9)
        try await Outpost.with { outpost in
            let notebook = Notebook()
            for round in 1...rounds {
                let (process, web) = try await outpost.serve()
                // The same keys again: who was told an order is told the same one; who was not gets one now.
                let told = notebook.told
                for key in told.keys.sorted().suffix(20) + notebook.unanswered.sorted() {
                    let again = try await place(outpost, web, key)
                    #expect(again.status == 201, "round \(round), key \(key): \(again.text)")
                    let order = again.json.order_id.text
                    if let before = told[key] {
                        #expect(order == before, "round \(round): \(key) was told another order")
                    }
                    notebook.told(key, order)
                }
                notebook.isOpen = true
                let loading = Task { await load(outpost, web, round, notebook) }
                try await Task.sleep(for: .milliseconds(60 + random.integer(in: 0..<200)))
                await process.killHard()
                notebook.isOpen = false
                await loading.value
                try await verify(outpost, notebook, "round \(round) of seed 9")
            }
            #expect(notebook.told.count > rounds, "the load was too small to prove anything")
            try await expectNoDoubleCapture(outpost)
        }
    }

    /// The channel's statement is the truth: however often the house died in between, no order was charged twice.
    private func expectNoDoubleCapture(_ outpost: Outpost) async throws {
        let lines = try await outpost.house { house in
            try await Stall.statement(of: outpost.tenant, house)
        }
        let captures = lines.filter { $0.type == "capture" }.map { $0.reference.split(separator: "-").first ?? "" }
        #expect(Set(captures).count == captures.count, "a payment was captured twice")
        #expect(!captures.isEmpty)
    }

    @Test("SIGTERM during load answers what it began, ends with 0, and every acknowledged order is there")
    func stoppedGracefully() async throws {
        try await Outpost.with { outpost in
            let notebook = Notebook()
            for round in 1...3 {
                let (process, web) = try await outpost.serve()
                notebook.isOpen = true
                let loading = Task { await load(outpost, web, round, notebook) }
                try await Task.sleep(for: .milliseconds(300))
                let code = await process.stop()
                notebook.isOpen = false
                await loading.value
                #expect(code == 0, "round \(round)")
                try await verify(outpost, notebook, "graceful stop \(round)")
            }
            #expect(notebook.told.count > 3)
        }
    }
}
