import Contract
import Logging
import Runtime
import Store
import Synchronization
import Testing

@testable import Gateway

/// What leaves the house when something goes wrong inside.
@Suite struct FailureTests {
    @Test("a capability's error is its problem, with its members")
    func convertible() async throws {
        try await TestServer.run([Stub.throwing("/v1/fails", Stub.Refusal())]) { server async throws in
            let reply = try await server.call("GET", "/v1/fails")
            #expect(reply.status == 409)
            #expect(reply.problem == "insufficient-stock")
            #expect(reply.json["field"] == "lines")
            #expect(reply.json["sku"] == "TEA-1")
            #expect(reply.json["instance"] == reply.header("X-Request-Id"))
        }
    }

    @Test("an unknown error is 500, says nothing of itself, and is in the log under the request's id")
    func secret() async throws {
        let log = TestLog()
        try await TestServer.run([Stub.throwing("/v1/fails", Stub.Secret())], logger: log.logger) {
            server async throws in
            let reply = try await server.call("GET", "/v1/fails")
            #expect(reply.status == 500)
            #expect(reply.problem == "internal")
            #expect(!reply.text.contains("anna"))
            #expect(!reply.text.contains("Secret"))
            let id = try #require(reply.header("X-Request-Id"))
            #expect(log.lines.contains { $0.contains(id) && $0.contains("fault=Secret") })
            #expect(!log.lines.contains { $0.contains("anna") })
        }
    }

    @Test("a line of the log names the operation and the outcome, never the query, the key or the path's values")
    func log() async throws {
        let log = TestLog()
        let route = Stub.echo(Stub.operation(.get, "/v1/things/{id}", scope: "things:read"))
        try await TestServer.run([route], logger: log.logger) { server async throws in
            _ = try await server.call("GET", "/v1/things/anna?mail=anna@example.org")
            let line = try #require(log.lines.first { $0.hasPrefix("request ") })
            #expect(line.contains("operation=kontor.things.v1.Things/Do"))
            #expect(line.contains("status=200"))
            #expect(line.contains("tenant=ten_a"))
            for secret in ["anna", "key-a", "mail"] { #expect(!log.lines.contains { $0.contains(secret) }) }
        }
    }

    @Test("the store's refusals have their own answers")
    func store() async throws {
        let cases: [(StoreError, Int, String, String?)] = [
            (StoreError(.busy, "full", retryAfter: .milliseconds(1_250)), 503, "busy", "2"),
            (StoreError(.busy, "full"), 503, "busy", "1"),
            (StoreError(.closed, "closing"), 503, "unavailable", "1"),
            (StoreError(.deadlineExceeded, "late"), 504, "deadline-exceeded", nil),
            (StoreError(.idempotencyKeyReused, "again"), 422, "idempotency-key-reused", nil),
            (StoreError(.diskFull, "/var/lib/kontor is full"), 507, "storage-full", "60"),
            (StoreError(.unavailable, "no route to host 10.0.0.1"), 503, "unavailable", "1"),
            (StoreError(.outcomeUnknown, "lost while committing"), 503, "outcome-unknown", "1")
        ]
        for (error, status, type, retryAfter) in cases {
            try await TestServer.run([Stub.throwing("/v1/fails", error)]) { server async throws in
                let reply = try await server.call("GET", "/v1/fails")
                #expect(reply.status == status)
                #expect(reply.problem == type)
                #expect(reply.header("Retry-After") == retryAfter)
                #expect(!reply.text.contains("/var/lib"))
            }
        }
    }

    @Test("a call that outlives its deadline is answered 504 while it runs on to its end")
    func outlived() async throws {
        let gate = Gate()
        let slow = Route(Stub.operation(.post, "/v1/slow", deadlineMs: 2_000)) { _ in
            await gate.enter()
            return Stub.reply("{}")
        }
        try await TestServer.run([slow]) { server async throws in
            async let reply = server.call("POST", "/v1/slow")
            await gate.entered()
            server.world.manualClock?.advance(by: .milliseconds(2_001))
            #expect(try await reply.status == 504)
            #expect(try await reply.problem == "deadline-exceeded")
            gate.open()
        }
    }

    @Test("a graceful stop answers the request that runs, and takes no new connection")
    func gracefulStop() async throws {
        let gate = Gate()
        let slow = Route(Stub.operation(.post, "/v1/slow")) { _ in
            await gate.enter()
            return Stub.reply(#"{"done":true}"#)
        }
        try await TestServer.run([slow]) { server async throws in
            async let reply = server.call("POST", "/v1/slow")
            await gate.entered()
            await server.stop()
            // The listening socket closes soon after the signal; the loop waits for that and not for a time.
            while (try? await server.call("GET", "/healthz")) != nil { try await Task.sleep(for: .milliseconds(5)) }
            gate.open()
            #expect(try await reply.status == 200)
            #expect(try await reply.header("Connection") == "close")
        }
    }
}

/// Holds a call inside its handler until the test opens it.
final class Gate: Sendable {
    private let arrival = AsyncStream.makeStream(of: Void.self)
    private let opening = AsyncStream.makeStream(of: Void.self)

    func enter() async {
        arrival.continuation.yield()
        for await _ in opening.stream { return }
    }

    func entered() async {
        for await _ in arrival.stream { return }
    }

    func open() { opening.continuation.finish() }
}

/// Keeps what was logged.
final class TestLog: Sendable {
    private let kept = Mutex<[String]>([])

    var lines: [String] { kept.withLock { $0 } }

    var logger: Logger {
        var logger = Logger(label: "test") { _ in Handler(log: self) }
        logger.logLevel = .debug
        return logger
    }

    private struct Handler: LogHandler {
        let log: TestLog
        var metadata: Logger.Metadata = [:]
        var logLevel = Logger.Level.debug

        subscript(metadataKey key: String) -> Logger.Metadata.Value? {
            get { metadata[key] }
            set { metadata[key] = newValue }
        }

        func log(event: LogEvent) {
            let pairs = (event.metadata ?? [:]).map { "\($0.key)=\($0.value)" }.sorted().joined(separator: " ")
            log.kept.withLock { $0.append("\(event.message) \(pairs)") }
        }
    }
}
