import ArgumentParser
import Assembly
import Contract
import Foundation
import Money
import Reconciliation
import SwiftProtobuf

struct CasesCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "cases", abstract: "Differences that wait to be explained or put right.",
        subcommands: [List.self, Show.self, Move.self, Assign.self, Note.self, Attach.self],
        defaultSubcommand: List.self)

    struct List: AsyncParsableCommand {
        static let configuration = CommandConfiguration(abstract: "List cases, newest first.")
        @OptionGroup var desk: DeskOptions
        @Option(help: "Only those of this run.") var run = ""
        @Option(help: "Only those of this channel.") var channel = ""
        @Option(name: .customLong("class"), help: "Only those of this class, e.g. missing_ours.") var matchClass = ""
        @Option(help: "Only those with this cause, e.g. bank_rounding.") var cause = ""
        @Option(help: "Only those in this state, e.g. open.") var state = ""
        @Option(help: "Only those of this owner.") var owner = ""
        @Flag(help: "Only those past their deadline.") var overdue = false
        @Flag(help: "Those that have ended as well.") var all = false
        @Option(help: "At most so many.") var limit = 50
        @Option(help: "Where the last page ended.") var after = ""

        func validate() throws { try Arguments.check("--limit", limit, in: 1...Cases.pageLimit) }

        func run() async throws {
            let request = V1ListCasesRequest.with {
                $0.runID = run
                $0.channel = channel
                $0.class = matchClass
                $0.cause = cause
                $0.state = state
                $0.owner = owner
                $0.overdue = overdue
                $0.live = !all && state.isEmpty
                $0.pageSize = Int32(limit)
                $0.pageToken = after
            }
            let reply = try await desk.call(ReconciliationCasesContract.listCases, .reading) {
                try await $0.listCases(request, $1)
            }
            try desk.show(reply) { reply in
                Terminal.table(
                    ["case", "day", "channel", "class", "open", "cause", "state", "owner", "deadline"],
                    reply.cases.map { row in
                        [
                            row.id, row.day, row.channel, row.class, row.open.words, row.cause.words,
                            row.state, row.owner, row.overdue ? "OVERDUE" : String(row.deadlineAt.prefix(16))
                        ]
                    }, right: [4])
                if !reply.nextPageToken.isEmpty { Terminal.note("more: --after \(reply.nextPageToken)") }
            }
        }
    }

    struct Show: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Show one case with both lines, its cause, notes, attachments and repairs.")
        @OptionGroup var desk: DeskOptions
        @Argument(help: "The case's identifier.") var id: String

        func run() async throws {
            let reply = try await desk.call(ReconciliationCasesContract.getCase, .reading) { [id] in
                try await $0.getCase(.with { $0.caseID = id }, $1)
            }
            try desk.show(reply, CaseWords.show)
        }
    }

    struct Move: AsyncParsableCommand {
        static let configuration = CommandConfiguration(abstract: "Investigate, resolve or reopen a case.")
        @OptionGroup var desk: DeskOptions
        @Argument(help: "The case's identifier.") var id: String
        @Argument(help: "investigate, resolve or reopen.") var move: String
        @Option(help: "Why; it stands in the journal, so no names.") var reason = ""

        func run() async throws {
            let reply = try await desk.call(ReconciliationCasesContract.moveCase) { [id, move, reason] cases, context in
                let now = try await cases.getCase(.with { $0.caseID = id }, context)
                return try await cases.moveCase(
                    .with {
                        $0.caseID = id
                        $0.move = move
                        $0.reason = reason
                        $0.version = now.version
                    }, context)
            }
            try desk.show(reply) { Terminal.line("\($0.id) \($0.state)") }
        }
    }

    struct Assign: AsyncParsableCommand {
        static let configuration = CommandConfiguration(abstract: "Say who works on a case and until when.")
        @OptionGroup var desk: DeskOptions
        @Argument(help: "The case's identifier.") var id: String
        @Option(help: "A pseudonym of a team or a person.") var owner = ""
        @Option(help: "A time such as 2026-11-21T18:00:00Z.") var deadline = ""
        @Flag(help: "Take the owner away: the case is everybody's again.") var nobody = false

        func validate() throws {
            if nobody, !owner.isEmpty { throw ValidationError("--nobody takes the owner away: leave out --owner") }
        }

        func run() async throws {
            let reply = try await desk.call(
                ReconciliationCasesContract.assignCase
            ) { [id, owner, deadline, nobody] cases, context in
                let now = try await cases.getCase(.with { $0.caseID = id }, context)
                return try await cases.assignCase(
                    .with {
                        $0.caseID = id
                        $0.owner = owner
                        $0.deadlineAt = deadline
                        $0.unassign = nobody
                        $0.version = now.version
                    }, context)
            }
            try desk.show(reply) { Terminal.line("\($0.id) \(CaseWords.owner($0)) until \($0.deadlineAt)") }
        }
    }

    struct Note: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Write a note on a case, or erase one with --erase.",
            discussion: "The words stay out of the journal, so that they can be erased when they are about a person.")
        @OptionGroup var desk: DeskOptions
        @Argument(help: "The case's identifier.") var id: String
        @Argument(help: "The words.") var text = ""
        @Option(help: "Erase this note instead.") var erase: String?

        func run() async throws {
            let reply: V1CaseNote
            if let erase {
                reply = try await desk.call(ReconciliationCasesContract.eraseCaseNote) { [id] in
                    try await $0.eraseCaseNote(
                        .with {
                            $0.caseID = id
                            $0.noteID = erase
                        }, $1)
                }
            } else {
                reply = try await desk.call(ReconciliationCasesContract.addCaseNote) { [id, text] in
                    try await $0.addCaseNote(
                        .with {
                            $0.caseID = id
                            $0.text = text
                        }, $1)
                }
            }
            try desk.show(reply) { Terminal.line($0.id) }
        }
    }

    struct Attach: AsyncParsableCommand {
        static let configuration = CommandConfiguration(abstract: "Attach a small file to a case.")
        @OptionGroup var desk: DeskOptions
        @Argument(help: "The case's identifier.") var id: String
        @Argument(help: "The file.") var file: String

        func run() async throws {
            guard let content = FileManager.default.contents(atPath: file) else {
                throw ValidationError("\(file): cannot be read")
            }
            let name = URL(filePath: file).lastPathComponent
            let reply = try await desk.call(ReconciliationCasesContract.attachToCase) { [id] in
                try await $0.attachToCase(
                    .with {
                        $0.caseID = id
                        $0.name = name
                        $0.content = content
                    }, $1)
            }
            try desk.show(reply) { Terminal.line("\($0.sha256) \($0.name)") }
        }
    }
}

