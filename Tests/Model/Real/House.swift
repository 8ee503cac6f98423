import Catalog
import Contract
import Crypto
import Inventory
import Journal
import Ledger
import Money
import Orders
import Payments
import Runtime
import Store
import SwiftProtobuf
import Synchronization
import TestStores
import Vault

/// The capabilities on a book of their own, as a house wires them, and the names that commands know things by.
final class House {
    private(set) var test: TestBook
    let inventory = Inventory()
    let ledger = Ledger()
    let channel = ModelChannel()
    let payments: Payments
    let orders: Orders
    private let vault: Vault
    private let runners: Runners

    /// The shelf: variants in the order of `Model.prices`.
    private(set) var variants: [VariantID] = []
    private(set) var accounts = Census.Accounts([:])
    /// What the commands made, by their numbers.
    var holds: [Int: TransferID] = [:]
    var orderIDs: [Int: OrderID] = [:]
    var paymentIDs: [Int: PaymentID] = [:]
    /// The payments of orders.
    var ordersPayments: Set<Int> = []
    /// The variants of an order, line by line.
    var lines: [Int: [Int]] = [:]
    /// Commands that can be asked for again.
    var sent: [Int: Step] = [:]

    var book: Book { test.book }

    static let migrations =
        Journal.migrations + Ledger.migrations + Payments.migrations + Catalog.migrations + Inventory.migrations
        + Vault.migrations + Orders.migrations

    init(seed: UInt64) async throws {
        test = try await TestBook.make(migrations: House.migrations, seed: seed)
        let channel = channel
        let runners = Runners()
        self.runners = runners
        payments = Payments(ledger: ledger, channels: { _, _ in channel })
        vault = Vault(keys: MemoryKeys())
        orders = Orders(
            catalog: Catalog(), inventory: inventory, ledger: ledger, payments: payments, vault: vault,
            settings: { _ in OrderSettings(currency: .eur, country: "DE") },
            catchUp: { _ in try await runners.settle() })
        try await opened()
        try await furnish()
    }

    private func opened() async throws {
        runners.follow(book, orders.projections)
        try await vault.unlock(book, tenant: "ten_1")
    }

    /// Closes the book and opens it again: whatever was only in memory is gone.
    func reopen() async throws {
        test = try await test.reopened()
        try await opened()
    }

    func discard() async { await test.discard() }

    func settle() async throws { try await runners.settle() }

    /// Goods on the shelf, accounts and rates: what the model takes for granted.
    private func furnish() async throws {
        let (ledger, inventory) = (ledger, inventory)
        try await book.write("chart") { tx in
            try ledger.installChart(currency: .eur, in: tx)
            try ledger.openClearing(channel: "test", currency: .eur, in: tx)
            for code in Model.accounts {
                let limit: AccountLimit =
                    !Model.mayOverdraw(code)
                    ? .debitsMustNotExceedCredits : Model.mayGoNegative(code) ? .none : .creditsMustNotExceedDebits
                try ledger.openAccount(
                    AccountSpec(code: code, currency: .eur, normalSide: .credit, limit: limit), in: tx)
            }
        }
        for (index, price) in Model.prices.enumerated() {
            let product = try await Catalog().createProduct(
                .with {
                    $0.title = "Thing \(index)"
                    $0.status = "published"
                    $0.variants = [
                        .with {
                            $0.sku = "T\(index)"
                            $0.price = V1Amount(Amount(minor: price, .eur))
                            let cost = Model.costs[index]
                            if cost > 0 { $0.costPrice = V1Amount(Amount(minor: cost, .eur)) }
                        }
                    ]
                }, context("product-\(index)"))
            guard let variant = VariantID(product.variants[0].variantID) else { continue }
            variants.append(variant)
        }
        let lines = variants.map { StockLine(variant: $0, quantity: Model.stock) }
        try await book.write("stock") { tx in
            try inventory.restock(lines, reason: .received, reference: "first delivery", in: tx)
        }
        try await setRates()
        accounts = try await book.read { reader in
            Census.Accounts(
                Dictionary(uniqueKeysWithValues: try ledger.accounts(in: reader).map { ($0.key.number, $0.code) }))
        }
    }

    private func setRates() async throws {
        for category in ["standard", "shipping"] {
            _ = try await orders.putTaxRate(
                .with {
                    $0.country = "DE"
                    $0.category = category
                    $0.taxRate = .with {
                        $0.name = "VAT"
                        $0.rate = "0.19"
                        $0.included = true
                    }
                }, context("tax-\(category)"))
        }
        _ = try await orders.putShippingMethod(
            .with {
                $0.code = "standard"
                $0.shippingMethod = .with {
                    $0.name = "Standard"
                    $0.price = V1Amount(Amount(minor: Model.shippingPrice, .eur))
                    $0.active = true
                }
            }, context("shipping"))
    }

    func context(_ key: String) -> CallContext {
        CallContext(
            caller: Caller(subject: "key_1", tenant: "ten_1", scopes: ["*"], book: book),
            operation: OrdersContract.placeOrder, idempotencyKey: key,
            deadline: book.world.now().adding(.seconds(3_600)))
    }
}

/// The projections of the book that is open now; orders have them catch up before they answer.
private final class Runners: Sendable {
    private let runner = Mutex<ProjectionRunner?>(nil)

    func follow(_ book: Book, _ projections: [any Projection]) {
        runner.withLock { $0 = ProjectionRunner(book: book, projections: projections) }
    }

    func settle() async throws { try await runner.withLock { $0 }?.settle() }
}

/// A key service without a file.
private struct MemoryKeys: KeyService {
    func wrap(_ key: SymmetricKey, tenant: String) async throws -> [UInt8] { key.withUnsafeBytes { Array($0) } }
    func unwrap(_ wrapped: [UInt8], tenant: String) async throws -> SymmetricKey { SymmetricKey(data: wrapped) }
    func lookupKey(tenant: String) async throws -> SymmetricKey {
        SymmetricKey(data: Array("a lookup key for tests, 32 bytes".utf8))
    }
}
