import Foundation
import SwiftProtobuf
import SwiftProtobufPluginLibrary
import Testing

@testable import protoc_gen_kontor

@Suite("The OpenAPI document")
struct OpenAPITests {
    /// Reads the JSON out of the generated Swift, as the compiler would.
    private func document(_ change: (inout SampleContract) -> Void = { _ in }) throws -> [String: Any] {
        var contract = SampleContract()
        change(&contract)
        let swift = try #require(contract.generated("mode=openapi").file.first).content
        let parts = swift.components(separatedBy: "##\"\"\"\n").dropFirst().map {
            $0.components(separatedBy: "\n\"\"\"##").first ?? ""
        }
        let json = Data(parts.joined(separator: "\n").utf8)
        return try #require(try JSONSerialization.jsonObject(with: json) as? [String: Any])
    }

    private func at(_ document: [String: Any], _ path: String...) -> Any? {
        path.reduce(document as Any?) { ($0 as? [String: Any])?[$1] }
    }

    @Test("a call has its parameters, its price, its promise and its scope")
    func call() throws {
        let document = try document()
        #expect(document["openapi"] as? String == "3.1.0")
        let call = try #require(at(document, "paths", "/v1/books/{book_id}", "get") as? [String: Any])
        let parameters = try #require(call["parameters"] as? [[String: Any]])
        #expect(parameters.map { $0["name"] as? String } == ["book_id", "page_size"])
        #expect(parameters.map { $0["in"] as? String } == ["path", "query"])
        #expect(call["x-scope"] as? String == "books:read")
        #expect(at(call, "x-billing", "meter") as? String == "books.read")
        #expect(at(call, "x-sla", "deadline_ms") as? Int == 2_000)
        #expect(at(call, "responses", "422", "$ref") as? String == "#/components/responses/Problem")
    }

    @Test("fields follow the rules of proto JSON")
    func schemas() throws {
        let document = try document {
            $0.reply += [
                SampleContract.field("sold", 3, .int64), SampleContract.field("tags", 4, .string, repeated: true),
                SampleContract.field("email", 5, .string) { $0.Kontorprivacy = .email }
            ]
        }
        let fields = try #require(
            at(document, "components", "schemas", "kontor.books.v1.Book", "properties") as? [String: Any])
        #expect(at(fields, "sold", "type") as? String == "string")
        #expect(at(fields, "sold", "format") as? String == "int64")
        #expect(at(fields, "content", "contentEncoding") as? String == "base64")
        #expect(at(fields, "tags", "items", "type") as? String == "string")
        #expect(at(fields, "email", "x-privacy") as? String == "email")
    }

    @Test("a body leaves out what the path says, and rules become constraints")
    func body() throws {
        let document = try document {
            $0.operation.route = .post("/v1/books/{book_id}")
            $0.operation.successStatus = 201
            $0.operation.idempotency = .required
            $0.request[1].options.Kontorrule = .with {
                $0.required = true
                $0.min = 1
                $0.max = 200
            }
        }
        let call = try #require(at(document, "paths", "/v1/books/{book_id}", "post") as? [String: Any])
        let schema = try #require(
            at(call, "requestBody", "content", "application/json", "schema") as? [String: Any])
        #expect((schema["properties"] as? [String: Any])?.keys.sorted() == ["page_size"])
        #expect(schema["required"] as? [String] == ["page_size"])
        #expect(at(schema, "properties", "page_size", "maximum") as? Int == 200)
        #expect(at(call, "responses", "201") != nil)
        let header = try #require((call["parameters"] as? [[String: Any]])?.last)
        #expect(header["name"] as? String == "Idempotency-Key")
        #expect(header["required"] as? Bool == true)
    }
}
