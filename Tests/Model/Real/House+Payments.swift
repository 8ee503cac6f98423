import Contract
import Money
import Payments
import Runtime
import Store
import SwiftProtobuf

extension House {
    func payment(_ step: Step, _ number: Int) async throws -> Outcome {
        switch step {
        case .open(let amount, let manual):
            let payments = payments
            paymentIDs[number] = try await book.write("open") { tx in
                try payments.open(
                    reference: "own-\(number)", amount: Amount(minor: amount, .eur), channel: "test",
                    captureMode: manual ? .manual : .automatic, in: tx)
            }
            return .done
        case .authorise(let payment, let mood, let capture):
            channel.set(.init(authorise: mood, capture: capture))
            _ = try await payments.pay(id(payment), instrument: "card", context("k\(number)"))
        case .capture(let payment, let amount, let mood):
            channel.set(.init(capture: mood))
            _ = try await payments.capturePayment(
                .with {
                    $0.paymentID = "\(id(payment))"
                    if let amount { $0.amount = V1Amount(Amount(minor: amount, .eur)) }
                }, context("k\(number)"))
        case .void(let payment, let mood):
            channel.set(.init(void: mood))
            _ = try await payments.voidPayment(.with { $0.paymentID = "\(id(payment))" }, context("k\(number)"))
        case .giveBack(let payment, let amount, let mood):
            channel.set(.init(refund: mood))
            _ = try await payments.refundPayment(
                .with {
                    $0.paymentID = "\(id(payment))"
                    if let amount { $0.amount = V1Amount(Amount(minor: amount, .eur)) }
                }, context("k\(number)"))
        case .resolve(let payment, let reachable):
            if !reachable {
                channel.set(
                    .init(authorise: .isAway, capture: .isAway, void: .isAway, refund: .isAway, isReachable: false))
            }
            _ = try await payments.resolvePayment(.with { $0.paymentID = "\(id(payment))" }, context("k\(number)"))
        case .lapse(let payment):
            if let attempt = try await attempts(payment) { channel.lapse("\(id(payment))-\(attempt)") }
            return .done
        case .notice(let payment, let attempt, let word, let noticeID):
            return try await notice(payment, attempt, word, noticeID, number)
        default: break
        }
        try await hear(of: step.payment)
        return .done
    }

    /// Orders follow what became of a payment of theirs; of others they need not hear at once.
    private func hear(of payment: Int) async throws {
        if ordersPayments.contains(payment) { try await settle() }
    }

    private func notice(
        _ payment: Int, _ attempt: Int, _ word: Word, _ noticeID: Int, _ number: Int
    ) async throws -> Outcome {
        let kind: ChannelNotice.Kind
        var (name, fee) = ("", Amount?.none)
        switch word {
        case .authorised: (kind, name) = (.authorised, "ch")
        case .voided: kind = .voided
        case .expired: kind = .expired
        case .declined: kind = .declined(code: "no")
        case .captured(let amount, let total):
            (kind, name, fee) = (.captured(Amount(minor: amount, .eur)), "ch", Amount(minor: total, .eur))
        case .refunded(let index, let amount):
            kind = .refundSucceeded(reference: try await refund(payment, index), Amount(minor: amount, .eur))
        case .refundFailed(let index):
            kind = .refundFailed(reference: try await refund(payment, index), code: "no")
        }
        channel.speak(
            ChannelNotice(
                id: "n\(noticeID)", kind: kind, merchantReference: "\(id(payment))-\(attempt)", channelReference: name,
                feeTotal: fee))
        do {
            let reply = try await payments.receivePaymentCallback(
                .with { $0.channel = "test" }, context("k\(number)"))
            try await hear(of: payment)
            return .done(reply.effect)
        } catch let error as PaymentsError {
            return .refusedAndTold("\(error.code)")
        }
    }

    private func id(_ payment: Int) -> PaymentID {
        paymentIDs[payment] ?? PaymentID(UUIDv7(high: 0x0000_7000, low: UInt64(payment)))
    }

    private func attempts(_ payment: Int) async throws -> Int64? {
        let id = id(payment)
        return try await book.read { reader in
            try reader.first("SELECT attempts FROM payments WHERE id = \(id)") { $0.int64(0) }
        }
    }

    /// The name of a payment's refund by its place; that of none when there is none.
    private func refund(_ payment: Int, _ index: Int) async throws -> String {
        let id = id(payment)
        let all = try await book.read { reader in
            try reader.query("SELECT id FROM payment_refunds WHERE payment_id = \(id) ORDER BY id") {
                "\(try $0.get(0) as PaymentRefundID)"
            }
        }
        return all.indices.contains(index) ? all[index] : "none"
    }
}

extension Step {
    /// The payment that a command is about; 0 when it is about none.
    fileprivate var payment: Int {
        switch self {
        case .authorise(let id, _, _), .capture(let id, _, _), .void(let id, _), .giveBack(let id, _, _),
            .resolve(let id, _), .lapse(let id), .notice(let id, _, _, _):
            id
        default: 0
        }
    }
}
