import Store
import Synchronization
import TestStores
import Testing

/// The trait that all of this stands on: a suite that ran on one store only would prove half of what it says.
@Suite("Suites on both stores", .onBothStores)
struct OnStoresTests {
    private static let runs = Mutex<[String: [TestStore]]>([:])

    private func note(_ name: String) -> [TestStore] {
        Self.runs.withLock { runs in
            runs[name, default: []].append(TestStore.current)
            return runs[name] ?? []
        }
    }

    @Test("a test runs once on each store, in a book that lies there", arguments: ["a", "b"])
    func each(name: String) async throws {
        let test = try await TestBook.make(migrations: [])
        let isFile = test.book.location.hasSuffix(".sqlite")
        #expect(isFile == (TestStore.current == .sqlite))
        #expect(test.driver.kind.rawValue == TestStore.current.rawValue)
        let before = note(name)
        #expect(Set(before).count == before.count)
    }

    @Test("a test may stay on one store and says why", .onSQLite(because: "the trait is what is tested"))
    func one() {
        #expect(note("one") == [.sqlite])
    }

    @Test("a book that was opened again is the same book, and another is another")
    func reopened() async throws {
        let test = try await TestBook.make(migrations: [GroupCommitTests.table])
        let other = try await TestBook.make(migrations: [GroupCommitTests.table])
        try await test.book.write("note") { tx in try tx.execute("INSERT INTO notes VALUES (1, 'mine')") }
        let again = try await test.reopened()
        let count: SQL = "SELECT COUNT(*) FROM notes"
        #expect(try await again.book.read { try $0.first(count) { $0.int64(0) } } == 1)
        #expect(try await other.book.read { try $0.first(count) { $0.int64(0) } } == 0)
        let contents = try await again.contents()
        #expect(contents.firstRange(of: Array("mine".utf8)) != nil)
    }
}
