import Contract
import Journal
import Money
import Store
import SwiftProtobuf
import TestStores
import Testing

@Suite("A service's write", .onBothStores)
struct PerformTests {
    private func request(_ minor: Int64) -> V1Amount { V1Amount(Amount(minor: minor, .eur)) }

    private func run(_ book: Book, _ minor: Int64, key: String?) async throws -> V1Amount {
        let request = request(minor)
        return try await book.perform(Samples.context(book, idempotencyKey: key), request) { transaction in
            try transaction.record(request)
            return try V1Amount.with {
                $0.minor = try Journal.head(transaction).sequence
                $0.currency = "EUR"
            }
        }
    }

    @Test("a repeated key gets the first answer and has no second effect")
    func repeated() async throws {
        let test = try await TestBook.make(migrations: Journal.migrations)
        let first = try await run(test.book, 5, key: "k")
        let second = try await run(test.book, 5, key: "k")
        let other = try await run(test.book, 5, key: "l")
        let without = try await run(test.book, 5, key: nil)
        #expect(first == second)
        #expect(other.minor == first.minor + 1)
        #expect(without.minor == first.minor + 2)
        await test.discard()
    }

    @Test("the same key with another request is refused")
    func reused() async throws {
        let test = try await TestBook.make(migrations: Journal.migrations)
        _ = try await run(test.book, 5, key: "k")
        await #expect { _ = try await run(test.book, 6, key: "k") } throws: {
            ($0 as? StoreError)?.code == .idempotencyKeyReused
        }
        await test.discard()
    }

    @Test("a recorded event carries its message's full name")
    func recorded() async throws {
        let test = try await TestBook.make(migrations: Journal.migrations)
        _ = try await run(test.book, 5, key: nil)
        let events = try await test.book.read { try Journal.events(after: 0, limit: 10, $0) }
        #expect(events.map(\.type) == ["kontor.common.v1.Amount"])
        #expect(try V1Amount(serializedBytes: events[0].payload) == request(5))
        await test.discard()
    }
}
