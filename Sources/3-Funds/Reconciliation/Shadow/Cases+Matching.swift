import Contract
import Foundation
import Matching
import Store

// Candidates for what counts as the same on a channel.
extension Cases {
    func requireChannel(_ channel: String, _ reader: any SQLReader) throws {
        _ = try Reconciliation(ledger: ledger).requiredProfile(channel, reader)
    }

    /// Makes matching rules live: the next version of the channel's profile.
    func putRules(_ rules: MatchRules, channel: String, in tx: Transaction) throws {
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.sortedKeys]
        let json = String(decoding: try encoder.encode(rules), as: UTF8.self)
        try Reconciliation(ledger: ledger).putMatchRules(json, channel: channel, in: tx)
    }
}

extension Cases {
    func compareMatching(
        _ channel: String, _ rules: MatchRules, _ run: RunID, _ reader: any SQLReader
    ) throws -> ShadowComparison { ShadowComparison() }
}
