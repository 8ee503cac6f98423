public import Catalog
import Contract
public import Inventory
public import Journal
public import Ledger
public import Payments
public import Store
public import Vault

/// Sells: carts, orders with their totals, and everything that happens to an order until it is done.
///
/// The moves of an order are in `Decide/OrderState.swift`, what it comes to in `Decide/Totals.swift`, what of it is
/// earned in `Decide/Recognition.swift`. The files `Orders+….swift` are the calls of the contract, one chapter each.
///
/// Money: placing posts nothing. A captured payment stands in `customer_deposits` (posted by Payments); what leaves the
/// house is taken out of there into sales, shipping and tax; refunds of earned money are taken back.
public struct Orders: Sendable {
    /// The most lines of one order or cart.
    public static let mostLines = 200
    /// The largest page of a list.
    public static let largestPage = 200

    let catalog: Catalog
    let inventory: Inventory
    let ledger: Ledger
    let payments: Payments
    let vault: Vault
    let settings: @Sendable (any SQLReader) throws -> OrderSettings
    let catchUp: @Sendable (Book) async throws -> Void

    /// - Parameters:
    ///   - settings: reads what the tenant has decided about its orders.
    ///   - catchUp: returns when the book's projections have seen what was committed before the call, so that the
    ///     answer to a payment shows its outcome. `ProjectionRunner.settle` does it.
    public init(
        catalog: Catalog, inventory: Inventory, ledger: Ledger, payments: Payments, vault: Vault,
        settings: @escaping @Sendable (any SQLReader) throws -> OrderSettings,
        catchUp: @escaping @Sendable (Book) async throws -> Void
    ) {
        self.catalog = catalog
        self.inventory = inventory
        self.ledger = ledger
        self.payments = payments
        self.vault = vault
        self.settings = settings
        self.catchUp = catchUp
    }

    public static var migrations: [Migration] { OrdersTables.migrations }

    /// What the book has to run for orders, in this order: payments move orders, and moved orders move the lists.
    public var projections: [any Projection] { [PaymentFollower(orders: self), OrderLists()] }
}

extension Orders: OrdersService {}
