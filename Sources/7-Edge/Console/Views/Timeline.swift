import Money
import Runtime

/// What happened to an order, in the order in which it happened.
enum Timeline {
    struct Entry {
        let text: String
        let tone: String
        let sum: Sum?
        let note: String?
        let at: Moment?
    }

    private struct Happening {
        let text: Text
        let tone: String
        var amount: Amount?
        var note = ""
        /// Nil for what has no time of its own; it stands last.
        let at: Timestamp?
    }

    static func entries(_ order: OrderFact, payments: [PaymentFact], _ texts: Texts) -> [Entry] {
        var all = [Happening(text: .eventPlaced, tone: "wait", amount: order.total, at: order.placedAt)]
        for payment in payments {
            for attempt in payment.attempts {
                let (text, tone) = told(attempt.state)
                let note = attempt.refusal.isEmpty ? payment.channel : "\(payment.channel) · \(attempt.refusal)"
                all.append(
                    Happening(
                        text: text, tone: tone, amount: tone == "good" ? payment.captured : payment.amount, note: note,
                        at: attempt.at ?? payment.at))
            }
        }
        for parcel in order.fulfilments {
            all.append(Happening(text: .eventSent, tone: "good", note: parcel.note, at: parcel.at))
        }
        for back in order.returns {
            all.append(Happening(text: .eventCameBack, tone: "warn", note: back.note, at: back.at))
        }
        for refund in order.refunds {
            let text: Text =
                refund.state == "done"
                ? .eventRefundDone : refund.state == "failed" ? .eventRefundFailed : .eventRefundAsked
            let tone = refund.state == "done" ? "warn" : refund.state == "failed" ? "bad" : "wait"
            all.append(Happening(text: text, tone: tone, amount: refund.amount, note: refund.reason, at: refund.at))
        }
        if order.state == "cancelled" {
            all.append(Happening(text: .eventCancelled, tone: "quiet", note: order.cancelReason, at: nil))
        }
        if order.state == "completed" { all.append(Happening(text: .eventCompleted, tone: "good", at: nil)) }

        let far = Timestamp(microseconds: .max)
        let day = order.placedAt.civilDay
        // Stable, because equal times keep the order in which they were told.
        let sorted = all.enumerated().sorted { left, right in
            (left.element.at ?? far, left.offset) < (right.element.at ?? far, right.offset)
        }
        return sorted.map { _, happening in
            Entry(
                text: texts[happening.text], tone: happening.tone, sum: happening.amount.map { Sum($0) },
                note: happening.note.isEmpty ? nil : happening.note,
                at: happening.at.map { Moment($0, today: day) })
        }
    }

    private static func told(_ state: String) -> (Text, String) {
        switch state {
        case "captured": (.eventCaptured, "good")
        case "authorised": (.eventAuthorised, "busy")
        case "declined", "failed", "expired": (.eventPaymentFailed, "bad")
        case _ where state.hasSuffix("unknown"): (.eventPaymentUnknown, "bad")
        default: (.eventPaymentTried, "wait")
        }
    }
}
