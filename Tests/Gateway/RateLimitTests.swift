import Contract
import Runtime
import Testing

@testable import Gateway

@Suite struct RateLimitTests {
    private static func routes(_ quota: Price.QuotaScope) -> [Route] {
        [Stub.echo(Stub.operation(.post, "/v1/things", rate: 2, burst: 3, quota: quota))]
    }

    @Test("the burst passes, the next call is 429 with a time to come back, and then it passes again")
    func limit() async throws {
        try await TestServer.run(Self.routes(.tenant)) { server async throws in
            for left in [2, 1, 0] {
                let reply = try await server.call("POST", "/v1/things")
                #expect(reply.status == 200)
                #expect(reply.header("RateLimit")?.hasPrefix("\"call\";r=\(left);") == true)
                #expect(reply.header("RateLimit-Policy") == "\"call\";q=3;w=2")
            }
            let refused = try await server.call("POST", "/v1/things")
            #expect(refused.status == 429)
            #expect(refused.problem == "rate-limited")
            #expect(refused.header("Retry-After") == "1")
            #expect(refused.header("RateLimit") == "\"call\";r=0;t=1")
            server.world.manualClock?.advance(by: .milliseconds(499))
            #expect(try await server.call("POST", "/v1/things").status == 429)
            server.world.manualClock?.advance(by: .milliseconds(1))
            #expect(try await server.call("POST", "/v1/things").status == 200)
            #expect(try await server.call("POST", "/v1/things").status == 429)
        }
    }

    @Test("one tenant's calls take nothing from another's")
    func tenants() async throws {
        try await TestServer.run(Self.routes(.tenant)) { server async throws in
            for _ in 0..<4 { _ = try await server.call("POST", "/v1/things") }
            #expect(try await server.call("POST", "/v1/things").status == 429)
            #expect(try await server.call("POST", "/v1/things", key: "key-b").status == 200)
        }
    }

    @Test("a limit of the platform is shared by all")
    func platform() async throws {
        try await TestServer.run(Self.routes(.platform)) { server async throws in
            for _ in 0..<3 { _ = try await server.call("POST", "/v1/things") }
            #expect(try await server.call("POST", "/v1/things", key: "key-b").status == 429)
        }
    }

    @Test("a call that the credential does not allow takes nothing from the bucket")
    func refusedBefore() async throws {
        try await TestServer.run(Self.routes(.tenant)) { server async throws in
            for _ in 0..<5 {
                #expect(try await server.call("POST", "/v1/things", key: "key-reader").status == 403)
            }
            #expect(try await server.call("POST", "/v1/things").status == 200)
        }
    }

    @Test("the multiplier widens the limit, and it can be off")
    func multiplier() async throws {
        var settings = GatewaySettings()
        settings.rateLimits = .enforced(multiplier: 10)
        try await TestServer.run(Self.routes(.tenant), settings: settings) { server async throws in
            for _ in 0..<30 { #expect(try await server.call("POST", "/v1/things").status == 200) }
            #expect(try await server.call("POST", "/v1/things").status == 429)
        }
        settings.rateLimits = .off
        try await TestServer.run(Self.routes(.tenant), settings: settings) { server async throws in
            for _ in 0..<40 { #expect(try await server.call("POST", "/v1/things").status == 200) }
        }
    }

    @Test("a bucket never gives more than its burst and its rate together")
    func bucket() throws {
        let limit = try #require(TokenBucket.Limit(ratePerSecond: 7, burst: 5, multiplier: 1))
        var bucket = TokenBucket()
        var taken = 0
        let seconds = 20
        for millisecond in 0..<(seconds * 1_000) where millisecond % 3 == 0 {
            if bucket.take(limit, now: Int64(millisecond) * 1_000_000).allowed { taken += 1 }
        }
        #expect(taken <= 5 + 7 * seconds)
        #expect(taken >= 7 * seconds)
    }

    @Test("the wait that a bucket names is exactly long enough")
    func wait() throws {
        let limit = try #require(TokenBucket.Limit(ratePerSecond: 3, burst: 2, multiplier: 1))
        var bucket = TokenBucket()
        var now: Int64 = 1_000_000_000_000
        while bucket.take(limit, now: now).allowed {}
        for _ in 0..<100 {
            let refused = bucket.take(limit, now: now)
            #expect(!refused.allowed)
            #expect(refused.waitNanoseconds > 0)
            #expect(!bucket.take(limit, now: now + refused.waitNanoseconds - 1).allowed)
            now += refused.waitNanoseconds
            #expect(bucket.take(limit, now: now).allowed)
        }
    }

    @Test("buckets are bounded: the least recently used makes room")
    func bounded() throws {
        let limit = try #require(TokenBucket.Limit(ratePerSecond: 1, burst: 1, multiplier: 1))
        let limiter = RateLimiter(capacity: 3)
        func take(_ holder: String) -> Bool {
            limiter.take(RateLimiter.Key(operation: 0, holder: holder), limit, now: 0).allowed
        }
        for holder in ["a", "b", "c"] { #expect(take(holder)) }
        #expect(!take("a"))
        #expect(take("d"), "d takes the place of b, which was used longest ago")
        #expect(!take("a"))
        #expect(!take("c"))
        #expect(take("b"), "b was forgotten and begins anew")
        for number in 0..<1_000 { _ = take("holder-\(number)") }
        #expect(limiter.count == 3)
    }
}
