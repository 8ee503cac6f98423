import Contract
import Runtime
import Store
import TestStores

/// What the tests of the contract's runtime share: an operation, and a call with a body or a query.
enum Samples {
    static func operation(_ method: HTTPMethod, _ path: String) -> Operation {
        Operation(
            name: "sample.v1.Sample/Call", capability: "sample", summary: "A sample", method: method, path: path,
            scope: "sample:read",
            price: Price(meter: "sample", tier: .free, quotaScope: .tenant, ratePerSecond: 1, burst: 1),
            promise: Promise(p99Ms: 1, errorRatePpm: 1, throughputPerSecond: 1, deadlineMs: 1))
    }

    static func call(
        _ body: String = "", path: [String: String] = [:], query: [(name: String, value: String)] = []
    ) async throws -> RouteCall {
        let test = try await TestBook.make(migrations: [])
        let context = self.context(test.book)
        await test.discard()
        return RouteCall(path: path, query: query, body: Array(body.utf8), context: context)
    }

    static func context(_ book: Book, idempotencyKey: String? = nil) -> CallContext {
        CallContext(
            caller: Caller(subject: "key_1", tenant: "ten_1", scopes: [], book: book),
            operation: operation(.post, "/v1/samples"), idempotencyKey: idempotencyKey,
            deadline: book.world.now().adding(.seconds(5)))
    }
}

/// The problem that `body` throws; nil when it throws none.
func problem(of body: () throws -> Void) -> Problem? {
    do {
        try body()
        return nil
    } catch {
        return (error as? any ProblemConvertible)?.problem
    }
}
