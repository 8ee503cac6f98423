import Foundation
import SwiftProtobuf
import SwiftProtobufPluginLibrary

/// Turns contracts into Swift (`mode=swift`) or into one OpenAPI document (`mode=openapi`).
@main
struct Generator: CodeGenerator {
    func generate(
        files: [FileDescriptor], parameter: any CodeGeneratorParameter, protoCompilerContext: any ProtoCompilerContext,
        generatorOutputs: any GeneratorOutputs
    ) throws {
        let contracts = files.filter { $0.package.hasPrefix("kontor.") && $0.name != "kontor/annotations.proto" }
        try Linter(files: contracts).lint()
        if parameter.parameter.contains("mode=openapi") {
            let document = OpenAPIDocument(files: contracts)
            try generatorOutputs.add(fileName: "OpenAPIDocument.swift", contents: document.swift())
            return
        }
        for file in contracts {
            let source = SwiftSource(file: file)
            guard !source.isEmpty else { continue }
            let name = file.name.split(separator: "/").last.map { String($0.dropLast(".proto".count)) } ?? file.name
            try generatorOutputs.add(fileName: "\(name).kontor.swift", contents: source.text())
        }
    }

    let supportedFeatures: [Google_Protobuf_Compiler_CodeGeneratorResponse.Feature] = [.proto3Optional]
    let supportedEditionRange = Google_Protobuf_Edition.proto2...Google_Protobuf_Edition.proto3
    let customOptionExtensions: [any AnyMessageExtension] = [
        KontorExtensions_operation, KontorExtensions_privacy, KontorExtensions_rule, KontorExtensions_required,
        KontorExtensions_event, KontorExtensions_capability
    ]
    let version: String? = nil
    let projectURL: String? = nil
    let copyrightLine: String? = nil
}
