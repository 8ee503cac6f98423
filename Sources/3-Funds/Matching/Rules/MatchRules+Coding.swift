extension MatchRules {
    private enum Key: String, CodingKey, CaseIterable {
        case amount, amountByCurrency, fee, keys, placeholders, splits, fees, netOfFee, exchangeRates, exchange
        case calendar, books, late, tolerant
    }

    public init(from decoder: any Decoder) throws {
        try decoder.refuseOthers(than: Key.self)
        let values = try decoder.container(keyedBy: Key.self)
        self.init()
        amount = try values.get(.amount, or: amount)
        amountByCurrency = try values.get(.amountByCurrency, or: amountByCurrency)
        fee = try values.get(.fee, or: fee)
        keys = try values.get(.keys, or: keys)
        placeholders = try values.get(.placeholders, or: placeholders)
        splits = try values.get(.splits, or: splits)
        fees = try values.decodeIfPresent(FeeSchedule.self, forKey: .fees)
        netOfFee = try values.get(.netOfFee, or: netOfFee)
        exchangeRates = try values.get(.exchangeRates, or: exchangeRates)
        exchange = try values.get(.exchange, or: exchange)
        calendar = try values.get(.calendar, or: calendar)
        books = try values.get(.books, or: books)
        late = try values.get(.late, or: late)
        // A null written out does without the stage; a setting left out has the usual one.
        if values.contains(.tolerant) { tolerant = try values.decodeIfPresent(TolerantRules.self, forKey: .tolerant) }
    }

    public func encode(to encoder: any Encoder) throws {
        var values = encoder.container(keyedBy: Key.self)
        try values.encode(amount, forKey: .amount)
        try values.encode(amountByCurrency, forKey: .amountByCurrency)
        try values.encode(fee, forKey: .fee)
        try values.encode(keys, forKey: .keys)
        try values.encode(placeholders.sorted(), forKey: .placeholders)
        try values.encode(splits, forKey: .splits)
        try values.encodeIfPresent(fees, forKey: .fees)
        try values.encode(netOfFee, forKey: .netOfFee)
        try values.encode(exchangeRates, forKey: .exchangeRates)
        try values.encode(exchange, forKey: .exchange)
        try values.encode(calendar, forKey: .calendar)
        try values.encode(books, forKey: .books)
        try values.encode(late, forKey: .late)
        try values.encode(tolerant, forKey: .tolerant)
    }
}
