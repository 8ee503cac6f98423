import Money
import Testing

@Suite("Amounts are read and written exactly")
struct AmountTextTests {
    @Test(
        "amounts are written with all decimals of their currency",
        arguments: [
            (Amount(minor: 1234, .eur), "12.34 EUR"), (Amount(minor: 5, .eur), "0.05 EUR"),
            (Amount(minor: -5, .eur), "-0.05 EUR"), (Amount(minor: 0, .eur), "0.00 EUR"),
            (Amount(minor: 1234, .jpy), "1234 JPY"), (Amount(minor: 0, .jpy), "0 JPY"),
            (Amount(minor: 1, .kwd), "0.001 KWD"), (Amount(minor: 12_345, .clf), "1.2345 CLF"),
            (Amount(minor: .max, .eur), "92233720368547758.07 EUR"),
            (Amount(minor: .min, .eur), "-92233720368547758.08 EUR"),
            (Amount(minor: .min, .jpy), "-9223372036854775808 JPY")
        ])
    func written(amount: Amount, text: String) throws {
        #expect(amount.formatted == text)
        #expect("\(amount)" == text)
        #expect(try Amount(decimalText: amount.decimalText, currency: amount.currency) == amount)
    }

    @Test(
        "missing decimals are zero, leading zeros and a minus are read",
        arguments: [
            ("12", 1200), ("12.3", 1230), ("0012.34", 1234), ("-0.01", -1), ("-0.00", 0), ("0", 0)
        ])
    func read(text: String, minor: Int64) throws {
        #expect(try Amount(decimalText: text, currency: .eur) == Amount(minor: minor, .eur))
    }

    @Test(
        "what is no plain decimal number is refused, with the value and the rule",
        arguments: [
            ("", "digit before the point"), ("-", "digit before the point"), (".5", "one point at most"),
            ("5.", "digit after the point"), ("1.2.3", "one point at most"), ("+1", "no sign but one leading minus"),
            ("--1", "no sign but one leading minus"), ("1-", "no sign but one leading minus"),
            ("1e3", "without an exponent"),
            ("1E3", "without an exponent"), ("1,000", "no grouping"), ("1_000", "no grouping"),
            ("1'000", "no grouping"),
            (" 1", "no space"), ("1 ", "no space"), ("1\n", "no space"), ("٣", "digits 0 to 9"),
            ("−1", "digits 0 to 9"),
            ("NaN", "digits 0 to 9"), ("$1", "digits 0 to 9"), ("1\0", "digits 0 to 9")
        ])
    func malformed(text: String, rule: String) throws {
        let error = try #require(throws: MoneyError.self) { try Amount(decimalText: text, currency: .eur) }
        #expect(error.code == .malformedDecimal)
        #expect(error.value == text)
        #expect(error.rule.contains(rule), "\(error)")
        #expect(error.rule.hasSuffix("as an amount of EUR"))
    }

    @Test(
        "surplus decimals are refused, even zeros: 1.000 may be meant as a thousand",
        arguments: [
            ("1.000", Currency.eur, "at most 2 decimals"), ("0.001", .usd, "at most 2 decimals"),
            ("1.0", .jpy, "no decimals"),
            ("1.0000", .kwd, "at most 3 decimals"), ("1.00000", .clf, "at most 4 decimals")
        ])
    func tooManyDecimals(text: String, currency: Currency, rule: String) throws {
        let error = try #require(throws: MoneyError.self) { try Amount(decimalText: text, currency: currency) }
        #expect(error.code == .tooManyDecimals)
        #expect(error.rule.contains(rule), "\(error)")
    }

    @Test(
        "numbers beyond the range are refused and name the range",
        arguments: [
            "92233720368547758.08", "-92233720368547758.09", "99999999999999999999", String(repeating: "9", count: 60)
        ])
    func tooLarge(text: String) throws {
        let error = try #require(throws: MoneyError.self) { try Amount(decimalText: text, currency: .eur) }
        #expect(error.code == .overflow)
        #expect(error.value == text)
        #expect(error.rule.contains("9223372036854775807 minor units"))
    }

    @Test("long text is refused unread and quoted in part")
    func long() throws {
        let text = String(repeating: "0", count: 1_000_000)
        let error = try #require(throws: MoneyError.self) { try Amount(decimalText: text, currency: .eur) }
        #expect(error.code == .malformedDecimal)
        #expect(error.value.count < 100)
        #expect(try Amount(decimalText: String(repeating: "0", count: 64), currency: .eur).isZero)
    }

    @Test("every amount reads back as itself, in every minor unit", arguments: everyMinorUnit)
    func roundTrip(currency: Currency) {
        forAll { random in
            let amount = Amount(minor: random.int64(), currency)
            try claim(Amount(decimalText: amount.decimalText, currency: currency) == amount, "\(amount)")
            let point = amount.decimalText.split(separator: ".").dropFirst().first
            try claim(point?.count ?? 0 == currency.minorUnits, "\(amount)")
        }
    }

    @Test("any text is either refused, or is the number that it says")
    func anyText() {
        let letters = Array("0123456789.-+eE, ")
        forAll(cases: 20_000) { random in
            let currency = random.pick(everyMinorUnit)
            let text = String((0..<Int.random(in: 0...12, using: &random)).map { _ in random.pick(letters) })
            guard let amount = try? Amount(decimalText: text, currency: currency) else { return }
            // The oracle is another reading: drop the point, pad with zeros, read an integer.
            let parts = text.split(separator: ".", omittingEmptySubsequences: false)
            let fraction = parts.count == 2 ? String(parts[1]) : ""
            try claim(parts.count <= 2 && fraction.count <= currency.minorUnits, "\(text) in \(currency)")
            let padding = String(repeating: "0", count: currency.minorUnits - fraction.count)
            try claim(
                Int64("\(parts[0])\(fraction)\(padding)") == amount.minor, "\(text) in \(currency) gave \(amount)")
        }
    }
}
