internal import Ledger
internal import Money
internal import Store

/// What a move of an attempt means in the ledger and in the journal.
extension Payments {
    func book(
        from before: AttemptState, _ news: AttemptNews, fee: Amount, _ attempt: inout AttemptRecord,
        _ payment: inout PaymentRecord, in tx: Transaction
    ) throws {
        guard attempt.state != before else {
            if fee.isPositive {
                try ledger.post([channelFee(fee, payment)], in: tx)
                try tell(.channelFee(fee), payment, attempt, in: tx)
            }
            return
        }
        switch attempt.state {
        case .authorised: try bookAuthorised(news, &attempt, payment, in: tx)
        case .captured: try bookCaptured(news, fee: fee, &attempt, &payment, in: tx)
        case .voided:
            try releaseHold(&attempt, payment, in: tx)
            try tell(.voided, payment, attempt, in: tx)
        case .expired:
            try releaseHold(&attempt, payment, in: tx)
            try tell(.expired, payment, attempt, in: tx)
        case .declined: try tell(.declined(operation: "authorise"), payment, attempt, in: tx)
        case .failed: try tell(.failed, payment, attempt, in: tx)
        case .sent: try tell(.attempted(operation: "authorise", payment.amount), payment, attempt, in: tx)
        case .capturing:
            try tell(.attempted(operation: "capture", attempt.capture ?? payment.amount), payment, attempt, in: tx)
        case .voiding: try tell(.attempted(operation: "void", payment.amount), payment, attempt, in: tx)
        case .authoriseUnknown: try tell(.unknown(operation: "authorise"), payment, attempt, in: tx)
        case .captureUnknown: try tell(.unknown(operation: "capture"), payment, attempt, in: tx)
        case .voidUnknown: try tell(.unknown(operation: "void"), payment, attempt, in: tx)
        case .created: break
        }
    }

    private func bookAuthorised(
        _ news: AttemptNews, _ attempt: inout AttemptRecord, _ payment: PaymentRecord, in tx: Transaction
    ) throws {
        switch news.event {
        case .captureDeclined: try tell(.declined(operation: "capture"), payment, attempt, in: tx)
        case .voidDeclined: try tell(.declined(operation: "void"), payment, attempt, in: tx)
        case .authorised where attempt.hold == nil:
            // The channel decides when an authorisation ends, so the hold has no end of its own.
            let hold = Transfer(
                debit: clearing(payment), credit: "customer_deposits", amount: payment.amount, code: .authorisation,
                reference: payment.reference, kind: .pending(expiresAt: nil))
            attempt.hold = try ledger.post([hold], in: tx).first?.sequence
            try tell(.authorised, payment, attempt, in: tx)
        default: break
        }
    }

    private func bookCaptured(
        _ news: AttemptNews, fee: Amount, _ attempt: inout AttemptRecord, _ payment: inout PaymentRecord,
        in tx: Transaction
    ) throws {
        let amount = news.captured ?? attempt.capture ?? payment.amount
        attempt.captured = amount
        payment.captured = try payment.captured.adding(amount)
        let share = try PlatformFee.share(of: amount, at: feePolicy(tx))
        payment.platformFee = try payment.platformFee.adding(share)
        var transfers: [Transfer] = []
        if let hold = attempt.hold {
            transfers.append(
                .posting(TransferID(hold), amount: amount, code: .capture, reference: payment.reference))
            attempt.hold = nil
        } else {
            transfers.append(
                Transfer(
                    debit: clearing(payment), credit: "customer_deposits", amount: amount, code: .capture,
                    reference: payment.reference))
        }
        if fee.isPositive { transfers.append(channelFee(fee, payment)) }
        if share.isPositive {
            transfers.append(
                Transfer(
                    debit: "platform_fee", credit: "platform_payable", amount: share, code: .platformFee,
                    reference: payment.reference))
        }
        try ledger.post(transfers, in: tx)
        try tell(.captured(amount, channelFee: fee, platformFee: share), payment, attempt, in: tx)
    }

    private func releaseHold(_ attempt: inout AttemptRecord, _ payment: PaymentRecord, in tx: Transaction) throws {
        guard let hold = attempt.hold else { return }
        try ledger.post([.voiding(TransferID(hold), code: .authorisation, reference: payment.reference)], in: tx)
        attempt.hold = nil
    }

    private func channelFee(_ fee: Amount, _ payment: PaymentRecord) -> Transfer {
        Transfer(
            debit: "channel_fees", credit: clearing(payment), amount: fee, code: .channelFee,
            reference: payment.reference)
    }

    func clearing(_ payment: PaymentRecord) -> AccountRef { .code("clearing:" + payment.channel) }
}
