import Ledger
import Matching
import Money
import Payments
import Runtime
import Store
import TestStores
import Testing

@testable import Reconciliation

@Suite("Corrected files and late lines", .onBothStores)
struct CorrectionTests {
    private let day = DayShop.firstDay

    @Test("the same file twice changes nothing")
    func sameFile() async throws {
        try await DayShop.run { shop in
            shop.goTo(day: day, hour: 9)
            try await shop.sell(1_000, order: "ord-1")
            let first = try await shop.send(shop.lines(day), day: day)
            try await shop.work()
            let before = try await shop.imprint()
            let again = try await shop.send(shop.lines(day), day: day)
            #expect(!first.isRepeated && again.isRepeated && again.statement.id == first.statement.id)
            #expect(try await shop.work() == 0)
            #expect(try await shop.imprint() == before)
            #expect(try await shop.run(day).number == 1)
        }
    }

    @Test("a corrected file of a settled day books only what it changes, and both files are kept")
    func corrected() async throws {
        try await DayShop.run { shop in
            shop.goTo(day: day, hour: 9)
            for number in 1...4 { try await shop.sell(1_000 * Int64(number), order: "ord-\(number)") }
            var wrong = shop.lines(day)
            wrong[0].amount = 900  // It was 1000.
            wrong.remove(at: 3)
            wrong.append(FileLine(merchant: "x", channel: "ch-x", amount: 50, time: shop.clock.now()))
            try await shop.send(wrong, day: day)
            try await shop.work()
            #expect(try await shop.open() == ["ord-1": 100, "ord-4": 3_976, "ch-x": -50])
            let before = try await shop.book.read { try shop.ledger.transfers(in: $0).count }
            let received = try await shop.send(shop.lines(day), day: day)
            try await shop.work()
            let run = try await shop.run(day)
            #expect(run.state == .settled && run.number == 2 && received.statement.revision == 2)
            #expect(try await shop.open().isEmpty)
            // 100 more for the first, the fourth with its net, the stranger taken back.
            #expect(try await shop.book.read { try shop.ledger.transfers(in: $0).count } == before + 3)
            #expect(Set(shop.listener.all.ended.map(\.1)) == [.corrected] && shop.listener.all.ended.count == 3)
            let states = try await shop.book.read { try StatementRows.ofDay("card", day, $0).map(\.state) }
            #expect(states == [.superseded, .active])
            try await shop.expectSound()
        }
    }

    @Test("the same difference in a corrected file keeps its identifier")
    func sameDifference() async throws {
        try await DayShop.run { shop in
            shop.goTo(day: day, hour: 9)
            for number in 1...3 { try await shop.sell(1_000, order: "ord-\(number)") }
            try await shop.send(Array(shop.lines(day).dropFirst(2)), day: day)
            try await shop.work()
            let first = try await shop.differences(try await shop.run(day)).map(\.id)
            try await shop.send(Array(shop.lines(day).dropFirst()), day: day)
            try await shop.work()
            let second = try await shop.differences(try await shop.run(day)).map(\.id)
            #expect(first.count == 2 && second.count == 1 && first.contains(second[0]))
            #expect(shop.listener.all.ended.count == 1)
        }
    }

    @Test("a line that comes a day late is matched by the next day's file, and its difference ends")
    func late() async throws {
        try await DayShop.run { shop in
            shop.goTo(day: day, hour: 9)
            for number in 1...3 { try await shop.sell(1_000, order: "ord-\(number)") }
            let today = shop.lines(day)
            try await shop.send(Array(today.dropLast()), day: day)
            try await shop.work()
            #expect(try await shop.open() == ["ord-3": 994])
            shop.goTo(day: day.adding(days: 1), hour: 9)
            try await shop.sell(2_000, order: "ord-4")
            try await shop.send([today[2]] + shop.lines(day.adding(days: 1)), day: day.adding(days: 1))
            try await shop.work()
            let run = try await shop.run(day.adding(days: 1))
            #expect(run.counts.matched == 2 && run.counts.differences == 0)
            #expect(try await shop.open().isEmpty)
            #expect(shop.listener.all.ended.map(\.1) == [.matchedLater])
            try await shop.expectSound()
        }
    }

    @Test("money that came before our books knew of it is put in its place the next day", arguments: [true, false])
    func early(isTimed: Bool) async throws {
        try await DayShop.run { shop in
            shop.goTo(day: day.adding(days: 1), hour: 1)
            try await shop.sell(1_000, order: "ord-1")
            var lines = shop.lines(day.adding(days: 1))
            if isTimed { lines[0].time = lines[0].time.adding(.seconds(-7_200)) }
            // The channel counts it to the day before.
            try await shop.send(lines, day: day)
            try await shop.work()
            // By its own time it is of this day and we lack it, or of the next day and only late: then nothing is booked.
            #expect(try await shop.open() == (isTimed ? ["ord-1": 994, "ch1": -994] : ["ord-1": 994]))
            let found = try await shop.differences(try await shop.run(day))
            #expect(found.map(\.matchClass) == [isTimed ? .missingOurs : .late])
            try await shop.send([], day: day.adding(days: 1))
            try await shop.work()
            #expect(try await shop.run(day.adding(days: 1)).counts.classes == ["matched": 1])
            #expect(try await shop.open().isEmpty)
            #expect(shop.listener.all.ended.map(\.1) == [.matchedLater])
            #expect(try await shop.balance("cash") == 994)
            try await shop.expectSound()
        }
    }

