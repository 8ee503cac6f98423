import ArgumentParser
import Assembly
import Contract
import Reconciliation
import SwiftProtobuf

struct ProfilesCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "profiles", abstract: "How each channel is reconciled.",
        subcommands: [List.self, Show.self, Put.self], defaultSubcommand: List.self)

    struct List: AsyncParsableCommand {
        static let configuration = CommandConfiguration(abstract: "List the channels that are reconciled.")
        @OptionGroup var desk: DeskOptions

        func run() async throws {
            let reply = try await desk.ask(ReconciliationContract.listReconciliationProfiles, .reading) {
                try await $0.listReconciliationProfiles(.init(), $1)
            }
            try desk.show(reply) { reply in
                Terminal.table(
                    ["channel", "format", "currency", "zone", "cut-off", "confirms", "version"],
                    reply.profiles.map { profile in
                        [
                            profile.channel, ProfilesCommand.format(profile), profile.currency,
                            profile.zone.isEmpty ? "UTC" : profile.zone, ProfilesCommand.clock(profile.cutoffMinute),
                            profile.autoConfirm ? "by itself" : "a person", "\(profile.version)"
                        ]
                    }, right: [6])
            }
        }
    }

    struct Show: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Show a channel's profile as JSON, to change and put again.")
        @OptionGroup var desk: DeskOptions
        @Argument(help: "The channel.") var channel: String

        func run() async throws {
            let reply = try await desk.ask(ReconciliationContract.getReconciliationProfile, .reading) { [channel] in
                try await $0.getReconciliationProfile(.with { $0.channel = channel }, $1)
            }
            Terminal.line(String(decoding: try reply.contractJSON(), as: UTF8.self))
        }
    }

    struct Put: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Say how a channel is reconciled.",
            discussion: """
                The file is the JSON that `show` prints, e.g. {"format": "wechat-trade", "currency": "CNY", "zone": \\
                "Asia/Shanghai", "opens_runs": true}. It holds from the next run on.
                """)
        @OptionGroup var desk: DeskOptions
        @Argument(help: "The channel.") var channel: String
        @Argument(help: "The file with the profile.") var file: String

        func run() async throws {
            let text = try DeskOptions.text(of: file)
            let profile: V1ReconciliationProfile
            do {
                profile = try V1ReconciliationProfile(jsonString: text)
            } catch {
                throw ValidationError("\(file): is no profile in JSON: \(error)")
            }
            let reply = try await desk.ask(ReconciliationContract.putReconciliationProfile) { [channel] in
                try await $0.putReconciliationProfile(
                    .with {
                        $0.channel = channel
                        $0.profile = profile
                    }, $1)
            }
            try desk.show(reply) { Terminal.line("\($0.channel) version \($0.version)") }
        }
    }

    private static func format(_ profile: V1ReconciliationProfile) -> String {
        if !profile.format.isEmpty { return profile.format }
        return profile.statementProfile.isEmpty ? "detected" : "described"
    }

    /// `23:00` for 1380.
    private static func clock(_ minute: Int32) -> String {
        func two(_ number: Int32) -> String { number < 10 ? "0\(number)" : "\(number)" }
        return "\(two(minute / 60)):\(two(minute % 60))"
    }
}
