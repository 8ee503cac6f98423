internal import AsyncHTTPClient
internal import Foundation
internal import HTTPTypes
internal import Logging
internal import NIOCore
internal import NIOHTTP1
internal import Runtime

/// Carries notices to the merchants: late, twice, in another order or never, as the behaviour says.
struct SandboxCourier: Sendable {
    /// How many notices wait at most; beyond that they are lost, as with any overloaded provider.
    static let queueLimit = 50_000
    static let attemptLimit = 4

    private struct Delivery: Sendable {
        let merchant: SandboxMerchant
        let notice: SandboxNotice
        let delay: Duration
    }

    private let deliveries: AsyncStream<Delivery>
    private let entrance: AsyncStream<Delivery>.Continuation
    private let behaviour: SandboxBehaviour
    private let clock: any WallClock
    private let logger: Logger

    init(behaviour: SandboxBehaviour, clock: any WallClock, logger: Logger) {
        (deliveries, entrance) = AsyncStream.makeStream(bufferingPolicy: .bufferingOldest(SandboxCourier.queueLimit))
        self.behaviour = behaviour
        self.clock = clock
        self.logger = logger
    }

    func post(_ notice: SandboxNotice, to merchant: SandboxMerchant) {
        guard !merchant.callback_url.isEmpty else { return }
        for delay in behaviour.deliveries(of: notice) {
            entrance.yield(Delivery(merchant: merchant, notice: notice, delay: delay))
        }
    }

    func run() async {
        await withDiscardingTaskGroup { group in
            for await delivery in deliveries { group.addTask { await deliver(delivery) } }
            group.cancelAll()
        }
    }

    private func deliver(_ delivery: Delivery) async {
        guard let body = try? JSONEncoder().encode(delivery.notice),
            let secret = Hex.bytes(delivery.merchant.secret)
        else { return }
        var pause = delivery.delay
        for attempt in 1...SandboxCourier.attemptLimit {
            if pause > .zero {
                do { try await Task.sleep(for: pause) } catch { return }
            }
            var request = HTTPClientRequest(url: delivery.merchant.callback_url)
            request.method = .POST
            request.headers.add(name: "content-type", value: "application/json")
            request.headers.add(
                name: SignedMessage.callbackHeader,
                value: SignedMessage.sign(Array(body), secret: secret, at: clock.now()))
            request.body = .bytes(ByteBuffer(bytes: body))
            if let response = try? await HTTPClient.shared.execute(request, timeout: .seconds(5)),
                (200..<300).contains(Int(response.status.code))
            {
                _ = try? await response.body.collect(upTo: 65_536)
                return
            }
            pause = .milliseconds(200 * (1 << attempt))
        }
        logger.warning("notice not taken by the merchant", metadata: ["notice": "\(delivery.notice.id)"])
    }
}
