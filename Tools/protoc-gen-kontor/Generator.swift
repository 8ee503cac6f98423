import Foundation
import SwiftProtobuf
import SwiftProtobufPluginLibrary

/// Turns contracts into Swift, into one OpenAPI document (`mode=openapi`), or into nothing but a comparison with the last
/// release (`mode=compare,released=FILE`).
@main
struct Generator: CodeGenerator {
    func generate(
        files: [FileDescriptor], parameter: any CodeGeneratorParameter, protoCompilerContext: any ProtoCompilerContext,
        generatorOutputs: any GeneratorOutputs
    ) throws {
        let contracts = files.filter(\.isContract)
        try Linter(files: contracts).lint()
        let options = Dictionary(
            parameter.parsedPairs.map { ($0.key, $0.value) }, uniquingKeysWith: { _, last in last })
        switch options["mode"] ?? "swift" {
        case "swift": try writeSwift(contracts, to: generatorOutputs)
        case "openapi":
            let document = OpenAPIDocument(files: contracts)
            try generatorOutputs.add(fileName: "OpenAPIDocument.swift", contents: document.swift())
            let fields = FieldTable(files: contracts)
            try generatorOutputs.add(fileName: "CallFields.swift", contents: fields.swift())
        case "compare": try compare(contracts, with: options["released"] ?? "")
        case let mode: throw Linter.Refusal(description: "there is no mode \"\(mode)\": swift, openapi or compare")
        }
    }

    private func writeSwift(_ contracts: [FileDescriptor], to outputs: any GeneratorOutputs) throws {
        for file in contracts {
            let source = SwiftSource(file: file)
            guard !source.isEmpty else { continue }
            let name = file.name.split(separator: "/").last.map { String($0.dropLast(".proto".count)) } ?? file.name
            try outputs.add(fileName: "\(name).kontor.swift", contents: source.text())
        }
    }

    private func compare(_ contracts: [FileDescriptor], with released: String) throws {
        var extensions = SimpleExtensionMap()
        extensions.insert(contentsOf: customOptionExtensions)
        let breaks = try Compatibility(path: released, extensions: extensions).breaks(in: contracts)
        guard breaks.isEmpty else {
            let list = breaks.map { "  \($0)" }.joined(separator: "\n")
            throw Linter.Refusal(description: "the contracts break what the last release promised:\n\(list)")
        }
    }

    let supportedFeatures: [Google_Protobuf_Compiler_CodeGeneratorResponse.Feature] = [.proto3Optional]
    let supportedEditionRange = Google_Protobuf_Edition.proto2...Google_Protobuf_Edition.proto3
    let customOptionExtensions: [any AnyMessageExtension] = [
        KontorExtensions_operation, KontorExtensions_privacy, KontorExtensions_rule, KontorExtensions_required,
        KontorExtensions_event, KontorExtensions_capability, KontorExtensions_text, KontorExtensions_identifier
    ]
    let version: String? = nil
    let projectURL: String? = nil
    let copyrightLine: String? = nil
}
