import SwiftProtobuf
import SwiftProtobufPluginLibrary
import Testing

@testable import protoc_gen_kontor

@Suite("Comparing with the last release")
struct CompatibilityTests {
    private func breaks(_ change: (inout SampleContract) -> Void) -> [String] {
        let released = Google_Protobuf_FileDescriptorSet.with { $0.file = [SampleContract().file] }
        var contract = SampleContract()
        change(&contract)
        return Compatibility(released).breaks(in: DescriptorSet(protos: [contract.file]).files)
    }

    @Test("the same contract, and one with more in it, breaks nothing")
    func compatible() {
        #expect(breaks { _ in } == [])
        #expect(breaks { $0.request.append(SampleContract.field("language", 3, .string)) } == [])
        #expect(breaks { $0.operation.summary = "Another summary" } == [])
    }

    @Test("a field that is gone, renumbered or retyped is a break")
    func fields() {
        #expect(breaks { $0.reply.removeFirst() } == ["kontor.books.v1.Book.title is gone"])
        #expect(breaks { $0.reply[0].number = 7 } == ["kontor.books.v1.Book.title has another number"])
        #expect(breaks { $0.reply[0].type = .int64 } == ["kontor.books.v1.Book.title has another type"])
        #expect(breaks { $0.reply[0].label = .repeated } == ["kontor.books.v1.Book.title has another type"])
    }

    @Test("a call that is gone, moved or asks for more is a break")
    func calls() {
        #expect(breaks { $0.methods = ["ShowBook"] } == ["kontor.books.v1.Books.GetBook is gone"])
        #expect(
            breaks { $0.operation.get = "/v1/book/{book_id}" }
                == ["kontor.books.v1.Books.GetBook moved from get /v1/books/{book_id} to get /v1/book/{book_id}"])
        #expect(breaks { $0.operation.scope = "books:admin" }.count == 1)
        #expect(breaks { $0.operation.successStatus = 204 }.count == 1)
    }

    @Test("a field of a request that becomes required is a break, also a new one")
    func required() {
        #expect(
            breaks { $0.request[1].options.Kontorrequired = true }
                == ["kontor.books.v1.GetBookRequest.page_size is required now, and was not"])
        #expect(
            breaks {
                $0.request.append(SampleContract.field("edition", 3, .string) { $0.Kontorrequired = true })
            } == ["kontor.books.v1.GetBookRequest.edition is required now, and was not"])
    }
}
