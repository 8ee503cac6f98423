import ArgumentParser
import Assembly
import Contract
import Foundation
import Reconciliation
import Store
import SwiftProtobuf
import Tenancy

struct RunsCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "runs", abstract: "Runs: one channel's business day each, compared and settled.",
        subcommands: [List.self, Show.self, Open.self, Work.self, Confirm.self, Retry.self, Abort.self],
        defaultSubcommand: List.self)

    struct List: AsyncParsableCommand {
        static let configuration = CommandConfiguration(abstract: "List runs, newest first.")
        @OptionGroup var desk: DeskOptions
        @Option(help: "Only those of this channel.") var channel = ""
        @Option(help: "Only those of this day.") var day = ""
        @Option(help: "At most so many.") var limit = 50
        @Option(help: "Where the last page ended.") var after = ""

        func validate() throws { try Arguments.check("--limit", limit, in: 1...200) }

        func run() async throws {
            let request = V1ListRunsRequest.with {
                $0.channel = channel
                $0.day = day
                $0.pageSize = Int32(limit)
                $0.pageToken = after
            }
            let reply = try await desk.ask(ReconciliationContract.listRuns, .reading) {
                try await $0.listRuns(request, $1)
            }
            try desk.show(reply) { reply in
                Terminal.table(
                    ["run", "channel", "day", "state", "ours", "theirs", "matched", "differ", "open"],
                    reply.runs.map { run in
                        [
                            run.id, run.channel, run.day, RunWords.state(run), "\(run.counts.ours)",
                            "\(run.counts.theirs)", "\(run.counts.matched)", "\(run.counts.differences)",
                            run.counts.differenceAmount.words
                        ]
                    }, right: [4, 5, 6, 7, 8])
                if !reply.nextPageToken.isEmpty { Terminal.note("more: --after \(reply.nextPageToken)") }
            }
        }
    }

    struct Show: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Show a run with its counts, its tasks, and what differs or could not be read.")
        @OptionGroup var desk: DeskOptions
        @Argument(help: "The run's identifier.") var id: String
        @Option(help: "Only differences of this class, e.g. missing_ours.") var `class` = ""
        @Option(help: "At most so many differences and unreadable lines.") var limit = 50

        func validate() throws { try Arguments.check("--limit", limit, in: 1...200) }

        func run() async throws {
            let (id, matchClass, limit) = (id, `class`, Int32(limit))
            let (run, differences, rejects) = try await desk.ask(ReconciliationContract.getRun, .reading) {
                runs, context in
                let run = try await runs.getRun(.with { $0.runID = id }, context)
                let differences = try await runs.listDifferences(
                    .with {
                        $0.runID = id
                        $0.class = matchClass
                        $0.pageSize = limit
                    }, context)
                let rejects = try await runs.listRejects(
                    .with {
                        $0.runID = id
                        $0.pageSize = limit
                    }, context)
                return (run, differences, rejects)
            }
            try desk.show(run) { run in
                RunWords.show(run)
                RunWords.show(differences)
                RunWords.show(rejects)
            }
        }
    }

    struct Open: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Open the run of a day, before or after its statement has come.")
        @OptionGroup var desk: DeskOptions
        @Argument(help: "The channel.") var channel: String
        @Argument(help: "The business day, e.g. 2026-11-21.") var day: String

        func run() async throws {
            let run = try await desk.ask(ReconciliationContract.openRun) { [channel, day] in
                try await $0.openRun(
                    .with {
                        $0.channel = channel
                        $0.day = day
                    }, $1)
            }
            try desk.show(run) { Terminal.line("\($0.id) \(RunWords.state($0))") }
        }
    }

    struct Work: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Do what is to do now, until nothing is left, as `kontor serve` does by itself.",
            discussion: """
                Opens runs that are due and does their tasks. Any number of processes may do so over one database; on \
                SQLite only while no server has the folder.
                """)
        @OptionGroup var desk: DeskOptions

        func run() async throws {
            let process = "\(ProcessInfo.processInfo.hostName) \(ProcessInfo.processInfo.processIdentifier)"
            let done = try await desk.options.withHouse(.commanding) { house in
                let tenant = try await house.tenant(desk.tenant)
                return try await house.withBook(of: tenant) { book in
                    var done = try await house.reconciliation.openDueRuns(book)
                    while case let count = try await RunsCommand.round(house, book, process), count > 0 {
                        done += count
                    }
                    try await house.settle(book)
                    return done
                }
            }
            if desk.json { try Terminal.json(["done": done]) } else { Terminal.line("\(done) tasks and openings done") }
        }
    }

    /// Tasks of runs, and the cases that they make.
    private static func round(_ house: House, _ book: Book, _ process: String) async throws -> Int {
        try await house.reconciliation.work(book, process: process) + house.cases.work(book)
    }

    struct Confirm: AsyncParsableCommand {
        static let configuration = CommandConfiguration(abstract: "Let a prepared run settle.")
        @OptionGroup var desk: DeskOptions
        @Argument(help: "The run's identifier.") var id: String
        @Option(help: "The version that you have seen; another one is refused. The present one without it.")
        var version: Int64?

        func run() async throws {
            let run = try await desk.ask(ReconciliationContract.confirmRun) { [id, version] runs, context in
                let now = try await runs.getRun(.with { $0.runID = id }, context)
                return try await runs.confirmRun(
                    .with {
                        $0.runID = id
                        $0.version = version ?? now.version
                    }, context)
            }
            try desk.show(run) { Terminal.line("\($0.id) \(RunWords.state($0))") }
        }
    }

    struct Retry: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Try the tasks of a run again that were given up.",
            discussion: "A task is given up when it has failed eight times; the run's reason says why.")
        @OptionGroup var desk: DeskOptions
        @Argument(help: "The run's identifier.") var id: String
        @Option(help: "The version that you have seen; another one is refused. The present one without it.")
        var version: Int64?

        func run() async throws {
            let run = try await desk.ask(ReconciliationContract.retryRun) { [id, version] runs, context in
                let now = try await runs.getRun(.with { $0.runID = id }, context)
                return try await runs.retryRun(
                    .with {
                        $0.runID = id
                        $0.version = version ?? now.version
                    }, context)
            }
            try desk.show(run) { Terminal.line("\($0.id) \(RunWords.state($0))") }
        }
    }

    struct Abort: AsyncParsableCommand {
        static let configuration = CommandConfiguration(abstract: "Give up a run that has not begun to settle.")
        @OptionGroup var desk: DeskOptions
        @Argument(help: "The run's identifier.") var id: String
        @Option(help: "Why; it stands in the journal, so no names.") var reason = ""
        @Option(help: "The version that you have seen; another one is refused. The present one without it.")
        var version: Int64?

        func run() async throws {
            let run = try await desk.ask(ReconciliationContract.abortRun) { [id, reason, version] runs, context in
                let now = try await runs.getRun(.with { $0.runID = id }, context)
                return try await runs.abortRun(
                    .with {
                        $0.runID = id
                        $0.version = version ?? now.version
                        $0.reason = reason
                    }, context)
            }
            try desk.show(run) { Terminal.line("\($0.id) \(RunWords.state($0))") }
        }
    }
}

