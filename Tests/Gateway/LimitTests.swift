import Contract
import Testing

@testable import Gateway

/// Sizes, times and bytes that are no HTTP.
@Suite struct LimitTests {
    private static let routes = [
        Stub.echo(Stub.operation(.post, "/v1/things", name: "Add")),
        Stub.echo(Stub.operation(.post, "/v1/files", name: "Upload", rawBody: "csv")),
        Stub.echo(Stub.operation(.get, "/v1/things", name: "List", scope: "things:read"))
    ]

    private static var small: GatewaySettings {
        var settings = GatewaySettings()
        settings.bodyLimitBytes = 1_000
        settings.rawBodyLimitBytes = 5_000
        return settings
    }

    @Test("a body at the limit passes, one byte more is 413")
    func bodyLimit() async throws {
        try await TestServer.run(Self.routes, settings: Self.small) { server async throws in
            let full = try await server.call("POST", "/v1/things", body: String(repeating: " ", count: 1_000))
            #expect(full.json["bytes"] == "1000")
            let over = try await server.call("POST", "/v1/things", body: String(repeating: " ", count: 1_001))
            #expect(over.status == 413)
            #expect(over.problem == "body-too-large")
            #expect(over.json["detail"]?.contains("1000 bytes") == true)
        }
    }

    @Test("a file's call takes more")
    func rawLimit() async throws {
        try await TestServer.run(Self.routes, settings: Self.small) { server async throws in
            let file = String(repeating: "x", count: 5_000)
            #expect(try await server.call("POST", "/v1/files", body: file, type: "text/csv").json["bytes"] == "5000")
            #expect(try await server.call("POST", "/v1/files", body: file + "x", type: "text/csv").status == 413)
        }
    }

    @Test("a length that is only announced is refused before it is sent, and the connection ends")
    func announced() async throws {
        try await TestServer.run(Self.routes, settings: Self.small) { server async throws in
            let connection = try server.connect()
            try await connection.send(
                TestServer.request(
                    "POST", "/v1/things", headers: ["Content-Type: application/json", "Content-Length: 99999999999"]))
            let reply = try await connection.reply()
            #expect(reply.status == 413)
            #expect(reply.header("Connection") == "close")
            #expect(try await connection.isClosedByPeer())
        }
    }

    @Test("a chunked body over the limit is 413 without an announced length")
    func chunked() async throws {
        try await TestServer.run(Self.routes, settings: Self.small) { server async throws in
            let connection = try server.connect()
            try await connection.send(
                TestServer.request(
                    "POST", "/v1/things", headers: ["Content-Type: application/json", "Transfer-Encoding: chunked"]))
            try await connection.send("258\r\n" + String(repeating: " ", count: 600) + "\r\n")
            try await connection.send("258\r\n" + String(repeating: " ", count: 600) + "\r\n")
            #expect(try await connection.reply().status == 413)
        }
    }

    @Test("a chunked body within the limit arrives whole")
    func chunkedWhole() async throws {
        try await TestServer.run(Self.routes, settings: Self.small) { server async throws in
            let connection = try server.connect()
            try await connection.send(
                TestServer.request(
                    "POST", "/v1/things", headers: ["Content-Type: application/json", "Transfer-Encoding: chunked"]))
            try await connection.send("2\r\n{ \r\n1\r\n}\r\n0\r\n\r\n")
            #expect(try await connection.reply().json["bytes"] == "3")
        }
    }

    @Test("a body that trickles is 408 and the connection ends")
    func slowBody() async throws {
        var settings = Self.small
        settings.bodyTimeout = .milliseconds(200)
        try await TestServer.run(Self.routes, settings: settings) { server async throws in
            let connection = try server.connect()
            try await connection.send(
                TestServer.request(
                    "POST", "/v1/things", headers: ["Content-Type: application/json", "Content-Length: 500"]) + "{")
            let reply = try await connection.reply()
            #expect(reply.status == 408)
            #expect(reply.problem == "request-timeout")
            #expect(reply.header("Connection") == "close")
            #expect(try await connection.isClosedByPeer())
        }
    }

    @Test("a head that never ends is closed")
    func slowHead() async throws {
        var settings = Self.small
        settings.idleTimeout = .milliseconds(300)
        try await TestServer.run(Self.routes, settings: settings) { server async throws in
            let connection = try server.connect()
            try await connection.send("GET /v1/things HTTP/1.1\r\nHost: loc")
            #expect(try await connection.isClosedByPeer())
        }
    }

    @Test("a header over the limit, or too many of them, is 431", arguments: [(1, 20_000), (8, 8_000), (200, 5)])
    func headers(count: Int, size: Int) async throws {
        try await TestServer.run(Self.routes) { server async throws in
            let headers = (0..<count).map { "X-Filler-\($0): " + String(repeating: "x", count: size) }
            let reply = try await server.call("GET", "/v1/things", headers: headers)
            #expect(reply.status == 431)
            #expect(reply.problem == "headers-too-large")
            #expect(reply.header("Connection") == "close")
        }
    }

    @Test(
        "what is no HTTP is 400 with a problem",
        arguments: [
            "HELLO\r\n\r\n", "GET /v1/things HTTP/9.9\r\n\r\n", "GET /v1/things HTTP/1.1\r\nBad Header: x\r\n\r\n",
            "\u{16}\u{3}\u{1}\u{2}\u{0}\u{1}", "POST /v1/things HTTP/1.1\r\nContent-Length: abc\r\n\r\n",
            "POST /v1/things HTTP/1.1\r\nContent-Length: 3\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n"
        ])
    func noise(bytes: String) async throws {
        try await TestServer.run(Self.routes) { server async throws in
            let connection = try server.connect()
            try await connection.send(bytes)
            let reply = try await connection.reply()
            #expect(reply.status == 400)
            #expect(reply.problem == "malformed-request")
            #expect(reply.header("X-Content-Type-Options") == "nosniff")
            #expect(try await connection.isClosedByPeer())
        }
    }

    @Test("a broken chunk inside a body is 400")
    func brokenChunk() async throws {
        try await TestServer.run(Self.routes) { server async throws in
            let connection = try server.connect()
            try await connection.send(
                TestServer.request(
                    "POST", "/v1/things", headers: ["Content-Type: application/json", "Transfer-Encoding: chunked"])
                    + "zz\r\n{}\r\n")
            #expect(try await connection.reply().status == 400)
        }
    }

    @Test("pipelined requests are answered in order, and noise after them still gets its problem")
    func pipelined() async throws {
        try await TestServer.run(Self.routes) { server async throws in
            let connection = try server.connect()
            let first = TestServer.request("GET", "/v1/things?n=1")
            let second = TestServer.request("GET", "/v1/things?n=2")
            try await connection.send(first + second + "NOISE\r\n\r\n")
            #expect(try await connection.reply().json["query.n"] == "1")
            #expect(try await connection.reply().json["query.n"] == "2")
            #expect(try await connection.reply().status == 400)
            #expect(try await connection.isClosedByPeer())
        }
    }

    @Test("a client that waits for permission to send gets it")
    func expectContinue() async throws {
        try await TestServer.run(Self.routes) { server async throws in
            let connection = try server.connect()
            try await connection.send(
                TestServer.request(
                    "POST", "/v1/things",
                    headers: ["Content-Type: application/json", "Content-Length: 2", "Expect: 100-continue"]))
            #expect(try await connection.reply().status == 100)
            try await connection.send("{}")
            #expect(try await connection.reply().json["bytes"] == "2")
        }
    }
}
