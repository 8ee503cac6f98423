extension MatchRules {
    /// Everything that is wrong with the rule set; empty when it may be used.
    public func faults() -> [MatchRulesFault] {
        var faults = amount.faults(in: "amount") + fee.faults(in: "fee") + exchange.faults(in: "exchange")
        for (currency, tolerance) in amountByCurrency.sorted(by: { $0.key < $1.key }) {
            faults += tolerance.faults(in: "amountByCurrency.\(currency)")
        }
        faults += calendar.faults(in: "calendar") + books.faults(in: "books")
        faults += keyFaults() + feeFaults() + rateFaults()
        if !(0...86_400).contains(late.slackSeconds) { faults.append(.init("late.slackSeconds", "0 to 86400 (a day)")) }
        if !(0...30).contains(late.carryDays) { faults.append(.init("late.carryDays", "0 to 30")) }
        if let tolerant { faults += tolerant.faults() }
        return faults
    }

    /// Throws the first fault.
    public func validate() throws(MatchRulesFault) {
        if let first = faults().first { throw first }
    }

    private func keyFaults() -> [MatchRulesFault] {
        var faults: [MatchRulesFault] = []
        if keys.count > Self.maximumKeys { faults.append(.init("keys", "at most \(Self.maximumKeys)")) }
        for (position, rule) in keys.enumerated() {
            guard let days = rule.reusedAfterDays, !(0...3_650).contains(days) else { continue }
            faults.append(.init("keys[\(position)].reusedAfterDays", "0 to 3650"))
        }
        if placeholders.count > 1_000 { faults.append(.init("placeholders", "at most 1000")) }
        return faults
    }

    private func feeFaults() -> [MatchRulesFault] {
        guard let fees else { return [] }
        if fees.rules.count > FeeSchedule.maximumRules {
            return [.init("fees", "at most \(FeeSchedule.maximumRules) rules")]
        }
        return fees.rules.enumerated().flatMap { $1.faults(in: "fees[\($0)]") }
    }

    private func rateFaults() -> [MatchRulesFault] {
        var faults: [MatchRulesFault] = []
        if exchangeRates.count > ExchangeRate.maximumRates {
            return [.init("exchangeRates", "at most \(ExchangeRate.maximumRates)")]
        }
        var seen: Set<[String]> = []
        for (position, rate) in exchangeRates.enumerated() {
            let name = "exchangeRates[\(position)]"
            if rate.scaled <= 0 || rate.scaled > ExchangeRate.highest {
                faults.append(.init("\(name).rate", "more than 0, at most 1000000"))
            }
            if rate.from.isEmpty || rate.to.isEmpty || rate.from == rate.to {
                faults.append(.init(name, "two different currencies"))
            }
            if !seen.insert([rate.from, rate.to]).inserted {
                faults.append(.init(name, "one rate from \(rate.from) to \(rate.to)"))
            }
        }
        return faults
    }
}
