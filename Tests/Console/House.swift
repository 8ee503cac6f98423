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
import Testing
import Vault

@testable import Console

/// The real capabilities on a book of their own, with a channel that agrees to everything and keeps 0.29 EUR.
struct House {
    static let key = "kontor_test_house"
    let test: TestBook
    let orders: Orders
    let catalog = Catalog()
    let inventory = Inventory()
    let console: Console
    let pots: V1Product

    init(seed: UInt64 = 1) async throws {
        let migrations =
            Journal.migrations + Ledger.migrations + Payments.migrations + Catalog.migrations + Inventory.migrations
            + Vault.migrations + Orders.migrations
        test = try await TestBook.make(migrations: migrations, seed: seed)
        let book = test.book
        let ledger = Ledger()
        let channel = KindChannel()
        let payments = Payments(ledger: ledger, channels: { _, _ in channel })
        let vault = Vault(keys: OneKey())
        let box = Box()
        orders = Orders(
            catalog: catalog, inventory: inventory, ledger: ledger, payments: payments, vault: vault,
            settings: { _ in OrderSettings(currency: .eur, country: "DE") },
            catchUp: { _ in try await box.runner.withLock { $0 }?.settle() })
        let runner = ProjectionRunner(book: book, projections: orders.projections)
        box.runner.withLock { $0 = runner }
        try await vault.unlock(book, tenant: "ten_1")
        try await book.write("chart") { tx in
            try ledger.installChart(currency: .eur, in: tx)
            try ledger.openClearing(channel: "test", currency: .eur, in: tx)
        }
        let caller = Caller(subject: "key_1", tenant: "ten_1", scopes: ["*"], book: book)
        console = Console(
            authenticate: { credential in
                guard credential == Self.key else { throw Problem.unauthenticated }
                return caller
            },
            reads: HouseReads(
                orders: orders, payments: payments, ledger: ledger, inventory: inventory, catalog: catalog))
        pots = try await catalog.createProduct(
            .with {
                $0.title = "Clay <Pot>"
                $0.status = "published"
                $0.variants = [
                    .with {
                        $0.sku = "POT"
                        $0.price = V1Amount(Amount(minor: 2_450, .eur))
                        $0.costPrice = V1Amount(Amount(minor: 980, .eur))
                    }
                ]
            }, Self.context(book, "product"))
        let variant = try #require(VariantID(pots.variants[0].variantID))
        let inventory = inventory
        try await book.write("stock") { tx in
            try inventory.restock(
                [StockLine(variant: variant, quantity: 20)], reason: .received, reference: "delivery", in: tx)
        }
    }

    /// An order of two pots that was paid, sent and refunded in part.
    func sell() async throws -> V1Order {
        let book = test.book
        let placed = try await orders.placeOrder(
            .with {
                $0.lines = [
                    .with {
                        $0.variantID = pots.variants[0].variantID
                        $0.quantity = 2
                    }
                ]
                $0.email = "ada@example.org"
            }, Self.context(book, "place"))
        _ = try await orders.payOrder(
            .with {
                $0.orderID = placed.orderID
                $0.instrumentToken = "card_ok"
                $0.channel = "test"
            }, Self.context(book, "pay"))
        _ = try await orders.fulfilOrder(.with { $0.orderID = placed.orderID }, Self.context(book, "fulfil"))
        return try await orders.refundOrder(
            .with {
                $0.orderID = placed.orderID
                $0.amount = V1Amount(Amount(minor: 450, .eur))
                $0.reason = "scratch"
            }, Self.context(book, "refund"))
    }

    func get(_ path: String, _ query: [(name: String, value: String)] = []) async -> ConsoleReply {
        await console.handle(
            ConsoleRequest(path: path, query: query, headers: [("cookie", "kontor_session=\(Self.key)")]))
    }

    private static func context(_ book: Book, _ key: String) -> CallContext {
        CallContext(
            caller: Caller(subject: "key_1", tenant: "ten_1", scopes: ["*"], book: book),
            operation: OrdersContract.placeOrder, idempotencyKey: key,
            deadline: book.world.now().adding(.seconds(3_600)))
    }
}

private final class Box: Sendable {
    let runner = Mutex<ProjectionRunner?>(nil)
}

private struct OneKey: KeyService {
    func wrap(_ key: SymmetricKey, tenant: String) async throws -> [UInt8] { key.withUnsafeBytes { Array($0) } }
    func unwrap(_ wrapped: [UInt8], tenant: String) async throws -> SymmetricKey { SymmetricKey(data: wrapped) }
    func lookupKey(tenant: String) async throws -> SymmetricKey {
        SymmetricKey(data: Array("a lookup key for tests, 32 bytes".utf8))
    }
}

private struct KindChannel: PaymentChannel {
    let name = "test"

    func authorise(_ request: AuthoriseRequest) async throws(ChannelFailure) -> ChannelAnswer {
        ChannelAnswer(channelReference: "ch-1")
    }

    func capture(_ request: CaptureRequest) async throws(ChannelFailure) -> ChannelAnswer {
        ChannelAnswer(channelReference: "ch-1", feeTotal: Amount(minor: 29, .eur))
    }

    func void(_ request: VoidRequest) async throws(ChannelFailure) -> ChannelAnswer {
        ChannelAnswer(channelReference: "ch-1")
    }

    func refund(_ request: RefundRequest) async throws(ChannelFailure) -> ChannelAnswer {
        ChannelAnswer(channelReference: "ch-2")
    }

    func query(_ merchantReference: String) async throws(ChannelFailure) -> ChannelStatus {
        ChannelStatus(state: .captured(Amount(minor: 4_900, .eur)), channelReference: "ch-1")
    }

    func verifyCallback(_ callback: ChannelCallback) throws(CallbackRefusal) -> ChannelNotice { throw .malformed }
}