/// Cases in words.
enum CaseWords {
    static func show(_ row: V1ReconciliationCase) {
        Terminal.line(Terminal.bold("\(row.id)  \(row.class)  \(row.state)"))
        Terminal.line("of          \(row.channel), \(row.day), run \(row.runID)")
        Terminal.line("why         \(row.reason)")
        Terminal.line("cause       \(row.cause.words)\(row.cause.title.isEmpty ? "" : ": " + row.cause.title)")
        if !row.cause.suggestedRepair.isEmpty { Terminal.line("suggested   \(row.cause.suggestedRepair)") }
        if row.oddity.scoreBp > 0 {
            let score = "\(row.oddity.scoreBp / 100) %"
            Terminal.line(
                "unusual     \(score)\(row.oddity.feature.isEmpty ? "" : ", most of all its " + row.oddity.feature)")
        }
        Terminal.line("open        \(row.open.words) under \(row.reference)")
        if row.hasOurs { Terminal.line("ours        \(line(row.ours))") }
        if row.hasTheirs { Terminal.line("theirs      \(line(row.theirs))") }
        Terminal.line("owner       \(owner(row)) until \(row.deadlineAt)\(row.overdue ? "  OVERDUE" : "")")
        if !row.carriedTo.isEmpty { Terminal.line("carried to  \(row.carriedTo)") }
        if !row.outcome.isEmpty { Terminal.line("ended       \(row.endedAt): \(row.outcome)") }
        for note in row.notes {
            Terminal.line("note        \(note.writtenAt) \(note.author): \(note.erased ? "(erased)" : note.text)")
        }
        for file in row.files {
            Terminal.line("file        \(file.name) (\(file.sizeBytes) bytes, \(file.sha256.prefix(12))…)")
        }
        for likely in row.suggestions {
            let others = likely.caseIds.filter { $0 != row.id }.joined(separator: ", ")
            Terminal.line("likely      \(others)  \(likely.class) \(likely.confidence) %: \(likely.reason)")
        }
        for repair in row.repairs { Terminal.line("repair      \(repair.id)  \(repair.kind)  \(repair.state)") }
    }

    static func owner(_ row: V1ReconciliationCase) -> String { row.owner.isEmpty ? "nobody" : row.owner }

    private static func line(_ line: V1CaseLine) -> String {
        var parts = [line.kind, line.amount.words]
        if line.hasFee { parts.append("fee \(line.fee.words)") }
        parts += [line.status, line.merchantReference, line.channelReference, line.at].filter { !$0.isEmpty }
        return (parts + (line.line > 0 ? ["line \(line.line)"] : [])).joined(separator: "  ")
    }
}

extension V1CaseCause {
    /// `bank_rounding 85 %`; a dash when no rule knows it.
    var words: String { code.isEmpty ? "–" : "\(code) \(confidence) %" }
}

extension V1Amount {
    /// `12.30 EUR`; minor units where the currency is not known.
    var words: String {
        guard let currency = try? Currency(code: currency) else { return "\(minor) \(self.currency)" }
        return "\(Amount(minor: minor, currency).decimalText) \(currency)"
    }
}
