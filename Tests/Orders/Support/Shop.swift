import Catalog
import Contract
import Crypto
import Foundation
import Inventory
import Journal
import Ledger
import Money
import Payments
import Runtime
import Store
import SwiftProtobuf
import Synchronization
import TestStores
import Testing
import Vault

@testable import Orders

/// A whole small shop on a book of its own: two mugs and a shirt on the shelf, a channel that obeys the test.
final class Shop: Sendable {
    let test: TestBook
    let catalog = Catalog()
    let inventory = Inventory()
    let ledger = Ledger()
    let payments: Payments
    let vault: Vault
    let orders: Orders
    let channel = ScriptedChannel()
    /// 10.00 EUR, costs 4.00; 20 on the shelf.
    let mug: VariantID
    /// 25.00 EUR, costs 11.11; 20 on the shelf.
    let shirt: VariantID
    /// 3.33 EUR; only one on the shelf.
    let last: VariantID

    private let keys = Mutex(0)
    let projections: ProjectionRunner

    var book: Book { test.book }

    init(seed: UInt64 = 1, stock: Int64 = 20) async throws {
        let migrations =
            Journal.migrations + Ledger.migrations + Payments.migrations + Catalog.migrations + Inventory.migrations
            + Vault.migrations + Orders.migrations
        test = try await TestBook.make(migrations: migrations, seed: seed)
        let channel = channel
        payments = Payments(ledger: ledger, channels: { _, _ in channel })
        vault = Vault(keys: MemoryKeys())
        let box = Box()
        orders = Orders(
            catalog: catalog, inventory: inventory, ledger: ledger, payments: payments, vault: vault,
            settings: { _ in OrderSettings(currency: .eur, country: "DE") },
            catchUp: { _ in try await box.runner?.settle() })
        let projections = ProjectionRunner(book: test.book, projections: orders.projections)
        self.projections = projections
        box.runner = projections

        let book = test.book
        try await vault.unlock(book, tenant: "ten_1")
        let ledger = ledger
        try await book.write("chart") { try ledger.installChart(currency: .eur, in: $0) }
        let context = Shop.context(book, key: "products")
        func make(_ title: String, _ sku: String, _ price: Int64, cost: Int64?) async throws -> VariantID {
            var context = context
            context.idempotencyKey = sku
            let product = try await Catalog().createProduct(
                .with {
                    $0.title = title
                    $0.status = "published"
                    $0.variants = [
                        .with {
                            $0.sku = sku
                            $0.price = V1Amount(Amount(minor: price, .eur))
                            if let cost { $0.costPrice = V1Amount(Amount(minor: cost, .eur)) }
                        }
                    ]
                }, context)
            return try #require(VariantID(product.variants[0].variantID))
        }
        mug = try await make("Mug", "MUG", 1_000, cost: 400)
        shirt = try await make("Shirt", "SHIRT", 2_500, cost: 1_111)
        last = try await make("Last one", "LAST", 333, cost: nil)
        let (mug, shirt, last, inventory) = (mug, shirt, last, inventory)
        try await book.write("stock") { tx in
            try inventory.restock(
                [
                    StockLine(variant: mug, quantity: stock), StockLine(variant: shirt, quantity: stock),
                    StockLine(variant: last, quantity: 1)
                ],
                reason: .received, reference: "delivery", in: tx)
        }
    }

    static func context(
        _ book: Book, key: String?, scopes: Set<String> = ["*"], headers: [String: String] = [:]
    ) -> CallContext {
        CallContext(
            caller: Caller(subject: "key_1", tenant: "ten_1", scopes: scopes, book: book),
            operation: OrdersContract.placeOrder, idempotencyKey: key,
            deadline: book.world.now().adding(.seconds(3_600)), header: { headers[$0] })
    }

    /// A call with a key that was not used before.
    func context(
        key: String? = nil, scopes: Set<String> = ["*"], headers: [String: String] = [:]
    ) -> CallContext {
        let number = keys.withLock { keys in
            keys += 1
            return keys
        }
        return Shop.context(book, key: key ?? "key-\(number)", scopes: scopes, headers: headers)
    }

    func settle() async throws { try await projections.settle() }

    func advance(_ duration: Duration) { book.world.manualClock?.advance(by: duration) }

    // MARK: What shoppers do

    func place(_ lines: (VariantID, Int64)..., method: String = "", code: String = "") async throws -> V1Order {
        try await orders.placeOrder(Shop.request(lines, method: method, code: code), context())
    }

