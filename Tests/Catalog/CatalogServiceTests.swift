import Contract
import Foundation
import Money
import Runtime
import Store
import SwiftProtobuf
import TestStores
import Testing

@testable import Catalog

/// The calls of the contract, as the gateway makes them.
@Suite(.onBothStores) struct CatalogServiceTests {
    func context(_ shop: Shop, key: String? = nil, headers: [String: String] = [:]) -> CallContext {
        CallContext(
            caller: Caller(subject: "key_1", tenant: "ten_1", scopes: ["*"], book: shop.book),
            operation: Operation(
                name: "kontor.catalog.v1.Catalog/Test", capability: "catalog", summary: "", method: .post, path: "/",
                scope: "catalog:write",
                price: Price(meter: "m", tier: .standard, quotaScope: .tenant, ratePerSecond: 1, burst: 1),
                promise: Promise(p99Ms: 1, errorRatePpm: 1, throughputPerSecond: 1, deadlineMs: 1_000)),
            idempotencyKey: key, deadline: shop.book.world.now().adding(.seconds(5)), header: { headers[$0] })
    }

    func request(_ title: String = "Clay Pot", price: Int64 = 999) -> V1CreateProductRequest {
        .with {
            $0.title = title
            $0.optionNames = ["Size"]
            $0.attributes = ["a": "1", "b": "2", "c": "3", "d": "4"]
            $0.variants = ["S", "L"].map { size in
                .with {
                    $0.optionValues = [size]
                    $0.sku = "\(title)-\(size)"
                    $0.price = V1Amount(Amount(minor: price, .eur))
                }
            }
        }
    }

    /// The status and field of the problem that the body is refused with.
    private func problem(_ body: () async throws -> Void) async throws -> (status: Int, field: String?)? {
        do {
            try await body()
            return nil
        } catch let error as any ProblemConvertible {
            return (error.problem.status, error.problem.field)
        }
    }

    @Test("a product is created, read, changed under its version, and archived")
    func life() async throws {
        let shop = try await Shop()
        let catalog = Catalog()
        let created = try await catalog.createProduct(request(), context(shop))
        #expect(created.handle == "clay-pot" && created.status == "draft" && created.version == 1)
        #expect(created.variants.map(\.title) == ["S", "L"] && created.variants.allSatisfy(\.tracked))
        let read = try await catalog.getProduct(.with { $0.productID = created.productID }, context(shop))
        #expect(read == created)
        let variant = try await catalog.getVariant(
            .with { $0.variantID = created.variants[1].variantID }, context(shop))
        #expect(variant == created.variants[1])
        let change = V1UpdateProductRequest.with {
            $0.productID = created.productID
            $0.title = "Pot"
            $0.status = "published"
            $0.optionNames = ["Size"]
            $0.variants = request().variants
        }
        let changed = try await catalog.updateProduct(change, context(shop, headers: ["if-match": "\"1\""]))
        #expect(changed.version == 2 && changed.variants.map(\.variantID) == created.variants.map(\.variantID))
        let found = try await catalog.searchProducts(.with { $0.q = "pot" }, context(shop))
        #expect(found.products == [changed])
        let archived = try await catalog.archiveProduct(.with { $0.productID = created.productID }, context(shop))
        #expect(archived.status == "archived")
        let listed = try await catalog.listProducts(.init(), context(shop))
        #expect(listed.products.isEmpty)
        await shop.test.discard()
    }

    @Test("a change of a version that is no longer the latest is refused, by field and by header")
    func versions() async throws {
        let shop = try await Shop()
        let catalog = Catalog()
        let created = try await catalog.createProduct(request(), context(shop))
        var change = V1UpdateProductRequest.with {
            $0.productID = created.productID
            $0.title = "Pot"
            $0.optionNames = ["Size"]
            $0.variants = request().variants
        }
        let stale = try await problem {
            _ = try await catalog.updateProduct(change, context(shop, headers: ["if-match": "\"7\""]))
        }
        #expect(stale?.status == 412)
        #expect(try await problem { _ = try await catalog.updateProduct(change, context(shop)) }?.field == "version")
        change.version = 7
        let late = change
        #expect(try await problem { _ = try await catalog.updateProduct(late, context(shop)) }?.status == 409)
        await shop.test.discard()
    }

