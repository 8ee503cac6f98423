import Crypto
import Journal
import Runtime
import Store
import TestStores
import Testing

@Suite("Journal", .onBothStores)
struct JournalTests {
    private func withJournal(events: Int, _ body: (TestBook) async throws -> Void) async throws {
        let test = try await TestBook.make(migrations: Journal.migrations)
        for number in 0..<events {
            _ = try await test.book.write("event") { tx in
                try tx.append(type: "test.Happened", payload: [UInt8(number)])
            }
        }
        try await body(test)
        await test.discard()
    }

    private func verify(_ book: Book, _ checkpoints: [Checkpoint] = []) async throws -> JournalVerifier.Report {
        try await book.read { try JournalVerifier.verify($0, checkpoints: checkpoints) }
    }

    @Test("an untouched chain verifies to its head, also after a restart")
    func intact() async throws {
        try await withJournal(events: 20) { test in
            let again = try await test.reopened()
            _ = try await again.book.write("event") { tx in try tx.append(type: "test.Happened", payload: []) }
            let report = try await verify(again.book)
            #expect(report.finding == nil)
            #expect(report.verified == 21)
            #expect(try await again.book.read { try Journal.head($0).hash } == report.headHash)
        }
    }

    @Test("the hash is SHA-256 over the documented bytes, so that anyone can verify it")
    func documentedBytes() async throws {
        try await withJournal(events: 1) { test in
            let event = try #require(try await test.book.read { try Journal.events(after: 0, limit: 1, $0) }.first)
            var bytes: [UInt8] = [1]
            withUnsafeBytes(of: Int64(1).bigEndian) { bytes += $0 }
            withUnsafeBytes(of: event.time.microseconds.bigEndian) { bytes += $0 }
            bytes += [0, 13] + Array("test.Happened".utf8) + [0, 0, 0, 1, 0] + [UInt8](repeating: 0, count: 32)
            #expect(Array(SHA256.hash(data: bytes)) == event.hash)
        }
    }

    @Test(
        "the first event that was tampered with is named",
        arguments: [
            (
                "UPDATE journal SET payload = \([UInt8](repeating: 255, count: 1)) WHERE sequence = 7", 7,
                JournalVerifier.Fault.changed
            ),
            ("UPDATE journal SET time = time + 1 WHERE sequence = 1", 1, .changed),
            ("DELETE FROM journal WHERE sequence = 5", 5, .removed),
            (
                "UPDATE journal SET sequence = CASE sequence WHEN 4 THEN -5 WHEN 5 THEN -4 END WHERE sequence IN (4, 5)",
                4, .reordered
            ),
            ("UPDATE journal SET hash = \([UInt8](repeating: 0xAB, count: 32)) WHERE sequence = 9", 9, .changed)
        ] as [(SQL, Int64, JournalVerifier.Fault)])
    func tampered(sql: SQL, sequence: Int64, fault: JournalVerifier.Fault) async throws {
        try await withJournal(events: 12) { test in
            try await test.book.write("tamper") { tx in
                try tx.execute(sql)
                try tx.execute("UPDATE journal SET sequence = -sequence WHERE sequence < 0")
            }
            let report = try await verify(test.book)
            #expect(report.finding?.sequence == sequence)
            #expect(report.finding?.fault == fault)
        }
    }

    @Test("an event that was put between two others is named")
    func inserted() async throws {
        try await withJournal(events: 10) { test in
            try await test.book.write("tamper") { tx in
                try tx.execute("UPDATE journal SET sequence = -(sequence + 1) WHERE sequence >= 6")
                try tx.execute("UPDATE journal SET sequence = -sequence WHERE sequence < 0")
                try tx.execute(
                    """
                    INSERT INTO journal SELECT 6, version, time, type, previous_hash, previous_hash, hash FROM journal
                    WHERE sequence = 7
                    """
                )
            }
            let finding = try await verify(test.book).finding
            #expect(finding?.sequence == 6)
            #expect(finding?.fault == .inserted)
        }
    }

    @Test("a chain that was cut off or rewritten as a whole is found by a checkpoint that was kept elsewhere")
    func checkpoints() async throws {
        let key = try CheckpointKey(seed: [UInt8](repeating: 7, count: 32))
        try await withJournal(events: 10) { test in
            let head = try await test.book.read { try Journal.head($0) }
            let signed = try Checkpoint(
                book: "book", sequence: head.sequence, hash: head.hash, time: test.book.world.now(), key: key)
            let kept = try #require(Checkpoint(text: signed.text, expecting: key.publicKey))
            #expect(try await verify(test.book, [kept]).checkpoints == 1)
            try await test.book.write("tamper") { tx in try tx.execute("DELETE FROM journal WHERE sequence > 8") }
            #expect(try await verify(test.book).finding == nil)
            #expect(try await verify(test.book, [kept]).finding?.fault == .removed)
        }
        try await withJournal(events: 3) { test in
            let forged = try Checkpoint(
                book: "book", sequence: 2, hash: JournalEvent.genesis, time: test.book.world.now(), key: key)
            #expect(try await verify(test.book, [forged]).finding?.fault == .rewritten)
        }
    }

    @Test("a checkpoint with another signature, key or number is not accepted")
    func forgedCheckpoint() throws {
        let key = try CheckpointKey(seed: [UInt8](repeating: 7, count: 32))
        let other = try CheckpointKey(seed: [UInt8](repeating: 8, count: 32))
        let checkpoint = try Checkpoint(
            book: "mall", sequence: 9, hash: JournalEvent.genesis, time: World.simulatedStart, key: key)
        #expect(Checkpoint(text: checkpoint.text) == checkpoint)
        #expect(Checkpoint(text: checkpoint.text, expecting: other.publicKey) == nil)
        #expect(Checkpoint(text: checkpoint.text.replacing(" 9 ", with: " 8 ")) == nil)
    }

    @Test("a refused command leaves no event, and the chain has no gap")
    func refused() async throws {
        struct Refused: Error {}
        try await withJournal(events: 1) { test in
            await withTaskGroup(of: Void.self) { tasks in
                for number in 0..<200 {
                    tasks.addTask {
                        _ = try? await test.book.write("event") { tx in
                            try tx.append(type: "test.Happened", payload: [])
                            if number.isMultiple(of: 2) {
                                try tx.execute("INSERT INTO projection_cursors VALUES (\("x\(number)"), 1)")
                                throw Refused()
                            }
                        }
                    }
                }
            }
            let report = try await verify(test.book)
            #expect(report.verified == 101)
            #expect(report.finding == nil)
        }
    }
}
