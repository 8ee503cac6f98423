import ArgumentParser
import Assembly
import Contract
import Money
import Reconciliation
import SwiftProtobuf
import Tenancy

struct OpenItemsCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "open-items", abstract: "What the channels have not settled yet, by reference.",
        discussion: """
            The open items of a clearing account add up to its balance, always: exit code 1 when they do not. Plus is \
            what the channel owes us, minus is money that came without our books knowing of it.
            """)
    @OptionGroup var desk: DeskOptions
    @Option(help: "Only those of this channel.") var channel: String?
    @Option(help: "The channel's currency, where it is not the tenant's and nothing is open.") var currency: String?
    @Option(help: "At most so many of each clearing account, oldest first.") var limit = 50

    func validate() throws { try Arguments.check("--limit", limit, in: 1...1_000) }

    func run() async throws {
        let accounts = try await accounts()
        if desk.json {
            let texts = try accounts.map { try $0.json() }
            Terminal.line("{\"accounts\":[\(texts.joined(separator: ","))]}")
        } else {
            if accounts.isEmpty { Terminal.line("nothing is open") }
            for (index, account) in accounts.enumerated() {
                if index > 0 { Terminal.line() }
                account.show()
            }
        }
        if !accounts.allSatisfy(\.addsUp) { throw ExitCode(1) }
    }

    /// The clearing accounts on which something is open; of a channel that was named its account in any case.
    private func accounts() async throws -> [OpenAccount] {
        try await desk.measure(
            ReconciliationQualityContract.listChannelOpenItems
        ) { [channel, currency, limit] quality, tenant, context in
            let ageing = try await quality.getQualityAgeing(V1GetQualityAgeingRequest(), context)
            var keys = ageing.openItems.map { (channel: $0.channel, currency: $0.currency) }
                .filter { $0.channel == channel ?? $0.channel && $0.currency == currency ?? $0.currency }
            if keys.isEmpty, let channel { keys = [(channel, currency ?? tenant.baseCurrency.code)] }
            var accounts: [OpenAccount] = []
            for key in keys {
                let request = V1ListChannelOpenItemsRequest.with {
                    $0.channel = key.channel
                    $0.currency = key.currency
                    $0.pageSize = Int32(limit)
                }
                try request.validate("")
                accounts.append(
                    OpenAccount(
                        channel: key.channel, currency: key.currency,
                        reply: try await quality.listChannelOpenItems(request, context)))
            }
            return accounts
        }
    }
}

/// What is open on one channel's clearing account.
private struct OpenAccount: Sendable {
    let channel: String
    let currency: String
    let reply: V1ListChannelOpenItemsReply

    var addsUp: Bool { reply.open.minor == reply.balance.minor }

    /// The API's reply with the account that it is of.
    func json() throws -> String {
        let body = String(decoding: try reply.contractJSON(), as: UTF8.self)
        let head = "{\"channel\":\"\(channel)\",\"currency\":\"\(currency)\""
        return body == "{}" ? head + "}" : head + "," + body.dropFirst()
    }

    func show() {
        let verdict = addsUp ? "equal to the balance" : "but the balance is \(reply.balance.words)"
        let sum = "\(reply.count) open, \(reply.open.words), \(verdict)"
        Terminal.line("\(Terminal.bold("clearing:\(channel)"))  \(addsUp ? sum : Terminal.red(sum))")
        guard !reply.items.isEmpty else { return }
        Terminal.table(
            ["reference", "open", "since", "transfer", "case"],
            reply.items.map {
                [
                    $0.reference, $0.open.words, String($0.openedAt.prefix(16)), "\($0.openedTransfer)",
                    $0.caseID.isEmpty ? "–" : $0.caseID
                ]
            }, right: [1, 3])
        if !reply.nextPageToken.isEmpty { Terminal.note("there are more: raise --limit, or see the console") }
    }
}
