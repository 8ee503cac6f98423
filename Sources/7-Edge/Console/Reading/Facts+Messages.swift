import Catalog
import Contract
import Ledger
import Money
import Orders
import Payments
import Runtime

// From the messages of the contracts to what the pages show.

extension Timestamp {
    /// A time as messages write it; throws when it is none, because we wrote it.
    fileprivate init(message text: String) throws {
        guard let moment = Timestamp(rfc3339: text) else { throw Problem.internalError }
        self = moment
    }
}

extension OrderRowFact {
    init(_ order: V1OrderSummary) throws {
        self.init(
            id: order.orderID, state: order.state, paymentState: order.paymentState,
            total: try Amount(order.total, field: "total"), refunded: try Amount(order.refunded, field: "refunded"),
            lineCount: Int(order.lineCount), placedAt: try Timestamp(message: order.placedAt))
    }
}

extension OrderFact {
    init(_ order: V1Order) throws {
        let total = try Amount(order.totals.total, field: "total")
        self.init(
            id: order.orderID, state: order.state, paymentState: order.paymentState,
            placedAt: try Timestamp(message: order.placedAt), zero: .zero(total.currency))
        self.total = total
        subtotal = try Amount(order.totals.subtotal, field: "subtotal")
        discount = try Amount(order.totals.discount, field: "discount")
        shipping = try Amount(order.totals.shipping, field: "shipping")
        tax = try Amount(order.totals.tax, field: "tax")
        captured = try Amount(order.captured, field: "captured")
        refunded = try Amount(order.refunded, field: "refunded")
        lines = try order.lines.map { try OrderLineFact($0) }
        taxes = try order.taxLines.map { line in
            TaxFact(
                name: line.name, rate: line.rate, included: line.included, amount: try Amount(line.tax, field: "tax"))
        }
        person = order.personID
        emailToken = order.email
        destination = [order.shippingAddress.region, order.shippingAddress.country].filter { !$0.isEmpty }
            .joined(separator: ", ")
        shippingMethod = order.shippingMethod
        discountCode = order.discountCode
        cancelReason = order.cancelReason
        reservedUntil = Timestamp(rfc3339: order.reservedUntil)
        fulfilments = try order.fulfilments.map { sent in
            ParcelFact(
                number: Int(sent.number), lines: sent.lines.map { (Int($0.line), $0.quantity) },
                note: [sent.carrier, sent.trackingNumber].filter { !$0.isEmpty }.joined(separator: " "),
                at: try Timestamp(message: sent.at))
        }
        returns = try order.returns.map { back in
            ParcelFact(
                number: Int(back.number), lines: back.lines.map { (Int($0.line), $0.quantity) }, note: back.reason,
                restocked: back.restocked, at: try Timestamp(message: back.at))
        }
        refunds = try order.refunds.map { refund in
            RefundFact(
                number: Int(refund.number), amount: try Amount(refund.amount, field: "amount"), reason: refund.reason,
                state: refund.state, payment: refund.paymentID, at: try Timestamp(message: refund.at))
        }
    }
}

extension OrderLineFact {
    init(_ line: V1OrderLine) throws {
        self.init(
            unitPrice: try Amount(line.unitPrice, field: "unit_price"),
            discount: try Amount(line.discount, field: "discount"), tax: try Amount(line.tax, field: "tax"),
            total: try Amount(line.total, field: "total"))
        number = Int(line.line)
        variant = line.variantID
        sku = line.sku
        title = line.title
        quantity = line.quantity
        fulfilled = line.fulfilled
        returned = line.returned
    }
}

extension PaymentFact {
    init(_ payment: V1Payment) throws {
        let amount = try Amount(payment.amount, field: "amount")
        self.init(
            id: payment.id, reference: payment.reference, channel: payment.channel, state: payment.state,
            amount: amount, at: try Timestamp(message: payment.createdAt))
        // A sum that was never set has no currency either, and is nothing.
        func sum(_ part: V1Amount, _ isSet: Bool) throws -> Amount {
            isSet ? try Amount(part, field: "amount") : .zero(amount.currency)
        }
        captured = try sum(payment.captured, payment.hasCaptured)
        refunded = try sum(payment.refunded, payment.hasRefunded)
        channelFee = try sum(payment.channelFee, payment.hasChannelFee)
        platformFee = try sum(payment.platformFee, payment.hasPlatformFee)
        attempts = payment.attempts.map { attempt in
            AttemptFact(
                number: Int(attempt.number), state: attempt.state, merchantReference: attempt.merchantReference,
                channelReference: attempt.channelReference, refusal: attempt.refusal,
                at: Timestamp(rfc3339: attempt.updatedAt) ?? Timestamp(rfc3339: attempt.sentAt))
        }
    }
}

extension TransferFact {
    init(_ transfer: V1LedgerTransfer) throws {
        let amount = try Amount(transfer.amount, field: "amount")
        self.init(
            id: transfer.transferID, debit: transfer.debit, credit: transfer.credit, amount: amount,
            held: transfer.hasHeld ? try Amount(transfer.held, field: "held") : .zero(amount.currency),
            code: Int(transfer.transferCode), kind: TransferFact.name(transfer.kind), reference: transfer.reference,
            at: try Timestamp(message: transfer.time))
    }

    static func name(_ kind: V1LedgerTransferKind) -> String {
        switch kind {
        case .posted: "posted"
        case .pending: "pending"
        case .postPending: "post_pending"
        case .voidPending: "void_pending"
        case .expirePending: "expire_pending"
        case .UNRECOGNIZED(let number): "\(number)"
        }
    }
}

extension TrialFact {
    init(_ trial: V1CurrencyTrialBalance) throws {
        self.init(
            currency: try Amount(trial.totalDebit, field: "total_debit").currency,
            lines: try trial.lines.map { line in
                Line(
                    code: line.code, debit: try Amount(line.debit, field: "debit"),
                    credit: try Amount(line.credit, field: "credit"))
            },
            debit: try Amount(trial.totalDebit, field: "total_debit"),
            credit: try Amount(trial.totalCredit, field: "total_credit"), balanced: trial.balanced,
            truncated: trial.truncated)
    }
}

extension StatementFact {
    init(_ statement: V1LedgerStatement) throws {
        let opening = try Amount(statement.opening, field: "opening")
        self.init(
            code: statement.code, currency: opening.currency, opening: opening,
            closing: try Amount(statement.closing, field: "closing"),
            entries: try statement.entries.map { entry in
                let amount = try Amount(entry.amount, field: "amount")
                return Entry(
                    transfer: entry.transferID, at: try Timestamp(message: entry.time), isDebit: entry.side == .debit,
                    amount: amount,
                    held: entry.hasHeld ? try Amount(entry.held, field: "held") : .zero(amount.currency),
                    balance: try Amount(entry.balance, field: "balance"), counterAccount: entry.counterAccount,
                    code: Int(entry.transferCode), kind: TransferFact.name(entry.kind), reference: entry.reference)
            },
            next: statement.nextPageToken)
    }
}

extension ProductFact {
    init(_ product: V1Product) throws {
        self.init(
            id: product.productID, title: product.title, handle: product.handle, vendor: product.vendor,
            category: product.category, status: product.status,
            variants: try product.variants.map { variant in
                Variant(
                    id: variant.variantID, sku: variant.sku, title: variant.title,
                    price: try Amount(variant.price, field: "price"),
                    compareAt: variant.hasCompareAtPrice ? try Amount(variant.compareAtPrice, field: "price") : nil,
                    cost: variant.hasCostPrice ? try Amount(variant.costPrice, field: "cost_price") : nil)
            })
    }
}
