import SwiftProtobuf
import SwiftProtobufPluginLibrary

/// Refuses contracts that leave something out, naming the file, the line, the place and the rule.
struct Linter {
    struct Refusal: Error, CustomStringConvertible {
        let description: String
    }

    let files: [FileDescriptor]

    func lint() throws {
        var routes: [String: String] = [:]
        var messages: [String: Descriptor] = [:]
        for file in files {
            for service in file.services where service.options.Kontorcapability.isEmpty {
                throw refusal(service, service.fullName, "has no option (kontor.capability)")
            }
            for call in file.calls { try lint(call, routes: &routes) }
            for message in file.messages {
                if let other = messages.updateValue(message, forKey: message.name) {
                    throw refusal(
                        message, message.fullName,
                        "has the same name as \(other.fullName), and both would be V1\(message.name) in Swift")
                }
            }
            for message in file.allMessages { try lint(message) }
        }
    }

    private func lint(_ call: Call, routes: inout [String: String]) throws {
        let options = call.options
        func refuse(_ what: String) -> Refusal { refusal(call.method, call.method.fullName, what) }

        guard options.route != nil else { throw refuse("has no route: one of get, post, put, patch, delete") }
        guard call.http.path.hasPrefix("/v1/") else { throw refuse("has a path that does not begin with /v1/") }
        if options.summary.isEmpty { throw refuse("has no summary") }
        if options.scope.isEmpty, options.access == .tenant || options.access == .platform {
            throw refuse("has no scope")
        }
        if !options.hasPrice || options.price.meter.isEmpty || options.price.ratePerSecond <= 0
            || options.price.burst <= 0
        {
            throw refuse("has no price with meter, rate_per_second and burst")
        }
        if !options.hasPromise || options.promise.deadlineMs <= 0 || options.promise.p99Ms <= 0 {
            throw refuse("has no promise with p99_ms and deadline_ms")
        }
        if call.method.clientStreaming || call.method.serverStreaming { throw refuse("is a stream, which REST is not") }
        // `/v1/orders/{id}` and `/v1/orders/{order_id}` are one route: the names of parameters do not tell them apart.
        let shape = call.http.path.split(separator: "/").map { $0.hasPrefix("{") ? "{}" : String($0) }
        let route = "\(call.http.method) /\(shape.joined(separator: "/"))"
        if let other = routes.updateValue(call.method.fullName, forKey: route) {
            throw refuse("has the same route as \(other): \(call.http.method) \(call.http.path)")
        }
        try lintFields(of: call, refuse)
    }

    private func lintFields(of call: Call, _ refuse: (String) -> Refusal) throws {
        let fields = call.method.inputType.fields
        for parameter in call.pathParameters {
            guard let field = fields.first(where: { $0.name == parameter }), Call.isSimple(field) else {
                throw refuse("has a path parameter {\(parameter)} without a simple field of that name")
            }
        }
        if !call.hasBody {
            for field in fields where !Call.isSimple(field) {
                throw refuse("has no body, and its field \"\(field.name)\" is too much for a parameter")
            }
        }
        let rawBody = call.options.rawBody
        if !rawBody.isEmpty, fields.first(where: { $0.name == rawBody })?.type != .bytes {
            throw refuse("has raw_body \"\(rawBody)\", which is no bytes field of its request")
        }
        let rawReply = call.options.rawReply
        if !rawReply.isEmpty {
            if call.method.outputType.fields.first(where: { $0.name == rawReply })?.type != .bytes {
                throw refuse("has raw_reply \"\(rawReply)\", which is no bytes field of its reply")
            }
            if call.options.replyType.isEmpty { throw refuse("has a raw_reply and no reply_type") }
        }
    }

    private func lint(_ message: Descriptor) throws {
        for field in message.fields {
            func refuse(_ what: String) -> Refusal {
                refusal(field, "\(message.fullName).\(field.name)", what)
            }
            if field.options.Kontorprivacy == .notPersonal, let word = Linter.personalWord(field) {
                throw refuse("sounds like \(word) and has no option (kontor.privacy)")
            }
            if message.options.hasKontorevent, field.options.Kontorprivacy != .notPersonal {
                throw refuse("is personal and would be written to the journal: an event carries the vault's token")
            }
            if let fault = Linter.fault(inPattern: field.rule.pattern) { throw refuse(fault) }
        }
    }

    /// What a text field's name says about a person, when it is not a token, an identifier or a count instead.
    private static func personalWord(_ field: FieldDescriptor) -> String? {
        guard field.type == .string else { return nil }
        let words = Set(field.name.split(separator: "_"))
        guard words.isDisjoint(with: ["token", "tokens", "id", "ids", "kind", "hash"]),
            !field.containingType.name.contains("Token")
        else { return nil }
        if field.name == "full_name" { return "name" }
        return ["email", "phone", "address", "passport", "iban"].first { words.contains($0[...]) }
    }

    /// The runtime's patterns are brackets and literals with counts, so that matching stays linear.
    private static func fault(inPattern pattern: String) -> String? {
        var inBracket = false
        for character in pattern {
            switch character {
            case "[" where !inBracket: inBracket = true
            case "]": inBracket = false
            case "(", ")", "|", "^", "$", ".":
                guard inBracket else {
                    return "has the pattern \(pattern): \"\(character)\" is not offered, only brackets with counts"
                }
            default: break
            }
        }
        return inBracket ? "has the pattern \(pattern): a bracket is not closed" : nil
    }

    private func refusal(
        _ descriptor: some ProvidesSourceCodeLocation & ProvidesLocationPath, _ place: String, _ what: String
    ) -> Refusal {
        let line = descriptor.sourceCodeInfoLocation?.span.first.map { ":\($0 + 1)" } ?? ""
        return Refusal(description: "\(descriptor.file.name)\(line): \(place) \(what)")
    }
}
