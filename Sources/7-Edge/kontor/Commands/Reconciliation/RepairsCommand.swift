import ArgumentParser
import Assembly
import Contract
import Reconciliation
import SwiftProtobuf

struct RepairsCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "repairs", abstract: "Put differences right: propose, look, approve, execute, take back.",
        subcommands: [
            List.self, Try.self, Propose.self, Preview.self, Approve.self, Reject.self, Withdraw.self, Execute.self,
            Reverse.self
        ], defaultSubcommand: List.self)

    struct List: AsyncParsableCommand {
        static let configuration = CommandConfiguration(abstract: "List repairs, newest first.")
        @OptionGroup var desk: DeskOptions
        @Option(help: "Only those of this case.") var caseId = ""
        @Option(help: "Only those in this state, e.g. proposed.") var state = ""

        func run() async throws {
            let reply = try await desk.call(ReconciliationCasesContract.listRepairs, .reading) { [caseId, state] in
                try await $0.listRepairs(
                    .with {
                        $0.caseID = caseId
                        $0.state = state
                    }, $1)
            }
            try desk.show(reply) { reply in
                Terminal.table(
                    ["repair", "case", "kind", "amount", "state", "by", "decided by", "waits because"],
                    reply.repairs.map { row in
                        [
                            row.id, row.caseID, row.kind, row.amount.words, row.state, row.proposedBy, row.decidedBy,
                            row.waitsBecause
                        ]
                    }, right: [3])
            }
        }
    }

    /// What a proposal and its trial are made of.
    struct Wanted: ParsableArguments {
        @Argument(help: "The case's identifier.") var id: String
        @Argument(help: "E.g. write_off_rounding, book_channel_fee, reclassify, mark_timing.") var kind: String
        @Option(help: "Minor units; all that is open when it is not given.") var amountMinor: Int64 = 0
        @Option(help: "For reclassify: the order that the money belongs to.") var target = ""
        @Option(help: "For mark_timing: the day that brings the other line.") var carryTo = ""
        @Option(help: "Why; it stands in the journal, so no names.") var reason = ""

        var request: V1ProposeRepairRequest {
            .with {
                $0.caseID = id
                $0.kind = kind
                $0.amountMinor = amountMinor
                $0.targetReference = target
                $0.carryTo = carryTo
                $0.reason = reason
            }
        }
    }

    struct Try: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Show what a repair would change.",
            discussion: "It is executed in a transaction that is rolled back: what is shown is what would happen now.")
        @OptionGroup var desk: DeskOptions
        @OptionGroup var wanted: Wanted

        func run() async throws {
            let request = wanted.request
            let reply = try await desk.call(ReconciliationCasesContract.tryRepair) {
                try await $0.tryRepair(request, $1)
            }
            try desk.show(reply, RepairWords.show)
        }
    }

    struct Propose: AsyncParsableCommand {
        static let configuration = CommandConfiguration(abstract: "Propose a repair; nothing is booked yet.")
        @OptionGroup var desk: DeskOptions
        @OptionGroup var wanted: Wanted

        func run() async throws {
            let request = wanted.request
            let reply = try await desk.call(ReconciliationCasesContract.proposeRepair) {
                try await $0.proposeRepair(request, $1)
            }
            try desk.show(reply, RepairWords.show)
        }
    }

    struct Preview: AsyncParsableCommand {
        static let configuration = CommandConfiguration(abstract: "Show what a proposed repair would change.")
        @OptionGroup var desk: DeskOptions
        @Argument(help: "The repair's identifier.") var id: String

        func run() async throws {
            let reply = try await desk.call(ReconciliationCasesContract.previewRepair) { [id] in
                try await $0.previewRepair(.with { $0.repairID = id }, $1)
            }
            try desk.show(reply, RepairWords.show)
        }
    }

    /// What a decision is made of.
    struct Decided: ParsableArguments {
        @Argument(help: "The repair's identifier.") var id: String
        @Option(help: "Why; it stands in the journal, so no names.") var reason = ""
    }

    struct Approve: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Approve a repair that somebody else has proposed.",
            discussion: "Another key of the same person is refused. With --execute it is booked at once.")
        @OptionGroup var desk: DeskOptions
        @OptionGroup var decided: Decided
        @Flag(help: "Execute it as well.") var execute = false

        func run() async throws {
            var reply = try await RepairsCommand.decide(desk, decided, ReconciliationCasesContract.approveRepair) {
                try await $0.approveRepair($1, $2)
            }
            if execute {
                reply = try await RepairsCommand.decide(desk, decided, ReconciliationCasesContract.executeRepair) {
                    try await $0.executeRepair($1, $2)
                }
            }
            try desk.show(reply, RepairWords.show)
        }
    }

    struct Reject: AsyncParsableCommand {
        static let configuration = CommandConfiguration(abstract: "Reject a repair that somebody else has proposed.")
        @OptionGroup var desk: DeskOptions
        @OptionGroup var decided: Decided

        func run() async throws {
            let reply = try await RepairsCommand.decide(desk, decided, ReconciliationCasesContract.rejectRepair) {
                try await $0.rejectRepair($1, $2)
            }
            try desk.show(reply, RepairWords.show)
        }
    }

    struct Withdraw: AsyncParsableCommand {
        static let configuration = CommandConfiguration(abstract: "Take back a repair that is not executed.")
        @OptionGroup var desk: DeskOptions
        @OptionGroup var decided: Decided

        func run() async throws {
            let reply = try await RepairsCommand.decide(desk, decided, ReconciliationCasesContract.withdrawRepair) {
                try await $0.withdrawRepair($1, $2)
            }
            try desk.show(reply, RepairWords.show)
        }
    }

    struct Execute: AsyncParsableCommand {
        static let configuration = CommandConfiguration(abstract: "Book an approved repair.")
        @OptionGroup var desk: DeskOptions
        @OptionGroup var decided: Decided

        func run() async throws {
            let reply = try await RepairsCommand.decide(desk, decided, ReconciliationCasesContract.executeRepair) {
                try await $0.executeRepair($1, $2)
            }
            try desk.show(reply, RepairWords.show)
        }
    }

    struct Reverse: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Propose to take back an executed repair; somebody else approves that as well.")
        @OptionGroup var desk: DeskOptions
        @OptionGroup var decided: Decided

        func run() async throws {
            let reply = try await RepairsCommand.decide(desk, decided, ReconciliationCasesContract.reverseRepair) {
                try await $0.reverseRepair($1, $2)
            }
            try desk.show(reply, RepairWords.show)
        }
    }

    /// A decision on the repair as it now is.
    private static func decide(
        _ desk: DeskOptions, _ decided: Decided, _ operation: Contract.Operation,
        _ body: @escaping @Sendable (Cases, V1DecideRepairRequest, CallContext) async throws -> V1Repair
    ) async throws -> V1Repair {
        let (id, reason) = (decided.id, decided.reason)
        return try await desk.call(operation) { cases, context in
            let now = try await cases.getRepair(.with { $0.repairID = id }, context)
            return try await body(
                cases,
                .with {
                    $0.repairID = id
                    $0.reason = reason
                    $0.version = now.version
                }, context)
        }
    }
}

/// Repairs in words.
enum RepairWords {
    static func show(_ repair: V1Repair) {
        Terminal.line(Terminal.bold("\(repair.id)  \(repair.kind)  \(repair.state)"))
        for entry in repair.entries { Terminal.line("  \(entry.line)") }
        if !repair.carryTo.isEmpty { Terminal.line("  carried to \(repair.carryTo)") }
        if !repair.waitsBecause.isEmpty { Terminal.line("waits: \(repair.waitsBecause)") }
    }

    static func show(_ preview: V1RepairPreview) {
        for entry in preview.entries { Terminal.line(entry.line) }
        Terminal.table(
            ["what", "before", "after"],
            preview.balances.map { [$0.account, "\($0.beforeMinor)", "\($0.afterMinor)"] }
                + preview.items.map { ["open: \($0.reference)", "\($0.beforeMinor)", "\($0.afterMinor)"] }
                + preview.cases.map { [$0.caseID, $0.before, $0.after] }, right: [1, 2])
        Terminal.note("nothing was changed; waits: \(preview.waitsBecause)")
    }
}
