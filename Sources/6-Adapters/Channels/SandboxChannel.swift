public import AsyncHTTPClient
internal import Foundation
internal import Money
internal import NIOCore
internal import NIOHTTP1
internal import NIOPosix
public import Payments
public import Runtime

/// The client's side of the sandbox, for one account.
public struct SandboxChannel: PaymentChannel {
    public let name: String
    let baseURL: String
    let account: ChannelAccount
    let client: HTTPClient
    let clock: any WallClock
    let timeout: Duration

    /// - Parameter timeout: after which an answer is not waited for any longer and the outcome is unknown. It has to be
    ///   shorter than `Payments.patience`.
    public init(
        name: String = "sandbox", baseURL: String, account: ChannelAccount, client: HTTPClient = ChannelClient.shared,
        clock: any WallClock = SystemClock(), timeout: Duration = .seconds(5)
    ) {
        self.name = name
        self.baseURL = baseURL
        self.account = account
        self.client = client
        self.clock = clock
        self.timeout = timeout
    }

    public func authorise(_ request: AuthoriseRequest) async throws(ChannelFailure) -> ChannelAnswer {
        try await perform(
            "/v1/payments/\(request.merchantReference)",
            SandboxRequest(
                request_id: request.requestID, instrument: request.instrument, amount_minor: request.amount.minor,
                currency: request.amount.currency.code))
    }

    public func capture(_ request: CaptureRequest) async throws(ChannelFailure) -> ChannelAnswer {
        try await perform(
            "/v1/payments/\(request.merchantReference)/capture",
            SandboxRequest(
                request_id: request.requestID, amount_minor: request.amount.minor,
                currency: request.amount.currency.code))
    }

    public func void(_ request: VoidRequest) async throws(ChannelFailure) -> ChannelAnswer {
        try await perform(
            "/v1/payments/\(request.merchantReference)/void", SandboxRequest(request_id: request.requestID))
    }

    public func refund(_ request: RefundRequest) async throws(ChannelFailure) -> ChannelAnswer {
        try await perform(
            "/v1/payments/\(request.merchantReference)/refunds",
            SandboxRequest(
                request_id: request.requestID, refund_reference: request.refundReference,
                amount_minor: request.amount.minor, currency: request.amount.currency.code))
    }

    public func query(_ merchantReference: String) async throws(ChannelFailure) -> ChannelStatus {
        let (status, body) = try await send(.GET, "/v1/payments/\(merchantReference)", [])
        if status == 404 { return ChannelStatus(state: .absent) }
        guard status == 200, let payment = try? JSONDecoder().decode(SandboxPayment.self, from: Data(body)),
            let known = ChannelStatus(payment)
        else { throw .unknownOutcome }
        return known
    }

    /// The statement of a day ("2026-11-21") as the sandbox wrote it.
    public func statement(day: String) async throws(ChannelFailure) -> String {
        let (status, body) = try await send(.GET, "/v1/statements/\(day)", [])
        guard status == 200 else { throw .unknownOutcome }
        return String(decoding: body, as: UTF8.self)
    }

    public func verifyCallback(_ callback: ChannelCallback) throws(CallbackRefusal) -> ChannelNotice {
        try SignedMessage.verify(
            callback.header(SignedMessage.callbackHeader), callback.body, secret: account.secret,
            now: callback.receivedAt)
        guard let notice = try? JSONDecoder().decode(SandboxNotice.self, from: Data(callback.body)),
            let read = ChannelNotice(notice)
        else { throw .malformed }
        return read
    }

    /// Registers the account with the sandbox, so that it knows the secret and where to call back.
    public func register(callbackURL: String) async throws(ChannelFailure) {
        let merchant = SandboxMerchant(
            token: account.token, secret: Hex.text(account.secret), callback_url: callbackURL)
        let (status, _) = try await send(.POST, "/v1/merchants", encode(merchant))
        guard status == 200 else { throw .declined(code: "registration_refused") }
    }
}

