import Testing

@testable import Console

@Suite("Access")
struct AccessTests {
    private func header(_ reply: ConsoleReply, _ name: String) -> String? {
        reply.headers.first { $0.name == name }?.value
    }

    @Test("who has not signed in is led to the door", arguments: ConsoleVisitor.pages)
    func signedOut(path: String) async throws {
        var visitor = try await ConsoleVisitor()
        for cookie in [nil, "kontor_session=kontor_test_abc_wrong", "kontor_session=", "other=1"] {
            visitor.cookie = cookie
            let reply = await visitor.get(path)
            #expect(reply.status == 303)
            #expect(header(reply, "location") == "/console/sign-in")
            #expect(reply.body.isEmpty)
        }
    }

    @Test("signing in sets a cookie that scripts and other sites cannot use")
    func signIn() async throws {
        var visitor = try await ConsoleVisitor()
        visitor.cookie = nil
        let reply = await visitor.post("/console/sign-in", "credential=+\(ConsoleVisitor.key)%20")
        #expect(reply.status == 303)
        let cookie = try #require(header(reply, "set-cookie"))
        #expect(cookie.hasPrefix("kontor_session=\(ConsoleVisitor.key);"))
        #expect(cookie.contains("HttpOnly"))
        #expect(cookie.contains("SameSite=Strict"))
        #expect(cookie.contains("Path=/console"))
    }

    @Test(
        "a wrong credential gets one answer and no cookie",
        arguments: [
            "credential=kontor_test_abc_wrong", "credential=", "", "credential=a%0d%0aset-cookie:x=1", "credential=a;b"
        ])
    func refused(body: String) async throws {
        var visitor = try await ConsoleVisitor()
        visitor.cookie = nil
        let reply = await visitor.post("/console/sign-in", body)
        #expect(reply.status == 401)
        #expect(header(reply, "set-cookie") == nil)
        #expect(reply.text.contains("role=\"alert\""))
        try Album.keep(reply, "refused")
    }

    @Test(
        "a form of another site is refused",
        arguments: [
            [("origin", "https://evil.test")], [("sec-fetch-site", "cross-site")], [("sec-fetch-site", "same-site")],
            [("origin", "null")]
        ])
    func foreign(headers: [(String, String)]) async throws {
        let visitor = try await ConsoleVisitor()
        for path in ["/console/sign-in", "/console/sign-out", "/console/journal/verify"] {
            let reply = await visitor.post(path, headers: headers.map { (name: $0.0, value: $0.1) })
            #expect(reply.status == 403)
            #expect(header(reply, "set-cookie") == nil)
        }
        let own = await visitor.post("/console/journal/verify", headers: [("origin", "http://mall.test")])
        #expect(own.status == 200)
    }

    @Test("signing out forgets the credential")
    func signOut() async throws {
        let reply = await (try await ConsoleVisitor()).post("/console/sign-out")
        #expect(reply.status == 303)
        #expect(header(reply, "set-cookie")?.hasPrefix("kontor_session=;") == true)
    }

    @Test("pages are private, and browsers load nothing that is not ours")
    func headers() async throws {
        let reply = await (try await ConsoleVisitor()).get("/console")
        #expect(header(reply, "cache-control") == "no-store")
        #expect(header(reply, "content-security-policy")?.contains("default-src 'self'") == true)
        let style = await (try await ConsoleVisitor()).get("/console/assets/console.css")
        #expect(style.contentType == "text/css; charset=utf-8")
        #expect(!style.text.contains("://"))
        #expect(await (try await ConsoleVisitor()).get("/console/assets/nothing.css").status == 404)
    }

    @Test("only GET and POST are answered")
    func methods() async throws {
        let visitor = try await ConsoleVisitor()
        let reply = await visitor.console.handle(ConsoleRequest(method: "DELETE", path: "/console"))
        #expect(reply.status == 405)
    }

    @Test("a body over the limit is refused")
    func bodyLimit() async throws {
        let visitor = try await ConsoleVisitor()
        let reply = await visitor.post("/console/sign-in", String(repeating: "a", count: Form.bodyLimit + 1))
        #expect(reply.status == 413)
    }
}
