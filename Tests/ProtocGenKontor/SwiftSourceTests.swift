import SwiftProtobuf
import SwiftProtobufPluginLibrary
import Testing

@testable import protoc_gen_kontor

@Suite("The generated Swift")
struct SwiftSourceTests {
    private func source(_ change: (inout SampleContract) -> Void = { _ in }) -> String {
        var contract = SampleContract()
        change(&contract)
        let response = contract.generated()
        #expect(response.error == "")
        #expect(response.file.map(\.name) == ["books.kontor.swift"])
        return response.file.first?.content ?? ""
    }

    @Test("a service becomes a protocol with its summaries")
    func serviceProtocol() {
        let source = source()
        #expect(source.contains("public protocol BooksService: Sendable {"))
        #expect(
            source.contains(
                "    /// Show a book\n    func getBook(_ request: V1GetBookRequest, _ context: CallContext)"))
    }

    @Test("an operation says everything that the contract says")
    func operation() {
        let source = source()
        #expect(source.contains(#"name: "kontor.books.v1.Books/GetBook", capability: "books""#))
        #expect(source.contains(#"method: .get, path: "/v1/books/{book_id}", scope: "books:read", access: .tenant"#))
        #expect(
            source.contains(
                #"Price(meter: "books.read", tier: .standard, quotaScope: .tenant, ratePerSecond: 10, burst: 20)"#))
        #expect(source.contains("deadlineMs: 2000"))
        #expect(source.contains("idempotency: .none, successStatus: 200"))
    }

    @Test("path and query parameters fill fields of their kind")
    func parameters() {
        let source = source()
        #expect(source.contains(#"case "book_id": request.bookID = parameter.string"#))
        #expect(source.contains(#"case "page_size": request.pageSize = try parameter.int32()"#))
    }

    @Test("a call with a body refuses one that contradicts the path")
    func body() {
        let source = source { $0.operation.route = .post("/v1/books/{book_id}") }
        #expect(source.contains("var request = try call.message(V1GetBookRequest.self)"))
        #expect(source.contains("request.bookID = try parameter.string(agreeingWith: request.bookID)"))
        #expect(!source.contains(#"case "page_size""#))
    }

    @Test("raw bodies and replies pass as they are")
    func raw() {
        let source = source {
            $0.operation.route = .post("/v1/books/{book_id}")
            $0.request.append(SampleContract.field("file", 3, .bytes))
            $0.operation.rawBody = "file"
            $0.operation.rawReply = "content"
            $0.operation.replyType = "text/csv"
        }
        #expect(source.contains("request.file = .init(call.body)"))
        #expect(source.contains(#"return call.reply(raw: reply.content, type: "text/csv")"#))
        #expect(source.contains(#"rawBodyField: "file""#))
    }

    @Test("rules become checks before the service is called")
    func rules() {
        let source = source {
            $0.request[0].options.Kontorrule = .with {
                $0.required = true
                $0.pattern = "[a-z]{1,8}"
            }
            $0.request[1].options.Kontorrule = .with { $0.max = 200 }
        }
        #expect(source.contains(#"try request.validate("")"#))
        #expect(source.contains(#"private static let bookIDPattern = TextPattern("[a-z]{1,8}")"#))
        #expect(source.contains(#"try FieldRule.required(!bookID.isEmpty, path + "book_id")"#))
        #expect(source.contains(#"try FieldRule.range(Int64(clamping: pageSize), nil, 200, path + "page_size")"#))
    }

    @Test("personal fields are listed")
    func personal() {
        let source = source {
            $0.request.append(SampleContract.field("email", 3, .string) { $0.Kontorprivacy = .email })
        }
        #expect(
            source.contains(
                #"PrivacyField(message: "kontor.books.v1.GetBookRequest", field: "email", kind: .email)"#))
    }
}
