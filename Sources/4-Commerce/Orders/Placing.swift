import Catalog
import Contract
import Inventory
import Journal
import Ledger
import Money
import Runtime
import Store
import SwiftProtobuf

/// An order that was just placed, with its unchanging part still decoded.
struct PlacedOrder {
    var row: OrderRow
    var fact: V1OrderPlaced
}

extension Orders {
    /// The prices of these lines for this shopper, with rates that are kept in memory between orders.
    func quote(
        _ wanted: [Quote.Wanted], personal: Personal, shippingMethod: String, discountCode: String,
        settings: OrderSettings, rates: Rates, now: Timestamp, reader: any SQLReader
    ) throws -> Quote {
        let terms = Quote.Terms(
            country: personal.shipping?.country ?? settings.country,
            region: personal.shipping?.region ?? settings.region, shippingMethod: shippingMethod,
            discountCode: discountCode)
        return try Quote(
            wanted, terms: terms, settings: settings, rates: rates, catalog: catalog, now: now, reader: reader)
    }

    /// Writes the order: stock is set aside, one row, one event. All or nothing with the rest of the command.
    func place(
        _ quote: Quote, personal: Personal, cart: CartID?, settings: OrderSettings, in tx: Transaction
    ) throws -> PlacedOrder {
        for (index, line) in quote.lines.enumerated() where !line.variant.sellable {
            throw OrdersError.invalid("lines[\(index)].variant_id", line.variant.sku, "is not for sale")
        }
        if quote.currency != settings.currency {
            try ledger.installChart(currency: quote.currency, in: tx)
        }
        let id: OrderID = tx.newID()
        let reservedUntil = tx.now.adding(settings.reservation)
        try reserve(quote, for: id, until: reservedUntil, in: tx)
        let fact = fact(of: quote, id: id, personal: personal, cart: cart, reservedUntil: reservedUntil, now: tx.now)
        let bytes: [UInt8] = try fact.serializedBytes()
        var row = OrderRow(
            id: id, version: 1, state: .placed, paymentState: .none, currency: quote.currency,
            total: quote.totals.total.minor, person: personal.person, lineCount: Int64(quote.lines.count),
            reservedUntil: reservedUntil, updatedAt: tx.now, fact: bytes)
        try OrderStorage.insert(row, in: tx)
        try tx.append(type: V1OrderPlaced.protoMessageName, payload: bytes)
        if row.total == 0 {
            // There is nothing to pay, so no payment will ever move it.
            try inventory.keep(reference: row.reference, in: tx)
            row.reservedUntil = nil
            try move(&row, .pay, in: tx)
            try OrderStorage.update(row, in: tx)
        }
        return PlacedOrder(row: row, fact: fact)
    }

    /// Moves an order, or refuses; the caller writes the row.
    func move(_ row: inout OrderRow, _ move: OrderMove, reason: String = "", in tx: Transaction) throws {
        let before = row.state
        row.state = try before.after(move)
        row.version += 1
        row.updatedAt = tx.now
        let moved = row
        try tx.record(
            V1OrderMoved.with {
                $0.order = moved.id.uuid.data
                $0.move = move.name
                $0.from = before.name
                $0.to = moved.state.name
                $0.version = moved.version
                $0.currency = moved.currency.code
                $0.totalMinor = moved.total
                $0.reason = reason
                $0.atUs = tx.now.microseconds
            })
    }

    private func reserve(_ quote: Quote, for id: OrderID, until: Timestamp, in tx: Transaction) throws {
        let lines = quote.lines.map {
            StockLine(
                variant: $0.variant.id, quantity: $0.quantity, tracked: $0.variant.tracked,
                backorder: $0.variant.backorder)
        }
        do {
            try inventory.reserve(lines, reference: "\(id)", expiresAt: until, isNewReference: true, in: tx)
        } catch let error as InventoryError where error.code == .insufficientStock {
            throw shortage(error, in: quote)
        }
    }

    /// The refusal in the shopper's words: which article, how many were asked for, how many there are.
    private func shortage(_ error: InventoryError, in quote: Quote) -> any Error {
        guard let short = error.shortages.first,
            let line = quote.lines.first(where: { $0.variant.id == short.variant })
        else { return error }
        let available = max(0, short.available)
        return OrdersError(
            .insufficientStock, field: "lines",
            "Of \(line.variant.sku) (\(line.variant.title)) \(short.wanted) were asked for and \(available) are available.",
            facts: [
                "sku": line.variant.sku, "variant_id": "\(short.variant)", "asked": "\(short.wanted)",
                "available": "\(available)"
            ])
    }

    private func fact(
        of quote: Quote, id: OrderID, personal: Personal, cart: CartID?, reservedUntil: Timestamp, now: Timestamp
    ) -> V1OrderPlaced {
        var fact = V1OrderPlaced()
        fact.order = id.uuid.data
        fact.currency = quote.currency.code
        fact.lines.reserveCapacity(quote.lines.count)
        for (line, totals) in zip(quote.lines, quote.totals.lines) {
            var placed = V1PlacedOrderLine()
            placed.variant = line.variant.id.uuid.data
            placed.sku = line.variant.sku
            placed.title = line.variant.title
            placed.quantity = line.quantity
            placed.unitPriceMinor = line.variant.price.minor
            placed.discountMinor = totals.discount.minor
            placed.discountTaxMinor = totals.discountTax.minor
            placed.taxMinor = totals.tax.minor
            placed.tracked = line.variant.tracked
            if let tax = line.tax {
                placed.taxIncluded = tax.included
                placed.taxName = tax.name
                placed.taxRate = tax.rate.decimalText
            }
            if let cost = line.variant.cost {
                placed.unitCostMinor = cost.minor
                if cost.currency != quote.currency { placed.costCurrency = cost.currency.code }
            }
            fact.lines.append(placed)
        }
        let totals = quote.totals
        fact.subtotalMinor = totals.subtotal.minor
        fact.discountMinor = totals.discount.minor
        fact.shippingMinor = totals.shipping.minor
        fact.shippingTaxMinor = totals.shippingTax.minor
        if let tax = quote.shippingTax {
            fact.shippingTaxIncluded = tax.included
            fact.shippingTaxName = tax.name
            fact.shippingTaxRate = tax.rate.decimalText
        }
        fact.taxMinor = totals.tax.minor
        fact.totalMinor = totals.total.minor
        fact.shippingMethod = quote.shippingMethod?.code ?? ""
        fact.discountCode = quote.discountCode
        fact.personID = personal.person.map { "\($0)" } ?? ""
        fact.emailToken = personal.emailToken
        if let shipping = personal.shipping { fact.shippingAddress = shipping }
        if let billing = personal.billing ?? personal.shipping { fact.billingAddress = billing }
        if let cart { fact.cart = cart.uuid.data }
        fact.reservedUntilUs = reservedUntil.microseconds
        fact.atUs = now.microseconds
        return fact
    }
}
