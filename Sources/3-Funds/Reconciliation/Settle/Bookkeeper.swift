import Ledger
import Money
import Store

/// What a posting is in the ledger.
struct Bookkeeper: Sendable {
    let clearing: AccountRef
    private let channel: String
    private let settlement: String
    private let payout: String

    init(profile: ChannelProfile) {
        channel = profile.channel
        clearing = .code(ChartAccount.clearing(profile.channel).code)
        settlement = profile.settlementAccount
        payout = profile.message.payoutAccount
    }

    /// Opens what is missing of the accounts that it books on.
    func openAccounts(_ currency: Currency, _ ledger: Ledger, in tx: Transaction) throws {
        try ledger.installChart(currency: currency, in: tx)
        try ledger.openClearing(channel: channel, currency: currency, in: tx)
        for code in [settlement, payout] where !code.isEmpty {
            guard try ledger.account(code, currency: currency, in: tx) == nil else { continue }
            try ledger.openAccount(AccountSpec(code: code, currency: currency, normalSide: .debit), in: tx)
        }
    }

    func transfers(_ posting: Posting) throws -> [Transfer] {
        let currency = try Currency(code: posting.currency)
        func move(_ minor: Int64, to debit: AccountRef, from credit: AccountRef, _ code: TransferCode) -> [Transfer] {
            guard minor != 0 else { return [] }
            let amount = Amount(minor: minor < 0 ? 0 - minor : minor, currency)
            return [
                Transfer(
                    debit: minor > 0 ? debit : credit, credit: minor > 0 ? credit : debit, amount: amount, code: code,
                    reference: posting.reference)
            ]
        }
        switch posting.kind {
        case .settlement:
            return move(posting.netMinor, to: .code(settlement), from: clearing, .settlement)
                + move(posting.feeMinor, to: "channel_fees", from: clearing, .channelFee)
        case .ownFee:
            return move(posting.netMinor, to: .code(settlement), from: "channel_fees", .channelFee)
        case .payout:
            return move(posting.netMinor, to: .code(settlement), from: .code(payout), .settlement)
        }
    }
}
