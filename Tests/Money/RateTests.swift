import Foundation
import Money
import Testing

@Suite("Rates are exact to twelve decimals")
struct RateTests {
    @Test("825 basis points, 0.0825 and 33 / 400 are one rate")
    func ways() throws {
        let rate = Rate(basisPoints: 825)
        #expect(try rate == Rate(decimalText: "0.0825"))
        #expect(try rate == Rate(numerator: 33, denominator: 400, rounding: .halfEven))
        #expect(rate == Rate(numerator: 82_500_000_000))
        #expect(rate.decimalText == "0.0825")
        #expect(rate.denominator == 1_000_000_000_000)
        #expect(Rate(basisPoints: 10_000) == .one)
        #expect(Rate(basisPoints: .max).decimalText == "922337203685477.5807")
    }

    @Test(
        "rates are written as short as they read back", arguments: ["0", "1", "20", "-1.5", "0.000000000001", "100.25"])
    func text(text: String) throws {
        #expect(try Rate(decimalText: text).description == text)
    }

    @Test("a rate that is no plain decimal, too precise or too large is refused")
    func refused() throws {
        #expect(outcome { () throws(MoneyError) in try Rate(decimalText: "8.25%") }.code == .malformedDecimal)
        #expect(outcome { () throws(MoneyError) in try Rate(decimalText: "0.0000000000001") }.code == .tooManyDecimals)
        #expect(
            outcome { () throws(MoneyError) in try Rate(decimalText: "1000000000000000000000000000") }.code == .overflow
        )
        for denominator in [0, -1, Int64.min] {
            let result = outcome { () throws(MoneyError) in
                try Rate(numerator: 1, denominator: denominator, rounding: .halfUp)
            }
            #expect(result.code == .invalidRatio)
        }
    }

    @Test("a third is rounded at the twelfth decimal")
    func third() throws {
        #expect(try Rate(numerator: 1, denominator: 3, rounding: .halfEven).decimalText == "0.333333333333")
        #expect(try Rate(numerator: -2, denominator: 3, rounding: .halfUp).decimalText == "-0.666666666667")
    }

    @Test("state and city tax add; a cross rate multiplies")
    func arithmetic() throws {
        #expect(try Rate(basisPoints: 625).adding(Rate(basisPoints: 200)) == Rate(basisPoints: 825))
        #expect(try Rate(basisPoints: 825).subtracting(Rate(basisPoints: 200)) == Rate(basisPoints: 625))
        let eurUSD = try Rate(decimalText: "1.0845")
        let usdJPY = try Rate(decimalText: "151.32")
        #expect(try eurUSD.multiplied(by: usdJPY, rounding: .halfEven).decimalText == "164.10654")
        #expect(Rate(basisPoints: 1) < Rate(basisPoints: 2))
    }

    @Test("rates are text in JSON, where a number would pass through floating point")
    func json() throws {
        let rate = try Rate(decimalText: "0.000000000001")
        let data = try JSONEncoder().encode([rate])
        #expect(String(decoding: data, as: UTF8.self) == #"["0.000000000001"]"#)
        #expect(try JSONDecoder().decode([Rate].self, from: data) == [rate])
        #expect(throws: DecodingError.self) { try JSONDecoder().decode([Rate].self, from: Data("[\"1e3\"]".utf8)) }
    }

    @Test("every rate reads back as itself")
    func roundTrip() {
        forAll { random in
            let rate = Rate(numerator: random.int128())
            try claim(Rate(decimalText: rate.decimalText) == rate, "\(rate)")
        }
    }

    @Test(
        "a product of rates is the nearest rate, also when the exact product has 256 bits", arguments: Rounding.allCases
    )
    func products(rounding: Rounding) {
        forAll(cases: 10_000) { random in
            let left = Rate(numerator: random.int128())
            let right = Rate(numerator: random.int128())
            let values = "\(left) × \(right)"
            let (product, wide) = left.numerator.multipliedReportingOverflow(by: right.numerator)
            let result = outcome { () throws(MoneyError) in try left.multiplied(by: right, rounding: rounding) }
            if !wide, product.magnitude < UInt128(Int128.max) / 2 {
                let expected = naive(product, over: Rate.denominator, rounding)
                try claim((try? result.get())?.numerator == expected, values)
                return
            }
            switch result {
            case .success(let rate):
                // The distance of the result × 10^12 from the exact product is at most half of 10^12, and such
                // a small number survives in the low 128 bits.
                let distance = left.numerator &* right.numerator &- rate.numerator &* Rate.denominator
                try claim(distance.magnitude <= Rate.denominator.magnitude / 2, values)
                try claim(rate.numerator.signum() == left.numerator.signum() * right.numerator.signum(), values)
            case .failure(let error):
                try claim(error.code == .overflow, "\(error)")
                let high = left.numerator.magnitude.multipliedFullWidth(by: right.numerator.magnitude).high
                // 2^127 × 10^12 is 10^12 / 2 in the high word.
                try claim(high >= Rate.denominator.magnitude / 2 - 1, values)
            }
        }
    }

    @Test("sums and differences of rates are exact or throw")
    func sums() {
        forAll { random in
            let left = Rate(numerator: random.int128())
            let right = Rate(numerator: random.int128())
            let sum = outcome { () throws(MoneyError) in try left.adding(right) }
            let (exact, overflow) = left.numerator.addingReportingOverflow(right.numerator)
            try claim(overflow ? sum.code == .overflow : (try? sum.get())?.numerator == exact, "\(left) + \(right)")
            if let sum = try? sum.get() { try claim(sum.subtracting(right) == left, "\(left) + \(right)") }
            _ = outcome { () throws(MoneyError) in try left.subtracting(right) }
        }
    }
}
