import SwiftProtobuf
import SwiftProtobufPluginLibrary

/// Refuses contracts that leave something out, naming the place and the rule.
struct Linter {
    struct Refusal: Error, CustomStringConvertible {
        let description: String
    }

    let files: [FileDescriptor]

    func lint() throws {
        var routes: [String: String] = [:]
        for file in files {
            for service in file.services where service.options.Kontorcapability.isEmpty {
                throw refusal(service.fullName, "has no option (kontor.capability)")
            }
            for call in file.calls { try lint(call, routes: &routes) }
            for message in file.allMessages { try lint(message) }
        }
    }

    private func lint(_ call: Call, routes: inout [String: String]) throws {
        let name = call.method.fullName
        let options = call.options
        guard options.route != nil else { throw refusal(name, "has no route: one of get, post, put, patch, delete") }
        guard call.http.path.hasPrefix("/v1/") else { throw refusal(name, "has a path that does not begin with /v1/") }
        if options.summary.isEmpty { throw refusal(name, "has no summary") }
        if options.scope.isEmpty, options.access == .tenant || options.access == .platform {
            throw refusal(name, "has no scope")
        }
        if !options.hasPrice || options.price.meter.isEmpty || options.price.ratePerSecond <= 0
            || options.price.burst <= 0
        {
            throw refusal(name, "has no price with meter, rate_per_second and burst")
        }
        if !options.hasPromise || options.promise.deadlineMs <= 0 || options.promise.p99Ms <= 0 {
            throw refusal(name, "has no promise with p99_ms and deadline_ms")
        }
        let route = "\(call.http.method) \(call.http.path)"
        if let other = routes.updateValue(name, forKey: route) {
            throw refusal(name, "has the same route as \(other): \(route)")
        }
        let fields = call.method.inputType.fields
        for parameter in call.pathParameters {
            guard let field = fields.first(where: { $0.name == parameter }), Call.isSimple(field) else {
                throw refusal(name, "has a path parameter {\(parameter)} without a simple field of that name")
            }
        }
        for raw in [options.rawBody] where !raw.isEmpty && fields.first(where: { $0.name == raw })?.type != .bytes {
            throw refusal(name, "has raw_body \"\(raw)\", which is no bytes field of its request")
        }
        let replies = call.method.outputType.fields
        if !options.rawReply.isEmpty, replies.first(where: { $0.name == options.rawReply })?.type != .bytes {
            throw refusal(name, "has raw_reply \"\(options.rawReply)\", which is no bytes field of its reply")
        }
    }

    /// A text field that sounds like a person's must say what it tells about them.
    private func lint(_ message: Descriptor) throws {
        for field in message.fields where field.type == .string && field.options.Kontorprivacy == .notPersonal {
            let words = field.name.split(separator: "_").map(String.init)
            let sounds = ["email", "phone", "address", "passport", "iban"].first { words.contains($0) }
            if let sounds, !message.name.contains("Token"), !words.contains("token"), !words.contains("tokens"),
                !words.contains("id")
            {
                throw refusal(
                    "\(message.fullName).\(field.name)", "sounds like \(sounds) and has no option (kontor.privacy)")
            }
        }
    }

    private func refusal(_ place: String, _ what: String) -> Refusal { Refusal(description: "\(place) \(what)") }
}
