import Contract
import Runtime
import Testing

@testable import Gateway

@Suite struct HeaderRuleTests {
    private static let routes = [
        Stub.echo(Stub.operation(.post, "/v1/required", name: "Required", idempotency: .required)),
        Stub.echo(Stub.operation(.post, "/v1/accepted", name: "Accepted", deadlineMs: 3_000)),
        Stub.echo(Stub.operation(.post, "/v1/none", name: "None", idempotency: .none)),
        Stub.echo(Stub.operation(.get, "/v1/get", name: "Get", scope: "things:read", idempotency: .none)),
        Stub.echo(Stub.operation(.post, "/v1/raw", name: "Raw", rawBody: "csv"))
    ]

    @Test("a key that the contract requires is asked for")
    func missingKey() async throws {
        try await TestServer.run(Self.routes) { server async throws in
            let reply = try await server.call("POST", "/v1/required")
            #expect(reply.status == 400)
            #expect(reply.problem == "invalid-idempotency-key")
            #expect(reply.json["field"] == "Idempotency-Key")
            let sent = try await server.call("POST", "/v1/required", headers: ["Idempotency-Key: once"])
            #expect(sent.json["key"] == "once")
        }
    }

    @Test(
        "a key is 1 to 128 printable characters",
        arguments: ["", "two words", "naïve", String(repeating: "k", count: 129)])
    func badKey(key: String) async throws {
        try await TestServer.run(Self.routes) { server async throws in
            let reply = try await server.call("POST", "/v1/accepted", headers: ["Idempotency-Key: \(key)"])
            #expect(reply.status == 400)
            #expect(reply.problem == "invalid-idempotency-key")
            #expect(reply.json["detail"]?.contains("1 to 128 printable ASCII") == true)
        }
    }

    @Test("the longest key passes, and a call without keys ignores one")
    func goodKey() async throws {
        let key = String(repeating: "k", count: 128)
        try await TestServer.run(Self.routes) { server async throws in
            #expect(
                try await server.call("POST", "/v1/accepted", headers: ["Idempotency-Key: \(key)"]).json["key"] == key)
            #expect(try await server.call("POST", "/v1/none", headers: ["Idempotency-Key: \(key)"]).json["key"] == "-")
        }
    }

    @Test("a deadline is the contract's, or the caller's when that is earlier")
    func deadlines() async throws {
        try await TestServer.run(Self.routes) { server async throws in
            let now = server.world.now()
            func deadline(_ headers: String...) async throws -> String? {
                try await server.call("POST", "/v1/accepted", headers: headers).json["deadline"]
            }
            #expect(try await deadline() == now.adding(.seconds(3)).rfc3339)
            #expect(try await deadline("Request-Timeout: 1") == now.adding(.seconds(1)).rfc3339)
            #expect(try await deadline("Request-Timeout: 1500ms") == now.adding(.milliseconds(1_500)).rfc3339)
            #expect(try await deadline("Request-Timeout: 60s") == now.adding(.seconds(3)).rfc3339)
            let moment = now.adding(.seconds(2)).rfc3339
            #expect(try await deadline("X-Request-Deadline: \(moment)") == moment)
        }
    }

    @Test("a deadline that is over is 504 and the call is not made")
    func expired() async throws {
        try await TestServer.run(Self.routes) { server async throws in
            let past = server.world.now().adding(.seconds(-1)).rfc3339
            for header in ["X-Request-Deadline: \(past)", "Request-Timeout: 0"] {
                let reply = try await server.call("POST", "/v1/accepted", headers: [header])
                #expect(reply.status == 504)
                #expect(reply.problem == "deadline-exceeded")
            }
        }
    }

    @Test(
        "a deadline that cannot be read is 400",
        arguments: ["Request-Timeout: soon", "Request-Timeout: -1", "Request-Timeout: 1.5", "X-Request-Deadline: noon"])
    func unreadable(header: String) async throws {
        try await TestServer.run(Self.routes) { server async throws in
            let reply = try await server.call("POST", "/v1/accepted", headers: [header])
            #expect(reply.status == 400)
            #expect(reply.problem == "invalid-header")
        }
    }

    @Test(
        "a body must say that it is JSON",
        arguments: [nil, "text/plain", "application/xml", "application/json; charset=latin1", "application/jsonp"])
    func mediaType(type: String?) async throws {
        try await TestServer.run(Self.routes) { server async throws in
            let reply = try await server.call("POST", "/v1/accepted", body: "{}", type: type)
            #expect(reply.status == 415)
            #expect(reply.problem == "unsupported-media-type")
            #expect(reply.header("Accept") == "application/json")
        }
    }

    @Test(
        "JSON is taken however its type is spelled",
        arguments: ["application/json", "Application/JSON; charset=UTF-8", "application/json ;charset=\"utf-8\""])
    func json(type: String) async throws {
        try await TestServer.run(Self.routes) { server async throws in
            let reply = try await server.call("POST", "/v1/accepted", body: "{}", type: type)
            #expect(reply.status == 200)
            #expect(reply.json["bytes"] == "2")
        }
    }

    @Test("a file's body takes any type, and a call without a body needs none")
    func raw() async throws {
        try await TestServer.run(Self.routes) { server async throws in
            #expect(try await server.call("POST", "/v1/raw", body: "a,b", type: "text/csv").json["bytes"] == "3")
            #expect(try await server.call("POST", "/v1/accepted").json["bytes"] == "0")
        }
    }

    @Test("a GET with a body is refused")
    func getWithBody() async throws {
        try await TestServer.run(Self.routes) { server async throws in
            let reply = try await server.call("GET", "/v1/get", body: "{}")
            #expect(reply.status == 400)
            #expect(reply.problem == "body-not-taken")
        }
    }

    @Test("other headers reach the call by their name")
    func lookup() async throws {
        try await TestServer.run(Self.routes) { server async throws in
            let reply = try await server.call("GET", "/v1/get", headers: ["X-TEST: seen"])
            #expect(reply.json["x-test"] == "seen")
        }
    }
}
