import Contract
import Foundation
import Journal
import Matching
import Runtime
import Store
import SwiftProtobuf
import TestStores
import Testing

@testable import Reconciliation

@Suite("Cases", .onBothStores)
struct CasesTests {
    private func rounding(_ desk: CaseDesk, _ run: RunID, id: DifferenceID? = nil) -> Difference {
        desk.difference(
            .amount, run: run, id: id, ours: CaseDesk.side(10_150), theirs: CaseDesk.side(10_145), open: 5)
    }

    @Test("each difference is one case, however often it is found")
    func once() async throws {
        let desk = try await CaseDesk.make()
        let (first, second) = (desk.newRun(), desk.newRun())
        let difference = rounding(desk, first)
        try await desk.find([difference], run: first)
        let opened = try await desk.one()
        #expect(opened.state == "open")
        #expect(opened.class == "amount")
        #expect(opened.open.minor == 5)
        #expect(opened.ours.amount.minor == 10_150)
        #expect(opened.owner == "treasury", "the policy says who gets it")
        #expect(opened.deadlineAt == World.simulatedStart.adding(.seconds(86_400)).rfc3339)
        try await desk.find([rounding(desk, second, id: difference.id)], run: second)
        let again = try await desk.one()
        #expect(again.id == opened.id)
        #expect(again.runID == "\(second)")
        #expect(try await desk.events("CaseOpened").count == 1)
        await desk.test.discard()
    }

    @Test("a difference that a corrected file lacks closes its case with the reason; found again it is open again")
    func closed() async throws {
        let desk = try await CaseDesk.make()
        let run = desk.newRun()
        let difference = rounding(desk, run)
        try await desk.find([difference], run: run)
        try await desk.book.write("end") { tx in
            try desk.cases.ended([difference], because: .corrected, by: desk.run(id: run), in: tx)
        }
        let closed = try await desk.one()
        #expect(closed.state == "closed_by_match")
        #expect(closed.outcome == "the corrected file of 2026-01-01 does not have it")
        #expect(!closed.endedAt.isEmpty)
        try await desk.find([difference], run: run)
        let again = try await desk.one()
        #expect(again.state == "open")
        #expect(again.endedAt.isEmpty)
        await desk.test.discard()
    }

    @Test("a case that a person resolved stays resolved when its difference is found again")
    func resolved() async throws {
        let desk = try await CaseDesk.make()
        let run = desk.newRun()
        let difference = rounding(desk, run)
        try await desk.find([difference], run: run)
        let opened = try await desk.one()
        _ = try await desk.cases.moveCase(
            .with {
                $0.caseID = opened.id
                $0.move = "resolve"
                $0.reason = "the channel credits it"
                $0.version = opened.version
            }, desk.context())
        try await desk.find([difference], run: run)
        #expect(try await desk.one().state == "resolved")
        await desk.test.discard()
    }

    @Test("a step names the version that was read, and one of the same key is taken once")
    func versions() async throws {
        let desk = try await CaseDesk.make()
        let run = desk.newRun()
        try await desk.find([rounding(desk, run)], run: run)
        let opened = try await desk.one()
        func investigate(version: Int64, _ context: CallContext) async throws -> V1ReconciliationCase {
            try await desk.cases.moveCase(
                .with {
                    $0.caseID = opened.id
                    $0.move = "investigate"
                    $0.version = version
                }, context)
        }
        #expect(await refusal { try await investigate(version: 0, desk.context()) } == .invalidField)
        #expect(await refusal { try await investigate(version: 99, desk.context()) } == .versionMismatch)
        let moved = try await investigate(version: opened.version, desk.context(key: "k1"))
        #expect(moved.state == "investigating")
        let repeated = try await investigate(version: opened.version, desk.context(key: "k1"))
        #expect(repeated.version == moved.version, "the first answer is every later answer")
        #expect(await refusal { try await investigate(version: opened.version, desk.context()) } == .versionMismatch)
        let byHeader = try await investigate(version: 0, desk.context(ifMatch: moved.version))
        #expect(byHeader.version == moved.version + 1)
        #expect(try await desk.events("CaseMoved").count == 2)
        await desk.test.discard()
    }

