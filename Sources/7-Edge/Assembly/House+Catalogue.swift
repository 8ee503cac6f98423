public import Catalog
import Inventory
import Ledger
public import Money
import Store
public import Tenancy

extension House {
    /// Imports a Shopify product CSV; the quantities go to the stock room in the transactions of their products.
    public func importCatalogue(
        _ path: String, tenant: Tenant, currency: Currency? = nil, trackAll: Bool = false
    ) async throws -> ImportReport {
        var options = CatalogImport.Options(currency: currency ?? tenant.baseCurrency)
        options.trackAll = trackAll
        let job = CatalogImport(options, onStock: catalog.onStock)
        return try await withBook(of: tenant) { try await job.run(.file(path), into: $0) }
    }

    /// What an imported file says is on the shelf becomes the count of the first location, and its cost goes on the books.
    static func take(
        _ stock: [ImportedStock], into inventory: Inventory, ledger: Ledger, _ tx: Transaction
    ) throws {
        let changes = try inventory.count(
            stock.map { StockCount(variant: $0.variant, onHand: $0.quantity) }, reference: "catalog import", in: tx)
        let variants = try Catalog().variants(stock.map(\.variant), reader: tx)
        for item in stock {
            guard let cost = variants[item.variant]?.cost, cost.isPositive, let change = changes[item.variant],
                change != 0
            else { continue }
            let value = try cost.multiplied(byQuantity: abs(change))
            try ledger.installChart(currency: cost.currency, in: tx)
            try ledger.post(
                change > 0
                    ? Transfer(
                        debit: "inventory", credit: "inventory_received", amount: value, code: .stockReceived,
                        reference: "\(item.variant)")
                    : Transfer(
                        debit: "inventory_shrinkage", credit: "inventory", amount: value, code: .stockAdjusted,
                        reference: "\(item.variant)"),
                in: tx)
        }
    }
}
