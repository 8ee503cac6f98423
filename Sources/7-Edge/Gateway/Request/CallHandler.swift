import Contract
import HTTPTypes
import HummingbirdCore
import NIOCore
import Runtime
import Tracing

/// A call of the contract, from its credential to its reply.
struct CallHandler: Sendable {
    /// What is worked out once per operation.
    private struct Prepared: Sendable {
        let route: Route
        let limit: TokenBucket.Limit?
        let policyHeader: HTTPField?
        let bodyLimit: Int
        let deadlineMs: Int
        let takesBody: Bool
        let isGet: Bool
    }

    private let prepared: [Prepared]
    private let authenticator: any Authenticator
    private let world: World
    private let limiter: RateLimiter
    private let replies: ReplyMaker
    let deadlines: DeadlineWatch
    /// nil when no tracer was set up before the gateway: then a request pays nothing for spans.
    private let tracer: (any Tracer)?

    init(
        routes: [Route], authenticator: any Authenticator, world: World, settings: GatewaySettings, replies: ReplyMaker
    ) {
        self.authenticator = authenticator
        self.world = world
        self.replies = replies
        limiter = RateLimiter(capacity: settings.rateLimitBuckets)
        deadlines = DeadlineWatch(clock: world.clock)
        let tracer = InstrumentationSystem.tracer
        self.tracer = tracer is NoOpTracer ? nil : tracer
        prepared = routes.map { CallHandler.prepare($0, settings) }
    }

    private static func prepare(_ route: Route, _ settings: GatewaySettings) -> Prepared {
        let operation = route.operation
        var limit: TokenBucket.Limit?
        if case .enforced(let multiplier) = settings.rateLimits {
            limit = TokenBucket.Limit(
                ratePerSecond: operation.price.ratePerSecond, burst: operation.price.burst,
                multiplier: multiplier)
        }
        let policy = limit.map {
            let window = max(1, ($0.windowNanoseconds + 999_999_999) / 1_000_000_000)
            return HTTPField(name: FixedHeaders.rateLimitPolicy, value: "\"call\";q=\($0.burst);w=\(window)")
        }
        let deadlineMs = operation.promise.deadlineMs
        return Prepared(
            route: route, limit: limit, policyHeader: policy,
            bodyLimit: operation.rawBodyField == nil ? settings.bodyLimitBytes : settings.rawBodyLimitBytes,
            deadlineMs: deadlineMs > 0 ? deadlineMs : settings.defaultDeadlineMs,
            takesBody: operation.method != .get && operation.method != .delete, isGet: operation.method == .get)
    }

    func answer(
        _ index: Int, _ path: [String: String], _ query: [(name: String, value: String)], _ headers: RequestHeaders,
        _ request: Request, _ channel: any Channel, _ trail: inout EdgeHandler.Trail
    ) async throws -> EdgeReply {
        let call = prepared[index]
        let operation = call.route.operation
        trail.operation = index
        trail.bodyLimit = call.bodyLimit

        let caller = try await authenticate(operation, path, headers)
        trail.tenant = caller.tenant
        let now = world.now()
        try limit(call, index, caller, channel, now, &trail)
        let deadline = try CallRules.deadline(headers, now: now, deadlineMs: call.deadlineMs)
        let key = try CallRules.idempotencyKey(headers.idempotencyKey, operation)
        let body = try await body(of: request, headers, call)

        let fields = request.headers
        let context = CallContext(
            caller: caller, operation: operation, idempotencyKey: key, deadline: deadline,
            header: { name in HTTPField.Name(name).flatMap { fields[$0] } })
        let routeCall = RouteCall(path: path, query: query, body: body, context: context)
        let reply = try await perform(call.route, routeCall, deadline, request.headers, trail.requestID)
        return finished(reply, call, headers)
    }

    private func authenticate(
        _ operation: Operation, _ path: [String: String], _ headers: RequestHeaders
    ) async throws -> Caller {
        switch operation.access {
        case .tenant, .platform:
            guard let bearer = headers.bearer else { throw Problem.unauthenticated }
            let caller = try await authenticator.authenticate(bearer: bearer, operation: operation, path: path)
            guard caller.holds(operation.scope) else { throw Problem.forbidden(scope: operation.scope) }
            return caller
        case .signed, .anonymous:
            return try await authenticator.authenticate(bearer: nil, operation: operation, path: path)
        }
    }

