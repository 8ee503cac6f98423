import Testing

@testable import Console

@Suite("The page on which a rule is tried")
struct RulePageTests {
    private func tried(_ expression: String, on sample: String = RuleTrial.sample) async throws -> String {
        let body = "expression=\(URLText.encode(expression))&sample=\(URLText.encode(sample))"
        let reply = await (try await ConsoleVisitor()).post("/console/rules", body)
        #expect(reply.status == 200)
        return reply.text
    }

    @Test("an expression shows its value, its type and what it cost")
    func value() async throws {
        let text = try await tried("cart.lines.map(l, l.price * l.quantity)")
        #expect(text.contains("<code>[19800, 1100, 5000]</code>"))
        #expect(text.contains("<code>list(int)</code>"))
        #expect(!text.contains("role=\"alert\""))
        #expect(try await tried("now - customer.since").contains("google.protobuf.Duration"))
    }

    @Test("a field that is misspelled is found before the rule runs, with a caret below it")
    func misspelled() async throws {
        let text = try await tried("cart.subtotl >= 20000")
        #expect(text.contains("role=\"alert\""))
        #expect(text.contains("subtotl"))
        #expect(text.contains("\n    ^"))
    }

    @Test("a rule that fails when it runs says so, and one that is endless is stopped")
    func failing() async throws {
        #expect(try await tried("cart.subtotal / 0 > 1").contains("role=\"alert\""))
        let nested = "lists.range(1000).all(a, lists.range(1000).all(b, a + b >= 0))"
        #expect(try await tried(nested).contains("costs more than"))
    }

    @Test("the types of the sample stand beside it, and follow when it is edited")
    func types() async throws {
        let text = try await tried(
            "total > 3 && has(tags[0].note)", on: #"{"total": 4, "tags": [{"id": 1}, {"note": "x"}]}"#)
        #expect(text.contains("<code>total</code>"))
        #expect(text.contains("<code>tags[0].note</code>"))
        #expect(text.contains("<code>false</code>"))
    }

    @Test("a sample that is no JSON object is refused by name", arguments: ["{", "[1]", "3", "{\"a\": }", ""])
    func badSample(sample: String) async throws {
        #expect(try await tried("1 + 1", on: sample).contains("The sample must be a JSON object"))
    }

    @Test("every example comes to a value", arguments: RuleTrial.examples)
    func examples(expression: String) async throws {
        let reply = await (try await ConsoleVisitor()).get("/console/rules", [("expression", expression)])
        #expect(reply.status == 200)
        #expect(!reply.text.contains("role=\"alert\""))
        #expect(reply.text.contains("class=\"outcome\""))
    }

    @Test("what is typed is shown as text, whatever it is")
    func escaped() async throws {
        let text = try await tried("'</textarea><script>alert(1)</script>'", on: "</textarea><script>")
        #expect(!text.contains("<script>alert"))
    }

    @Test("whoever has not signed in is asked to")
    func signIn() async throws {
        var visitor = try await ConsoleVisitor()
        visitor.cookie = nil
        #expect(await visitor.get("/console/rules").status == 303)
        #expect(await visitor.post("/console/rules", "expression=1").status == 303)
    }
}
