import Catalog
import Contract
import Money
import Runtime
import Store
import SwiftProtobuf

/// Builds the messages that callers see from rows and facts.
enum OrderView {
    /// An order; what was done with it is read when `reader` is given, and an order just placed has nothing to read.
    static func order(
        _ row: OrderRow, _ fact: V1OrderPlaced, reader: (any SQLReader)? = nil, revealed: [String: String]? = nil
    ) throws -> V1Order {
        var order = V1Order()
        order.orderID = row.reference
        order.version = row.version
        order.state = row.state.name
        order.paymentState = row.paymentState.name
        order.lines = lines(row, fact)
        order.totals = totals(row, fact)
        order.taxLines = taxSums(fact).map { taxLine($0, row.currency.code) }
        order.captured = row.money(row.captured)
        order.refunded = row.money(row.refunded)
        order.personID = fact.personID
        order.email = revealed.map { $0[fact.emailToken] ?? "" } ?? fact.emailToken
        if fact.hasShippingAddress { order.shippingAddress = fact.shippingAddress.address(revealed) }
        if fact.hasBillingAddress { order.billingAddress = fact.billingAddress.address(revealed) }
        order.shippingMethod = fact.shippingMethod
        order.discountCode = fact.discountCode
        order.placedAt = Timestamp(microseconds: fact.atUs).rfc3339
        order.reservedUntil = row.reservedUntil?.rfc3339 ?? ""
        order.cancelReason = row.cancelReason
        order.allowedMoves = row.state.allowedMoves.filter {
            // While a payment is under way or its outcome unknown, another one would be refused.
            $0 != OrderMove.pay.name || row.paymentState.allowsPayment
        }
        if !fact.cart.isEmpty { order.cartID = "\(try CartID(data: fact.cart))" }
        if let reader { try addDeeds(to: &order, row, reader) }
        return order
    }

    static func summary(_ row: OrderRow) -> V1OrderSummary {
        .with {
            $0.orderID = row.reference
            $0.state = row.state.name
            $0.paymentState = row.paymentState.name
            $0.total = row.money(row.total)
            $0.captured = row.money(row.captured)
            $0.refunded = row.money(row.refunded)
            $0.personID = row.person.map { "\($0)" } ?? ""
            $0.lineCount = Int32(row.lineCount)
            $0.placedAt = row.id.uuid.madeAt.rfc3339
            $0.updatedAt = row.updatedAt.rfc3339
        }
    }

    static func cart(_ row: CartRow, _ quote: Quote?) -> V1Cart {
        .with {
            $0.cartID = "\(row.id)"
            $0.version = row.version
            $0.state = row.state.name
            $0.email = row.content.emailToken
            if row.content.hasShippingAddress { $0.shippingAddress = row.content.shippingAddress.address(nil) }
            if row.content.hasBillingAddress { $0.billingAddress = row.content.billingAddress.address(nil) }
            $0.shippingMethod = row.content.shippingMethod
            $0.discountCode = row.content.discountCode
            $0.expiresAt = row.expiresAt.rfc3339
            $0.orderID = row.order.map { "\($0)" } ?? ""
            guard let quote else { return }
            $0.currency = quote.currency.code
            $0.lines = zip(quote.lines, quote.totals.lines).map { line, totals in
                .with {
                    $0.variantID = "\(line.variant.id)"
                    $0.sku = line.variant.sku
                    $0.title = line.variant.title
                    $0.quantity = line.quantity
                    $0.unitPrice = V1Amount(line.variant.price)
                    $0.total = V1Amount(totals.total)
                }
            }
            $0.totals = .with {
                $0.subtotal = V1Amount(quote.totals.subtotal)
                $0.discount = V1Amount(quote.totals.discount)
                $0.shipping = V1Amount(quote.totals.shipping)
                $0.tax = V1Amount(quote.totals.tax)
                $0.taxIncluded = V1Amount(quote.totals.taxIncluded)
                $0.total = V1Amount(quote.totals.total)
            }
            $0.taxLines = quote.taxLines.map { taxLine($0, quote.currency.code) }
        }
    }

