import Catalog
import Contract
import Money
import Runtime
import Store

/// What a shopper would pay now for these lines: catalogue prices, the tenant's rates, and the totals from both.
struct Quote {
    struct Wanted {
        var variant: VariantID
        var quantity: Int64
    }

    /// Everything besides the lines that changes what is paid.
    struct Terms {
        var country: String
        var region: String
        var shippingMethod: String
        var discountCode: String
    }

    struct Line {
        var variant: VariantSnapshot
        var quantity: Int64
        var tax: TaxRule?
    }

    let lines: [Line]
    let shippingMethod: ShippingMethodRow?
    let shippingTax: TaxRule?
    let discountCode: String
    let currency: Currency
    let totals: Totals

    init(
        _ wanted: [Wanted], terms: Terms, settings: OrderSettings, rates: Rates, catalog: Catalog, now: Timestamp,
        reader: any SQLReader
    ) throws {
        let known = wanted.isEmpty ? [:] : try catalog.variants(wanted.map(\.variant), reader: reader)
        let lines = try wanted.enumerated().map { index, line in
            guard let variant = known[line.variant] else {
                throw OrdersError.invalid(
                    "lines[\(index)].variant_id", "\(line.variant)", "is no variant of the catalogue")
            }
            return Line(
                variant: variant, quantity: line.quantity,
                tax: rates.taxes.rule(country: terms.country, region: terms.region, category: variant.taxCategory))
        }
        let currency = lines.first?.variant.price.currency ?? settings.currency
        for (index, line) in lines.enumerated() where line.variant.price.currency != currency {
            throw OrdersError.invalid(
                "lines[\(index)].variant_id", line.variant.sku,
                "is priced in \(line.variant.price.currency), but the first line is in \(currency)")
        }
        let method = try Self.method(terms.shippingMethod, currency: currency, rates: rates)
        let shippingTax = method.flatMap {
            rates.taxes.rule(country: terms.country, region: terms.region, category: $0.taxCategory)
        }
        self.lines = lines
        self.currency = currency
        self.shippingTax = shippingTax
        shippingMethod = method
        discountCode = terms.discountCode
        do {
            let parts = lines.map {
                Totals.Line(quantity: $0.quantity, unitPrice: $0.variant.price, tax: $0.tax)
            }
            let discount = try Self.discount(
                terms.discountCode, lines: parts, currency: currency, rates: rates, now: now)
            totals = try Totals(
                lines: parts, discount: discount,
                shipping: method.map { .init(price: $0.price, freeFrom: $0.freeFrom, tax: shippingTax) },
                currency: currency, rounding: settings.taxRounding)
        } catch let error as MoneyError {
            throw OrdersError.money(error, field: "lines")
        }
    }

    private static func method(_ code: String, currency: Currency, rates: Rates) throws -> ShippingMethodRow? {
        if code.isEmpty { return nil }
        guard let method = rates.shippingMethods[code], method.active else {
            throw OrdersError.invalid("shipping_method", code, "is not one of the active shipping methods")
        }
        guard method.price.currency == currency else {
            throw OrdersError.invalid(
                "shipping_method", code, "costs \(method.price.currency), but the goods are in \(currency)")
        }
        return method
    }

    private static func discount(
        _ code: String, lines: [Totals.Line], currency: Currency, rates: Rates, now: Timestamp
    ) throws -> Totals.Discount? {
        if code.isEmpty { return nil }
        guard let row = rates.discounts[code], row.active else {
            throw OrdersError.invalid("discount_code", code, "is not one of the active discount codes")
        }
        if let from = row.validFrom, now < from {
            throw OrdersError.invalid("discount_code", code, "is valid from \(from.rfc3339)")
        }
        if let until = row.validUntil, now >= until {
            throw OrdersError.invalid("discount_code", code, "was valid until \(until.rfc3339)")
        }
        if case .amount(let amount) = row.value, amount.currency != currency {
            throw OrdersError.invalid(
                "discount_code", code, "is worth \(amount.currency), but the goods are in \(currency)")
        }
        if !row.minimum.isZero {
            let goods = try Totals(lines: lines, currency: currency).subtotal
            guard row.minimum.currency == currency, try !goods.isLess(than: row.minimum) else {
                throw OrdersError.invalid("discount_code", code, "needs goods for \(row.minimum); these are \(goods)")
            }
        }
        return row.value
    }
}

extension Quote {
    /// The taxes of the quote, those of one name and rate together.
    var taxLines: [TaxSum] {
        var sums: [TaxSum] = []
        func add(_ rule: TaxRule?, _ tax: Amount) {
            guard let rule else { return }
            if let index = sums.firstIndex(where: {
                $0.name == rule.name && $0.rate == rule.rate.decimalText && $0.included == rule.included
            }) {
                sums[index].minor += tax.minor
            } else {
                sums.append(
                    TaxSum(name: rule.name, rate: rule.rate.decimalText, included: rule.included, minor: tax.minor))
            }
        }
        for (line, total) in zip(lines, totals.lines) { add(line.tax, total.tax) }
        if shippingMethod != nil { add(shippingTax, totals.shippingTax) }
        return sums
    }
}

/// One row of the list of taxes under an order.
struct TaxSum: Hashable {
    var name: String
    var rate: String
    var included: Bool
    var minor: Int64
}
