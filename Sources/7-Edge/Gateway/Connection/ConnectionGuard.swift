import Contract
import HTTPTypes
import NIOCore
import NIOHTTPTypes

/// Watches one connection for what a handler of requests cannot see.
///
/// It answers a message that is no HTTP with a problem document, ends a body that trickles, and closes a connection
/// after a reply that came before the request's end, without reading an endless rest and without losing the reply.
final class ConnectionGuard: ChannelDuplexHandler, RemovableChannelHandler {
    typealias InboundIn = HTTPRequestPart
    typealias InboundOut = HTTPRequestPart
    typealias OutboundIn = HTTPResponsePart
    typealias OutboundOut = HTTPResponsePart

    /// Reaches whoever reads the body.
    struct BodyTimedOut: Error {}

    struct Rules: Sendable {
        let bodyTimeout: TimeAmount
        /// The largest body that any call takes: a promise of more gets no "100 Continue".
        let largestBodyBytes: Int
        /// How long the rest of a refused request is thrown away before the connection closes. Closing at once would
        /// reset the connection, and the reply could be lost on its way.
        var lingerTime = TimeAmount.seconds(1)
        let reply: @Sendable (Problem) -> (HTTPResponse, ByteBuffer)
        let explain: @Sendable (any Error) -> Problem
    }

    private let rules: Rules
    /// A request's head has passed and its end has not.
    private var isReading = false
    /// Heads that passed and whose replies are not written yet. More than one when requests are pipelined.
    private var unanswered = 0
    private var discardsRest = false
    private var isQuiescing = false
    private var lingersAfterReply = false
    private var failure: (any Error)?
    private var bodyTimer: Scheduled<Void>?

    init(_ rules: Rules) { self.rules = rules }

    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
        let part = unwrapInboundIn(data)
        switch part {
        case .head(let head):
            if discardsRest || failure != nil { return }
            isReading = true
            unanswered += 1
            continueIfExpected(head, context)
        case .body:
            if discardsRest { return }
        case .end:
            isReading = false
            bodyTimer?.cancel()
            bodyTimer = nil
            if discardsRest {
                context.close(promise: nil)
                return
            }
        }
        context.fireChannelRead(data)
    }

    func channelReadComplete(context: ChannelHandlerContext) {
        // Nearly every request arrives whole in one read and never gets a timer.
        if isReading, bodyTimer == nil, !discardsRest { startBodyTimer(context) }
        context.fireChannelReadComplete()
    }

    func channelInactive(context: ChannelHandlerContext) {
        bodyTimer?.cancel()
        bodyTimer = nil
        context.fireChannelInactive()
    }

    func errorCaught(context: ChannelHandlerContext, error: any Error) {
        if error is IOError || error is ChannelError || isReading {
            context.fireErrorCaught(error)
        } else if unanswered == 0 {
            refuse(error, context)
        } else {
            // Replies to earlier requests of this connection go first.
            failure = error
        }
    }

    func userInboundEventTriggered(context: ChannelHandlerContext, event: Any) {
        if event is ChannelShouldQuiesceEvent { isQuiescing = true }
        context.fireUserInboundEventTriggered(event)
    }

    func write(context: ChannelHandlerContext, data: NIOAny, promise: EventLoopPromise<Void>?) {
        switch unwrapOutboundIn(data) {
        case .head(var head) where head.status.kind != .informational:
            lingersAfterReply = isReading && unanswered == 1
            if lingersAfterReply || isQuiescing || failure != nil { head.headerFields[.connection] = "close" }
            context.write(wrapOutboundOut(.head(head)), promise: promise)
        case .end:
            unanswered -= 1
            context.write(data, promise: promise)
            if lingersAfterReply {
                linger(context)
            } else if unanswered == 0, let failure {
                refuse(failure, context)
            }
        case .head, .body:
            context.write(data, promise: promise)
        }
    }

    private func continueIfExpected(_ head: HTTPRequest, _ context: ChannelHandlerContext) {
        guard let expected = head.headerFields[.expect], expected.lowercased() == "100-continue" else { return }
        if let length = head.headerFields[.contentLength].flatMap({ Int($0) }), length > rules.largestBodyBytes {
            return
        }
        context.writeAndFlush(wrapOutboundOut(.head(HTTPResponse(status: .continue))), promise: nil)
    }

    private func startBodyTimer(_ context: ChannelHandlerContext) {
        bodyTimer = context.eventLoop.assumeIsolated().scheduleTask(in: rules.bodyTimeout) { [self] in
            bodyTimer = nil
            if isReading { context.fireErrorCaught(BodyTimedOut()) }
        }
    }

    private func linger(_ context: ChannelHandlerContext) {
        discardsRest = true
        context.flush()
        context.eventLoop.assumeIsolated().scheduleTask(in: rules.lingerTime) { context.close(promise: nil) }
    }

    private func refuse(_ error: any Error, _ context: ChannelHandlerContext) {
        discardsRest = true
        failure = nil
        var (head, body) = rules.reply(rules.explain(error))
        head.headerFields[.connection] = "close"
        context.write(wrapOutboundOut(.head(head)), promise: nil)
        context.write(wrapOutboundOut(.body(body)), promise: nil)
        context.writeAndFlush(wrapOutboundOut(.end(nil)), promise: nil)
        linger(context)
    }
}
