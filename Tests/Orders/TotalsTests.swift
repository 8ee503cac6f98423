import Foundation
import Money
import Runtime
import Testing

@testable import Orders

@Suite("Totals")
struct TotalsTests {
    private func eur(_ minor: Int64) -> Amount { Amount(minor: minor, .eur) }

    private func line(_ quantity: Int64, _ price: Int64, _ tax: TaxRule? = nil) -> Totals.Line {
        Totals.Line(quantity: quantity, unitPrice: eur(price), tax: tax)
    }

    private func rule(_ rate: String, included: Bool) throws -> TaxRule {
        TaxRule(name: "VAT", rate: try Rate(decimalText: rate), included: included)
    }

    @Test("one cent of discount over three equal lines is not lost")
    func centIsNotLost() throws {
        let totals = try Totals(
            lines: [line(1, 100), line(1, 100), line(1, 100)], discount: .amount(eur(1)), currency: .eur)
        #expect(totals.lines.map(\.discount.minor) == [1, 0, 0])
        #expect(totals.discount == eur(1))
        #expect(totals.total == eur(299))
    }

    @Test("a discount is never more than the goods are worth")
    func discountIsCapped() throws {
        let totals = try Totals(lines: [line(2, 300)], discount: .amount(eur(5_000)), currency: .eur)
        #expect(totals.discount == eur(600))
        #expect(totals.total == eur(0))
    }

    @Test("tax on top of the price is computed on the discounted line")
    func exclusiveTax() throws {
        let vat = try rule("0.19", included: false)
        let totals = try Totals(
            lines: [line(1, 10_000, vat)], discount: .basisPoints(1_000), currency: .eur)
        #expect(totals.tax == eur(1_710))
        #expect(totals.taxIncluded == eur(0))
        #expect(totals.total == eur(10_710))
    }

    @Test("tax inside the price is taken out of it exactly and adds nothing to the total")
    func inclusiveTax() throws {
        let vat = try rule("0.15", included: true)
        let totals = try Totals(lines: [line(1, 10_000, vat)], currency: .eur)
        #expect(totals.tax == eur(1_304))
        #expect(totals.taxIncluded == eur(1_304))
        #expect(totals.total == eur(10_000))
    }

    @Test("a tie is rounded to the even cent, or up where the settings say so")
    func roundingIsASetting() throws {
        let vat = try rule("0.10", included: false)
        let lines = [line(1, 5, vat), line(1, 5, vat)]
        #expect(try Totals(lines: lines, currency: .eur).tax == eur(0))
        #expect(try Totals(lines: lines, currency: .eur, rounding: .halfUp).tax == eur(2))
    }

    @Test("shipping is free from its threshold, measured after the discount")
    func freeShipping() throws {
        let vat = try rule("0.19", included: true)
        let sending = Totals.Shipping(price: eur(499), freeFrom: eur(5_000), tax: vat)
        let full = try Totals(lines: [line(1, 5_000, vat)], shipping: sending, currency: .eur)
        #expect(full.shipping == eur(0))
        let cut = try Totals(
            lines: [line(1, 5_000, vat)], discount: .amount(eur(1)), shipping: sending, currency: .eur)
        #expect(cut.shipping == eur(499))
        #expect(cut.shippingTax == eur(80))
        #expect(cut.total == eur(5_498))
    }

    @Test("a price in another currency is refused")
    func mixedCurrencies() {
        let lines = [line(1, 100), Totals.Line(quantity: 1, unitPrice: Amount(minor: 100, .usd))]
        #expect(throws: MoneyError.self) { try Totals(lines: lines, currency: .eur) }
    }

    @Test("a price that leaves the range of an amount is refused, not wrapped")
    func overflow() {
        #expect(throws: MoneyError.self) {
            try Totals(lines: [line(1_000_000, .max / 2)], currency: .eur)
        }
    }

    @Test("the region's rate wins over the country's, and what is not listed is not taxed")
    func taxTable() throws {
        let national = try rule("0.05", included: false)
        let local = try rule("0.0725", included: false)
        let table = TaxTable([
            (TaxTable.Key(country: "US", region: "", category: "standard"), national),
            (TaxTable.Key(country: "US", region: "CA", category: "standard"), local)
        ])
        #expect(table.rule(country: "US", region: "CA", category: "standard") == local)
        #expect(table.rule(country: "US", region: "NV", category: "standard") == national)
        #expect(table.rule(country: "US", region: "CA", category: "books") == nil)
        #expect(table.rule(country: "DE", region: "", category: "standard") == nil)
    }

    @Test("the figures of 5,000 random carts sum exactly", arguments: [UInt64(20_261_121)])
    func sumsAreExact(seed: UInt64) throws {
        let random = RandomSource(seed: seed)
        let rates = ["0.19", "0.07", "0.0825", "0.2", "0", "1"]
        for round in 0..<5_000 {
            let lines = try (0..<random.integer(in: 1..<9)).map { _ in
                let rate = rates[random.integer(in: 0..<rates.count)]
                let tax =
                    random.integer(in: 0..<4) == 0
                    ? nil : try rule(rate, included: random.integer(in: 0..<2) == 0)
                return line(Int64(random.integer(in: 1..<20)), Int64(random.integer(in: 0..<50_000)), tax)
            }
            let discount: Totals.Discount? =
                switch random.integer(in: 0..<3) {
                case 0: .amount(eur(Int64(random.integer(in: 0..<20_000))))
                case 1: .basisPoints(Int64(random.integer(in: 1..<10_001)))
                default: nil
                }
            let shipping = Totals.Shipping(
                price: eur(Int64(random.integer(in: 0..<2_000))), freeFrom: nil,
                tax: try rule("0.19", included: random.integer(in: 0..<2) == 0))
            let totals = try Totals(lines: lines, discount: discount, shipping: shipping, currency: .eur)

            let note: Comment = "seed \(seed), round \(round)"
            let goods = totals.lines.reduce(0) { $0 + $1.total.minor }
            let sending = totals.shipping.minor + (shipping.tax?.included == true ? 0 : totals.shippingTax.minor)
            #expect(totals.total.minor == goods + sending, note)
            #expect(
                totals.total.minor == totals.subtotal.minor - totals.discount.minor + totals.shipping.minor
                    + totals.tax.minor - totals.taxIncluded.minor, note)
            #expect(totals.discount.minor == totals.lines.reduce(0) { $0 + $1.discount.minor }, note)
            #expect(totals.tax.minor == totals.lines.reduce(totals.shippingTax.minor) { $0 + $1.tax.minor }, note)
            #expect(totals.discount.minor <= totals.subtotal.minor, note)
            #expect(totals.lines.allSatisfy { !$0.total.isNegative && !$0.discountTax.isNegative }, note)
        }
    }
}
