import Contract
import Money
import Runtime
import Store
import SwiftProtobuf
import Vault

/// An order as its table holds it: a few columns that move and a packed part that never does.
struct OrderRow {
    let id: OrderID
    var version: Int64
    var state: OrderState
    var paymentState: OrderPaymentState
    let currency: Currency
    let total: Int64
    /// Of payments that count; money that came too late is not in here.
    var captured: Int64 = 0
    var refunded: Int64 = 0
    /// Asked of the channel and not answered yet.
    var refunding: Int64 = 0
    var correctedRevenue: Int64 = 0
    var correctedTax: Int64 = 0
    let person: PersonID?
    let lineCount: Int64
    var reservedUntil: Timestamp?
    var updatedAt: Timestamp
    var cancelReason = ""
    var progress: V1OrderProgress?
    /// The bytes of `OrderPlaced`.
    let fact: [UInt8]

    /// The reference under which stock, payments and postings know the order.
    var reference: String { "\(id)" }

    func amount(_ minor: Int64) -> Amount { Amount(minor: minor, currency) }

    func placed() throws -> V1OrderPlaced { try V1OrderPlaced(serializedBytes: fact) }

    var refundable: Int64 { captured - refunded - refunding }
}

extension OrderRow {
    /// How many of each line have left the house, come back, and gone back onto the shelf.
    struct Quantities {
        var fulfilled: [Int64]
        var returned: [Int64]
        var restocked: [Int64]
    }

    var quantities: Quantities {
        let none = [Int64](repeating: 0, count: Int(lineCount))
        guard let progress else { return Quantities(fulfilled: none, returned: none, restocked: none) }
        return Quantities(fulfilled: progress.fulfilled, returned: progress.returned, restocked: progress.restocked)
    }

    mutating func set(_ quantities: Quantities) {
        progress = .with {
            $0.fulfilled = quantities.fulfilled
            $0.returned = quantities.returned
            $0.restocked = quantities.restocked
        }
    }
}

extension V1OrderPlaced {
    func recognition() throws -> Recognition {
        let currency = try Currency(code: currency)
        func amount(_ minor: Int64) -> Amount { Amount(minor: minor, currency) }
        let lines = try lines.map { line in
            let gross = line.quantity * line.unitPriceMinor - line.discountMinor
            let cost = try line.costCurrency.isEmpty ? currency : Currency(code: line.costCurrency)
            return Recognition.Line(
                quantity: line.quantity, net: amount(line.taxIncluded ? gross - line.taxMinor : gross),
                discount: amount(line.discountMinor - line.discountTaxMinor), tax: amount(line.taxMinor),
                unitCost: line.unitCostMinor == 0 ? nil : Amount(minor: line.unitCostMinor, cost))
        }
        return Recognition(
            currency: currency, lines: lines,
            shippingNet: amount(shippingTaxIncluded ? shippingMinor - shippingTaxMinor : shippingMinor),
            shippingTax: amount(shippingTaxMinor))
    }
}

extension V1PlacedOrderLine {
    var variantID: VariantID {
        get throws {
            guard let uuid = UUIDv7(bytes: variant) else {
                throw StoreError(.unexpectedValue, "a line of an order names a variant by other than 16 bytes")
            }
            return VariantID(uuid)
        }
    }

    /// What the shopper pays for the line.
    var totalMinor: Int64 {
        quantity * unitPriceMinor - discountMinor + (taxIncluded ? 0 : taxMinor)
    }
}
