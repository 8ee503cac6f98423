import Money
import Runtime
import Store

/// A way to send an order.
struct ShippingMethodRow {
    var code: String
    var name: String
    var price: Amount
    var freeFrom: Amount?
    var taxCategory: String
    var active: Bool
}

/// A code that shoppers may use.
struct DiscountRow {
    var code: String
    var value: Totals.Discount
    var minimum: Amount
    var validFrom: Timestamp?
    var validUntil: Timestamp?
    var active: Bool
}

/// The tables that totals are computed with, read at once: they are small.
struct Rates {
    var taxes: TaxTable
    var shippingMethods: [String: ShippingMethodRow]
    var discounts: [String: DiscountRow]

    static func load(_ reader: any SQLReader) throws -> Rates {
        Rates(
            taxes: TaxTable(try RateStorage.taxRates(reader)),
            shippingMethods: Dictionary(
                try RateStorage.shippingMethods(reader).map { ($0.code, $0) }, uniquingKeysWith: { first, _ in first }),
            discounts: Dictionary(
                try RateStorage.discounts(reader).map { ($0.code, $0) }, uniquingKeysWith: { first, _ in first }))
    }
}

/// Keeps the rates in memory between the orders of a book; a change in any process makes the next order read them
/// again.
final class RatesState: BookState {
    private static let topic = "rates"

    private var loaded: Rates?
    private var revision: Revision?

    static func current(_ tx: Transaction) throws -> Rates {
        let state = tx.state { RatesState() }
        let current = try tx.revision(of: topic)
        if let rates = state.loaded, state.revision == current { return rates }
        let rates = try Rates.load(tx)
        state.loaded = rates
        state.revision = current
        return rates
    }

    static func changed(_ tx: Transaction) throws { try tx.changed(topic) }

    // What was read after a change that is undone has another revision, so there is nothing to undo here.
    func mark() {}
    func undoToMark() {}
    func undoAll() {}
    func flush(_ transaction: Transaction) throws {}
    func committed() {}
}

enum RateStorage {
    static func shippingMethods(_ reader: any SQLReader) throws -> [ShippingMethodRow] {
        try reader.query(
            "SELECT code, name, currency, price, free_from, tax_category, active FROM shipping_methods ORDER BY code"
        ) { row in
            let currency = try Currency(code: row.text(2))
            return ShippingMethodRow(
                code: row.text(0), name: row.text(1), price: Amount(minor: row.int64(3), currency),
                freeFrom: row.isNull(4) ? nil : Amount(minor: row.int64(4), currency), taxCategory: row.text(5),
                active: row.int64(6) != 0)
        }
    }

    static func put(_ row: ShippingMethodRow, in tx: Transaction) throws {
        try tx.execute(
            """
            INSERT INTO shipping_methods (code, name, currency, price, free_from, tax_category, active)
            VALUES (\(row.code), \(row.name), \(row.price.currency.code), \(row.price.minor), \(row.freeFrom?.minor.sqlValue ?? .null),
            \(row.taxCategory), \(row.active)) ON CONFLICT (code) DO UPDATE SET name = excluded.name,
            currency = excluded.currency, price = excluded.price, free_from = excluded.free_from,
            tax_category = excluded.tax_category, active = excluded.active
            """)
        try RatesState.changed(tx)
    }

    static func taxRates(_ reader: any SQLReader) throws -> [(key: TaxTable.Key, rule: TaxRule)] {
        try reader.query(
            """
            SELECT country, region, category, name, rate, included FROM tax_rates ORDER BY country, region, category
            """
        ) { row in
            let key = TaxTable.Key(country: row.text(0), region: row.text(1), category: row.text(2))
            let rate = try Rate(decimalText: row.text(4))
            return (key, TaxRule(name: row.text(3), rate: rate, included: row.int64(5) != 0))
        }
    }

    static func put(_ key: TaxTable.Key, _ rule: TaxRule, in tx: Transaction) throws {
        try tx.execute(
            """
            INSERT INTO tax_rates (country, region, category, name, rate, included)
            VALUES (\(key.country), \(key.region), \(key.category), \(rule.name), \(rule.rate.decimalText),
            \(rule.included)) ON CONFLICT (country, region, category) DO UPDATE SET name = excluded.name,
            rate = excluded.rate, included = excluded.included
            """)
        try RatesState.changed(tx)
    }

    static func discounts(_ reader: any SQLReader) throws -> [DiscountRow] {
        try reader.query(
            """
            SELECT code, basis_points, currency, amount, minimum, valid_from, valid_until, active FROM discounts
            ORDER BY code
            """
        ) { row in
            let currency = try Currency(code: row.text(2))
            let points = row.int64(1)
            return DiscountRow(
                code: row.text(0),
                value: points > 0 ? .basisPoints(points) : .amount(Amount(minor: row.int64(3), currency)),
                minimum: Amount(minor: row.int64(4), currency), validFrom: try row.get(5),
                validUntil: try row.get(6), active: row.int64(7) != 0)
        }
    }

    static func put(_ row: DiscountRow, in tx: Transaction) throws {
        let (points, amount): (Int64, Int64) =
            switch row.value {
            case .basisPoints(let points): (points, 0)
            case .amount(let amount): (0, amount.minor)
            }
        try tx.execute(
            """
            INSERT INTO discounts (code, basis_points, currency, amount, minimum, valid_from, valid_until, active)
            VALUES (\(row.code), \(points), \(row.minimum.currency.code), \(amount), \(row.minimum.minor),
            \(row.validFrom.sqlValue), \(row.validUntil.sqlValue), \(row.active)) ON CONFLICT (code) DO UPDATE SET
            basis_points = excluded.basis_points, currency = excluded.currency, amount = excluded.amount,
            minimum = excluded.minimum, valid_from = excluded.valid_from, valid_until = excluded.valid_until,
            active = excluded.active
            """)
        try RatesState.changed(tx)
    }
}
