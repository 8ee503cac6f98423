import Contract
import Runtime
import Testing

@testable import Gateway

/// What an address means, asked over a real connection.
@Suite struct AddressTests {
    private static let routes = [
        Stub.echo(Stub.operation(.get, "/v1/things/{thing_id}", name: "Get", scope: "things:read")),
        Stub.echo(Stub.operation(.put, "/v1/things/{thing_id}", name: "Put")),
        Stub.echo(Stub.operation(.get, "/v1/things/special", name: "Special", scope: "things:read")),
        Stub.echo(Stub.operation(.post, "/v1/things/{thing_id}/parts/{part}", name: "Part"))
    ]

    @Test("path and query reach the call, decoded once")
    func parameters() async throws {
        try await TestServer.run(Self.routes) { server async throws in
            let reply = try await server.call("GET", "/v1/things/a%2Fb%20c?q=x%26y&q=z+1&empty")
            #expect(reply.status == 200)
            #expect(reply.json["path.thing_id"] == "a/b c")
            #expect(reply.text.contains(#""query.q":"x&y","query.q":"z 1","query.empty":"""#))
            let part = try await server.call("POST", "/v1/things/t1/parts/p%25")
            #expect(part.json["path.thing_id"] == "t1")
            #expect(part.json["path.part"] == "p%")
        }
    }

    @Test(
        "a literal segment wins over a parameter, escaped or not",
        arguments: ["/v1/things/special", "/v1/things/sp%65cial"])
    func literal(target: String) async throws {
        try await TestServer.run(Self.routes) { server async throws in
            let reply = try await server.call("GET", target)
            #expect(reply.status == 200)
            #expect(reply.json["path.thing_id"] == nil)
        }
    }

    @Test(
        "an address that nobody has is 404",
        arguments: [
            "/", "/v1", "/v1/thing", "//v1/things/1", "/v1//things/1", "/v1/things/", "/v1/things/1/", "/v1/things/..",
            "/v1/things/%2e%2e", "/v1/things/.", "/v2/things/1", "/V1/things/1", "/v1/things/1/parts"
        ])
    func unknown(target: String) async throws {
        try await TestServer.run(Self.routes) { server async throws in
            let reply = try await server.call("GET", target)
            #expect(reply.status == 404)
            #expect(reply.problem == "not-found")
            #expect(reply.header("Content-Type") == "application/problem+json")
        }
    }

    @Test(
        "a path that is no text is 400",
        arguments: ["/v1/things/%FF%FE", "/v1/things/%", "/v1/things/%4", "/v1/things/%zz", "/v1/things/a%00b"])
    func malformed(target: String) async throws {
        try await TestServer.run(Self.routes) { server async throws in
            let reply = try await server.call("GET", target)
            #expect(reply.status == 400)
            #expect(reply.problem == "malformed-path")
        }
    }

    @Test("a query that is no text is 400")
    func malformedQuery() async throws {
        try await TestServer.run(Self.routes) { server async throws in
            let reply = try await server.call("GET", "/v1/things/1?q=%FF")
            #expect(reply.status == 400)
            #expect(reply.problem == "malformed-query")
        }
    }

    @Test("a known address with another method is 405 and names the methods")
    func otherMethod() async throws {
        try await TestServer.run(Self.routes) { server async throws in
            for method in ["POST", "DELETE", "PATCH", "HEAD"] {
                let connection = try server.connect()
                try await connection.send(TestServer.request(method, "/v1/things/1"))
                // HEAD is left out of the contract; its reply must not be waited for as if it had a body.
                if method == "HEAD" { continue }
                let reply = try await connection.reply()
                #expect(reply.status == 405)
                #expect(reply.problem == "method-not-allowed")
                #expect(reply.header("Allow") == "GET, OPTIONS, PUT")
            }
        }
    }

    @Test("OPTIONS without a browser's question tells what is offered")
    func options() async throws {
        try await TestServer.run(Self.routes) { server async throws in
            let reply = try await server.call("OPTIONS", "/v1/things/1", key: nil)
            #expect(reply.status == 204)
            #expect(reply.header("Allow") == "GET, OPTIONS, PUT")
        }
    }

    @Test("an address over the limit is 414")
    func tooLong() async throws {
        try await TestServer.run(Self.routes) { server async throws in
            let reply = try await server.call("GET", "/v1/things/" + String(repeating: "x", count: 9_000))
            #expect(reply.status == 414)
            #expect(reply.problem == "target-too-long")
        }
    }

    @Test("two routes of one address are found whatever order they came in")
    func table() {
        var table = AddressTable<Int>()
        table.add("GET", "/v1/a/{x}/c", 1)
        table.add("GET", "/v1/a/b", 2)
        table.add("GET", "/", 3)
        func find(_ path: String) -> Int? {
            var path = path
            guard case .found(let value, _) = path.withUTF8({ table.match("GET", $0) }) else { return nil }
            return value
        }
        #expect(find("/v1/a/z/c") == 1)
        #expect(find("/v1/a/b") == 2)
        #expect(find("/") == 3)
        #expect(find("") == nil)
        #expect(find("v1/a/b") == nil)
    }
}
