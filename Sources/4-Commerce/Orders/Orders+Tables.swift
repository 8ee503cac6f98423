public import Contract
import Money
import Runtime
import Store
import SwiftProtobuf

// The tables that totals are computed with.
extension Orders {
    public func listShippingMethods(
        _ request: V1ListShippingMethodsRequest, _ context: CallContext
    ) async throws -> V1ListShippingMethodsReply {
        try await context.book.read { reader in
            let rows = try RateStorage.shippingMethods(reader)
            return .with { $0.shippingMethods = rows.map(\.message) }
        }
    }

    public func putShippingMethod(
        _ request: V1PutShippingMethodRequest, _ context: CallContext
    ) async throws -> V1ShippingMethod {
        let row = try ShippingMethodRow(request)
        return try await context.book.perform(context, request) { tx in
            try RateStorage.put(row, in: tx)
            try tx.record(
                V1ShippingMethodPut.with {
                    $0.shippingMethod = row.message
                    $0.atUs = tx.now.microseconds
                })
            return row.message
        }
    }

    public func listTaxRates(
        _ request: V1ListTaxRatesRequest, _ context: CallContext
    ) async throws -> V1ListTaxRatesReply {
        try await context.book.read { reader in
            let rows = try RateStorage.taxRates(reader)
            return .with { $0.taxRates = rows.map { V1TaxRate($0.key, $0.rule) } }
        }
    }

    public func putTaxRate(_ request: V1PutTaxRateRequest, _ context: CallContext) async throws -> V1TaxRate {
        let (key, rule) = try Self.taxRule(request)
        return try await context.book.perform(context, request) { tx in
            try putTaxRate(key, rule, in: tx)
        }
    }

    public func listDiscounts(
        _ request: V1ListDiscountsRequest, _ context: CallContext
    ) async throws -> V1ListDiscountsReply {
        try await context.book.read { reader in
            let rows = try RateStorage.discounts(reader)
            return .with { $0.discounts = rows.map(\.message) }
        }
    }

    public func putDiscount(_ request: V1PutDiscountRequest, _ context: CallContext) async throws -> V1Discount {
        try await context.book.perform(context, request) { tx in
            let row = try DiscountRow(request, settings: settings(tx))
            try RateStorage.put(row, in: tx)
            try tx.record(
                V1DiscountPut.with {
                    $0.discount = row.message
                    $0.atUs = tx.now.microseconds
                })
            return row.message
        }
    }

    private func putTaxRate(_ key: TaxTable.Key, _ rule: TaxRule, in tx: Transaction) throws -> V1TaxRate {
        try RateStorage.put(key, rule, in: tx)
        try tx.record(
            V1TaxRatePut.with {
                $0.taxRate = V1TaxRate(key, rule)
                $0.atUs = tx.now.microseconds
            })
        return V1TaxRate(key, rule)
    }

    private static func taxRule(_ request: V1PutTaxRateRequest) throws -> (TaxTable.Key, TaxRule) {
        guard request.country.utf8.count == 2, request.country.utf8.allSatisfy({ (65...90).contains($0) }) else {
            throw OrdersError.invalid("country", request.country, "must be two letters, as \"DE\"")
        }
        guard !request.category.isEmpty else {
            throw OrdersError.invalid("category", "", "must not be empty")
        }
        guard !request.taxRate.name.isEmpty else {
            throw OrdersError.invalid("tax_rate.name", "", "must not be empty")
        }
        guard let rate = try? Rate(decimalText: request.taxRate.rate), (Rate.zero...Rate.one).contains(rate) else {
            throw OrdersError.invalid(
                "tax_rate.rate", request.taxRate.rate, "must be a factor from 0 to 1, as \"0.19\" for 19 %")
        }
        let key = TaxTable.Key(
            country: request.country, region: request.taxRate.region, category: request.category)
        return (key, TaxRule(name: request.taxRate.name, rate: rate, included: request.taxRate.included))
    }
}