extension SandboxChannel {
    private func perform(_ path: String, _ request: SandboxRequest) async throws(ChannelFailure) -> ChannelAnswer {
        let (status, body) = try await send(.POST, path, encode(request))
        switch status {
        case 200:
            guard let answer = try? JSONDecoder().decode(SandboxAnswer.self, from: Data(body)) else {
                throw .unknownOutcome
            }
            let currency = try? Currency(code: answer.currency)
            return ChannelAnswer(
                channelReference: answer.channel_reference,
                feeTotal: currency.map { Amount(minor: answer.fee_minor, $0) })
        case 400..<500:
            // The sandbox read the request and refused it; only a 5xx leaves open what happened.
            let code = (try? JSONDecoder().decode(SandboxAnswer.self, from: Data(body)))?.code
            throw .declined(code: code ?? "http_\(status)")
        default: throw .unknownOutcome
        }
    }

    private func encode(_ value: some Encodable) throws(ChannelFailure) -> [UInt8] {
        do { return Array(try JSONEncoder().encode(value)) } catch { throw .refusedBeforeSend }
    }

    private func send(
        _ method: HTTPMethod, _ path: String, _ body: [UInt8]
    ) async throws(ChannelFailure) -> (status: Int, body: [UInt8]) {
        var request = HTTPClientRequest(url: baseURL + path)
        request.method = method
        request.headers.add(name: "content-type", value: "application/json")
        request.headers.add(name: SandboxServer.accountHeader, value: account.token)
        let message = Array("\(method.rawValue) \(path)\n".utf8) + body
        request.headers.add(
            name: SignedMessage.callbackHeader,
            value: SignedMessage.sign(message, secret: account.secret, at: clock.now()))
        if !body.isEmpty { request.body = .bytes(ByteBuffer(bytes: body)) }
        do {
            let response = try await client.execute(
                request, timeout: .microseconds(timeout.wholeMicroseconds))
            let answer = try await response.body.collect(upTo: 1 << 24)
            return (Int(response.status.code), Array(answer.readableBytesView))
        } catch let error as HTTPClientError where error == .connectTimeout {
            throw .refusedBeforeSend
        } catch is NIOConnectionError {
            throw .refusedBeforeSend
        } catch {
            throw .unknownOutcome
        }
    }
}

extension ChannelStatus {
    /// Nil when the sandbox says something that we do not understand.
    init?(_ payment: SandboxPayment) {
        guard let currency = try? Currency(code: payment.currency) else {
            guard payment.state == "closed" else { return nil }
            self.init(state: .closed)
            return
        }
        let state: State
        switch payment.state {
        case "authorised": state = .authorised
        case "captured": state = .captured(Amount(minor: payment.captured_minor, currency))
        case "voided": state = .voided
        case "closed": state = .closed
        case "declined": state = .declined(code: payment.code ?? "")
        default: return nil
        }
        var refunds: [String: RefundState] = [:]
        for refund in payment.refunds {
            refunds[refund.reference] = refund.state == "succeeded" ? .succeeded : .failed(code: refund.code ?? "")
        }
        self.init(
            state: state, channelReference: payment.channel_reference,
            feeTotal: Amount(minor: payment.fee_minor, currency), refunds: refunds)
    }
}

extension ChannelNotice {
    init?(_ notice: SandboxNotice) {
        guard let currency = try? Currency(code: notice.currency) else { return nil }
        let amount = Amount(minor: notice.amount_minor, currency)
        let kind: Kind
        switch notice.type {
        case "authorised": kind = .authorised
        case "captured": kind = .captured(amount)
        case "voided": kind = .voided
        case "declined": kind = .declined(code: notice.code ?? "")
        case "refund_succeeded": kind = .refundSucceeded(reference: notice.refund_reference ?? "", amount)
        case "refund_failed":
            kind = .refundFailed(reference: notice.refund_reference ?? "", code: notice.code ?? "")
        default: return nil
        }
        self.init(
            id: notice.id, kind: kind, merchantReference: notice.reference,
            channelReference: notice.channel_reference, feeTotal: Amount(minor: notice.fee_minor, currency))
    }
}

extension SandboxChannel {
    /// Where the sandbox's statements come from, for the account's tenant.
    public func statementSource() -> StatementSource {
        let (account, clock) = (account, clock)
        let source = HTTPSource(
            address: baseURL + "/v1/statements/{yyyy}-{MM}-{dd}",
            authorisation: .signed { path in
                let signature = SignedMessage.sign(
                    Array("GET \(path)\n".utf8), secret: account.secret, at: clock.now())
                return [(SandboxServer.accountHeader, account.token), (SignedMessage.callbackHeader, signature)]
            })
        return StatementSource(tenant: account.tenant, channel: name, place: .http(source))
    }
}
