import ArgumentParser
import Assembly
import Contract
import Reconciliation
import SwiftProtobuf

struct RuleSetsCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "rules", abstract: "Rule sets: causes, policy, matching.",
        discussion: """
            A set is YAML (Examples/reconciliation). It is put as a candidate, tried on past cases or run beside the live \
            set (`shadow run`), and activated by somebody else than who put it.
            """,
        subcommands: [List.self, Show.self, Put.self, Try.self, Activate.self], defaultSubcommand: List.self)

    struct List: AsyncParsableCommand {
        static let configuration = CommandConfiguration(abstract: "List rule sets.")
        @OptionGroup var desk: DeskOptions
        @Option(help: "Only those of this kind: causes, policy or matching.") var kind = ""

        func run() async throws {
            let reply = try await desk.call(ReconciliationCasesContract.listRuleSets, .reading) { [kind] in
                try await $0.listRuleSets(.with { $0.kind = kind }, $1)
            }
            try desk.show(reply) { reply in
                Terminal.table(
                    ["kind", "number", "state", "put by", "activated by", "sha256"],
                    reply.ruleSets.map {
                        [$0.kind, "\($0.number)", $0.state, $0.putBy, $0.activatedBy, String($0.sha256.prefix(12))]
                    }, right: [1])
            }
        }
    }

    struct Show: AsyncParsableCommand {
        static let configuration = CommandConfiguration(abstract: "Print a rule set; without a number the live one.")
        @OptionGroup var desk: DeskOptions
        @Argument(help: "causes, policy or matching.") var kind: String
        @Option(help: "0 is the set that the house comes with.") var number: Int64 = -1

        func run() async throws {
            let reply = try await desk.call(ReconciliationCasesContract.getRuleSet, .reading) { [kind, number] in
                try await $0.getRuleSet(
                    .with {
                        $0.kind = kind
                        $0.number = number
                    }, $1)
            }
            try desk.show(reply) { Terminal.line($0.source) }
        }
    }

    struct Put: AsyncParsableCommand {
        static let configuration = CommandConfiguration(abstract: "Keep a rule set as a candidate.")
        @OptionGroup var desk: DeskOptions
        @Argument(help: "The YAML file.") var file: String

        func run() async throws {
            let source = try DeskOptions.text(of: file)
            let reply = try await desk.call(ReconciliationCasesContract.putRuleSet) {
                try await $0.putRuleSet(.with { $0.source = source }, $1)
            }
            try desk.show(reply) { Terminal.line("\($0.kind) \($0.number) \($0.state) \($0.sha256)") }
        }
    }

    struct Try: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Show what cause rules would say of past cases; nothing is kept.")
        @OptionGroup var desk: DeskOptions
        @Argument(help: "The YAML file.") var file: String
        @Option(help: "The newest so many cases.") var cases: Int32 = 1_000

        func run() async throws {
            let source = try DeskOptions.text(of: file)
            let reply = try await desk.call(ReconciliationCasesContract.tryRuleSet, .reading) { [cases] in
                try await $0.tryRuleSet(
                    .with {
                        $0.source = source
                        $0.cases = cases
                    }, $1)
            }
            try desk.show(reply) { reply in
                Terminal.line(
                    "\(reply.cases) cases, \(reply.same) alike; explained before \(reply.knownBefore), now \(reply.knownNow)"
                )
                Terminal.table(
                    ["cause", "before", "now"],
                    reply.causes.map { [$0.cause.isEmpty ? "–" : $0.cause, "\($0.before)", "\($0.after)"] },
                    right: [1, 2])
                for failure in reply.failures { Terminal.line("failed: \(failure)") }
            }
        }
    }

    struct Activate: AsyncParsableCommand {
        static let configuration = CommandConfiguration(abstract: "Let a rule set decide from now on.")
        @OptionGroup var desk: DeskOptions
        @Argument(help: "causes, policy or matching.") var kind: String
        @Argument(help: "Its number; 0 is the set that the house comes with.") var number: Int64

        func run() async throws {
            let reply = try await desk.call(ReconciliationCasesContract.activateRuleSet) { [kind, number] in
                try await $0.activateRuleSet(
                    .with {
                        $0.kind = kind
                        $0.number = number
                    }, $1)
            }
            try desk.show(reply) { Terminal.line("\($0.kind) \($0.number) \($0.state)") }
        }
    }
}

struct ShadowCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "shadow", abstract: "Run a candidate beside the live rules and show the differences.",
        subcommands: [Run.self, List.self, Show.self])

    struct Run: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Compare on the lines of one run. Nothing but the comparison is kept.")
        @OptionGroup var desk: DeskOptions
        @Argument(help: "The run's identifier.") var runId: String
        @Argument(help: "causes or matching.") var kind: String
        @Argument(help: "The candidate's number.") var number: Int64

        func run() async throws {
            let reply = try await desk.call(ReconciliationCasesContract.runShadow) { [runId, kind, number] in
                try await $0.runShadow(
                    .with {
                        $0.runID = runId
                        $0.kind = kind
                        $0.number = number
                    }, $1)
            }
            try desk.show(reply, ShadowWords.show)
        }
    }

    struct List: AsyncParsableCommand {
        static let configuration = CommandConfiguration(abstract: "List comparisons, newest first.")
        @OptionGroup var desk: DeskOptions

        func run() async throws {
            let reply = try await desk.call(ReconciliationCasesContract.listShadows, .reading) {
                try await $0.listShadows(V1ListShadowsRequest(), $1)
            }
            try desk.show(reply) { reply in
                Terminal.table(
                    ["comparison", "run", "kind", "number", "alike", "only live", "only candidate"],
                    reply.shadows.map {
                        [
                            $0.id, $0.runID, $0.kind, "\($0.number)", "\($0.same)", "\($0.onlyLive)",
                            "\($0.onlyCandidate)"
                        ]
                    }, right: [3, 4, 5, 6])
            }
        }
    }

    struct Show: AsyncParsableCommand {
        static let configuration = CommandConfiguration(abstract: "Show one comparison with its lines.")
        @OptionGroup var desk: DeskOptions
        @Argument(help: "The comparison's identifier.") var id: String

        func run() async throws {
            let reply = try await desk.call(ReconciliationCasesContract.getShadow, .reading) { [id] in
                try await $0.getShadow(.with { $0.shadowID = id }, $1)
            }
            try desk.show(reply, ShadowWords.show)
        }
    }
}

enum ShadowWords {
    static func show(_ report: V1ShadowReport) {
        Terminal.line(
            "\(report.id): \(report.same) alike, \(report.onlyLive) only live, \(report.onlyCandidate) only candidate")
        func word(_ text: String) -> String { text.isEmpty ? "–" : text }
        Terminal.table(
            ["", "live", "candidate"], report.classes.map { [$0.word, "\($0.live)", "\($0.candidate)"] }, right: [1, 2])
        for change in report.changes.prefix(100) {
            Terminal.line("\(change.about): \(word(change.live)) → \(word(change.candidate))  \(change.reason)")
        }
    }
}
