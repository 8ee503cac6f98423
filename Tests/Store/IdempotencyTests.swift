import Runtime
import Store
import TestStores
import Testing

@Suite("Idempotency", .onBothStores)
struct IdempotencyTests {
    static let coding = AnswerCoding<Int64>(
        encode: { Array("\($0)".utf8) }, decode: { Int64(String(decoding: $0, as: UTF8.self)) ?? -1 })

    static func count(_ book: Book, key: String, request: String, fails: Bool = false) async throws -> Int64 {
        try await book.write(
            "count", key: IdempotencyKey(scope: "tests", key: key, request: Array(request.utf8)), coding: coding
        ) { tx in
            try tx.execute("INSERT INTO notes SELECT COALESCE(MAX(id), 0) + 1, '' FROM notes")
            if fails { throw GroupCommitTests.Refused() }
            return try tx.first("SELECT MAX(id) FROM notes") { $0.int64(0) } ?? 0
        }
    }

    @Test("a repeated key gets the first answer and has no second effect")
    func repeated() async throws {
        let test = try await TestBook.make(migrations: [GroupCommitTests.table])
        #expect(try await Self.count(test.book, key: "a", request: "one") == 1)
        #expect(try await Self.count(test.book, key: "a", request: "one") == 1)
        #expect(try await Self.count(test.book, key: "b", request: "one") == 2)
        let again = try await test.reopened()
        #expect(try await Self.count(again.book, key: "a", request: "one") == 1)
        await again.discard()
    }

    @Test("the same key with another request is refused")
    func otherRequest() async throws {
        let test = try await TestBook.make(migrations: [GroupCommitTests.table])
        _ = try await Self.count(test.book, key: "a", request: "one")
        await #expect { try await Self.count(test.book, key: "a", request: "two") } throws: {
            ($0 as? StoreError)?.code == .idempotencyKeyReused
        }
        await test.discard()
    }

    @Test("a key whose command was refused counts once when it is tried again, not zero times")
    func retryAfterRefusal() async throws {
        let test = try await TestBook.make(migrations: [GroupCommitTests.table])
        _ = try? await Self.count(test.book, key: "a", request: "one", fails: true)
        #expect(try await Self.count(test.book, key: "a", request: "one") == 1)
        await test.discard()
    }

    @Test("of a hundred callers with one key exactly one has an effect and all get its answer")
    func concurrent() async throws {
        let test = try await TestBook.make(migrations: [GroupCommitTests.table])
        let answers = try await withThrowingTaskGroup(of: Int64.self, returning: [Int64].self) { tasks in
            for _ in 0..<100 { tasks.addTask { try await Self.count(test.book, key: "a", request: "one") } }
            return try await tasks.reduce(into: []) { $0.append($1) }
        }
        #expect(Set(answers) == [1])
        #expect(answers.count == 100)
        await test.discard()
    }
}
