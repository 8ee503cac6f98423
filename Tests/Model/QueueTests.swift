import Foundation
import Journal
import Ledger
import Money
import Store
import Synchronization
import TestStores
import Testing

/// More callers than a book takes: those who are told to come back have left nothing, and nobody is served twice.
@Suite("A full queue", .onBothStores)
struct QueueTests {
    /// What callers were told, by their numbers.
    private struct Told: Sendable {
        var done: [Int: Int64] = [:]
        var refused: Set<Int> = []
    }

    private static let coding = AnswerCoding<Int64>(
        encode: { value in withUnsafeBytes(of: value.bigEndian) { Array($0) } },
        decode: { $0.reduce(0) { $0 << 8 | Int64($1) } })

    @Test("a queue that overflows again and again loses nobody who was served and serves nobody twice")
    func overflow() async throws {
        let rounds = 10
        let callers = 400
        var options = BookOptions()
        options.queueLimit = 60
        options.batchLimit = 25
        let test = try await TestBook.make(migrations: Journal.migrations + Ledger.migrations, options: options)
        let ledger = Ledger()
        try await test.book.write("chart") { try ledger.installChart(currency: .eur, in: $0) }
        var refusals = 0
        for round in 0..<rounds {
            let numbers = Array(round * callers..<(round + 1) * callers)
            let stalled = Gate()
            // A command that takes long holds up the lane while all the others come.
            async let slow: Void = test.book.write("slow") { _ in stalled.wait() }
            while !stalled.isReached { await Task.yield() }
            let asking = Task { await ask(numbers, test.book) }
            while test.book.queueDepth < options.queueLimit { await Task.yield() }
            stalled.open()
            try await slow
            let told = await asking.value
            refusals += told.refused.count
            #expect(!told.refused.isEmpty && !told.done.isEmpty, "round \(round)")
            try await verify(test.book, told.done, atMost: told.done.count + round * callers, "round \(round)")

            // Who was refused comes again under the same key; who was served hears the same once more.
            var again = Told(done: [:], refused: Set(numbers))
            while !again.refused.isEmpty {
                let answers = await ask(again.refused.sorted(), test.book)
                again.done.merge(answers.done) { first, _ in first }
                again.refused = answers.refused
            }
            for (number, answer) in told.done { #expect(again.done[number] == answer, "caller \(number)") }
            try await verify(test.book, again.done, atMost: (round + 1) * callers, "round \(round), asked again")
        }
        Report.say(
            "a full queue on \(TestStore.current.title): \(rounds) times, \(refusals) callers told to come back, "
                + "\(rounds * callers) served once each")
        await test.discard()
    }

    private func ask(_ numbers: [Int], _ book: Book) async -> Told {
        let ledger = Ledger()
        return await withTaskGroup(of: (Int, Int64?).self) { group in
            for number in numbers {
                group.addTask {
                    let key = IdempotencyKey(scope: "queue", key: "\(number)", request: [UInt8(number % 251)])
                    do {
                        let sequence = try await book.write("queue", key: key, coding: Self.coding) { tx in
                            try ledger.post(
                                Transfer(
                                    debit: "cash", credit: "sales", amount: Amount(minor: 1, .eur),
                                    reference: "caller-\(number)"), in: tx
                            ).sequence
                        }
                        return (number, sequence)
                    } catch let error as StoreError where error.code == .busy {
                        if error.retryAfter == nil { Issue.record("busy, and nobody says for how long") }
                        return (number, nil)
                    } catch {
                        Issue.record(error)
                        return (number, nil)
                    }
                }
            }
            var told = Told()
            for await (number, answer) in group {
                if let answer { told.done[number] = answer } else { told.refused.insert(number) }
            }
            return told
        }
    }

    private func verify(_ book: Book, _ done: [Int: Int64], atMost most: Int, _ place: String) async throws {
        let transfers = try await book.read { reader in
            try reader.query("SELECT sequence, reference FROM ledger_transfers ORDER BY sequence") {
                ($0.int64(0), $0.text(1))
            }
        }
        let byReference = Dictionary(grouping: transfers, by: \.1)
        #expect(byReference.count == transfers.count, "\(place): somebody was served twice")
        for (number, sequence) in done {
            #expect(byReference["caller-\(number)"]?.first?.0 == sequence, "\(place): caller \(number)")
        }
        #expect(transfers.count == most, "\(place): a refused caller left something")
    }
}

/// Holds up a thread of a store until it is opened.
private final class Gate: Sendable {
    private let reached = Mutex(false)
    private let semaphore = DispatchSemaphore(value: 0)

    var isReached: Bool { reached.withLock { $0 } }

    func wait() {
        reached.withLock { $0 = true }
        semaphore.wait()
    }

    func open() { semaphore.signal() }
}
