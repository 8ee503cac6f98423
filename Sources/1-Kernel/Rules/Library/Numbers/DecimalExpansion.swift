/// The exact decimal digits of a double, for formats with a fixed number of them.
///
/// A double is a whole number times a power of two, so its decimal digits end; they are computed with a number of
/// many limbs rather than with a library for locales.
struct DecimalExpansion {
    /// Digits without leading zeros, and how many of them stand before the point (negative: zeros after it).
    private(set) var digits: [UInt8]
    private(set) var point: Int

    /// The digits of the magnitude of a finite number.
    init(_ number: Double) {
        let magnitude = number.magnitude
        guard magnitude > 0 else {
            digits = []
            point = 0
            return
        }
        let bits = magnitude.significandBitPattern
        let isNormal = magnitude.isNormal
        let mantissa = isNormal ? bits | 1 << UInt64(Double.significandBitCount) : bits
        let exponent = (isNormal ? Int(magnitude.exponentBitPattern) : 1) - 1_023 - Double.significandBitCount
        var limbs = BigDecimalLimbs(mantissa)
        if exponent >= 0 {
            limbs.multiply(by: 2, times: exponent)
        } else {
            // m / 2^k = m · 5^k / 10^k
            limbs.multiply(by: 5, times: -exponent)
        }
        digits = limbs.digits
        point = digits.count + min(exponent, 0)
    }

    /// Rounds to so many digits after the point, halves to the even digit.
    mutating func round(afterPoint places: Int) { round(keeping: point + places) }

    /// Rounds to so many significant digits, halves to the even digit.
    mutating func round(keeping count: Int) {
        guard count < digits.count else { return }
        guard count >= 0 else {
            digits = []
            return
        }
        let rest = digits[count...]
        let isHalf = rest.first == 5 && rest.dropFirst().allSatisfy { $0 == 0 }
        let isOdd = count > 0 && digits[count - 1] % 2 == 1
        let goesUp = isHalf ? isOdd : (rest.first ?? 0) >= 5
        digits.removeSubrange(count...)
        guard goesUp else { return }
        var index = count - 1
        while index >= 0, digits[index] == 9 {
            digits[index] = 0
            index -= 1
        }
        if index >= 0 {
            digits[index] += 1
        } else {
            // All were nines: a one and zeros, of which the last is not asked for.
            digits.insert(1, at: 0)
            if digits.count > 1 { digits.removeLast() }
            point += 1
        }
    }

    /// The digit at a place: 0 is the one before the point, −1 the first behind it.
    func digit(at place: Int) -> UInt8 {
        let index = point - 1 - place
        return digits.indices.contains(index) ? digits[index] : 0
    }
}

/// A whole number in limbs of nine decimal digits, the least significant first.
private struct BigDecimalLimbs {
    private static let base: UInt64 = 1_000_000_000
    private var limbs: [UInt32] = []

    init(_ number: UInt64) {
        var rest = number
        while rest > 0 {
            limbs.append(UInt32(rest % Self.base))
            rest /= Self.base
        }
    }

    mutating func multiply(by factor: UInt64, times: Int) {
        // As many factors at once as fit beside a limb in 64 bits.
        let atOnce = factor == 2 ? 30 : 13
        var left = times
        while left > 0 {
            let step = min(left, atOnce)
            var power: UInt64 = 1
            for _ in 0..<step { power *= factor }
            var carry: UInt64 = 0
            for index in limbs.indices {
                let product = UInt64(limbs[index]) * power + carry
                limbs[index] = UInt32(product % Self.base)
                carry = product / Self.base
            }
            while carry > 0 {
                limbs.append(UInt32(carry % Self.base))
                carry /= Self.base
            }
            left -= step
        }
    }

    var digits: [UInt8] {
        var digits: [UInt8] = []
        for limb in limbs {
            var rest = limb
            for _ in 0..<9 {
                digits.append(UInt8(rest % 10))
                rest /= 10
            }
        }
        while digits.last == 0 { digits.removeLast() }
        return digits.reversed()
    }
}
