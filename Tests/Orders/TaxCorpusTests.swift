import Foundation
import Money
import Testing

@testable import Orders

/// Documented cases of other shops (Sylius, MIT; WooCommerce), kept beside the project and not inside it.
@Suite("Tax cases of other systems")
struct TaxCorpusTests {
    static let folder =
        ProcessInfo.processInfo.environment["KONTOR_CORPUS"]
        ?? URL(filePath: #filePath).appending(path: "../../../../shared/corpus").standardized.path()

    private static func json(_ name: String) -> [String: Any]? {
        guard let data = FileManager.default.contents(atPath: "\(folder)/billing/\(name)") else { return nil }
        return try? JSONSerialization.jsonObject(with: data) as? [String: Any]
    }

    private func rule(percent: Int, included: Bool) -> TaxRule {
        TaxRule(name: "VAT", rate: Rate(basisPoints: Int64(percent) * 100), included: included)
    }

    @Test(
        "orders with discounts are taxed as Sylius documents it",
        .enabled(if: json("sylius-tax-with-discounts.json") != nil, "the corpus is not here; set KONTOR_CORPUS"))
    func discountedOrders() throws {
        let cases = try #require(Self.json("sylius-tax-with-discounts.json")?["cases"] as? [[String: Any]])
        #expect(cases.count >= 8)
        for (index, given) in cases.enumerated() {
            let prices = try #require(given["prices"] as? [String: Int])
            let percent = try #require(given["tax_percent"] as? [String: Int])
            let cart = try #require(given["cart"] as? [String: Int])
            let promotions = given["promotions"] as? [String: Int] ?? [:]
            let included = try #require(given["tax_included_in_price"] as? Bool)
            let lines = try cart.sorted { $0.key < $1.key }.map { name, quantity in
                let price = try #require(prices[name]) - (promotions[name] ?? 0)
                return Totals.Line(
                    quantity: Int64(quantity), unitPrice: Amount(minor: Int64(price), .eur),
                    tax: rule(percent: try #require(percent[name]), included: included))
            }
            let totals = try Totals(lines: lines, currency: .eur)
            #expect(totals.total.minor == Int64(try #require(given["total"] as? Int)), "case \(index)")
            #expect(totals.tax.minor == Int64(try #require(given["tax"] as? Int)), "case \(index)")
        }
    }

    @Test(
        "small amounts are rounded per line",
        .enabled(if: json("sylius-tax-rounding-small.json") != nil, "the corpus is not here; set KONTOR_CORPUS"))
    func smallAmounts() throws {
        let cases = try #require(Self.json("sylius-tax-rounding-small.json")?["cases"] as? [[String: Any]])
        let pair = try #require(cases.first { $0["lines"] != nil })
        let texts = try #require(pair["lines"] as? [String])
        let lines = try texts.map {
            Totals.Line(
                quantity: 1, unitPrice: try Amount(decimalText: $0, currency: .eur),
                tax: rule(percent: try #require(pair["rate_percent"] as? Int), included: false))
        }
        // The case rounds half away from zero, which is a setting here.
        let tax = try Totals(lines: lines, currency: .eur, rounding: .halfUp).tax
        #expect(tax.decimalText == pair["per_line"] as? String)

        let single = try #require(cases.first { $0["line"] != nil })
        for (kind, included) in [("exclusive", false), ("inclusive", true)] {
            let expected = try #require(single[kind] as? [String: Int])
            let line = Totals.Line(
                quantity: 1,
                unitPrice: try Amount(decimalText: try #require(single["line"] as? String), currency: .eur),
                tax: rule(percent: try #require(single["rate_percent"] as? Int), included: included))
            let totals = try Totals(lines: [line], currency: .eur)
            #expect(totals.tax.minor == Int64(try #require(expected["tax"])))
            #expect(totals.total.minor == Int64(try #require(expected["total"])))
            #expect(totals.total.minor - totals.tax.minor == Int64(try #require(expected["subtotal"])))
        }
    }
}