extension ShippingMethodRow {
    init(_ request: V1PutShippingMethodRequest) throws {
        let given = request.shippingMethod
        guard !request.code.isEmpty, !given.name.isEmpty else {
            throw OrdersError.invalid(request.code.isEmpty ? "code" : "shipping_method.name", "", "must not be empty")
        }
        let price = try Amount(given.price, field: "shipping_method.price")
        let freeFrom = given.hasFreeFrom ? try Amount(given.freeFrom, field: "shipping_method.free_from") : nil
        guard !price.isNegative else {
            throw OrdersError.invalid("shipping_method.price", "\(price)", "must not be negative")
        }
        if let freeFrom, freeFrom.currency != price.currency || freeFrom.isNegative {
            throw OrdersError.invalid(
                "shipping_method.free_from", "\(freeFrom)", "must be in \(price.currency) and not negative")
        }
        self.init(
            code: request.code, name: given.name, price: price, freeFrom: freeFrom,
            taxCategory: given.taxCategory.isEmpty ? "shipping" : given.taxCategory, active: given.active)
    }

    var message: V1ShippingMethod {
        .with {
            $0.code = code
            $0.name = name
            $0.price = V1Amount(price)
            if let freeFrom { $0.freeFrom = V1Amount(freeFrom) }
            $0.taxCategory = taxCategory
            $0.active = active
        }
    }
}

extension V1TaxRate {
    init(_ key: TaxTable.Key, _ rule: TaxRule) {
        self.init()
        country = key.country
        region = key.region
        category = key.category
        name = rule.name
        rate = rule.rate.decimalText
        included = rule.included
    }
}

extension DiscountRow {
    init(_ request: V1PutDiscountRequest, settings: OrderSettings) throws {
        let given = request.discount
        guard !request.code.isEmpty else { throw OrdersError.invalid("code", "", "must not be empty") }
        let value: Totals.Discount
        var currency = settings.currency
        switch given.kind {
        case "amount":
            let amount = try Amount(given.amount, field: "discount.amount")
            guard amount.isPositive else {
                throw OrdersError.invalid("discount.amount", "\(amount)", "must be above zero")
            }
            currency = amount.currency
            value = .amount(amount)
        case "basis_points":
            guard (1...10_000).contains(given.basisPoints) else {
                throw OrdersError.invalid("discount.basis_points", "\(given.basisPoints)", "must be from 1 to 10000")
            }
            value = .basisPoints(given.basisPoints)
        default:
            throw OrdersError.invalid("discount.kind", given.kind, "must be \"amount\" or \"basis_points\"")
        }
        let minimum = given.hasMinimum ? try Amount(given.minimum, field: "discount.minimum") : .zero(currency)
        if case .amount = value, minimum.currency != currency {
            throw OrdersError.invalid("discount.minimum", "\(minimum)", "must be in \(currency) like the amount")
        }
        guard !minimum.isNegative else {
            throw OrdersError.invalid("discount.minimum", "\(minimum)", "must not be negative")
        }
        self.init(
            code: request.code, value: value, minimum: minimum,
            validFrom: try Self.moment(given.validFrom, "discount.valid_from"),
            validUntil: try Self.moment(given.validUntil, "discount.valid_until"), active: given.active)
    }

    private static func moment(_ text: String, _ field: String) throws -> Timestamp? {
        if text.isEmpty { return nil }
        guard let moment = Timestamp(rfc3339: text) else {
            throw OrdersError.invalid(field, text, "must be a time as \"2026-11-21T10:00:00Z\"")
        }
        return moment
    }

    var message: V1Discount {
        .with {
            $0.code = code
            switch value {
            case .amount(let amount):
                $0.kind = "amount"
                $0.amount = V1Amount(amount)
            case .basisPoints(let points):
                $0.kind = "basis_points"
                $0.basisPoints = points
            }
            if !minimum.isZero { $0.minimum = V1Amount(minimum) }
            $0.validFrom = validFrom?.rfc3339 ?? ""
            $0.validUntil = validUntil?.rfc3339 ?? ""
            $0.active = active
        }
    }
}
