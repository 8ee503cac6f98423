import Contract
import Foundation
import Testing

@Suite("Problem documents")
struct ProblemTests {
    @Test("a problem is written as RFC 9457 says")
    func json() {
        let problem = Problem.invalid(field: "quantity", value: "0", rule: "is below the least allowed, 1")
        #expect(
            String(decoding: problem.json(instance: "req_1"), as: UTF8.self)
                == #"{"type":"https://kontor.dev/problems/invalid-field","title":"A field has a value that is not allowed","#
                + #""status":422,"detail":"quantity: \"0\" is below the least allowed, 1","field":"quantity","instance":"req_1"}"#
        )
    }

    @Test("whatever text a problem quotes, its document is JSON and says the same")
    func quoting() throws {
        for text in ["\"", "\\", "\n\t\r\u{0}\u{1f}", "é 漢 🛒", "</script>", String(repeating: "x", count: 70)] {
            let problem = Problem.invalid(field: "a", value: text, rule: "b")
            let parsed = try JSONSerialization.jsonObject(with: Data(problem.json())) as? [String: Any]
            #expect(parsed?["detail"] as? String == problem.detail)
        }
    }

    @Test("a long value is shortened")
    func long() {
        let problem = Problem.invalid(field: "a", value: String(repeating: "é", count: 1_000), rule: "is too long")
        #expect(problem.detail.count < 120)
    }

    @Test("further members stand beside the standard ones, in a fixed order")
    func extensions() {
        let problem = Problem.conflict("no", extensions: ["state": "paid", "allowed": "cancel"])
        #expect(String(decoding: problem.json(), as: UTF8.self).hasSuffix(#""allowed":"cancel","state":"paid"}"#))
    }
}
