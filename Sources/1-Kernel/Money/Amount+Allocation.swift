extension Amount {
    /// The most parts an amount is split into in one call: a bound on memory, far above any order or instalment plan.
    public static let maximumParts = 1_000_000

    /// Splits the amount in proportion to `weights`, without losing or inventing a unit.
    ///
    /// This is the method of the largest remainder (Hamilton's method of apportionment): every share is cut towards
    /// zero, and the units left over go one each to the shares that were cut by most. Hence
    /// - the parts sum to the whole exactly, and each lies within one unit of its exact share;
    /// - a zero weight gets zero, a larger weight never gets less, equal weights differ by one unit at most;
    /// - a negative amount gives the negatives of the parts of its opposite;
    /// - parts stay with their weights when the weights are reordered. Ties go to the larger weight, then to the
    ///   earlier index, so order decides only which of several *equal* weights takes a spare unit.
    ///
    /// - Returns: one amount for each weight, in the order of the weights.
    /// - Throws: `invalidWeights` when there are none, one is negative, or all are zero. Complexity: O(n log n).
    public func allocate(weights: [Int64]) throws(MoneyError) -> [Amount] {
        let total = try Self.total(of: weights)
        let whole = Int128(minor.magnitude)
        var shares: [Int128] = []
        var remainders: [Int128] = []
        shares.reserveCapacity(weights.count)
        remainders.reserveCapacity(weights.count)
        var spare = whole
        for weight in weights {
            // 2^63 × 2^63 fits into 128 bits.
            let (share, remainder) = (whole * Int128(weight)).quotientAndRemainder(dividingBy: total)
            shares.append(share)
            remainders.append(remainder)
            spare -= share
        }
        if spare > 0 {
            // The remainders sum to spare × total and each is below total: there are more of them than spare units.
            let cut = weights.indices.filter { remainders[$0] > 0 }.sorted { left, right in
                if remainders[left] != remainders[right] { return remainders[left] > remainders[right] }
                if weights[left] != weights[right] { return weights[left] > weights[right] }
                return left < right
            }
            for index in cut.prefix(Int(spare)) { shares[index] += 1 }
        }
        // A share is never larger than the whole, so with its sign it fits into 64 bits again.
        return shares.map { Amount(minor: Int64(isNegative ? -$0 : $0), currency) }
    }

    /// Splits the amount into equal parts; the first parts take the units that are left over.
    /// 10.00 EUR in three parts are 3.34, 3.33 and 3.33 EUR.
    public func allocateEvenly(parts: Int) throws(MoneyError) -> [Amount] {
        guard (1...Self.maximumParts).contains(parts) else {
            throw MoneyError(
                .invalidWeights, value: String(parts), rule: "must be 1 to \(Self.maximumParts) parts")
        }
        let (share, rest) = minor.quotientAndRemainder(dividingBy: Int64(parts))
        return (0..<parts).map { index in
            Amount(minor: index < rest.magnitude ? share + rest.signum() : share, currency)
        }
    }

    /// The sum of the weights, or why they are refused.
    private static func total(of weights: [Int64]) throws(MoneyError) -> Int128 {
        guard (1...maximumParts).contains(weights.count) else {
            throw MoneyError(
                .invalidWeights, value: "\(weights.count) weights", rule: "must be 1 to \(maximumParts) weights")
        }
        var total: Int128 = 0
        for (index, weight) in weights.enumerated() {
            guard weight >= 0 else {
                throw MoneyError(
                    .invalidWeights, value: "weight \(index): \(weight)", rule: "must not be negative")
            }
            total += Int128(weight)
        }
        guard total > 0 else {
            throw MoneyError(
                .invalidWeights, value: "\(weights.count) weights of zero",
                rule: "must have at least one weight above zero")
        }
        return total
    }
}
