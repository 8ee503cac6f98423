import Contract
import Testing

@Suite("Path and query parameters")
struct ParameterTests {
    private func read(
        path: [String: String] = [:], _ query: [(name: String, value: String)] = []
    ) async throws -> Problem? {
        let call = try await Samples.call(path: path, query: query)
        return problem {
            try call.parameters { parameter in
                switch parameter.name {
                case "id": _ = try parameter.string(agreeingWith: "a")
                case "size": _ = try parameter.int32()
                case "open": _ = try parameter.bool()
                case "state": let _: Int = try parameter.enumeration(["NEW": 1, "OLD": 2])
                default: return false
                }
                return true
            }
        }
    }

    @Test("known parameters are read")
    func known() async throws {
        let refusal = try await read(
            path: ["id": "a"], [("size", "-5"), ("open", "true"), ("state", "OLD")])
        #expect(refusal == nil)
    }

    @Test(
        "what a field cannot take is refused by its name",
        arguments: [
            ("size", "x"), ("size", ""), ("size", "+1"), ("size", "2147483648"), ("size", "1.0"), ("open", "1"),
            ("state", "new"), ("colour", "red")
        ])
    func refused(_ name: String, _ value: String) async throws {
        let refusal = try #require(try await read([(name, value)]))
        #expect(refusal.type == "invalid-parameter")
        #expect(refusal.status == 400)
        #expect(refusal.field == name)
    }

    @Test("a parameter sent twice is refused")
    func twice() async throws {
        #expect(try await read([("size", "1"), ("size", "1")])?.detail.contains("more than once") == true)
    }

    @Test("a body that contradicts the path is refused")
    func contradiction() async throws {
        let refusal = try #require(try await read(path: ["id": "b"]))
        #expect(refusal.field == "id")
        #expect(refusal.status == 422)
    }
}