    @Test("the same key gives the same product once; requests that break a rule name the field")
    func refusals() async throws {
        let shop = try await Shop()
        let catalog = Catalog()
        let first = try await catalog.createProduct(request(), context(shop, key: "k1"))
        #expect(try await catalog.createProduct(request(), context(shop, key: "k1")) == first)
        for (change, field) in [
            ({ $0.variants[0].clearPrice() }, "variants[0].price"),
            ({ $0.variants[1].price.minor = -1 }, "variants[1].price"),
            ({ $0.variants[1].price.currency = "USD" }, "variants[1].price"),
            ({ $0.variants[1].price.currency = "XXX" }, "variants[1].price.currency"),
            ({ $0.variants[1].optionValues = ["S"] }, "variants[1].option_values"),
            ({ $0.variants[1].sku = $0.variants[0].sku }, "variants[1].sku"),
            ({ $0.status = "sold" }, "status"),
            ({ $0.collections = ["nowhere"] }, "collections"),
            ({ $0.title = "" }, "handle")
        ] as [((inout V1CreateProductRequest) -> Void, String)] {
            var bad = request("Other")
            change(&bad)
            let wrong = bad
            let refused = try await problem { _ = try await catalog.createProduct(wrong, context(shop)) }
            #expect(refused?.status == 422 && refused?.field == field, "\(field)")
        }
        let unknown: ProductID = shop.book.world.newID()
        let missing = try await problem {
            _ = try await catalog.getProduct(.with { $0.productID = "\(unknown)" }, context(shop))
        }
        #expect(missing?.status == 404)
        let page = try await problem { _ = try await catalog.listProducts(.with { $0.pageSize = 201 }, context(shop)) }
        #expect(page?.field == "page_size")
        await shop.test.discard()
    }

    @Test("lists walk by page token, and collections gather products")
    func pages() async throws {
        let shop = try await Shop()
        let catalog = Catalog()
        _ = try await catalog.createCollection(.with { $0.title = "Summer Sale" }, context(shop))
        for number in 0..<7 {
            var wanted = request("Pot \(number)")
            if number < 3 { wanted.collections = ["summer-sale"] }
            _ = try await catalog.createProduct(wanted, context(shop))
        }
        var titles: [String] = []
        var token = ""
        repeat {
            let page = try await catalog.listProducts(
                .with {
                    $0.pageSize = 3
                    $0.pageToken = token
                }, context(shop))
            titles += page.products.map(\.title)
            token = page.nextPageToken
        } while !token.isEmpty
        #expect(titles == (0..<7).map { "Pot \($0)" })
        let sale = try await catalog.listProducts(.with { $0.collection = "summer-sale" }, context(shop))
        #expect(sale.products.count == 3)
        #expect(try await catalog.listCollections(.init(), context(shop)).collections.map(\.handle) == ["summer-sale"])
        let again = try await problem {
            _ = try await catalog.createCollection(.with { $0.title = "Summer sale" }, context(shop))
        }
        #expect(again?.status == 409)
        await shop.test.discard()
    }

    @Test("an import over the wire answers with its report and hands the stock over")
    func importing() async throws {
        let shop = try await Shop()
        let stock = Shop.StockNotes()
        let catalog = Catalog(onStock: { lines, _ in stock.set(lines) })
        let csv =
            "Handle,Title,Variant Price,Variant Inventory Tracker,Variant Inventory Qty\n"
            + "pot,Pot,9.99,shopify,5\ncup,Cup,x,shopify,1\n"
        let wanted = V1ImportProductsRequest.with {
            $0.csv = Data(csv.utf8)
            $0.currency = "EUR"
        }
        let report = try await catalog.importProducts(wanted, context(shop, key: "k1"))
        #expect(report.rowsIn == 2 && report.productsCreated == 1 && report.rowsRefused == 1 && report.stockSet == 1)
        #expect(report.refusals.map(\.line) == [3] && report.refusals[0].column == "Variant Price")
        #expect(Array(stock.all.values) == [5])
        #expect(try await catalog.importProducts(wanted, context(shop, key: "k1")) == report)
        var other = wanted
        other.currency = "eur"
        let bad = other
        #expect(try await problem { _ = try await catalog.importProducts(bad, context(shop)) }?.field == "currency")
        await shop.test.discard()
    }
}

extension CatalogServiceTests {
    @Test("the route of a product answers with its version as ETag, and takes it back as If-Match")
    func entityTag() async throws {
        let shop = try await Shop()
        let catalog = Catalog()
        let created = try await catalog.createProduct(request(), context(shop))
        let route = try #require(catalog.routes.first { $0.operation == CatalogContract.getProduct })
        let reply = try await route.handle(
            RouteCall(path: ["product_id": created.productID], context: context(shop)))
        #expect(reply.headers.map { "\($0.name): \($0.value)" } == ["ETag: \"1\""])
        await shop.test.discard()
    }

    @Test("the routes are those of the contract, each once")
    func routes() {
        #expect(Catalog().routes.map(\.operation) == CatalogContract.operations)
        #expect(Set(Catalog().routes.map { "\($0.operation.method.rawValue) \($0.operation.path)" }).count == 11)
    }
}
