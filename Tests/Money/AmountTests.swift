import Foundation
import Money
import Testing

@Suite("Amounts add up exactly or not at all")
struct AmountTests {
    @Test("a cart of three lines sums to the cent")
    func cart() throws {
        let lines = [
            try Amount(minor: 1999, .eur).multiplied(byQuantity: 3), Amount(minor: 5, .eur), Amount(minor: -500, .eur)
        ]
        #expect(try Amount.sum(lines, currency: .eur) == Amount(minor: 5502, .eur))
        #expect(try Amount.sum([], currency: .jpy) == .zero(.jpy))
    }

    @Test("0.1 + 0.2 is 0.3, and taking both away again leaves nothing (medusa 12226: a total of -1.6e-14)")
    func noDust() throws {
        let dime = try Amount(decimalText: "0.1", currency: .usd)
        let two = try Amount(decimalText: "0.2", currency: .usd)
        let three = try dime.adding(two)
        #expect(three.decimalText == "0.30")
        #expect(try three.subtracting(dime).subtracting(two).isZero)
    }

    @Test("euros and dollars neither add, subtract, compare nor sum")
    func mixed() throws {
        let euro = Amount(minor: 100, .eur)
        let dollar = Amount(minor: 100, .usd)
        let error = try #require(throws: MoneyError.self) { try euro.adding(dollar) }
        #expect(error.code == .currencyMismatch)
        #expect(error.description == #""1.00 EUR with USD" must be of one currency; convert with a rate first"#)
        #expect(throws: MoneyError.self) { try euro.subtracting(dollar) }
        #expect(throws: MoneyError.self) { try euro.isLess(than: dollar) }
        #expect(throws: MoneyError.self) { try Amount.sum([euro, dollar], currency: .eur) }
        #expect(euro != dollar)
    }

    @Test("the ends of the range throw and do not trap")
    func ends() throws {
        let most = Amount(minor: .max, .eur)
        let least = Amount(minor: .min, .eur)
        let cent = Amount(minor: 1, .eur)
        #expect(outcome { () throws(MoneyError) in try most.adding(cent) }.code == .overflow)
        #expect(outcome { () throws(MoneyError) in try least.subtracting(cent) }.code == .overflow)
        #expect(outcome { () throws(MoneyError) in try least.negated() }.code == .overflow)
        #expect(outcome { () throws(MoneyError) in try least.absolute() }.code == .overflow)
        #expect(outcome { () throws(MoneyError) in try least.multiplied(byQuantity: -1) }.code == .overflow)
        #expect(outcome { () throws(MoneyError) in try Amount.sum([most, cent], currency: .eur) }.code == .overflow)
        #expect(try Amount.sum([most, cent, cent.negated()], currency: .eur) == most, "only the result has to fit")
    }

    @Test("signs are told apart, and smaller means further down")
    func signs() throws {
        #expect(Amount.zero(.eur).isZero)
        #expect(Amount(minor: 1, .eur).isPositive)
        #expect(Amount(minor: -1, .eur).isNegative)
        #expect(try Amount(minor: -500, .eur).isLess(than: Amount(minor: 100, .eur)))
        #expect(try !Amount(minor: 100, .eur).isLess(than: Amount(minor: 100, .eur)))
        #expect(try Amount(minor: -5, .eur).absolute() == Amount(minor: 5, .eur))
    }

    @Test("an amount is a number and a code in JSON")
    func json() throws {
        let amount = Amount(minor: -1234, .kwd)
        let encoder = JSONEncoder()
        encoder.outputFormatting = .sortedKeys
        let data = try encoder.encode(amount)
        #expect(String(decoding: data, as: UTF8.self) == #"{"currency":"KWD","minor":-1234}"#)
        #expect(try JSONDecoder().decode(Amount.self, from: data) == amount)
    }

    @Test("whatever is added can be taken away again")
    func inverse() {
        forAll { random in
            let left = Amount(minor: random.int64(), .eur)
            let right = Amount(minor: random.int64(), .eur)
            guard let sum = try? left.adding(right) else { return }
            try claim(sum.subtracting(right) == left, "\(left) + \(right)")
            try claim(sum.subtracting(left) == right, "\(left) + \(right)")
            try claim(right.adding(left) == sum, "\(left) + \(right)")
        }
    }

    @Test("every operation gives the exact answer, or throws overflow when it needs more than 64 bits")
    func overflow() {
        forAll(cases: 10_000) { random in
            let (left, right, quantity) = (random.int64(), random.int64(), random.int64())
            let amount = Amount(minor: left, .usd)
            let other = Amount(minor: right, .usd)
            let values = "\(left), \(right), \(quantity)"
            try claim(
                outcome { () throws(MoneyError) in try amount.adding(other) }, is: Int128(left) + Int128(right), values)
            try claim(
                outcome { () throws(MoneyError) in try amount.subtracting(other) }, is: Int128(left) - Int128(right),
                values)
            try claim(outcome { () throws(MoneyError) in try amount.negated() }, is: -Int128(left), values)
            try claim(
                outcome { () throws(MoneyError) in try amount.absolute() }, is: Int128(left.magnitude), values)
            try claim(
                outcome { () throws(MoneyError) in try amount.multiplied(byQuantity: quantity) },
                is: Int128(left) * Int128(quantity), values)
            try claim(
                outcome { () throws(MoneyError) in try Amount.sum([amount, other, amount], currency: .usd) },
                is: 2 * Int128(left) + Int128(right), values)
            try claim(amount.isLess(than: other) == (left < right), values)
        }
    }
}
