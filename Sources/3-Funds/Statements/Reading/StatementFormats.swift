/// The formats that are read without a profile. Adding one is a file with its reader and a line here.
public enum StatementFormats {
    /// Every reader, in the order in which `kontor statement formats` lists them.
    public static let all: [any StatementReader] = [
        WeChatTradeReader(), WeChatFundFlowReader(), AlipayBusinessReader(), AlipayAccountReader(),
        WeChatPersonalReader(), AlipayPersonalReader(),
        SwiftReader(.statement), SwiftReader(.interim), BaiReader(), OfxReader(),
        CamtReader(.report), CamtReader(.statement), CamtReader(.notification),
        StripeReader(), PayPalSettlementReader(), PayPalActivityReader(), AdyenReader(),
        UnionPayTransactionsReader(), UnionPayErrorsReader()
    ]

    /// Finds a reader by its id; throws `unknownFormat` with the ids there are.
    public static func reader(_ id: String) throws(StatementError) -> any StatementReader {
        if let found = all.first(where: { $0.format.id == id }) { return found }
        let ids = all.map(\.format.id)
        throw StatementError(
            .unknownFormat, "there is no format \"\(id)\"; there are: \(ids.joined(separator: ", "))", candidates: ids)
    }
}