/// Runs in words.
enum RunWords {
    static func state(_ run: V1ReconciliationRun) -> String {
        run.state == "preparing" && run.ready ? "to be confirmed" : run.state
    }

    static func show(_ run: V1ReconciliationRun) {
        Terminal.line(Terminal.bold("\(run.id)  \(run.channel)  \(run.day)  \(state(run))"))
        Terminal.line("from \(run.fromAt) to \(run.untilAt), version \(run.version)")
        if !run.reason.isEmpty { Terminal.line(Terminal.red(run.reason)) }
        Terminal.line(
            "\(run.counts.ours) lines of ours, \(run.counts.theirs) of theirs, \(run.counts.rejected) unreadable")
        Terminal.table(["class", "lines"], run.counts.classes.map { [$0.class, "\($0.count)"] }, right: [1])
        if run.counts.settledLines > 0 {
            Terminal.line(
                "settled: \(run.counts.settledLines) lines, \(run.counts.settledNet.words) net, "
                    + "\(run.counts.settledFees.words) fees")
        }
        for task in run.tasks where task.state != "done" {
            Terminal.line("task \(task.number) \(task.kind) \(task.state) \(task.problem)")
        }
    }

    static func show(_ reply: V1ListDifferencesReply) {
        guard !reply.differences.isEmpty else { return }
        Terminal.line()
        Terminal.table(
            ["difference", "class", "reference", "ours", "theirs", "open", "line", "why"],
            reply.differences.map { row in
                [
                    row.id, row.class, row.reference, row.hasOurs ? row.ours.amount.words : "–",
                    row.hasTheirs ? row.theirs.amount.words : "–", row.open.words,
                    row.hasTheirs ? "\(row.theirs.line)" : "", row.reason
                ]
            }, right: [3, 4, 5, 6])
        if !reply.nextPageToken.isEmpty { Terminal.note("there are more: raise --limit, or see the console") }
    }

    static func show(_ reply: V1ListRejectsReply) {
        guard !reply.rejects.isEmpty else { return }
        Terminal.line()
        Terminal.table(
            ["line", "field", "cannot be read because"],
            reply.rejects.map { ["\($0.line)", $0.field, $0.reason] }, right: [0])
    }
}
