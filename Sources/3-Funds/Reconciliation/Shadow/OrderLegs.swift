import Contract
import Ledger
import Money
import Runtime

/// What is known of one order's money on each of three sides, in minor units of its currency.
struct OrderLegs: Sendable {
    let order: SeenOrder
    /// Cash that settled, less cash that went back.
    private(set) var settled: Int64 = 0
    /// What was booked as the channel's fee.
    private(set) var feesBooked: Int64 = 0
    /// What is open on clearing accounts.
    private(set) var open: Int64 = 0
    /// What repairs took into profit and loss, or into suspense: booked away from the clearing account otherwise.
    private(set) var repaired: Int64 = 0
    /// There are more transfers than were read.
    var isCutShort = false

    init(_ order: SeenOrder) { self.order = order }

    mutating func add(debit: String, credit: String, minor: Int64, code: TransferCode) {
        let prefix = ChartAccount.clearingPrefix
        let sign: Int64 = debit.hasPrefix(prefix) ? 1 : -1
        guard debit.hasPrefix(prefix) != credit.hasPrefix(prefix) else { return }
        let other = sign == 1 ? credit : debit
        open += sign * minor
        switch other {
        case "channel_fees": feesBooked -= sign * minor
        case "customer_deposits": break
        case _ where code == .settlement: settled -= sign * minor
        default: repaired -= sign * minor
        }
    }

    /// What the order was worth in the end: nothing when it was given up before it was paid.
    private var isGivenUp: Bool { ["cancelled", "expired"].contains(order.state) }

    var findings: [String] {
        var findings: [String] = []
        func figure(_ minor: Int64) -> String { Amount(minor: minor, order.currency).decimalText }
        let kept = order.capturedMinor - order.refundedMinor
        if isCutShort { findings.append("it has more transfers than are read here") }
        if isGivenUp, kept != 0 {
            findings.append("the order was given up and \(figure(kept)) of it are kept")
        }
        if !isGivenUp, order.capturedMinor != 0, order.capturedMinor != order.totalMinor {
            findings.append("ordered \(figure(order.totalMinor)), captured \(figure(order.capturedMinor))")
        }
        if order.refundedMinor > order.capturedMinor {
            findings.append("refunded \(figure(order.refundedMinor)) of \(figure(order.capturedMinor))")
        }
        // All that was charged is either settled, a fee, repaired, or still open; anything else is lost money.
        if kept != settled + feesBooked + repaired + open {
            findings.append(
                "charged \(figure(kept)); settled \(figure(settled)), fees \(figure(feesBooked)), repaired "
                    + "\(figure(repaired)), open \(figure(open))")
        }
        if settled != 0, feesBooked != order.feeMinor {
            findings.append("the channel told fees of \(figure(order.feeMinor)) and \(figure(feesBooked)) are booked")
        }
        if open < 0 { findings.append("\(figure(-open)) more settled than was charged") }
        if settled != 0, open > 0 { findings.append("\(figure(open)) of it did not settle") }
        if repaired != 0 { findings.append("repairs took \(figure(repaired)) of it elsewhere") }
        return findings
    }

    var verdict: String {
        if !findings.isEmpty { return "differs" }
        if order.capturedMinor == 0 { return isGivenUp ? "agrees" : "unpaid" }
        return open != 0 ? "not_settled" : "agrees"
    }
}

extension V1OrderCheck {
    init(_ legs: OrderLegs) {
        self.init()
        func amount(_ minor: Int64) -> V1Amount { V1Amount(Amount(minor: minor, legs.order.currency)) }
        reference = legs.order.reference
        verdict = legs.verdict
        findings = legs.findings
        orderState = legs.order.state
        ordered = amount(legs.order.totalMinor)
        captured = amount(legs.order.capturedMinor)
        refunded = amount(legs.order.refundedMinor)
        fees = amount(legs.order.feeMinor)
        settled = amount(legs.settled)
        feesBooked = amount(legs.feesBooked)
        self.open = amount(legs.open)
        placedAt = legs.order.placedAt.rfc3339
    }
}
