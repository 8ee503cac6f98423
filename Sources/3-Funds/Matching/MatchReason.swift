/// Why a finding is what it is, for programs; the finding's `reason` says it with figures for a person.
public enum MatchReason: String, Sendable, Hashable, Codable, CaseIterable {
    /// One key, and nothing differs.
    case exactKey = "exact_key"
    /// One key, and the amounts differ by no more than the rules tolerate.
    case withinTolerance = "within_tolerance"
    /// One key, and a rule of the house tolerates the difference.
    case ownRule = "own_rule"
    /// Our amount less the channel's fee is their amount.
    case netOfFee = "net_of_fee"
    /// Our amount at the rate of the rules is theirs.
    case converted = "converted"
    /// Several lines under one key sum to the one of the other side.
    case split = "split"
    /// Both sides name the same payout or batch and its sums agree.
    case sameBatch = "same_batch"
    /// A payout is the sum of all that was to be settled on its day.
    case wholeDay = "whole_day"
    /// The only set of open lines that sums to it.
    case subsetSum = "subset_sum"
    /// No key, but amount, day and reference speak for it.
    case likeness = "likeness"
    /// Nothing of the other side fits.
    case noCounterpart = "no_counterpart"
    /// Nothing was found, and not everything was tried: the reason names the limit that was reached.
    case notTried = "not_tried"
    case amountDiffers = "amount_differs"
    case statusDiffers = "status_differs"
    case currencyDiffers = "currency_differs"
    case feeDiffers = "fee_differs"
    /// The same line once more.
    case repeated = "repeated"
    /// The same key once more, with other figures.
    case surplusUnderKey = "surplus_under_key"
    /// It happened after the other side's day had ended.
    case afterCutOff = "after_cut_off"
    /// Its money is due on a later day than the one reconciled.
    case notYetSettled = "not_yet_settled"
    /// It was carried over as often as the rules allow.
    case carriedTooLong = "carried_too_long"

    /// The code of a finding whose class says it all.
    public init(usualFor matchClass: MatchClass) {
        self =
            switch matchClass {
            case .matched: .exactKey
            case .missingOurs, .missingTheirs: .noCounterpart
            case .amount: .amountDiffers
            case .status: .statusDiffers
            case .currency: .currencyDiffers
            case .fee: .feeDiffers
            case .duplicateOurs, .duplicateTheirs: .repeated
            case .late: .afterCutOff
            }
    }
}
