import ArgumentParser
import Assembly
import Contract
import Reconciliation
import SwiftProtobuf

struct OrderCheckCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "orders", abstract: "Check orders three ways: what was sold, what was charged, what came.",
        discussion: "Exit code 1 when an order that was checked differs.")
    @OptionGroup var desk: DeskOptions
    @Argument(help: "One order; without it those of --from to --until.") var reference: String?
    @Option(help: "The first day, in UTC.") var from = ""
    @Option(help: "The last day, in UTC.") var until = ""
    @Flag(help: "Only those that differ.") var differing = false

    func run() async throws {
        var orders: [V1OrderCheck] = []
        if let reference {
            orders = [
                try await desk.call(ReconciliationCasesContract.checkOrder, .reading) {
                    try await $0.checkOrder(.with { $0.reference = reference }, $1)
                }
            ]
        } else {
            var token = ""
            repeat {
                let reply = try await desk.call(
                    ReconciliationCasesContract.checkOrders, .reading
                ) { [from, until, differing, token] in
                    try await $0.checkOrders(
                        .with {
                            $0.from = from
                            $0.until = until
                            $0.differing = differing
                            $0.pageSize = Int32(Cases.pageLimit)
                            $0.pageToken = token
                        }, $1)
                }
                orders += reply.orders
                token = reply.nextPageToken
            } while !token.isEmpty && orders.count < 10_000
        }
        let found = orders
        try desk.show(V1CheckOrdersReply.with { $0.orders = found }) { reply in
            Terminal.table(
                ["order", "verdict", "ordered", "captured", "refunded", "fees", "settled", "open"],
                reply.orders.map {
                    [
                        $0.reference, $0.verdict, $0.ordered.words, $0.captured.words, $0.refunded.words, $0.fees.words,
                        $0.settled.words, $0.open.words
                    ]
                }, right: [2, 3, 4, 5, 6, 7])
            for order in reply.orders {
                for finding in order.findings { Terminal.line("\(order.reference): \(finding)") }
            }
        }
        if orders.contains(where: { $0.verdict == "differs" }) { throw ExitCode(1) }
    }
}
