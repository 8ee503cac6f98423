internal import Crypto
internal import Foundation
internal import HTTPTypes
internal import Hummingbird
internal import NIOCore
internal import Payments
internal import Runtime

/// The sandbox's HTTP interface. Every request but the registration is signed with the account's secret over
/// `<method> <path>\n<body>`.
extension SandboxServer {
    static let accountHeader = "sandbox-account"
    static let digestHeader = "repr-digest"
    static let bodyLimit = 64 * 1024

    func router() -> Router<BasicRequestContext> {
        let router = Router()
        router.get("/healthz") { _, _ in "ok" }
        router.post("/v1/merchants") { request, _ in
            let merchant = try await decode(SandboxMerchant.self, request)
            guard Hex.bytes(merchant.secret) != nil, !merchant.token.isEmpty else { throw HTTPError(.badRequest) }
            return try books.register(merchant) ? try json(["token": merchant.token]) : Response(status: .conflict)
        }
        operation(.authorise, "/v1/payments/:reference", router)
        operation(.capture, "/v1/payments/:reference/capture", router)
        operation(.void, "/v1/payments/:reference/void", router)
        operation(.refund, "/v1/payments/:reference/refunds", router)
        router.get("/v1/payments/:reference") { request, context in
            let (merchant, _) = try await authenticate(request)
            let reference = try context.parameters.require("reference")
            guard let payment = books.payment(merchant.token, reference) else { return Response(status: .notFound) }
            return try json(payment)
        }
        router.get("/v1/statements/:day") { request, context in
            let (merchant, _) = try await authenticate(request)
            let day = try context.parameters.require("day")
            guard Timestamp(civilDay: day) != nil else { throw HTTPError(.badRequest) }
            let csv = Array(try statement(of: merchant.token, day: day).utf8)
            // RFC 9110 names a version by its tag, RFC 9530 lets the reader check that all of it came.
            let digest = Array(SHA256.hash(data: csv))
            let tag = "\"\(Hex.text(digest))\""
            var headers: HTTPFields = [.contentType: "text/csv; charset=utf-8", .eTag: tag]
            if let name = HTTPField.Name(SandboxServer.digestHeader) {
                headers[name] = "sha-256=:\(Data(digest).base64EncodedString()):"
            }
            if request.headers[.ifNoneMatch] == tag { return Response(status: .notModified, headers: headers) }
            return Response(status: .ok, headers: headers, body: ResponseBody(byteBuffer: ByteBuffer(bytes: csv)))
        }
        return router
    }

    /// The statement of a day as it is sent: with the differences of a drill, if there is one.
    func statement(of account: String, day: String) throws -> String {
        let lines = books.entries(account, day: day).map(SandboxStatement.Line.init)
        let yesterday = Timestamp(civilDay: day)?.adding(.seconds(-86_400)).civilDay ?? ""
        let before = books.entries(account, day: yesterday).map(SandboxStatement.Line.init)
        return try SandboxStatement.csv(drill.differences.applied(to: lines, before: before, day: day))
    }

    private func operation(
        _ operation: SandboxBehaviour.Operation, _ path: RouterPath, _ router: Router<BasicRequestContext>
    ) {
        router.post(path) { request, context in
            let (merchant, body) = try await authenticate(request)
            let reference = try context.parameters.require("reference")
            guard let wanted = try? JSONDecoder().decode(SandboxRequest.self, from: Data(body)) else {
                throw HTTPError(.badRequest)
            }
            return try await serve(operation, merchant, reference, wanted)
        }
    }

    /// Meets its fate the first time a request comes; a repeated one is answered straight.
    private func serve(
        _ operation: SandboxBehaviour.Operation, _ merchant: SandboxMerchant, _ reference: String,
        _ request: SandboxRequest
    ) async throws -> Response {
        let account = merchant.token
        let instrument = request.instrument ?? books.payment(account, reference)?.instrument ?? ""
        let isFirst = books.countReceived(account, request.request_id) == 0
        let fate = isFirst ? behaviour.fate(of: request.request_id, operation, instrument: instrument) : .done
        switch fate {
        case .timeoutUndone: return try await hang()
        case .error: return Response(status: .internalServerError)
        case .slow: try await Task.sleep(for: .milliseconds(behaviour.slowMs))
        case .done, .decline, .timeoutDone: break
        }
        let latency = behaviour.latency(of: request.request_id)
        if latency > .zero { try await Task.sleep(for: latency) }
        guard
            let (answer, notice) = try books.perform(
                operation, account, reference, request, declined: fate == .decline)
        else { return Response(status: .conflict) }
        if let notice { courier.post(notice, to: merchant) }
        if fate == .timeoutDone { return try await hang() }
        return try json(answer, answer.code == nil ? .ok : .unprocessableContent)
    }

    private func hang() async throws -> Response {
        try await Task.sleep(for: .milliseconds(behaviour.hangMs))
        return Response(status: .gatewayTimeout)
    }

    private func authenticate(_ request: Request) async throws -> (SandboxMerchant, [UInt8]) {
        let body = try await bytes(request)
        guard let account = header(request, SandboxServer.accountHeader), let merchant = books.merchant(account),
            let secret = Hex.bytes(merchant.secret)
        else { throw HTTPError(.unauthorized) }
        let message = Array("\(request.method.rawValue) \(request.uri.path)\n".utf8) + body
        do throws(CallbackRefusal) {
            try SignedMessage.verify(
                header(request, SignedMessage.callbackHeader), message, secret: secret, now: clock.now())
        } catch {
            throw HTTPError(.unauthorized)
        }
        return (merchant, body)
    }

    private func header(_ request: Request, _ name: String) -> String? {
        HTTPField.Name(name).flatMap { request.headers[$0] }
    }

    private func bytes(_ request: Request) async throws -> [UInt8] {
        Array(try await request.body.collect(upTo: SandboxServer.bodyLimit).readableBytesView)
    }

    private func decode<Value: Decodable>(_ type: Value.Type, _ request: Request) async throws -> Value {
        guard let value = try? JSONDecoder().decode(type, from: Data(try await bytes(request))) else {
            throw HTTPError(.badRequest)
        }
        return value
    }

    private func json(_ value: some Encodable, _ status: HTTPResponse.Status = .ok) throws -> Response {
        Response(
            status: status, headers: [.contentType: "application/json"],
            body: ResponseBody(byteBuffer: ByteBuffer(bytes: try JSONEncoder().encode(value))))
    }
}
