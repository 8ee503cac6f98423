public import Money

extension V1Amount {
    public init(_ amount: Amount) {
        self.init()
        minor = amount.minor
        currency = amount.currency.code
    }
}

extension Amount {
    /// Reads an amount of a request; throws `Problem` 422 naming the field when its currency is unknown.
    public init(_ amount: V1Amount, field: String) throws {
        do {
            self.init(minor: amount.minor, try Currency(code: amount.currency))
        } catch {
            throw Problem.invalid(
                field: field + ".currency", value: amount.currency, rule: "is no currency of ISO 4217 in use")
        }
    }
}
