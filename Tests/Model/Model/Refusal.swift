/// A refusal of the model, in the word that the house uses for it.
struct Refusal: Error {
    let code: String

    init(_ code: String) { self.code = code }
}

/// Plain arithmetic of the model's own, so that it shares no rounding with the house.
enum Round {
    /// `amount × numerator ÷ denominator`, half to even.
    static func share(_ amount: Int64, _ numerator: Int64, _ denominator: Int64) -> Int64 {
        let product = amount * numerator
        let whole = product / denominator
        let rest = abs(product % denominator) * 2
        if rest < denominator || rest == denominator && whole % 2 == 0 { return whole }
        return whole + (product < 0 ? -1 : 1)
    }
}
