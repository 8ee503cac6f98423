internal import Money

/// One operation of the sandbox, decided purely: the payment before and the request give the answer, the payment after,
/// the line of the statement and the notice.
struct SandboxStep {
    let account: String
    let reference: String
    let request: SandboxRequest
    let now: String
    let fee: Rate
    var serial = 0
    private(set) var answer = SandboxAnswer(channel_reference: "", fee_minor: 0, currency: "", code: nil)
    private(set) var payment: SandboxPayment?
    private(set) var entry: SandboxBooks.Entry?
    private(set) var notice: SandboxNotice?

    init(account: String, reference: String, request: SandboxRequest, now: String, fee: Rate) {
        self.account = account
        self.reference = reference
        self.request = request
        self.now = now
        self.fee = fee
    }

    mutating func run(_ operation: SandboxBehaviour.Operation, _ known: SandboxPayment?, declined: Bool) {
        switch operation {
        case .authorise: authorise(known, declined: declined)
        case .capture: capture(known, declined: declined)
        case .void: void(known)
        case .refund: refund(known, declined: declined)
        }
    }

    private mutating func authorise(_ known: SandboxPayment?, declined: Bool) {
        if let known { return refuse(known.state == "closed" ? "reference_closed" : "reference_used", known) }
        var payment = fresh("authorised")
        if declined || payment.amount_minor <= 0 {
            payment.state = "declined"
            payment.code = declined ? "card_declined" : "amount_invalid"
        }
        finish(payment, notice: payment.state, amount: payment.amount_minor, code: payment.code)
    }

    private mutating func capture(_ known: SandboxPayment?, declined: Bool) {
        guard var payment = known else { return refuse("unknown_reference", nil) }
        guard payment.state == "authorised" else { return refuse("not_authorised", payment) }
        let amount = request.amount_minor ?? 0
        guard !declined else { return refuse("capture_declined", payment) }
        guard amount > 0, amount <= payment.amount_minor, request.currency == payment.currency else {
            return refuse("amount_invalid", payment)
        }
        payment.state = "captured"
        payment.captured_minor = amount
        if let currency = try? Currency(code: payment.currency),
            let kept = try? Amount(minor: amount, currency).multiplied(by: fee, rounding: .halfEven)
        {
            payment.fee_minor = kept.minor
        }
        entry = SandboxBooks.Entry(
            account: account, type: "capture", channel_reference: payment.channel_reference, reference: reference,
            refund_reference: "", occurred_at: now, currency: payment.currency, gross_minor: amount,
            fee_minor: payment.fee_minor)
        finish(payment, notice: "captured", amount: amount)
    }

    private mutating func void(_ known: SandboxPayment?) {
        guard var payment = known else {
            // It may still come; closing the reference now keeps it from being done then.
            return finish(fresh("closed"), notice: nil, amount: 0)
        }
        switch payment.state {
        case "authorised":
            payment.state = "voided"
            finish(payment, notice: "voided", amount: payment.amount_minor)
        case "captured": refuse("already_captured", payment)
        default: finish(payment, notice: nil, amount: 0)
        }
    }

    private mutating func refund(_ known: SandboxPayment?, declined: Bool) {
        guard var payment = known, payment.state == "captured" else { return refuse("not_captured", known) }
        let amount = request.amount_minor ?? 0
        let name = request.refund_reference ?? ""
        guard !payment.refunds.contains(where: { $0.reference == name }) else {
            return refuse("reference_used", payment)
        }
        var code: String?
        if declined { code = "refund_declined" }
        if amount <= 0 || amount > payment.captured_minor - payment.refundedMinor { code = "refund_too_large" }
        payment.refunds.append(
            SandboxRefund(
                reference: name, amount_minor: amount, state: code == nil ? "succeeded" : "failed", code: code))
        if code == nil {
            entry = SandboxBooks.Entry(
                account: account, type: "refund",
                channel_reference: "\(payment.channel_reference)-r\(payment.refunds.count)", reference: reference,
                refund_reference: name, occurred_at: now, currency: payment.currency, gross_minor: -amount,
                fee_minor: 0)
        }
        finish(payment, notice: code == nil ? "refund_succeeded" : "refund_failed", amount: amount, code: code)
    }

    private func fresh(_ state: String) -> SandboxPayment {
        SandboxPayment(
            reference: reference, channel_reference: "sbx\(serial)", state: state, code: nil,
            instrument: request.instrument ?? "", currency: request.currency ?? "",
            amount_minor: request.amount_minor ?? 0, captured_minor: 0, fee_minor: 0, refunds: [])
    }

    private mutating func refuse(_ code: String, _ payment: SandboxPayment?) {
        answer = SandboxAnswer(
            channel_reference: payment?.channel_reference ?? "", fee_minor: payment?.fee_minor ?? 0,
            currency: payment?.currency ?? "", code: code)
    }

    private mutating func finish(_ payment: SandboxPayment, notice type: String?, amount: Int64, code: String? = nil) {
        self.payment = payment
        answer = SandboxAnswer(
            channel_reference: payment.channel_reference, fee_minor: payment.fee_minor, currency: payment.currency,
            code: code)
        guard let type else { return }
        notice = SandboxNotice(
            id: "ntc-" + request.request_id, type: type, reference: reference,
            channel_reference: payment.channel_reference, refund_reference: request.refund_reference,
            currency: payment.currency, amount_minor: amount, fee_minor: payment.fee_minor, code: code,
            occurred_at: now)
    }
}
