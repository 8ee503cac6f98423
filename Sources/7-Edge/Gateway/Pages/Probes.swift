import HTTPTypes
import Runtime
import Synchronization

/// What machines and people ask about the process itself: is it alive, is it ready, its figures, its contract.
final class Probes: Sendable {
    private struct Fixed: Sendable {
        let bytes: [UInt8]
        let contentType: String
        let tag: String
    }

    private let replies: ReplyMaker
    private let readiness: [ReadinessCheck]
    private let metrics: GatewayMetrics
    private let metricsText: @Sendable () -> String
    private let openAPI: Fixed
    private let docs: Fixed
    private let isDraining = Atomic<Bool>(false)

    init(
        replies: ReplyMaker, readiness: [ReadinessCheck], metrics: GatewayMetrics,
        metricsText: @escaping @Sendable () -> String, openAPI: String, docs: String
    ) {
        self.replies = replies
        self.readiness = readiness
        self.metrics = metrics
        self.metricsText = metricsText
        self.openAPI = Probes.fixed(openAPI, FixedHeaders.json)
        self.docs = Probes.fixed(docs, "text/html; charset=utf-8")
    }

    /// From now on the process is not ready: balancers send the next connections elsewhere.
    func drain() { isDraining.store(true, ordering: .relaxed) }

    func answer(_ target: EdgeHandler.Target, ifNoneMatch: String?) async -> EdgeReply {
        switch target {
        case .health: return replies.api(200, contentType: FixedHeaders.json, Array(#"{"status":"ok"}"#.utf8))
        case .ready: return await ready()
        case .metrics:
            metrics.refresh()
            return replies.api(200, contentType: "text/plain; version=0.0.4; charset=utf-8", Array(metricsText().utf8))
        case .openAPI: return answer(openAPI, ifNoneMatch) { replies.api($0, contentType: $1, $2) }
        case .docs: return answer(docs, ifNoneMatch) { replies.page($0, contentType: $1, $2) }
        case .route: preconditionFailure("a call of the contract is answered by CallHandler")
        }
    }

    private func ready() async -> EdgeReply {
        var isReady = true
        var failures = JSONText()
        if isDraining.load(ordering: .relaxed) {
            isReady = false
            failures.member("gateway", "stopping")
        }
        for check in readiness {
            guard let failure = await check.failure() else { continue }
            isReady = false
            failures.member(check.name, failure)
        }
        var json = JSONText()
        json.member("status", isReady ? "ready" : "not ready")
        if !isReady { json.member("failures", json: failures.ended()) }
        return replies.api(isReady ? 200 : 503, contentType: FixedHeaders.json, Array(json.ended().utf8))
    }

    private func answer(
        _ fixed: Fixed, _ ifNoneMatch: String?, _ make: (Int, String, [UInt8]) -> EdgeReply
    ) -> EdgeReply {
        let unchanged = ifNoneMatch.map { EntityTag.matches($0, fixed.tag) } ?? false
        var reply = make(unchanged ? 304 : 200, fixed.contentType, unchanged ? [] : fixed.bytes)
        reply.headers[.eTag] = fixed.tag
        reply.headers[.cacheControl] = "public, max-age=60"
        return reply
    }

    private static func fixed(_ text: String, _ contentType: String) -> Fixed {
        let bytes = Array(text.utf8)
        return Fixed(bytes: bytes, contentType: contentType, tag: EntityTag.make(bytes))
    }
}
