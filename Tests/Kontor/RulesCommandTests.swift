import Testing

@testable import kontor

@Suite("kontor rules")
struct RulesCommandTests {
    @Test("an expression is evaluated against JSON, with the types that are named")
    func evaluates() throws {
        let session = try RuleSession(
            bindings:
                #"{"cart": {"subtotal": 25000, "lines": [{"category": "shoes"}]}, "since": "2026-01-01T00:00:00Z"}"#,
            types: #"{"since": "timestamp"}"#)
        let answer = try session.evaluate(
            "cart.lines.exists(l, l.category == 'shoes') && cart.subtotal >= 20000 && since.getFullYear() == 2026"
        )
        #expect("\(answer.value)" == "true")
        #expect("\(answer.type)" == "bool")
        #expect(answer.cost > 0)
    }

    @Test("the REPL binds names, tells types and explains mistakes with a caret")
    func repl() throws {
        var repl = Repl(session: try RuleSession(bindings: #"{"total": 4200}"#))
        #expect(repl.answer(":let limit = total * 2") == "limit = 8400")
        #expect(repl.answer("limit > total")?.hasPrefix("true") == true)
        #expect(repl.answer(":names") == "limit: int\ntotal: int")
        #expect(repl.answer("totl > 1")?.contains("totl > 1\n^") == true)
        #expect(repl.answer("1 / 0")?.contains("zero") == true)
        #expect(repl.answer(":nothing")?.contains(":help") == true)
        #expect(repl.answer("") == "")
        #expect(repl.answer(":quit") == nil)
    }

    @Test("keys edit the line and the arrows walk through what was written before")
    func keys() {
        var line = EditedLine(history: ["first", "second"])
        for character in "ab" { #expect(line.press(.character(character)) == .editing) }
        _ = line.press(.left)
        _ = line.press(.character("x"))
        #expect(line.text == "axb")
        _ = line.press(.backspace)
        _ = line.press(.delete)
        #expect(line.text == "a")
        _ = line.press(.up)
        #expect(line.text == "second")
        _ = line.press(.up)
        _ = line.press(.up)
        #expect(line.text == "first")
        _ = line.press(.down)
        _ = line.press(.down)
        #expect(line.text == "a")
        _ = line.press(.home)
        _ = line.press(.eraseToEnd)
        #expect(line.text == "")
        #expect(line.press(.endOfInput) == .ended)
        #expect(line.press(.enter) == .done(""))
    }
}
