import SwiftProtobuf
import SwiftProtobufPluginLibrary

@testable import protoc_gen_kontor

/// A small contract built in memory, so that a test can leave out or change one thing and see what the plugin says.
struct SampleContract {
    var operation = KontorOperation.with {
        $0.get = "/v1/books/{book_id}"
        $0.scope = "books:read"
        $0.summary = "Show a book"
        $0.price = .with {
            $0.meter = "books.read"
            $0.tier = .standard
            $0.ratePerSecond = 10
            $0.burst = 20
        }
        $0.promise = .with {
            $0.p99Ms = 50
            $0.deadlineMs = 2_000
        }
    }
    var request = [field("book_id", 1, .string), field("page_size", 2, .int32)]
    var reply = [field("title", 1, .string), field("content", 2, .bytes)]
    var methods = ["GetBook"]
    var capability = "books"
    var isEvent = false
    var identifiers: [KontorIdentifier] = []

    static func field(
        _ name: String, _ number: Int32, _ type: Google_Protobuf_FieldDescriptorProto.TypeEnum,
        repeated: Bool = false, of typeName: String = "",
        _ options: (inout Google_Protobuf_FieldOptions) -> Void = { _ in }
    ) -> Google_Protobuf_FieldDescriptorProto {
        .with {
            $0.name = name
            $0.jsonName = NamingUtils.toJsonFieldName(name)
            $0.number = number
            $0.type = type
            $0.label = repeated ? .repeated : .optional
            if !typeName.isEmpty { $0.typeName = typeName }
            options(&$0.options)
        }
    }

    /// Line numbers of protobuf begin at 0: the service stands on line 5, its first call on line 8.
    private static let places: [(path: [Int32], line: Int32)] = [([6, 0], 4), ([6, 0, 2, 0], 7), ([4, 0, 2, 0], 19)]

    var file: Google_Protobuf_FileDescriptorProto {
        .with { file in
            file.name = "kontor/books/v1/books.proto"
            file.package = "kontor.books.v1"
            file.syntax = "proto3"
            file.options.swiftPrefix = "V1"
            file.options.Kontoridentifier = identifiers
            file.messageType = [
                .with {
                    $0.name = "GetBookRequest"
                    $0.field = request
                    if isEvent { $0.options.Kontorevent = .with { $0.since = "1" } }
                },
                .with {
                    $0.name = "Book"
                    $0.field = reply
                }
            ]
            file.service = [
                .with { service in
                    service.name = "Books"
                    service.options.Kontorcapability = capability
                    service.method = methods.map { name in
                        .with {
                            $0.name = name
                            $0.inputType = ".kontor.books.v1.GetBookRequest"
                            $0.outputType = ".kontor.books.v1.Book"
                            $0.options.Kontoroperation = operation
                        }
                    }
                }
            ]
            file.sourceCodeInfo.location = SampleContract.places.map { place in
                .with {
                    $0.path = place.path
                    $0.span = [place.line, 0, 10]
                }
            }
        }
    }

    /// What protoc would be answered.
    func generated(_ parameter: String = "") -> Google_Protobuf_Compiler_CodeGeneratorResponse {
        let request = Google_Protobuf_Compiler_CodeGeneratorRequest.with {
            $0.fileToGenerate = [file.name]
            $0.parameter = parameter
            $0.protoFile = [file]
        }
        return generateCode(request: request, generator: Generator())
    }
}
