internal import Money

/// Amounts in reasons, as people read them.
enum MoneyText {
    /// `12.30 EUR`; `1230 minor units of XAB` where the code is no currency's, or the amount fits no account.
    static func of(_ minor: some BinaryInteger, _ code: String) -> String {
        guard let currency = try? Currency(code: code), let minor = Int64(exactly: minor) else {
            return "\(minor) minor units of \(code)"
        }
        return Amount(minor: minor, currency).formatted
    }
}
