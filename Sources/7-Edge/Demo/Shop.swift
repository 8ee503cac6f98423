import Catalog
import Contract
import Orders
import SwiftProtobuf

/// A sample tenant as the shoppers meet it.
package struct Shop: Sendable {
    package struct Sample: Sendable {
        package let slug, name, currency, country, locale, catalogue: String
        let taxRate: String
        let shippingMinor: Int64
        let searches: [String]
    }

    /// A concept store in Berlin and a tea and paper shop in Hangzhou.
    package static let samples = [
        Sample(
            slug: "atelier", name: "Atelier Nord", currency: "EUR", country: "DE", locale: "en",
            catalogue: "atelier.csv", taxRate: "0.19", shippingMinor: 490, searches: ["linen", "wool", "pen", "oak"]),
        Sample(
            slug: "lantern", name: "灯市 Lantern Market", currency: "CNY", country: "CN", locale: "zh-Hans",
            catalogue: "lantern.csv", taxRate: "0.13", shippingMinor: 1_200,
            searches: ["%E8%8C%B6", "%E7%BA%B8", "%E9%9D%92%E7%93%B7"])
    ]

    package let sample: Sample
    let variants: [String]

    var searches: [String] { sample.searches }

    /// Sets shipping, taxes and a discount code through the API and reads what can be bought.
    package static func open(_ sample: Sample, api: ApiClient) async throws -> Shop {
        _ = try await api.send(
            .put, "/v1/shipping-methods/standard",
            V1PutShippingMethodRequest.with {
                $0.shippingMethod.name = "Standard"
                $0.shippingMethod.price = .with {
                    $0.minor = sample.shippingMinor
                    $0.currency = sample.currency
                }
                $0.shippingMethod.active = true
            }, key: "demo-shipping", as: V1ShippingMethod.self)
        for category in ["standard", "shipping"] {
            _ = try await api.send(
                .put, "/v1/tax-rates/\(sample.country)/\(category)",
                V1PutTaxRateRequest.with {
                    $0.taxRate.name = "VAT"
                    $0.taxRate.rate = sample.taxRate
                    $0.taxRate.included = true
                }, key: "demo-tax-\(category)", as: V1TaxRate.self)
        }
        _ = try await api.send(
            .put, "/v1/discounts/WELCOME10",
            V1PutDiscountRequest.with {
                $0.discount.kind = "basis_points"
                $0.discount.basisPoints = 1_000
                $0.discount.active = true
            }, key: "demo-discount", as: V1Discount.self)
        return Shop(sample: sample, variants: try await variants(api))
    }

    private static func variants(_ api: ApiClient) async throws -> [String] {
        var found: [String] = []
        var token = ""
        repeat {
            let page = try await api.get(
                "/v1/catalog/products?page_size=100&page_token=\(token)", as: V1ListProductsReply.self)
            found += page.products.flatMap { $0.variants.map(\.variantID) }
            token = page.nextPageToken
        } while !token.isEmpty
        return found
    }

    /// Invented people; their names, mails and phones must be found nowhere but in the vault.
    func person(_ number: Int) -> (email: String, address: V1PostalAddress) {
        let first = ["Ada", "Bruno", "Chen", "Dilara", "Emil", "Fatou", "Goran", "Hana"][number % 8]
        let last = ["Quastenberg", "Wolkenstein", "Xanthopoulos", "Yildirimoglu"][number / 8 % 4]
        return (
            "\(first).\(last).\(number)@shopper.example",
            .with {
                $0.name = "\(first) \(last)"
                $0.line1 = "Mohnblumenweg \(number)"
                $0.city = "Lindenstadt"
                $0.postalCode = "10\(100 + number % 900)"
                $0.country = sample.country
                $0.phone = "+49 30 5550\(1_000 + number)"
            }
        )
    }
}
