import Money
import Runtime

/// One order with everything that happened to it and to its money.
struct OrderPageView {
    struct Fact {
        let label: String
        let text: String
        let isCode: Bool
    }

    struct Line {
        let number: Int
        let title: String
        let sku: String
        let href: String
        let quantity: Int64
        let shipped: Int64
        let cameBack: Int64
        let unit: Sum
        let off: Sum?
        let taxed: Sum?
        let sum: Sum
    }

    struct TotalRow {
        let label: String
        let note: String?
        let sum: Sum
        let isGrand: Bool
    }

    struct Attempt {
        let number: Int
        let state: Badge
        let merchantReference: String
        let channelReference: String
        let refusal: String?
        let at: Moment?
    }

    struct Payment {
        let id: String
        let channel: String
        let state: Badge
        let sums: [TotalRow]
        let attempts: [Attempt]
        let at: Moment
    }

    struct Refund {
        let number: Int
        let sum: Sum
        let why: String
        let state: Badge
        let link: Link?
        let at: Moment
    }

    struct Parcel {
        let number: Int
        let contents: String
        let note: String
        let at: Moment
    }

    let id: String
    let state: Badge
    let payment: Badge
    let total: Sum
    let at: Moment
    let facts: [Fact]
    let lines: [Line]
    let totals: [TotalRow]
    let timeline: [Timeline.Entry]
    let payments: [Payment]
    /// Nil when the caller may not read payments; the needed scope is named instead.
    let paymentsNote: String?
    let refunds: [Refund]
    let hasRefunds: Bool
    let parcels: [Parcel]
    let hasParcels: Bool
    let cameBack: [Parcel]
    let hasReturns: Bool
    let postings: PostingsView?
    let postingsNote: String?

    init(_ order: OrderFact, payments facts: [PaymentFact]?, transfers: [TransferFact]?, texts: Texts) {
        id = order.id
        state = .order(order.state, texts)
        payment = .payment(order.paymentState, texts)
        total = Sum(order.total)
        at = Moment(order.placedAt)
        let day = order.placedAt.civilDay
        self.facts = OrderPageView.facts(order, texts)
        lines = order.lines.map { line in
            Line(
                number: line.number, title: line.title, sku: line.sku, href: Place.variant(line.variant),
                quantity: line.quantity, shipped: line.fulfilled, cameBack: line.returned, unit: Sum(line.unitPrice),
                off: line.discount.isZero ? nil : Sum((try? line.discount.negated()) ?? line.discount),
                taxed: line.tax.isZero ? nil : Sum(line.tax), sum: Sum(line.total))
        }
        totals = OrderPageView.totals(order, texts)
        timeline = Timeline.entries(order, payments: facts ?? [], texts)
        payments = (facts ?? []).map { OrderPageView.payment($0, day, texts) }
        paymentsNote =
            facts == nil ? "\(texts[.needsScope]) payments:read" : facts?.isEmpty == true ? texts[.noPayments] : nil
        refunds = order.refunds.map { refund in
            Refund(
                number: refund.number, sum: Sum(refund.amount), why: refund.reason,
                state: .payment(refund.state, texts),
                link: refund.payment.isEmpty
                    ? nil : Link(href: "#" + refund.payment, text: Link.short(refund.payment), full: refund.payment),
                at: Moment(refund.at, today: day))
        }
        hasRefunds = !refunds.isEmpty
        parcels = order.fulfilments.map { OrderPageView.parcel($0, order, note: $0.note, day) }
        hasParcels = !parcels.isEmpty
        cameBack = order.returns.map { back in
            let shelf = texts[back.restocked ? .restocked : .notRestocked]
            return OrderPageView.parcel(back, order, note: back.note.isEmpty ? shelf : "\(back.note) · \(shelf)", day)
        }
        hasReturns = !cameBack.isEmpty
        postings = transfers.map { PostingsView($0, today: day, texts: texts) }
        postingsNote = transfers == nil ? "\(texts[.needsScope]) ledger:read" : nil
    }

