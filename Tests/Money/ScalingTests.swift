import Money
import Testing

@Suite("Amounts times rates and ratios are rounded once")
struct ScalingTests {
    @Test(
        "the middle goes to the even unit or away from zero, alike on both sides of zero",
        arguments: [
            (5, 0, 1), (15, 2, 2), (25, 2, 3), (-5, 0, -1), (-15, -2, -2), (-25, -2, -3), (4, 0, 0), (6, 1, 1),
            (-6, -1, -1)
        ] as [(Int64, Int64, Int64)])
    func middles(minor: Int64, halfEven: Int64, halfUp: Int64) throws {
        let amount = Amount(minor: minor, .eur)
        let tenth = Rate(basisPoints: 1_000)
        #expect(try amount.multiplied(by: tenth, rounding: .halfEven).minor == halfEven)
        #expect(try amount.multiplied(by: tenth, rounding: .halfUp).minor == halfUp)
        #expect(try amount.scaled(numerator: 1, denominator: 10, rounding: .halfEven).minor == halfEven)
        #expect(try amount.scaled(numerator: 1, denominator: 10, rounding: .halfUp).minor == halfUp)
    }

    @Test("8.25 % of 19.99 USD are 1.65 USD")
    func tax() throws {
        let tax = try Amount(minor: 1999, .usd).multiplied(by: Rate(basisPoints: 825), rounding: .halfUp)
        #expect(tax == Amount(minor: 165, .usd))
    }

    @Test("two of three fulfilled, then the third: the running share never loses a cent")
    func fulfilment() throws {
        let paid = Amount(minor: 1000, .eur)
        let first = try paid.scaled(numerator: 2, denominator: 3, rounding: .halfEven)
        let all = try paid.scaled(numerator: 3, denominator: 3, rounding: .halfEven)
        #expect(first == Amount(minor: 667, .eur))
        #expect(try all.subtracting(first) == Amount(minor: 333, .eur))
        #expect(throws: MoneyError.self) { try paid.scaled(numerator: 1, denominator: 0, rounding: .halfEven) }
    }

    @Test("conversion accounts for different minor units")
    func conversion() throws {
        let euros = Amount(minor: 10_000, .eur)
        #expect(
            try euros.converted(to: .jpy, at: Rate(decimalText: "163.25"), rounding: .halfEven)
                == Amount(minor: 16_325, .jpy))
        #expect(
            try euros.converted(to: .kwd, at: Rate(decimalText: "0.3325"), rounding: .halfEven)
                == Amount(minor: 33_250, .kwd))
        let yen = Amount(minor: 16_325, .jpy)
        let back = try Rate(numerator: 100, denominator: 16_325, rounding: .halfEven)
        #expect(try yen.converted(to: .eur, at: back, rounding: .halfEven) == euros)
        #expect(
            try Amount(minor: 1, .jpy).converted(to: .clf, at: .one, rounding: .halfUp) == Amount(minor: 10_000, .clf))
        for rate in [Rate.zero, Rate(basisPoints: -1)] {
            #expect(throws: MoneyError.self) { try euros.converted(to: .usd, at: rate, rounding: .halfEven) }
        }
    }

    @Test("an amount times a rate is the nearest amount, or overflows", arguments: Rounding.allCases)
    func rates(rounding: Rounding) {
        forAll(cases: 10_000) { random in
            let minor = random.int64()
            let numerator = random.int128()
            let result = outcome { () throws(MoneyError) in
                try Amount(minor: minor, .eur).multiplied(by: Rate(numerator: numerator), rounding: rounding)
            }
            let (product, wide) = numerator.multipliedReportingOverflow(by: Int128(minor))
            // Beyond these bounds the answer has more than 64 bits, whatever it is.
            let huge = wide || product.magnitude > UInt128(1) << 120
            let exact = huge ? Int128.max : naive(product, over: Rate.denominator, rounding)
            try claim(result, is: exact, "\(minor) × \(numerator)")
        }
    }

    @Test("small amounts times small rates meet the middle often and round right", arguments: Rounding.allCases)
    func smallRates(rounding: Rounding) {
        forAll { random in
            let minor = Int64.random(in: -2_000...2_000, using: &random)
            let points = Int64.random(in: -20_000...20_000, using: &random) / 250 * 250
            let result = outcome { () throws(MoneyError) in
                try Amount(minor: minor, .eur).multiplied(by: Rate(basisPoints: points), rounding: rounding)
            }
            try claim(result, is: naive(Int128(minor * points), over: 10_000, rounding), "\(minor) × \(points) bp")
        }
    }

    @Test("an amount times a ratio is the nearest amount, or overflows", arguments: Rounding.allCases)
    func ratios(rounding: Rounding) {
        forAll(cases: 10_000) { random in
            let (minor, numerator) = (random.int64(), random.int64())
            let denominator = max(1, random.weight())
            let result = outcome { () throws(MoneyError) in
                try Amount(minor: minor, .eur).scaled(
                    numerator: numerator, denominator: denominator, rounding: rounding)
            }
            let exact = naive(Int128(minor) * Int128(numerator), over: Int128(denominator), rounding)
            try claim(result, is: exact, "\(minor) × \(numerator) / \(denominator)")
        }
    }

    @Test("a conversion is the nearest amount in the other minor unit, or overflows", arguments: Rounding.allCases)
    func conversions(rounding: Rounding) {
        let tens: [Int128] = [1, 10, 100, 1_000, 10_000]
        forAll(cases: 10_000) { random in
            let (from, to) = (random.pick(everyMinorUnit), random.pick(everyMinorUnit))
            let minor = random.int64()
            let rate = Rate(numerator: Int128(max(1, random.weight())) * random.pick([1, 1_000, 1_000_000]))
            let result = outcome { () throws(MoneyError) in
                try Amount(minor: minor, from).converted(to: to, at: rate, rounding: rounding)
            }
            let (product, wide) = (rate.numerator * tens[to.minorUnits]).multipliedReportingOverflow(by: Int128(minor))
            let huge = wide || product.magnitude > UInt128(1) << 125
            let exact = huge ? Int128.max : naive(product, over: Rate.denominator * tens[from.minorUnits], rounding)
            try claim(result, is: exact, "\(minor) \(from) at \(rate) in \(to)")
            if case .success(let amount) = result { try claim(amount.currency == to, "\(from) to \(to)") }
        }
    }

    @Test("rounding is symmetric: the refund mirrors the sale", arguments: Rounding.allCases)
    func symmetric(rounding: Rounding) {
        forAll { random in
            let minor = max(random.int64() / 4, -.max)
            let rate = Rate(numerator: Int128(random.weight()) % (4 * Rate.denominator))
            let sale = outcome { () throws(MoneyError) in
                try Amount(minor: minor, .eur).multiplied(by: rate, rounding: rounding)
            }
            let refund = outcome { () throws(MoneyError) in
                try Amount(minor: -minor, .eur).multiplied(by: rate, rounding: rounding)
            }
            try claim(try sale.get().negated() == refund.get(), "\(minor) × \(rate)")
        }
    }
}