    @Test("a capture that we heard of a day late closes what the channel's file had opened")
    func unknownOutcome() async throws {
        try await DayShop.run { shop in
            shop.goTo(day: day, hour: 9)
            try await shop.sell(1_000, order: "ord-1", instrument: "lost")
            try await shop.send(shop.lines(day), day: day)
            try await shop.work()
            #expect(try await shop.run(day).counts.classes == ["status": 1])
            #expect(try await shop.open() == ["ord-1": -994])
            let next = day.adding(days: 1)
            shop.goTo(day: next, hour: 9)
            _ = try await shop.payments.resolveUnknown(shop.book, tenant: "shop")
            #expect(try await shop.open().isEmpty)
            try await shop.send([], day: next)
            try await shop.work()
            #expect(try await shop.run(next).counts.classes == ["matched": 1])
            #expect(try await shop.open().isEmpty)
            #expect(shop.listener.all.ended.map(\.1) == [.matchedLater])
            #expect(try await shop.balance("cash") == 994)
            try await shop.expectSound()
        }
    }

    @Test("a line is carried for as long as the profile says, and is told once")
    func carriedTooLong() async throws {
        try await DayShop.run { shop in
            shop.goTo(day: day, hour: 9)
            try await shop.sell(1_000, order: "ord-1")
            let late = shop.lines(day)
            try await shop.send([], day: day)
            try await shop.work()
            for offset in 1...2 {
                try await shop.send([], day: day.adding(days: Int64(offset)))
                try await shop.work()
            }
            #expect(shop.listener.all.opened.count == 1)
            // Two days later it is not looked for any more: the line is money that nobody knows.
            try await shop.send(late, day: day.adding(days: 3))
            try await shop.work()
            #expect(try await shop.open() == ["ord-1": 994, "ch1": -994])
        }
    }

    @Test("an earlier day that is corrected after the next has found its late line leaves that line alone")
    func correctedAfterLate() async throws {
        try await DayShop.run { shop in
            shop.goTo(day: day, hour: 9)
            for number in 1...2 { try await shop.sell(1_000, order: "ord-\(number)") }
            let today = shop.lines(day)
            try await shop.send([today[0]], day: day)
            try await shop.work()
            try await shop.send([today[1]], day: day.adding(days: 1))
            try await shop.work()
            #expect(try await shop.open().isEmpty)
            // The corrected file has both lines; the second is settled by the next day already.
            try await shop.send(today, day: day)
            try await shop.work()
            let run = try await shop.run(day)
            #expect(run.number == 2 && run.state == .settled)
            let open = try await shop.open()
            // It is there twice now, once in each file: money that nobody knows, unless a person says otherwise.
            #expect(open == ["ch2": -994])
            try await shop.expectSound()
        }
    }

    @Test("a corrected file that has lost a late line again opens its difference again")
    func lostAgain() async throws {
        try await DayShop.run { shop in
            shop.goTo(day: day, hour: 9)
            try await shop.sell(1_000, order: "ord-1")
            let late = shop.lines(day)
            try await shop.send([], day: day)
            try await shop.work()
            let next = day.adding(days: 1)
            try await shop.send(late, day: next)
            try await shop.work()
            #expect(try await shop.open().isEmpty)
            try await shop.send([], day: next)
            try await shop.work()
            #expect(try await shop.run(next).number == 2)
            #expect(try await shop.open() == ["ord-1": 994])
            #expect(try await shop.differences(try await shop.run(day)).map(\.state) == [.open])
            #expect(shop.listener.all.opened.count == 2)
            try await shop.expectSound()
        }
    }

    @Test("a file larger than a request comes in pieces; what differs from what was announced is refused")
    func uploads() async throws {
        try await DayShop.run { shop in
            shop.goTo(day: day, hour: 9)
            try await shop.sell(1_000, order: "ord-1")
            let content = DayShop.file(shop.lines(day))
            let hash = StoredFileHash.of(content)
            let reconciliation = shop.reconciliation
            let half = content.count / 2
            let upload = try await shop.book.write("begin") { tx in
                try reconciliation.beginUpload(
                    name: "kontor-a.csv", channel: "card", day: day, sha256: hash, size: Int64(content.count), in: tx)
            }
            _ = try await reconciliation.takePiece(Array(content[..<half]), number: 0, of: upload.id, in: shop.book)
            _ = try await reconciliation.takePiece(Array(content[..<half]), number: 0, of: upload.id, in: shop.book)
            await #expect(throws: ReconciliationError.self) {
                try await reconciliation.finishUpload(upload.id, in: shop.book)
            }
            await #expect(throws: ReconciliationError.self) {
                try await reconciliation.takePiece([1, 2, 3], number: 0, of: upload.id, in: shop.book)
            }
            _ = try await reconciliation.takePiece(Array(content[half...]), number: 1, of: upload.id, in: shop.book)
            let received = try await reconciliation.finishUpload(upload.id, in: shop.book)
            #expect(received.statement.pieces == 2 && !received.isRepeated)
            #expect(try await shop.send(shop.lines(day), day: day).isRepeated)
            try await shop.work()
            #expect(try await shop.run(day).state == .settled)
        }
    }
}
