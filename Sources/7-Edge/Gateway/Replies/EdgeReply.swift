import Contract
import HTTPTypes
import NIOCore

/// A whole reply, before the headers that every reply gets.
struct EdgeReply {
    var status: Int
    var headers: HTTPFields
    var body: ByteBuffer
}

/// Makes replies with the headers that each kind of them carries.
struct ReplyMaker: Sendable {
    private let api: HTTPFields
    private let page: HTTPFields

    init(behindTLS: Bool) {
        api = FixedHeaders.api(behindTLS: behindTLS)
        page = FixedHeaders.page(behindTLS: behindTLS)
    }

    func api(_ status: Int, contentType: String?, _ body: [UInt8]) -> EdgeReply {
        reply(api, status, contentType, body)
    }

    func page(_ status: Int, contentType: String, _ body: [UInt8]) -> EdgeReply {
        reply(page, status, contentType, body)
    }

    func problem(_ problem: Problem, requestID: String) -> EdgeReply {
        var reply = api(problem.status, contentType: FixedHeaders.problemJSON, problem.json(instance: requestID))
        if let seconds = problem.retryAfterSeconds {
            reply.headers.append(HTTPField(name: .retryAfter, value: String(seconds)))
        }
        if problem.status == 401 {
            reply.headers.append(HTTPField(name: .wwwAuthenticate, value: "Bearer realm=\"kontor\""))
        }
        if problem.status == 415 {
            reply.headers.append(HTTPField(name: .accept, value: FixedHeaders.json))
        }
        return reply
    }

    private func reply(_ common: HTTPFields, _ status: Int, _ contentType: String?, _ body: [UInt8]) -> EdgeReply {
        var headers = common
        if let contentType, status != 204 { headers.append(HTTPField(name: .contentType, value: contentType)) }
        return EdgeReply(status: status, headers: headers, body: ByteBuffer(bytes: body))
    }
}
