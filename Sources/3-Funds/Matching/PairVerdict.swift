/// What two lines with the same key come to. The one place that decides it: files of millions of lines and lists in
/// memory must never disagree.
public enum PairVerdict {
    /// The first thing that differs, in the order currency, amount, status, fee: amounts in two currencies cannot be
    /// compared, and a status or a fee says little about money that differs anyway.
    ///
    /// - Parameters:
    ///   - sameCurrency: whether both lines name the same currency.
    ///   - amountsAgree: equal, or within what the rules tolerate.
    ///   - feesAgree: equal, within tolerance, or unknown to one of both sides.
    @inlinable
    public static func of(sameCurrency: Bool, amountsAgree: Bool, sameStatus: Bool, feesAgree: Bool) -> MatchClass {
        if !sameCurrency { return .currency }
        if !amountsAgree { return .amount }
        if !sameStatus { return .status }
        return feesAgree ? .matched : .fee
    }
}
