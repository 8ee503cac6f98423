import SwiftProtobuf
import SwiftProtobufPluginLibrary
import Testing

@testable import protoc_gen_kontor

@Suite("The contract's linter")
struct LinterTests {
    private func refusal(_ change: (inout SampleContract) -> Void) -> String {
        var contract = SampleContract()
        change(&contract)
        return contract.generated().error
    }

    @Test("a whole contract passes")
    func passes() {
        #expect(SampleContract().generated().error == "")
    }

    @Test("a refusal names file, line and call")
    func place() {
        #expect(
            refusal { $0.operation.summary = "" }
                == "kontor/books/v1/books.proto:8: kontor.books.v1.Books.GetBook has no summary")
    }

    @Test("a call without route, scope, price or promise is refused")
    func missing() {
        #expect(refusal { $0.operation.route = nil }.hasSuffix("has no route: one of get, post, put, patch, delete"))
        #expect(refusal { $0.operation.scope = "" }.hasSuffix("has no scope"))
        #expect(refusal { $0.operation.clearPrice() }.hasSuffix("has no price with meter, rate_per_second and burst"))
        #expect(
            refusal { $0.operation.price.burst = 0 }.hasSuffix("has no price with meter, rate_per_second and burst"))
        #expect(refusal { $0.operation.clearPromise() }.hasSuffix("has no promise with p99_ms and deadline_ms"))
        #expect(refusal { $0.capability = "" }.hasSuffix("Books has no option (kontor.capability)"))
    }

    @Test("a signed or anonymous call may do without a scope")
    func openCalls() {
        for access in [KontorOperation.Access.signed, .anonymous] {
            let error = refusal {
                $0.operation.scope = ""
                $0.operation.access = access
            }
            #expect(error == "")
        }
    }

    @Test("two calls of one route are refused, whatever their parameters are called")
    func duplicateRoutes() {
        #expect(refusal { $0.methods = ["GetBook", "ShowBook"] }.contains("has the same route as"))
    }

    @Test("a path parameter needs a simple field of its name")
    func pathParameters() {
        #expect(refusal { $0.operation.get = "/v1/books/{isbn}" }.contains("{isbn} without a simple field"))
        #expect(
            refusal { $0.request[0].label = .repeated }.contains("{book_id} without a simple field"))
        #expect(refusal { $0.operation.get = "/books/{book_id}" }.contains("does not begin with /v1/"))
    }

    @Test("a call without a body takes simple fields only")
    func parametersOfGet() {
        let error = refusal { $0.request.append(SampleContract.field("tags", 3, .string, repeated: true)) }
        #expect(error.contains("its field \"tags\" is too much for a parameter"))
    }

    @Test("raw bodies and replies need bytes fields, and a reply its type")
    func raw() {
        #expect(refusal { $0.operation.rawBody = "book_id" }.contains("no bytes field of its request"))
        #expect(refusal { $0.operation.rawReply = "title" }.contains("no bytes field of its reply"))
        #expect(refusal { $0.operation.rawReply = "content" }.contains("has a raw_reply and no reply_type"))
    }

    @Test(
        "a text that sounds personal must say so", arguments: ["email", "author_phone", "billing_address", "full_name"])
    func personal(_ name: String) {
        let error = refusal { $0.request.append(SampleContract.field(name, 3, .string)) }
        #expect(error.contains("GetBookRequest.\(name) sounds like"))
        let marked = refusal {
            $0.request.append(SampleContract.field(name, 3, .string) { $0.Kontorprivacy = .email })
        }
        #expect(marked == "")
    }

    @Test("tokens and identifiers of personal things are not personal", arguments: ["email_token", "address_id"])
    func tokens(_ name: String) {
        #expect(refusal { $0.request.append(SampleContract.field(name, 3, .string)) } == "")
    }

    @Test("an event never carries a personal field")
    func events() {
        let error = refusal {
            $0.isEvent = true
            $0.request.append(SampleContract.field("email", 3, .string) { $0.Kontorprivacy = .email })
        }
        #expect(error.contains("an event carries the vault's token"))
    }

    @Test("a pattern that the runtime does not offer is refused", arguments: ["(a|b)", "^a$", "a.b", "[a-z"])
    func patterns(_ pattern: String) {
        let error = refusal {
            $0.request.append(SampleContract.field("sku", 3, .string) { $0.Kontorrule.pattern = pattern })
        }
        #expect(error.contains("has the pattern \(pattern)"))
    }
}
