import Contract
import Testing

@Suite("Finding a route")
struct RouteTableTests {
    private let table = RouteTable([
        Samples.route(.get, "/v1/orders"), Samples.route(.post, "/v1/orders"),
        Samples.route(.get, "/v1/orders/{order_id}"), Samples.route(.post, "/v1/orders/search"),
        Samples.route(.post, "/v1/orders/{order_id}/lines/{line_id}/cancel")
    ])

    private func find(_ method: HTTPMethod, _ path: String) -> String {
        switch table.match(method, path.dropFirst().split(separator: "/", omittingEmptySubsequences: false)) {
        case .found(let route, let path):
            let names = path.sorted { $0.key < $1.key }.map { "\($0.key)=\($0.value)" }.joined(separator: ",")
            return route.operation.name + (names.isEmpty ? "" : " \(names)")
        case .methodNotAllowed(let allowed): return "not allowed: \(allowed.map(\.rawValue).sorted())"
        case .notFound: return "not found"
        }
    }

    @Test("literals win over parameters, and parameters are named")
    func found() {
        #expect(find(.get, "/v1/orders") == "GET /v1/orders")
        #expect(find(.post, "/v1/orders/search") == "POST /v1/orders/search")
        #expect(find(.get, "/v1/orders/ord_1") == "GET /v1/orders/{order_id} order_id=ord_1")
        #expect(
            find(.post, "/v1/orders/a/lines/b/cancel")
                == "POST /v1/orders/{order_id}/lines/{line_id}/cancel line_id=b,order_id=a")
    }

    @Test("a literal without the method gives way to a parameter with it")
    func literalGivesWay() {
        #expect(find(.get, "/v1/orders/search") == "GET /v1/orders/{order_id} order_id=search")
    }

    @Test("a known path with another method says what it allows")
    func methodNotAllowed() {
        #expect(find(.delete, "/v1/orders") == #"not allowed: ["GET", "POST"]"#)
        #expect(find(.put, "/v1/orders/search") == #"not allowed: ["GET", "POST"]"#)
    }

    @Test(
        "unknown, longer, shorter and empty paths are not found",
        arguments: [
            "/v1", "/v1/order", "/v1/orders/", "/v1/orders/a/b", "/v1//orders", "/", "/v1/orders/a/lines//cancel"
        ])
    func notFound(_ path: String) {
        #expect(find(.get, path) == "not found")
    }
}
