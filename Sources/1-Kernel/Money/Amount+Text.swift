extension Amount {
    /// Reads an amount in whole units of its currency: "12.34" or "-12.34" of EUR, "1234" of JPY.
    ///
    /// Missing decimals are zero ("12.3" is 12.30 EUR); surplus decimals, a plus, exponents, grouping and spaces
    /// are refused with the rule that they break.
    public init(decimalText: String, currency: Currency) throws(MoneyError) {
        let units: Int128
        do throws(MoneyError) {
            units = try DecimalText.parse(decimalText, decimals: currency.minorUnits)
        } catch {
            throw error.code == .overflow
                ? .overflow(decimalText)
                : MoneyError(error.code, value: decimalText, rule: "\(error.rule) as an amount of \(currency)")
        }
        guard let minor = Int64(exactly: units) else { throw .overflow(decimalText) }
        self.init(minor: minor, currency)
    }

    /// The amount in whole units with all decimals of its currency and a point: "12.30", "-0.05", "1234".
    /// It is for machines and reads back as the same amount; it is not localised.
    public var decimalText: String {
        DecimalText.format(minor.magnitude, negative: minor < 0, decimals: currency.minorUnits)
    }

    /// The amount with its currency: "12.34 EUR".
    public var formatted: String { "\(decimalText) \(currency.code)" }
}

extension Amount: CustomStringConvertible {
    public var description: String { formatted }
}
