/// What two lines that belong together come to, with tolerances, fees and rates of exchange.
struct PairComparison: Sendable {
    let rules: MatchRules
    private let scorer: PairScorer?

    /// - Parameter scorer: A rule of the house that may tolerate what the rules do not.
    init(_ rules: MatchRules, scorer: PairScorer? = nil) {
        self.rules = rules
        self.scorer = scorer
    }

    /// How two amounts came to agree, or that they do not.
    enum Agreement: Sendable, Equatable {
        case equal, tolerated, net, converted, different, otherCurrency
    }

    /// The class, its code and the reason with figures.
    struct Verdict: Sendable {
        var matchClass: MatchClass
        var code: MatchReason
        var reason: String
    }

    /// The finding for two lines that one key made a pair.
    func finding(_ ours: MatchRow, _ theirs: MatchRow) -> MatchFinding {
        let verdict = verdict(ours, theirs)
        if let scorer, verdict.matchClass == .amount || verdict.matchClass == .fee {
            let pair = MatchPair(
                ours: ours, theirs: theirs, score: Score(points: 0, grounds: []), sharesKey: true)
            let automatic = rules.tolerant?.automaticScore ?? TolerantRules().automaticScore
            if let score = scorer(pair), score.points >= automatic {
                return MatchFinding(
                    .matched, ours: [ours.id], theirs: [theirs.id],
                    reason: "\(verdict.reason), which a rule of the house tolerates",
                    confidence: UInt8(score.points), code: .ownRule, grounds: score.grounds)
            }
        }
        return MatchFinding(
            verdict.matchClass, ours: [ours.id], theirs: [theirs.id], reason: verdict.reason, code: verdict.code)
    }

    func verdict(_ ours: MatchRow, _ theirs: MatchRow) -> Verdict {
        let agreement = agreement(ours, theirs)
        // A net line has no fee of its own to compare, and a converted one has it in another currency.
        let comparesFees = agreement == .equal || agreement == .tolerated
        let expected = comparesFees ? rules.expectedFee(of: ours) : nil
        let matchClass = PairVerdict.of(
            sameCurrency: agreement != .otherCurrency, amountsAgree: agreement != .different,
            sameStatus: ours.status == theirs.status, feesAgree: rules.feesAgree(expected, theirs.feeMinor))
        switch matchClass {
        case .matched: return matched(agreement, ours, theirs)
        case .currency:
            return Verdict(
                matchClass: .currency, code: .currencyDiffers,
                reason: "ours is in \(ours.currency), theirs in \(theirs.currency)")
        case .amount: return amount(ours, theirs)
        case .status:
            return Verdict(
                matchClass: .status, code: .statusDiffers,
                reason: "ours is \(ours.status.code), theirs \(theirs.status.code)")
        default:
            return Verdict(
                matchClass: .fee, code: .feeDiffers,
                reason: "a fee of \(Self.text(expected, ours)) was expected, "
                    + "they kept \(Self.text(theirs.feeMinor, theirs))")
        }
    }

    func agreement(_ ours: MatchRow, _ theirs: MatchRow) -> Agreement {
        guard ours.currency == theirs.currency else {
            guard let rate = rules.rate(from: ours.currency, to: theirs.currency) else { return .otherCurrency }
            return rules.exchange.agrees(rate.converted(ours.amountMinor), theirs.amountMinor)
                ? .converted : .otherCurrency
        }
        if ours.amountMinor == theirs.amountMinor { return .equal }
        if rules.amountsAgree(ours.amountMinor, theirs.amountMinor, currency: ours.currency) { return .tolerated }
        if let net = expectedNet(of: ours),
            rules.amountsAgree(net, theirs.amountMinor, currency: ours.currency)
        {
            return .net
        }
        return .different
    }

    /// What they pay out for our line where they keep the fee at once; nil when the rules do not foresee it.
    func expectedNet(of ours: MatchRow) -> Int64? {
        guard rules.netOfFee, let fee = rules.expectedFee(of: ours), fee != 0 else { return nil }
        let (net, overflow) = ours.amountMinor.subtractingReportingOverflow(fee)
        return overflow ? nil : net
    }

    private func matched(_ agreement: Agreement, _ ours: MatchRow, _ theirs: MatchRow) -> Verdict {
        switch agreement {
        case .tolerated:
            Verdict(
                matchClass: .matched, code: .withinTolerance,
                reason: "the amounts differ by \(Self.apart(ours, theirs)), which the rules tolerate")
        case .net:
            Verdict(
                matchClass: .matched, code: .netOfFee,
                reason: "theirs is ours less the fee of \(Self.text(rules.expectedFee(of: ours), ours))")
        case .converted:
            Verdict(
                matchClass: .matched, code: .converted,
                reason: "theirs is ours at the rate from \(ours.currency) to \(theirs.currency)")
        default: Verdict(matchClass: .matched, code: .exactKey, reason: "same key, nothing differs")
        }
    }

    private func amount(_ ours: MatchRow, _ theirs: MatchRow) -> Verdict {
        let surplus = theirs.amountMinor > ours.amountMinor
        return Verdict(
            matchClass: .amount, code: .amountDiffers,
            reason: "theirs is \(Self.apart(ours, theirs)) \(surplus ? "more" : "less") than ours")
    }

    static func difference(_ ours: MatchRow, _ theirs: MatchRow) -> UInt64 {
        let (low, high) = (min(ours.amountMinor, theirs.amountMinor), max(ours.amountMinor, theirs.amountMinor))
        return high.distanceMagnitude(to: low)
    }

    private static func apart(_ ours: MatchRow, _ theirs: MatchRow) -> String {
        MoneyText.of(difference(ours, theirs), ours.currency)
    }

    private static func text(_ fee: Int64?, _ row: MatchRow) -> String {
        fee.map { MoneyText.of($0, row.currency) } ?? "nothing"
    }
}
