import Contract
import Testing

@testable import Gateway

/// Headers for browsers and caches, the probes and the pages.
@Suite struct ReplyTests {
    private static let routes = [
        Route(Stub.operation(.get, "/v1/things", name: "Get", scope: "things:read")) { _ in
            Stub.reply("{}", headers: [("ETag", "\"7\"")])
        },
        Stub.echo(Stub.operation(.post, "/v1/things", name: "Add")),
        Route(Stub.operation(.delete, "/v1/things", name: "Delete")) { _ in Stub.reply("", status: 204) }
    ]

    @Test(
        "a reply that the caller has already is 304 without a body",
        arguments: ["\"7\"", "W/\"7\"", "\"1\", \"7\"", "*"])
    func unchanged(sent: String) async throws {
        try await TestServer.run(Self.routes) { server async throws in
            let reply = try await server.call("GET", "/v1/things", headers: ["If-None-Match: \(sent)"])
            #expect(reply.status == 304)
            #expect(reply.body.isEmpty)
            #expect(reply.header("ETag") == "\"7\"")
        }
    }

    @Test("another tag gets the whole reply")
    func changed() async throws {
        try await TestServer.run(Self.routes) { server async throws in
            let reply = try await server.call("GET", "/v1/things", headers: ["If-None-Match: \"8\""])
            #expect(reply.status == 200)
            #expect(reply.header("ETag") == "\"7\"")
        }
    }

    @Test("a reply without content has neither a type nor a length")
    func noContent() async throws {
        try await TestServer.run(Self.routes) { server async throws in
            let reply = try await server.call("DELETE", "/v1/things")
            #expect(reply.status == 204)
            #expect(reply.header("Content-Type") == nil)
            #expect(reply.header("Content-Length") == nil)
        }
    }

    @Test("every reply, also a refusal, carries the security headers and a request id")
    func security() async throws {
        try await TestServer.run(Self.routes) { server async throws in
            for target in ["/v1/things", "/nothing", "/healthz"] {
                let reply = try await server.call("GET", target)
                #expect(reply.header("X-Content-Type-Options") == "nosniff")
                #expect(reply.header("Referrer-Policy") == "no-referrer")
                #expect(reply.header("Content-Security-Policy")?.contains("frame-ancestors 'none'") == true)
                #expect(reply.header("Cache-Control") == "no-store")
                #expect(reply.header("Strict-Transport-Security") == nil)
                #expect(reply.header("X-Request-Id")?.count == 20)
                #expect(reply.header("Date") == "Thu, 01 Jan 2026 00:00:00 GMT")
            }
        }
    }

    @Test("behind TLS browsers are told to stay there")
    func transportSecurity() async throws {
        var settings = GatewaySettings()
        settings.behindTLS = true
        try await TestServer.run(Self.routes, settings: settings) { server async throws in
            let reply = try await server.call("GET", "/v1/things")
            #expect(reply.header("Strict-Transport-Security")?.hasPrefix("max-age=") == true)
        }
    }

    @Test("a browser of a known origin may call, one of another may not")
    func origins() async throws {
        var settings = GatewaySettings()
        settings.allowedOrigins = ["https://shop.example"]
        try await TestServer.run(Self.routes, settings: settings) { server async throws in
            let question = ["Access-Control-Request-Method: POST", "Access-Control-Request-Headers: idempotency-key"]
            let known = try await server.call(
                "OPTIONS", "/v1/things", key: nil, headers: question + ["Origin: https://shop.example"])
            #expect(known.status == 204)
            #expect(known.header("Access-Control-Allow-Origin") == "https://shop.example")
            #expect(known.header("Access-Control-Allow-Methods") == "DELETE, GET, OPTIONS, POST")
            #expect(known.header("Access-Control-Allow-Headers")?.contains("idempotency-key") == true)
            let other = try await server.call(
                "OPTIONS", "/v1/things", key: nil, headers: question + ["Origin: https://evil.example"])
            #expect(other.status == 403)
            #expect(other.problem == "origin-not-allowed")
            #expect(other.header("Access-Control-Allow-Origin") == nil)

            let call = try await server.call("GET", "/v1/things", headers: ["Origin: https://shop.example"])
            #expect(call.header("Access-Control-Allow-Origin") == "https://shop.example")
            #expect(call.header("Vary") == "Origin")
            let refusal = try await server.call(
                "GET", "/v1/things", key: nil, headers: ["Origin: https://shop.example"])
            #expect(refusal.status == 401)
            #expect(refusal.header("Access-Control-Allow-Origin") == "https://shop.example", "a page may read why")
        }
    }

