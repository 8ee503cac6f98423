internal import Money

extension StatementRow {
    /// What tells this line from every other line of its channel, at any time.
    ///
    /// Banks use their references again each year, some each day, and the same reference for several parts of one
    /// batch; so the account, the day, the amount and the currency belong to it. Two lines of one day that agree in all
    /// of these are the same line or cannot be told apart: a person decides.
    public var identity: String {
        let reference = channelReference.isEmpty ? merchantReference : channelReference
        let day = (time?.date ?? valueDate)?.description ?? ""
        // The separator is a control character, which no reader leaves in a reference.
        return [channel, account, day, reference, String(amountMinor), currency.code].joined(separator: "\u{1F}")
    }
}
