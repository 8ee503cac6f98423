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

    @Test("texts say how they are written: identifiers, moments, dates, states, and never empty where they are needed")
    func texts() throws {
        let document = try document {
            $0.identifiers = [.with { ($0.field, $0.prefix) = ("book_id", "bok") }]
            $0.request[0].options.Kontorrequired = true
            $0.reply += [
                SampleContract.field("sold_at", 3, .string), SampleContract.field("day", 4, .string),
                SampleContract.field("book_ids", 5, .string, repeated: true),
                SampleContract.field("state", 6, .string) {
                    $0.Kontortext = .with { $0.oneOf = ["lent", "sold"] }
                },
                SampleContract.field("shelf", 7, .string) {
                    $0.Kontorrequired = true
                    $0.Kontortext = .with { $0.example = "A4" }
                }
            ]
        }
        let call = try #require(at(document, "paths", "/v1/books/{book_id}", "get") as? [String: Any])
        let parameters = try #require(call["parameters"] as? [[String: Any]])
        #expect(at(parameters[0], "schema", "pattern") as? String == "^(bok_[0-7][0-9a-hjkmnp-tv-z]{25})$")
        #expect(at(parameters[1], "schema", "maximum") as? Int == 200)
        let fields = try #require(
            at(document, "components", "schemas", "kontor.books.v1.Book", "properties") as? [String: Any])
        #expect(at(fields, "sold_at", "format") as? String == "date-time")
        #expect(at(fields, "day", "format") as? String == "date")
        #expect((at(fields, "book_ids", "items", "pattern") as? String)?.hasPrefix("^(bok_") == true)
        #expect(at(fields, "state", "enum") as? [String] == ["lent", "sold"])
        #expect(at(fields, "shelf", "minLength") as? Int == 1)
        #expect(at(fields, "shelf", "examples") as? [String] == ["A4"])
    }

    @Test("a number that must be above zero is needed, and its digits are those of its bounds")
    func numbers() throws {
        let document = try document {
            $0.operation.route = .post("/v1/books/{book_id}")
            $0.request.append(
                SampleContract.field("copies", 3, .int64) {
                    $0.Kontorrule = .with { ($0.min, $0.max) = (1, 500) }
                })
        }
        let body = try #require(
            at(document, "paths", "/v1/books/{book_id}", "post", "requestBody") as? [String: Any])
        #expect(body["required"] as? Bool == true)
        let schema = try #require(at(body, "content", "application/json", "schema") as? [String: Any])
        #expect(schema["required"] as? [String] == ["copies"])
        #expect(at(schema, "properties", "copies", "pattern") as? String == "^[1-9][0-9]{0,2}$")
    }

    @Test("a versioned answer has its headers and its 304, another one has not")
    func versions() throws {
        let plain = try document()
        #expect(at(plain, "paths", "/v1/books/{book_id}", "get", "responses", "304") == nil)
        let document = try document { $0.operation.etag = true }
        let call = try #require(at(document, "paths", "/v1/books/{book_id}", "get") as? [String: Any])
        #expect(at(call, "responses", "304") != nil)
        #expect(at(call, "responses", "200", "headers", "ETag") != nil)
        let headers = try #require(call["parameters"] as? [[String: Any]]).filter { $0["in"] as? String == "header" }
        #expect(headers.map { $0["name"] as? String } == ["If-None-Match"])
    }
}
