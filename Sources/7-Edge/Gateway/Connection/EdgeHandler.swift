import Contract
import HTTPTypes
import HummingbirdCore
import Logging
import NIOCore
import Runtime
import Tracing

/// Answers every request: one object, one pass, no chain of middleware.
///
/// The order is the order of the checks: address, CORS, who is asking, may they, how often, until when, the headers'
/// rules, the body, and then the capability. Whatever is thrown on the way becomes a problem document.
struct EdgeHandler: Sendable {
    enum Target: Sendable {
        case route(Int)
        case health, ready, metrics, openAPI, docs
    }

    /// What is known of a request at the moment it fails or succeeds: for its reply, its log line and its metrics.
    struct Trail {
        let requestID: String
        let startedAt = NIODeadline.now()
        var operation: Int?
        var tenant: String?
        var origin: String?
        var bodyLimit = 0
        var limitHeaders: [HTTPField] = []
        var allow: String?
    }

    let shared: EdgeParts

    func respond(to request: Request, channel: any Channel) async -> HTTPResponseWithBody {
        var trail = Trail(requestID: shared.requestIDs.next())
        shared.metrics.began()
        var reply: EdgeReply
        do {
            reply = try await answer(request, channel, &trail)
        } catch {
            reply = refusal(error, trail)
        }
        if let origin = trail.origin, shared.cors.isOn { shared.cors.mark(&reply.headers, origin: origin) }
        for field in trail.limitHeaders { reply.headers.append(field) }
        finish(&reply, request.method, trail)
        return HTTPResponseWithBody(
            head: HTTPResponse(status: HTTPResponse.Status(integerLiteral: reply.status), headerFields: reply.headers),
            body: reply.body)
    }

    private func answer(
        _ request: Request, _ channel: any Channel, _ trail: inout Trail
    ) async throws -> EdgeReply {
        let headers = try RequestHeaders(request.headers)
        trail.origin = headers.origin
        var target = request.head.path ?? ""
        if target.utf8.count > shared.settings.targetLimitBytes { throw EdgeProblem.targetTooLong }
        let method = request.method.rawValue
        let (match, query) = target.withUTF8 { bytes in
            let mark = bytes.firstIndex(of: UInt8(ascii: "?"))
            let path = UnsafeBufferPointer(rebasing: bytes[..<(mark ?? bytes.count)])
            let query = mark.map { PathText.query(UnsafeBufferPointer(rebasing: bytes[($0 + 1)...])) } ?? []
            return (shared.table.match(method, path), query)
        }
        switch match {
        case .found(.route(let index), let path):
            guard let query else { throw EdgeProblem.malformedQuery }
            return try await shared.calls.answer(index, path, query, headers, request, channel, &trail)
        case .found(let page, _):
            return await shared.probes.answer(page, ifNoneMatch: headers.ifNoneMatch)
        case .otherMethods(let allow):
            if method == "OPTIONS" { return try options(headers, allow: allow) }
            trail.allow = allow
            throw EdgeProblem.methodNotAllowed(method, allow: allow)
        case .malformed:
            throw EdgeProblem.malformedPath
        case .unknown:
            let path = String(target.prefix { $0 != "?" })
            guard let extra = shared.extraRoutes.first(where: { $0.covers(path) }) else { throw EdgeProblem.notFound }
            guard let query else { throw EdgeProblem.malformedQuery }
            trail.origin = nil
            return try await page(extra, request, path: path, query: query, headers, &trail)
        }
    }

    /// A preflight of a browser, or a plain question about what is offered here.
    private func options(_ headers: RequestHeaders, allow: String) throws -> EdgeReply {
        var reply = shared.replies.api(204, contentType: nil, [])
        reply.headers.append(HTTPField(name: .allow, value: allow))
        if let origin = headers.origin, headers.preflightMethod != nil {
            guard shared.cors.allows(origin) else { throw EdgeProblem.originNotAllowed }
            shared.cors.preflight(&reply.headers, origin: origin, allow: allow)
        }
        return reply
    }

    private func page(
        _ route: ExtraRoute, _ request: Request, path: String, query: [(name: String, value: String)],
        _ headers: RequestHeaders, _ trail: inout Trail
    ) async throws -> EdgeReply {
        var fields = request.headers.map { (name: $0.name.canonicalName, value: $0.value) }
        // The HTTP types keep the host apart from the fields; a page compares it with the origin of a form.
        if let host = request.head.authority { fields.append(("host", host)) }
        var page = PageRequest(
            method: request.method.rawValue, path: path, query: query, headers: fields, requestID: trail.requestID)
        let wanted = await route.bodyLimit?(page)
        trail.bodyLimit = wanted.map { min($0, shared.settings.rawBodyLimitBytes) } ?? shared.settings.bodyLimitBytes
        do {
            page.body = try await BodyReader.read(request, headers, limit: trail.bodyLimit)
        } catch is NIOTooManyBytesError where wanted != nil {
            page.isBodyCut = true
        }
        let answer = try await route.handle(page)
        var reply = shared.replies.page(answer.status, contentType: answer.contentType, answer.body)
        reply.headers.replace(with: answer.headers)
        // What was not read would be taken for the next request.
        if page.isBodyCut { reply.headers[.connection] = "close" }
        return reply
    }

    private func refusal(_ error: any Error, _ trail: Trail) -> EdgeReply {
        let outcome = ProblemMapping.outcome(of: error, bodyLimit: trail.bodyLimit)
        if let fault = outcome.fault {
            shared.logger.error(
                "request failed",
                metadata: [
                    "request_id": "\(trail.requestID)", "operation": "\(shared.name(trail.operation))",
                    "fault": "\(fault)"
                ])
        }
        var reply = shared.replies.problem(outcome.problem, requestID: trail.requestID)
        if let allow = trail.allow { reply.headers.append(HTTPField(name: .allow, value: allow)) }
        if outcome.closesConnection { reply.headers[.connection] = "close" }
        return reply
    }

    private func finish(_ reply: inout EdgeReply, _ method: HTTPRequest.Method, _ trail: Trail) {
        reply.headers.append(HTTPField(name: FixedHeaders.requestID, value: trail.requestID))
        reply.headers.append(HTTPField(name: .date, value: shared.dates.text(shared.world.now())))
        if reply.status != 204, reply.status != 304 {
            reply.headers.append(HTTPField(name: .contentLength, value: String(reply.body.readableBytes)))
        }
        let took = (NIODeadline.now() - trail.startedAt).nanoseconds
        shared.metrics.ended(trail.operation, status: reply.status, nanoseconds: took)
        let status = reply.status
        // No path, no query, no body, no credential: they may name a person.
        shared.logger.debug(
            "request",
            metadata: [
                "request_id": "\(trail.requestID)", "method": "\(method.rawValue)",
                "operation": "\(shared.name(trail.operation))", "status": "\(status)",
                "tenant": "\(trail.tenant ?? "-")", "microseconds": "\(took / 1_000)"
            ])
    }
}

/// What the server writes.
struct HTTPResponseWithBody {
    let head: HTTPResponse
    let body: ByteBuffer
}

extension HTTPFields {
    /// Sets each header, over one of the same name; a name that HTTP does not allow is left out.
    mutating func replace(with headers: some Sequence<(name: String, value: String)>) {
        for header in headers {
            if let name = HTTPField.Name(header.name) { self[name] = header.value }
        }
    }
}
