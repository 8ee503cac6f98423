import Foundation
import Synchronization
import Testing

/// The orders that callers asked for, by idempotency key, and what they were told.
final class Notebook: Sendable {
    enum Told: Sendable {
        case order(String)
        /// The answer says that nothing was done.
        case refused
        /// No answer, or one that says that nobody knows.
        case nothing
    }

    private let state = Mutex<[String: Told]>([:])
    private let isShut = Mutex(false)

    /// True while callers may go on.
    var isOpen: Bool {
        get { isShut.withLock { !$0 } }
        set { isShut.withLock { $0 = !newValue } }
    }

    func asked(_ key: String) { state.withLock { if $0[key] == nil { $0[key] = .nothing } } }

    /// A key that was told an order stays so: it was acknowledged, whatever came later.
    func note(_ key: String, _ told: Told) {
        state.withLock { state in
            if case .order = state[key] { return }
            state[key] = told
        }
    }

    var told: [String: String] {
        state.withLock { state in
            state.compactMapValues { if case .order(let id) = $0 { id } else { nil } }
        }
    }

    /// Keys that may have been done without anybody knowing.
    var unknown: Set<String> {
        state.withLock { state in
            Set(state.compactMap { key, told in if case .nothing = told { key } else { nil } })
        }
    }

    var refused: Set<String> {
        state.withLock { state in
            Set(state.compactMap { key, told in if case .refused = told { key } else { nil } })
        }
    }
}

/// Callers who place orders of one piece each, and pay some of them.
struct Shoppers: Sendable {
    let outpost: Outpost
    let notebook: Notebook
    /// The deadline that they send with each order, in milliseconds; the contract's when nil.
    var patienceMs: Int?

    /// Places and pays until the notebook is shut. The callers take turns at the addresses.
    func shop(at webs: [Web], callers count: Int = 8, round: String, pays: Bool = true) async {
        await withTaskGroup(of: Void.self) { callers in
            for caller in 0..<count {
                callers.addTask {
                    let web = webs[caller % webs.count]
                    var number = 0
                    while notebook.isOpen {
                        number += 1
                        let key = "\(round)-c\(caller)-n\(number)"
                        notebook.asked(key)
                        guard let order = await ask(web, key), pays, number % 3 == 1 else { continue }
                        await pay(web, order, key)
                    }
                }
            }
        }
    }

    /// Asks for the order of a key and notes the answer; returns the order when there is one.
    @discardableResult
    func ask(_ web: Web, _ key: String) async -> String? {
        guard let answer = try? await place(web, key) else {
            notebook.note(key, .nothing)
            return nil
        }
        switch (answer.status, answer.problem) {
        case (201, _):
            let order = answer.json.order_id.text
            notebook.note(key, .order(order))
            return order
        case (_, "outcome-unknown"), (_, "deadline-exceeded"): notebook.note(key, .nothing)
        case (500..., _), (429, _): notebook.note(key, .refused)
        default: Issue.record("\(key): \(answer.status) \(answer.text.prefix(300))")
        }
        return nil
    }

    private func place(_ web: Web, _ key: String) async throws -> Web.Answer {
        try await web.call(
            "POST", "/v1/orders", #"{"lines": [{"variant_id": "\#(outpost.variant)", "quantity": "1"}]}"#, key: key,
            headers: patienceMs.map { [("request-timeout", "\($0)ms")] } ?? [])
    }

    private func pay(_ web: Web, _ order: String, _ key: String) async {
        _ = try? await web.call(
            "POST", "/v1/orders/\(order)/pay", #"{"instrument_token": "tok_ok", "channel": "sandbox"}"#,
            key: "pay-\(key)")
    }

    /// Asks again under the same keys until every one has its order: who was told one is told the same, who was not gets
    /// one now. Throws when the house does not recover within a minute.
    func askAgain(_ web: Web, most: Int = 20) async throws {
        let told = notebook.told
        for key in told.keys.sorted().suffix(most) {
            let again = try await persist(web, key)
            #expect(again == told[key], "\(key) was told another order")
        }
        for key in notebook.unknown.union(notebook.refused).sorted() { _ = try await persist(web, key) }
    }

    private func persist(_ web: Web, _ key: String) async throws -> String {
        let patience = ContinuousClock.now + .seconds(60)
        while ContinuousClock.now < patience {
            let before = notebook.told[key]
            if let answer = try? await place(web, key), answer.status == 201 {
                let order = answer.json.order_id.text
                #expect(before == nil || before == order, "\(key) was told \(before ?? ""), then \(order)")
                notebook.note(key, .order(order))
                return order
            }
            try await Task.sleep(for: .milliseconds(50))
        }
        throw Unrecovered(key: key)
    }

    struct Unrecovered: Error, CustomStringConvertible {
        let key: String
        var description: String { "\(key) was not answered within a minute: the house did not recover" }
    }
}

extension Shoppers {
    /// Reads the books beside or after the process: the chain, the accounts, the stock, and each order once.
    func verify(_ round: String) async throws {
        // What is under way now may come to its end before the books are read, so it is asked first.
        let told = notebook.told
        let unknown = notebook.unknown
        let (audit, ids) = try await outpost.look()
        #expect(audit.broken == nil, "\(round)")
        #expect(Set(ids).count == ids.count, "\(round): an order stands twice")
        let missing = Set(told.values).subtracting(ids)
        #expect(missing.isEmpty, "\(round): acknowledged and gone: \(missing)")
        #expect(Set(told.values).count == told.count, "\(round): two keys were told one order")
        // Each order holds one piece. None was sent, so nothing has left the shelf.
        #expect(audit.onHand == Outpost.stock, "\(round)")
        #expect(audit.reserved == Int64(ids.count), "\(round): reserved \(audit.reserved) for \(ids.count) orders")
        #expect(
            ids.count <= told.count + unknown.count,
            "\(round): \(ids.count) orders, \(told.count) told, \(unknown.count) unknown: a refused one left something")
    }

    /// The channel's statement is the truth: however often something broke in between, no order was charged twice.
    func expectNoDoubleCapture() async throws {
        let lines = try await outpost.house { house in
            try await Stall.statement(of: outpost.tenant, house)
        }
        let captures = lines.filter { $0.type == "capture" }.map { $0.reference.split(separator: "-").first ?? "" }
        #expect(Set(captures).count == captures.count, "a payment was captured twice")
        #expect(!captures.isEmpty)
    }
}