    private static func facts(_ order: OrderFact, _ texts: Texts) -> [Fact] {
        let all: [(Text, String, Bool)] = [
            (.person, order.person, true), (.email, order.emailToken, true), (.destination, order.destination, false),
            (.shippingMethod, order.shippingMethod, false), (.discountCode, order.discountCode, true),
            (.reservedUntil, order.reservedUntil.map { Moment($0).text } ?? "", false),
            (.cancelReason, order.cancelReason, false)
        ]
        return all.filter { !$0.1.isEmpty }.map { Fact(label: texts[$0.0], text: $0.1, isCode: $0.2) }
    }

    private static func totals(_ order: OrderFact, _ texts: Texts) -> [TotalRow] {
        var rows = [TotalRow(label: texts[.subtotal], note: nil, sum: Sum(order.subtotal), isGrand: false)]
        if !order.discount.isZero {
            let negative = (try? order.discount.negated()) ?? order.discount
            rows.append(
                TotalRow(
                    label: texts[.discount], note: order.discountCode.isEmpty ? nil : order.discountCode,
                    sum: Sum(negative), isGrand: false))
        }
        rows.append(
            TotalRow(
                label: texts[.shipping], note: order.shippingMethod.isEmpty ? nil : order.shippingMethod,
                sum: Sum(order.shipping), isGrand: false))
        for tax in order.taxes {
            let where_ = texts[tax.included ? .taxIncluded : .taxOnTop]
            rows.append(
                TotalRow(
                    label: tax.name.isEmpty ? texts[.tax] : tax.name, note: "\(percent(tax.rate)) \(where_)",
                    sum: Sum(tax.amount), isGrand: false))
        }
        rows.append(TotalRow(label: texts[.total], note: nil, sum: Sum(order.total), isGrand: true))
        rows.append(TotalRow(label: texts[.captured], note: nil, sum: Sum(order.captured), isGrand: false))
        if !order.refunded.isZero {
            let negative = (try? order.refunded.negated()) ?? order.refunded
            rows.append(TotalRow(label: texts[.refunded], note: nil, sum: Sum(negative), isGrand: false))
        }
        return rows
    }

    /// "0.19" is "19 %".
    private static func percent(_ rate: String) -> String {
        guard let rate = try? Rate(decimalText: rate),
            let hundredfold = try? rate.multiplied(by: Rate(decimalText: "100"), rounding: .halfEven)
        else { return rate }
        return hundredfold.decimalText + " %"
    }

    private static func payment(_ fact: PaymentFact, _ day: String, _ texts: Texts) -> Payment {
        let sums: [(Text, Amount)] = [
            (.amount, fact.amount), (.captured, fact.captured), (.refunded, fact.refunded),
            (.channelFee, fact.channelFee), (.platformFee, fact.platformFee)
        ]
        return Payment(
            id: fact.id, channel: fact.channel, state: .payment(fact.state, texts),
            sums: sums.map { TotalRow(label: texts[$0.0], note: nil, sum: Sum($0.1), isGrand: false) },
            attempts: fact.attempts.map { attempt in
                Attempt(
                    number: attempt.number, state: .payment(attempt.state, texts),
                    merchantReference: attempt.merchantReference, channelReference: attempt.channelReference,
                    refusal: attempt.refusal.isEmpty ? nil : attempt.refusal,
                    at: attempt.at.map { Moment($0, today: day) })
            },
            at: Moment(fact.at, today: day))
    }

    private static func parcel(_ fact: ParcelFact, _ order: OrderFact, note: String, _ day: String) -> Parcel {
        let contents = fact.lines.map { part in
            let title = order.lines.first { $0.number == part.line }?.title ?? "#\(part.line)"
            return "\(part.quantity) × \(title)"
        }
        return Parcel(
            number: fact.number, contents: contents.joined(separator: ", "), note: note,
            at: Moment(fact.at, today: day))
    }
}
