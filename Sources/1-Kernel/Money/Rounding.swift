/// What happens to an exact result that lies between two units. Both modes take the nearer unit; they differ in
/// the middle only, and both are symmetric: rounding -x gives the negative of rounding x, so a refund mirrors its sale.
public enum Rounding: String, Hashable, Sendable, Codable, CaseIterable {
    /// The middle goes to the even unit: 0.5 → 0, 1.5 → 2, -0.5 → 0, -1.5 → -2 (IEEE 754 roundTiesToEven).
    /// Over many roundings the errors cancel, hence the usual choice for interest, fees and conversion.
    case halfEven
    /// The middle goes away from zero: 0.5 → 1, -0.5 → -1 (IEEE 754 roundTiesToAway), what tax offices mean by
    /// "commercial rounding" (DIN 1333). It is not the rounding towards +∞ that some libraries call half-up.
    case halfUp

    /// The rounded quotient of two integers. The divisor is positive; no input overflows.
    func quotient(_ dividend: Int128, by divisor: Int128) -> Int128 {
        precondition(divisor > 0, "callers refuse a divisor that is not positive")
        let (quotient, remainder) = dividend.quotientAndRemainder(dividingBy: divisor)
        let away = goesAway(odd: quotient & 1 == 1, remainder: remainder.magnitude, divisor: divisor.magnitude)
        // A divisor of one leaves no remainder, so a quotient that moves is at most half of the range.
        return away ? quotient + dividend.signum() : quotient
    }

    /// Whether a quotient that was cut towards zero moves one unit away from it.
    func goesAway(odd: Bool, remainder: UInt128, divisor: UInt128) -> Bool {
        // `remainder * 2` could overflow; the rest up to the divisor cannot.
        let rest = divisor - remainder
        if remainder != rest { return remainder > rest }
        switch self {
        case .halfEven: return odd
        case .halfUp: return true
        }
    }
}
