import SwiftProtobuf
import SwiftProtobufPluginLibrary

/// One rpc with its options, as both outputs need it.
struct Call {
    let method: MethodDescriptor
    let options: KontorOperation

    init(_ method: MethodDescriptor) {
        self.method = method
        options = method.options.Kontoroperation
    }

    var http: (method: String, path: String) {
        switch options.route {
        case .get(let path): ("get", path)
        case .post(let path): ("post", path)
        case .put(let path): ("put", path)
        case .patch(let path): ("patch", path)
        case .delete(let path): ("delete", path)
        case nil: ("", "")
        }
    }

    var hasBody: Bool { http.method != "get" && http.method != "delete" }

    var pathParameters: [String] {
        http.path.split(separator: "/").filter { $0.hasPrefix("{") }.map { String($0.dropFirst().dropLast()) }
    }

    var capability: String { method.service.options.Kontorcapability }

    var successStatus: Int { options.successStatus == 0 ? 200 : Int(options.successStatus) }

    var idempotency: KontorOperation.Idempotency {
        http.method == "get" ? .none : options.idempotency
    }

    /// `placeOrder` for `PlaceOrder`.
    var swiftName: String { method.name.prefix(1).lowercased() + method.name.dropFirst() }

    /// Fields that may come as parameters: those of the path, and for a call without a body all simple ones.
    var parameters: [FieldDescriptor] {
        method.inputType.fields.filter { field in
            pathParameters.contains(field.name)
                || ((!hasBody || !options.rawBody.isEmpty) && Call.isSimple(field) && field.name != options.rawBody)
        }
    }

    static func isSimple(_ field: FieldDescriptor) -> Bool {
        guard !field.isRepeated else { return false }
        switch field.type {
        case .string, .int32, .int64, .uint32, .uint64, .bool, .enum: return true
        default: return false
        }
    }
}

extension FileDescriptor {
    var calls: [Call] { services.flatMap(\.methods).map { Call($0) } }

    /// Messages of the file at every depth, without the entries of maps.
    var allMessages: [Descriptor] { messages.flatMap { $0.withNested } }
}

extension Descriptor {
    var withNested: [Descriptor] { isMapEntry ? [] : [self] + messages.flatMap { $0.withNested } }
}

extension FieldDescriptor {
    var rule: KontorRule {
        var rule = options.Kontorrule
        if options.Kontorrequired { rule.required = true }
        return rule
    }

    /// True when a request without the field is refused: by rule, or because nothing and 0 are below its least value.
    var isNeeded: Bool {
        let rule = rule
        if rule.required { return true }
        if isRepeated { return rule.minItems > 0 }
        return !hasPresence && (rule.min > 0 || (rule.hasMax && rule.max < 0))
    }
}