    @Test("a case is given to somebody with a deadline, what is left out stays, and it can be everybody's again")
    func assigned() async throws {
        let desk = try await CaseDesk.make()
        let run = desk.newRun()
        try await desk.find([rounding(desk, run)], run: run)
        let opened = try await desk.one()
        func assign(_ change: (inout V1AssignCaseRequest) -> Void) async throws -> V1ReconciliationCase {
            var request = V1AssignCaseRequest.with { $0.caseID = opened.id }
            request.version = try await desk.one().version
            change(&request)
            return try await desk.cases.assignCase(request, desk.context())
        }
        let given = try await assign {
            $0.owner = "team.payments"
            $0.deadlineAt = "2026-02-01T10:00:00Z"
        }
        #expect(given.owner == "team.payments" && given.deadlineAt.hasPrefix("2026-02-01T10:00:00"))
        let later = try await assign { $0.deadlineAt = "2026-02-02T10:00:00Z" }
        #expect(later.owner == "team.payments" && later.deadlineAt.hasPrefix("2026-02-02"))
        await #expect(throws: CasesError.self) {
            try await assign {
                $0.owner = "anna"
                $0.unassign = true
            }
        }
        let free = try await assign { $0.unassign = true }
        #expect(free.owner.isEmpty && free.deadlineAt == later.deadlineAt)
        #expect(try await desk.events("CaseAssigned").count == 3)
        await desk.test.discard()
    }

    @Test("the words of a note are not in the journal, and can be erased")
    func notes() async throws {
        let desk = try await CaseDesk.make()
        let run = desk.newRun()
        try await desk.find([rounding(desk, run)], run: run)
        let opened = try await desk.one()
        let words = "Mrs. Ondrackova of Plzen called"
        let note = try await desk.cases.addCaseNote(
            .with {
                $0.caseID = opened.id
                $0.text = words
            }, desk.context())
        #expect(try await desk.one().notes.map(\.text) == [words])
        let told = try await desk.book.read { try Journal.events(after: 0, limit: 10_000, $0) }
        #expect(!told.contains { String(decoding: $0.payload, as: UTF8.self).contains("Ondrackova") })
        let erased = try await desk.cases.eraseCaseNote(
            .with {
                $0.caseID = opened.id
                $0.noteID = note.id
            }, desk.context("bert"))
        #expect(erased.text.isEmpty)
        #expect(erased.erased)
        #expect(try await desk.one().notes.map(\.author) == ["anna"], "that there was a note remains")
        #expect(!(try await desk.contents()).contains("Ondrackova"))
        await desk.test.discard()
    }

    @Test("an attachment is kept once by what is in it, and comes back byte for byte")
    func files() async throws {
        let desk = try await CaseDesk.make()
        let run = desk.newRun()
        try await desk.find([rounding(desk, run)], run: run)
        let opened = try await desk.one()
        let content = Data((0..<100_000).map { UInt8(truncatingIfNeeded: $0 &* 31) })
        func attach(_ content: Data, _ name: String) async throws -> V1CaseFile {
            try await desk.cases.attachToCase(
                .with {
                    $0.caseID = opened.id
                    $0.name = name
                    $0.content = content
                }, desk.context())
        }
        let file = try await attach(content, "advice.pdf")
        let again = try await attach(content, "other.pdf")
        #expect(again.name == "advice.pdf", "the same bytes change nothing")
        #expect(try await attach(Data([1]), "../\u{202E}fdp.exe").name == "fdp.exe", "a name is no path and no trick")
        #expect(try await desk.one().files.filter { $0.sha256 == file.sha256 }.count == 1)
        let back = try await desk.cases.downloadCaseFile(
            .with {
                $0.caseID = opened.id
                $0.sha256 = file.sha256
            }, desk.context())
        #expect(back.content == content)
        #expect(await refusal { try await attach(Data(), "empty") } == .invalidField)
        let large = Data(repeating: 1, count: Cases.attachmentLimit + 1)
        #expect(await refusal { try await attach(large, "large") } == .invalidField)
        await desk.test.discard()
    }

    @Test("lists are paged, and every filter that is given must hold")
    func lists() async throws {
        let desk = try await CaseDesk.make()
        let run = desk.newRun()
        let many = (0..<7).map { index in
            desk.difference(
                index < 3 ? .amount : .fee, run: run, ours: CaseDesk.side(20_000 + index, fee: 10),
                theirs: CaseDesk.side(20_000 + index + (index < 3 ? 50 : 0), fee: index < 3 ? 10 : 40),
                reference: "order-\(index)")
        }
        try await desk.find(many, run: run)
        var seen: [String] = []
        var token = ""
        repeat {
            let page = try await desk.cases.listCases(
                .with {
                    $0.pageSize = 3
                    $0.pageToken = token
                }, desk.context())
            seen += page.cases.map(\.id)
            token = page.nextPageToken
        } while !token.isEmpty
        #expect(seen.count == 7)
        #expect(seen == seen.sorted(by: >), "newest first")
        #expect(Set(seen).count == 7)
        #expect(try await desk.all { $0.class = "fee" }.count == 4)
        #expect(try await desk.all { $0.runID = "\(run)" }.count == 7)
        #expect(
            try await desk.all {
                $0.class = "fee"; $0.owner = "treasury"
            }.isEmpty)
        #expect(try await desk.all { $0.cause = "fee_unexpected" }.count == 4)
        #expect(try await desk.all { $0.overdue = true }.isEmpty)
        desk.clock.advance(by: .seconds(25 * 3_600))
        #expect(try await desk.all { $0.overdue = true }.allSatisfy { $0.class == "amount" && $0.overdue })
        #expect(try await desk.all { $0.overdue = true }.count == 3)
        await desk.test.discard()
    }

    @Test("a case says why, for one line by itself and for many by what they have in common")
    func causes() async throws {
        let desk = try await CaseDesk.make()
        let run = desk.newRun()
        let many = (0..<6).map { index in
            desk.difference(
                .fee, run: run, ours: CaseDesk.side(10_000, fee: 60), theirs: CaseDesk.side(10_000, fee: 80),
                open: 20, reference: "order-\(index)")
        }
        try await desk.find(many, run: run, settles: false)
        let found = try await desk.all()
        #expect(found.map(\.cause.code) == Array(repeating: "fee_table_changed", count: 6))
        #expect(found[0].cause.title == "The channel's fees are not those that we book")
        #expect(found[0].cause.confidence == 90)
        #expect(found[0].cause.suggestedRepair == "book_channel_fee")
        #expect(try await desk.events("CaseExplained").count == 6)
        await desk.test.discard()
    }

    @Test("two lines of one amount whose numbers are written otherwise are each other's twins")
    func twins() async throws {
        let desk = try await CaseDesk.make()
        let run = desk.newRun()
        let ours = desk.difference(
            .missingTheirs, run: run, ours: CaseDesk.side(3_300, reference: "pay_123456"), theirs: nil, open: 3_300)
        let theirs = desk.difference(
            .missingOurs, run: run, ours: nil, theirs: CaseDesk.side(3_300, reference: "PAY_123456"), open: -3_300,
            reference: "ch-1")
        try await desk.find([ours, theirs], run: run)
        #expect(try await desk.all().map(\.cause.code) == ["id_mapping", "id_mapping"])
        #expect(try await desk.all { $0.class = "missing_ours" }.first?.cause.suggestedRepair == "reclassify")
        await desk.test.discard()
    }

    @Test("the cases of a run too large for one command are explained by the job, as one run")
    func large() async throws {
        let desk = try await CaseDesk.make()
        let run = desk.newRun()
        let count = Cases.pieceSize + 40
        let many = (0..<count).map { index in
            desk.difference(
                .fee, run: run, ours: CaseDesk.side(10_000, fee: 60),
                theirs: CaseDesk.side(10_000, fee: index < Cases.pieceSize ? 60 + 100 + Int64(index % 200) : 80),
                reference: "order-\(index)")
        }
        // The last 40 look alike among themselves; among all of the run they are a few.
        for piece in [many[..<Cases.pieceSize], many[Cases.pieceSize...]] {
            try await desk.book.write("find") { tx in
                try desk.cases.opened(Array(piece), of: desk.run(id: run, differences: Int64(count)), in: tx)
            }
        }
        #expect(
            try await desk.all {
                $0.cause = "fee_table_changed"; $0.pageSize = 200
            }.count == 40)
        try await desk.settle(run, differences: Int64(count))
        #expect(try await desk.cases.work(desk.book) == 4, "two pieces to explain and two to repair")
        #expect(try await desk.all { $0.cause = "fee_table_changed" }.isEmpty)
        #expect(
            try await desk.all {
                $0.cause = "fee_unexpected"; $0.pageSize = 200
            }.count == 200)
        #expect(try await desk.cases.work(desk.book) == 0)
        await desk.test.discard()
    }

    @Test("a duplicate is compared with the line that it repeats: listed twice is not charged twice")
    func duplicates() async throws {
        for (channelReference, cause) in [("ch-1", "duplicate_statement_line"), ("ch-2", "charged_twice")] {
            let desk = try await CaseDesk.make()
            let run = desk.newRun()
            var lines: [RunLine] = []
            for (place, name) in ["ch-1", channelReference].enumerated() {
                var line = RunLine(id: Int64(place + 1), kind: .payment, currency: "EUR", amountMinor: 4_400)
                line.merchantReference = "pay-1"
                line.channelReference = name
                line.line = Int64(place + 2)
                lines.append(line)
            }
            let told = lines
            try await desk.book.write("blocks") { tx in
                let blocks = Blocks()
                var writer = BlockWriter { blocks.all.append($0) }
                for line in told { try writer.add(.theirs, shard: 0) { line.pack(into: &$0) } }
                try writer.finish()
                try BlockRows.write(blocks.all[...], run: run, source: 1, in: tx)
            }
            let side = CaseDesk.side(4_400, channelReference: channelReference, line: 3)
            try await desk.find(
                [desk.difference(.duplicateTheirs, run: run, ours: nil, theirs: side, open: -4_400)], run: run)
            #expect(try await desk.one().cause.code == cause)
            await desk.test.discard()
        }
    }

    @Test("a line unlike those of its day is shown with what is most unlike about it")
    func oddities() async throws {
        let desk = try await CaseDesk.make()
        let run = desk.newRun()
        let many = (0..<60).map { index in
            desk.difference(
                .status, run: run,
                ours: CaseDesk.side(10_000 + Int64(index), fee: 60, status: "failed", minute: 600),
                theirs: CaseDesk.side(
                    index == 30 ? 90_000_000 : 10_000 + Int64(index), fee: 60, minute: 600),
                reference: "order-\(index)")
        }
        try await desk.find(many, run: run, settles: false)
        let found = try await desk.all { $0.pageSize = 100 }.sorted { $0.oddity.scoreBp > $1.oddity.scoreBp }
        #expect(found[0].theirs.amount.minor == 90_000_000)
        #expect(found[0].oddity.feature == "amount")
        #expect(found[0].oddity.scoreBp > found[1].oddity.scoreBp + 500)
        await desk.test.discard()
    }
}

/// What a writer hands on, gathered on one thread.
private final class Blocks {
    var all: [Block] = []
}