    private func limit(
        _ call: Prepared, _ index: Int, _ caller: Caller, _ channel: any Channel, _ now: Timestamp,
        _ trail: inout EdgeHandler.Trail
    ) throws {
        guard let limit = call.limit, let policy = call.policyHeader else { return }
        let holder = holder(call.route.operation, caller, channel)
        let verdict = limiter.take(
            RateLimiter.Key(operation: index, holder: holder), limit, now: now.microseconds &* 1_000)
        let seconds = Int((verdict.waitNanoseconds + 999_999_999) / 1_000_000_000)
        trail.limitHeaders = [
            policy,
            HTTPField(
                name: FixedHeaders.rateLimit,
                value: "\"call\";r=" + String(verdict.remaining) + ";t=" + String(seconds))
        ]
        if !verdict.allowed { throw EdgeProblem.rateLimited(waitSeconds: max(1, seconds)) }
    }

    /// Whose bucket it is. Nobody's credential: the address they come from.
    private func holder(_ operation: Operation, _ caller: Caller, _ channel: any Channel) -> String {
        switch operation.access {
        case .signed, .anonymous: return channel.remoteAddress?.ipAddress ?? ""
        case .tenant, .platform: break
        }
        switch operation.price.quotaScope {
        case .tenant: return caller.tenant
        case .caller: return caller.tenant + "/" + caller.subject
        case .platform: return ""
        }
    }

    private func body(of request: Request, _ headers: RequestHeaders, _ call: Prepared) async throws -> [UInt8] {
        if !call.takesBody {
            if (headers.contentLength ?? 0) > 0 { throw EdgeProblem.bodyNotTaken(request.method.rawValue) }
            return []
        }
        if let length = headers.contentLength, length > 0 {
            // Refused before it is read: a wrong type need not be uploaded first.
            try CallRules.contentType(headers.contentType, bodyIsEmpty: false, call.route.operation)
        }
        let body = try await BodyReader.read(request, headers, limit: call.bodyLimit)
        try CallRules.contentType(headers.contentType, bodyIsEmpty: body.isEmpty, call.route.operation)
        return body
    }

    private func perform(
        _ route: Route, _ call: RouteCall, _ deadline: Timestamp, _ fields: HTTPFields, _ requestID: String
    ) async throws -> RouteReply {
        guard let tracer else { return try await deadlines.run(until: deadline) { try await route.handle(call) } }
        var context = ServiceContext.current ?? .topLevel
        tracer.extract(fields, into: &context, using: HeaderExtractor())
        return try await tracer.withSpan(route.operation.name, context: context, ofKind: .server) { span in
            span.attributes["http.request.method"] = route.operation.method.rawValue
            span.attributes["http.route"] = route.operation.path
            span.attributes["kontor.request_id"] = requestID
            let reply = try await deadlines.run(until: deadline) { try await route.handle(call) }
            span.attributes["http.response.status_code"] = reply.status
            return reply
        }
    }

    /// The reply with its headers; 304 when the caller has these bytes already.
    private func finished(_ reply: RouteReply, _ call: Prepared, _ headers: RequestHeaders) -> EdgeReply {
        if call.isGet, let sent = headers.ifNoneMatch, reply.status == 200,
            let tag = reply.headers.first(where: { $0.name.lowercased() == "etag" })?.value,
            EntityTag.matches(sent, tag)
        {
            var unchanged = replies.api(304, contentType: nil, [])
            unchanged.headers[.eTag] = tag
            return unchanged
        }
        var answer = replies.api(reply.status, contentType: reply.contentType, reply.body)
        if !reply.headers.isEmpty { answer.headers.replace(with: reply.headers) }
        return answer
    }

    private struct HeaderExtractor: Extractor {
        func extract(key: String, from carrier: HTTPFields) -> String? {
            HTTPField.Name(key).flatMap { carrier[$0] }
        }
    }
}