    static func request(
        _ lines: [(VariantID, Int64)], method: String = "", code: String = ""
    ) -> V1PlaceOrderRequest {
        .with {
            $0.lines = lines.map { variant, quantity in
                .with {
                    $0.variantID = "\(variant)"
                    $0.quantity = quantity
                }
            }
            $0.shippingMethod = method
            $0.discountCode = code
        }
    }

    func pay(_ order: V1Order, key: String? = nil) async throws -> V1Order {
        try await orders.payOrder(
            .with {
                $0.orderID = order.orderID
                $0.instrumentToken = "card_ok"
                $0.channel = "test"
            }, context(key: key))
    }

    func fulfil(_ order: V1Order, _ lines: (Int32, Int64)...) async throws -> V1Order {
        try await orders.fulfilOrder(
            .with {
                $0.orderID = order.orderID
                $0.lines = Shop.lines(lines)
                $0.carrier = "DHL"
                $0.trackingNumber = "00340434"
            }, context())
    }

    func takeBack(_ order: V1Order, restock: Bool = true, _ lines: (Int32, Int64)...) async throws -> V1Order {
        try await orders.returnOrder(
            .with {
                $0.orderID = order.orderID
                $0.lines = Shop.lines(lines)
                $0.restock = restock
            }, context())
    }

    func refund(_ order: V1Order, _ minor: Int64) async throws -> V1Order {
        try await orders.refundOrder(
            .with {
                $0.orderID = order.orderID
                $0.amount = V1Amount(Amount(minor: minor, .eur))
                $0.reason = "goodwill"
            }, context())
    }

    func cancel(_ order: V1Order) async throws -> V1Order {
        try await orders.cancelOrder(.with { $0.orderID = order.orderID }, context())
    }

    func get(_ order: V1Order) async throws -> V1Order {
        try await orders.getOrder(.with { $0.orderID = order.orderID }, context())
    }

    private static func lines(_ lines: [(Int32, Int64)]) -> [V1LineQuantity] {
        lines.map { line, quantity in
            .with {
                $0.line = line
                $0.quantity = quantity
            }
        }
    }

    // MARK: What must hold after every step

    func balance(_ code: String) async throws -> Int64 {
        let ledger = ledger
        return try await book.read { try ledger.balance(of: code, currency: .eur, in: $0).posted.minor }
    }

    /// The books balance, and the channel's account says what the channel says: unless an answer of it was lost.
    func check(_ note: Comment? = nil, clearing: Bool = true, sourceLocation: SourceLocation = #_sourceLocation)
        async throws
    {
        let ledger = ledger
        let balances = try await book.read { try ledger.trialBalance(in: $0) }
        for balance in balances {
            #expect(balance.isBalanced, note, sourceLocation: sourceLocation)
        }
        #expect(try await balance("customer_deposits") >= 0, note, sourceLocation: sourceLocation)
        if clearing, channel.captured > 0 {
            #expect(
                try await balance("clearing:test") == channel.captured - channel.refunded, note,
                sourceLocation: sourceLocation)
        }
    }

    func level(_ variant: VariantID) async throws -> StockLevel {
        let inventory = inventory
        return try await book.read { try inventory.levels(of: [variant], reader: $0)[variant] }
            ?? StockLevel(onHand: 0, reserved: 0)
    }
}

/// Breaks the circle between orders, which want the projections caught up, and projections, which are the orders'.
private final class Box: Sendable {
    private let held = Mutex<ProjectionRunner?>(nil)

    var runner: ProjectionRunner? {
        get { held.withLock { $0 } }
        set { held.withLock { $0 = newValue } }
    }
}

/// A key service without a file.
private struct MemoryKeys: KeyService {
    func wrap(_ key: SymmetricKey, tenant: String) async throws -> [UInt8] { key.withUnsafeBytes { Array($0) } }
    func unwrap(_ wrapped: [UInt8], tenant: String) async throws -> SymmetricKey { SymmetricKey(data: wrapped) }
    func lookupKey(tenant: String) async throws -> SymmetricKey {
        SymmetricKey(data: Array("a lookup key for tests, 32 bytes".utf8))
    }
}

/// The code of the refusal, or nil when there was none.
func refusal(_ body: () async throws -> Void) async -> Problem? {
    do {
        try await body()
        return nil
    } catch let error as any ProblemConvertible {
        return error.problem
    } catch {
        return Problem(type: "unexpected", title: "\(error)", status: 500, detail: "\(error)")
    }
}