    private static func lines(_ row: OrderRow, _ fact: V1OrderPlaced) -> [V1OrderLine] {
        let done = row.quantities
        return fact.lines.enumerated().map { index, line in
            var shown = V1OrderLine()
            shown.line = Int32(index + 1)
            shown.variantID = (try? line.variantID).map { "\($0)" } ?? ""
            shown.sku = line.sku
            shown.title = line.title
            shown.quantity = line.quantity
            shown.unitPrice = row.money(line.unitPriceMinor)
            shown.discount = row.money(line.discountMinor)
            shown.tax = row.money(line.taxMinor)
            shown.total = row.money(line.totalMinor)
            shown.fulfilled = done.fulfilled[index]
            shown.returned = done.returned[index]
            return shown
        }
    }

    private static func totals(_ row: OrderRow, _ fact: V1OrderPlaced) -> V1OrderTotals {
        .with {
            $0.subtotal = row.money(fact.subtotalMinor)
            $0.discount = row.money(fact.discountMinor)
            $0.shipping = row.money(fact.shippingMinor)
            $0.tax = row.money(fact.taxMinor)
            let goods = fact.lines.reduce(0) { $0 + ($1.taxIncluded ? $1.taxMinor : 0) }
            $0.taxIncluded = row.money(goods + (fact.shippingTaxIncluded ? fact.shippingTaxMinor : 0))
            $0.total = row.money(fact.totalMinor)
        }
    }

    private static func taxSums(_ fact: V1OrderPlaced) -> [TaxSum] {
        var sums: [TaxSum] = []
        func add(_ name: String, _ rate: String, _ included: Bool, _ minor: Int64) {
            guard !name.isEmpty else { return }
            if let index = sums.firstIndex(where: { $0.name == name && $0.rate == rate && $0.included == included }) {
                sums[index].minor += minor
            } else {
                sums.append(TaxSum(name: name, rate: rate, included: included, minor: minor))
            }
        }
        for line in fact.lines { add(line.taxName, line.taxRate, line.taxIncluded, line.taxMinor) }
        add(fact.shippingTaxName, fact.shippingTaxRate, fact.shippingTaxIncluded, fact.shippingTaxMinor)
        return sums
    }

    private static func taxLine(_ sum: TaxSum, _ currency: String) -> V1TaxLine {
        .with {
            $0.name = sum.name
            $0.rate = sum.rate
            $0.included = sum.included
            $0.tax = .with {
                $0.minor = sum.minor
                $0.currency = currency
            }
        }
    }

    private static func addDeeds(to order: inout V1Order, _ row: OrderRow, _ reader: any SQLReader) throws {
        order.fulfilments = try DeedStorage.fulfilments(of: row.id, in: reader).map { deed in
            .with {
                $0.number = Int32(deed.number)
                $0.lines = quantities(deed.lines)
                $0.carrier = deed.carrier
                $0.trackingNumber = deed.trackingNumber
                $0.at = deed.at.rfc3339
            }
        }
        order.returns = try DeedStorage.returns(of: row.id, in: reader).map { deed in
            .with {
                $0.number = Int32(deed.number)
                $0.lines = quantities(deed.lines)
                $0.restocked = deed.restocked
                $0.reason = deed.reason
                $0.at = deed.at.rfc3339
            }
        }
        order.refunds = try DeedStorage.refunds(of: row.id, in: reader).map { refund in
            .with {
                $0.number = Int32(refund.number)
                $0.amount = row.money(refund.amount)
                $0.reason = refund.reason
                $0.state = refund.state.name
                $0.paymentID = "\(refund.payment)"
                $0.at = refund.at.rfc3339
            }
        }
        order.payments = try OrderPaymentStorage.all(of: row.id, in: reader).map { payment in
            .with {
                $0.paymentID = "\(payment.payment)"
                $0.channel = payment.channel
                $0.state = payment.state.name
                $0.amount = row.money(payment.amount)
                $0.captured = row.money(payment.captured)
                $0.refunded = row.money(payment.refunded)
                $0.at = payment.at.rfc3339
            }
        }
    }

    private static func quantities(_ lines: [V1FulfilledLine]) -> [V1LineQuantity] {
        lines.map { line in
            .with {
                $0.line = line.line
                $0.quantity = line.quantity
            }
        }
    }
}

extension OrderRow {
    func money(_ minor: Int64) -> V1Amount {
        .with {
            $0.minor = minor
            $0.currency = currency.code
        }
    }
}
