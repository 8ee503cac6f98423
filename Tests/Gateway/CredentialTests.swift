import Contract
import Testing

@testable import Gateway

@Suite struct CredentialTests {
    private static let routes = [
        Stub.echo(Stub.operation(.get, "/v1/things", name: "List", scope: "things:read")),
        Stub.echo(Stub.operation(.post, "/v1/things", name: "Add")),
        Stub.echo(Stub.operation(.post, "/v1/callbacks", name: "Callback", scope: "", access: .signed)),
        Stub.echo(Stub.operation(.get, "/v1/open", name: "Open", scope: "", access: .anonymous))
    ]

    @Test("no credential, or one nobody issued, is 401 with a challenge", arguments: [nil, "key-forged", ""])
    func unauthenticated(key: String?) async throws {
        try await TestServer.run(Self.routes) { server async throws in
            let reply = try await server.call("GET", "/v1/things", key: key)
            #expect(reply.status == 401)
            #expect(reply.problem == "unauthenticated")
            #expect(reply.header("WWW-Authenticate") == "Bearer realm=\"kontor\"")
        }
    }

    @Test("another scheme is no credential")
    func basic() async throws {
        try await TestServer.run(Self.routes) { server async throws in
            let reply = try await server.call("GET", "/v1/things", key: nil, headers: ["Authorization: Basic a2V5LWE="])
            #expect(reply.status == 401)
        }
    }

    @Test("the scheme's name is read without case")
    func scheme() async throws {
        try await TestServer.run(Self.routes) { server async throws in
            let reply = try await server.call("GET", "/v1/things", key: nil, headers: ["Authorization: bEARER key-a"])
            #expect(reply.status == 200)
        }
    }

    @Test("a credential without the scope is 403 and the scope is named")
    func forbidden() async throws {
        try await TestServer.run(Self.routes) { server async throws in
            let reply = try await server.call("POST", "/v1/things", key: "key-reader")
            #expect(reply.status == 403)
            #expect(reply.problem == "forbidden")
            #expect(reply.json["scope"] == "things:write")
            #expect(try await server.call("GET", "/v1/things", key: "key-reader").status == 200)
            #expect(try await server.call("POST", "/v1/things", key: "key-b").json["tenant"] == "ten_b")
        }
    }

    @Test("two credentials in one request are refused, not chosen between")
    func repeated() async throws {
        try await TestServer.run(Self.routes) { server async throws in
            let reply = try await server.call("GET", "/v1/things", headers: ["Authorization: Bearer key-b"])
            #expect(reply.status == 400)
            #expect(reply.problem == "invalid-header")
            #expect(reply.json["field"] == "Authorization")
        }
    }

    @Test("signed and anonymous calls need no credential")
    func open() async throws {
        try await TestServer.run(Self.routes) { server async throws in
            #expect(try await server.call("POST", "/v1/callbacks", key: nil).status == 200)
            #expect(try await server.call("GET", "/v1/open", key: nil).status == 200)
        }
    }
}
