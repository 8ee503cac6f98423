import Contract
import Runtime
import Store
import TestStores

@testable import Gateway

/// Routes and callers made by hand, so that a test needs no capability.
enum Stub {
    struct Authentication: Authenticator {
        let book: Book

        func authenticate(bearer: String?, operation: Operation, path: [String: String]) async throws -> Caller {
            switch bearer {
            case nil: Caller(subject: "nobody", tenant: "", scopes: [], book: book)
            case "key-a": Caller(subject: "key_a", tenant: "ten_a", scopes: ["things:read", "things:write"], book: book)
            case "key-b": Caller(subject: "key_b", tenant: "ten_b", scopes: ["things:*"], book: book)
            case "key-reader": Caller(subject: "key_r", tenant: "ten_a", scopes: ["things:read"], book: book)
            default: throw Problem.unauthenticated
            }
        }
    }

    struct Refusal: ProblemConvertible {
        var problem: Problem {
            Problem(
                type: "insufficient-stock", title: "Insufficient stock", status: 409, detail: "1 left",
                field: "lines", extensions: ["sku": "TEA-1"])
        }
    }

    /// Its text must reach nobody.
    struct Secret: Error, CustomStringConvertible {
        let description = "anna@example.org"
    }

    static func operation(
        _ method: HTTPMethod, _ path: String, name: String = "Do", scope: String = "things:write",
        access: Operation.Access = .tenant, rate: Int = 0, burst: Int = 0, quota: Price.QuotaScope = .tenant,
        deadlineMs: Int = 5_000,
        idempotency: Operation.Idempotency = .accepted, rawBody: String? = nil
    ) -> Operation {
        Operation(
            name: "kontor.things.v1.Things/\(name)", capability: "things", summary: "Does <a> thing", method: method,
            path: path,
            scope: scope, access: access,
            price: Price(meter: "things.done", tier: .standard, quotaScope: quota, ratePerSecond: rate, burst: burst),
            promise: Promise(p99Ms: 200, errorRatePpm: 1_000, throughputPerSecond: 100, deadlineMs: deadlineMs),
            idempotency: idempotency, rawBodyField: rawBody)
    }

    static func reply(
        _ text: String, status: Int = 200, headers: [(name: String, value: String)] = []
    ) -> RouteReply {
        RouteReply(status: status, body: Array(text.utf8), contentType: "application/json", headers: headers)
    }

    /// Tells back what reached it.
    static func echo(_ operation: Operation) -> Route {
        Route(operation) { call in
            var json = JSONText()
            for (name, value) in call.path.sorted(by: { $0.key < $1.key }) { json.member("path." + name, value) }
            for (name, value) in call.query { json.member("query." + name, value) }
            json.member("key", call.context.idempotencyKey ?? "-")
            json.member("tenant", call.context.caller.tenant)
            json.member("deadline", call.context.deadline.rfc3339)
            json.member("x-test", call.context.header("x-test") ?? "-")
            json.member("bytes", Int64(call.body.count))
            return RouteReply(status: 200, body: Array(json.ended().utf8))
        }
    }

    static func throwing(_ path: String, _ error: any Error & Sendable) -> Route {
        Route(operation(.get, path, scope: "things:read")) { _ in throw error }
    }
}