    @Test("the probes tell life, readiness and what is missing")
    func probes() async throws {
        try await TestServer.run(Self.routes) { server async throws in
            #expect(try await server.call("GET", "/healthz", key: nil).json["status"] == "ok")
            #expect(try await server.call("GET", "/readyz", key: nil).status == 200)
            #expect(try await server.call("GET", "/metrics", key: nil).text == "kontor_up 1\n")
        }
        let broken = ReadinessCheck("platform-book") { "is being migrated" }
        try await TestServer.run(Self.routes, readiness: [broken]) { server async throws in
            let reply = try await server.call("GET", "/readyz", key: nil)
            #expect(reply.status == 503)
            #expect(reply.text.contains(#""platform-book":"is being migrated""#))
            #expect(try await server.call("GET", "/healthz", key: nil).status == 200)
        }
    }

    @Test("the contract is served as OpenAPI and as a page, and both have tags")
    func documents() async throws {
        try await TestServer.run(Self.routes) { server async throws in
            let openAPI = try await server.call("GET", "/openapi.json", key: nil)
            #expect(openAPI.json["openapi"] == "3.1.0")
            let tag = try #require(openAPI.header("ETag"))
            #expect(
                try await server.call("GET", "/openapi.json", key: nil, headers: ["If-None-Match: \(tag)"]).status
                    == 304)
            let docs = try await server.call("GET", "/docs", key: nil)
            #expect(docs.header("Content-Type") == "text/html; charset=utf-8")
            #expect(docs.text.contains("Does &lt;a&gt; thing"))
            #expect(docs.text.contains("things:write"))
            #expect(!docs.text.contains("http://"))
        }
    }

    @Test("pages beside the API get what they need and end at their prefix")
    func pages() async throws {
        let console = ExtraRoute(prefix: "/console") { request in
            let host = request.header("host") == nil ? "no host" : "host"
            let seen = "\(request.method) \(request.path) \(request.query.map(\.value)) \(request.body.count) \(host)"
            return PageReply(headers: [("Set-Cookie", "a=1"), ("Cache-Control", "private")], body: Array(seen.utf8))
        }
        try await TestServer.run(Self.routes, extraRoutes: [console]) { server async throws in
            let page = try await server.call("POST", "/console/orders?day=x", key: nil, body: "a=b", type: "text/plain")
            #expect(page.status == 200)
            #expect(page.text == "POST /console/orders [\"x\"] 3 host")
            #expect(page.header("Set-Cookie") == "a=1")
            #expect(page.header("Cache-Control") == "private")
            #expect(page.header("Content-Security-Policy")?.contains("style-src") == true)
            #expect(try await server.call("GET", "/console", key: nil).status == 200)
            #expect(try await server.call("GET", "/consoles", key: nil).status == 404)
        }
    }

    @Test("a page may ask for a larger body of some, and tells itself that one was too large")
    func pageBodies() async throws {
        var settings = GatewaySettings()
        settings.bodyLimitBytes = 100
        settings.rawBodyLimitBytes = 1_000
        let console = ExtraRoute(
            prefix: "/console", bodyLimit: { $0.path == "/console/files" ? 5_000 : 50 },
            handle: { PageReply(body: Array("\($0.body.count) \($0.isBodyCut ? "cut" : "whole")".utf8)) })
        let plain = ExtraRoute(prefix: "/plain") { PageReply(body: Array("\($0.body.count)".utf8)) }
        try await TestServer.run([], settings: settings, extraRoutes: [console, plain]) { server async throws in
            func post(_ path: String, _ bytes: Int) async throws -> RawConnection.Reply {
                try await server.call("POST", path, key: nil, body: String(repeating: "x", count: bytes))
            }
            #expect(try await post("/console/orders", 50).text == "50 whole")
            let cut = try await post("/console/orders", 51)
            #expect(cut.text == "0 cut" && cut.header("Connection") == "close")
            #expect(try await post("/console/files", 1_000).text == "1000 whole")
            #expect(try await post("/console/files", 1_001).text == "0 cut", "never more than any file")
            #expect(try await post("/plain", 100).text == "100")
            #expect(try await post("/plain", 101).problem == "body-too-large")
        }
    }

    @Test(
        "the Date header is written as HTTP writes it",
        arguments: [
            (784_111_777, "Sun, 06 Nov 1994 08:49:37 GMT"), (0, "Thu, 01 Jan 1970 00:00:00 GMT"),
            (1_709_208_000, "Thu, 29 Feb 2024 12:00:00 GMT"), (-1, "Wed, 31 Dec 1969 23:59:59 GMT")
        ])
    func date(second: Int64, text: String) {
        #expect(DateHeader.format(second) == text)
    }
}
