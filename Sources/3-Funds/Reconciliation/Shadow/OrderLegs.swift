import Contract
import Ledger
import Matching
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
    /// What repairs took from the clearing account elsewhere: into profit and loss, into suspense.
    private(set) var repaired: Int64 = 0
    /// There are more transfers than were read.
    var isCutShort = false

    init(_ order: SeenOrder) { self.order = order }

    /// Adds a transfer under the order's reference; only those that touch one clearing account say anything here.
    mutating func add(debit: String, credit: String, minor: Int64, code: TransferCode) {
        let prefix = ChartAccount.clearingPrefix
        guard debit.hasPrefix(prefix) != credit.hasPrefix(prefix) else { return }
        let sign: Int64 = debit.hasPrefix(prefix) ? 1 : -1
        open += sign * minor
        switch sign == 1 ? credit : debit {
        case "channel_fees": feesBooked -= sign * minor
        case "customer_deposits": break
        case _ where code == .settlement: settled -= sign * minor
        default: repaired -= sign * minor
        }
    }

    /// The verdict of the three-way check and what is odd beside it.
    var verdict: (word: String, findings: [String]) {
        var findings = oddities
        let agreement = checked
        if let billing = agreement?.billing, billing.matchClass != .matched,
            order.capturedMinor != 0 || order.refundedMinor != 0
        {
            findings.append("ordered \(figure(soldMinor)), charged \(figure(chargedMinor)): \(billing.reason)")
        }
        // What is still open has not come yet; what came and differs is a finding.
        if let money = agreement?.money, money.matchClass != .matched, settled != 0 {
            findings.append(
                "expected \(figure(chargedMinor - order.feeMinor)), settled \(figure(settled)): \(money.reason)")
        }
        if !findings.isEmpty { return ("differs", findings) }
        if order.capturedMinor == 0 { return (isGivenUp ? "agrees" : "unpaid", []) }
        return (open != 0 ? "not_settled" : "agrees", [])
    }

    /// Orders against billing, billing less fees against money: the engine that compares whole days compares one order.
    private var checked: OrderAgreement? {
        func row(_ id: Int64, _ minor: Int64, fee: Int64? = nil) -> MatchRow {
            MatchRow(
                id: id, keys: [order.reference], currency: order.currency.code, amountMinor: minor, feeMinor: fee)
        }
        let result = try? ThreeWayCheck().check(
            orders: soldMinor == 0 ? [] : [row(1, soldMinor)],
            billing: chargedMinor == 0 && order.feeMinor == 0 ? [] : [row(1, chargedMinor, fee: order.feeMinor)],
            money: settled == 0 ? [] : [row(1, settled)])
        return result?.orders.first
    }

    /// What the order is worth in the end: nothing when it was given up.
    private var soldMinor: Int64 { isGivenUp ? 0 : order.totalMinor - order.refundedMinor }
    private var chargedMinor: Int64 { order.capturedMinor - order.refundedMinor }
    private var isGivenUp: Bool { ["cancelled", "expired"].contains(order.state) }

    private func figure(_ minor: Int64) -> String { Amount(minor: minor, order.currency).decimalText }

    /// What no comparison of sums shows.
    private var oddities: [String] {
        var findings: [String] = []
        if isCutShort { findings.append("it has more transfers than are read here") }
        // All that was charged is settled, a fee, repaired or still open; anything else is lost money.
        if chargedMinor != settled + feesBooked + repaired + open {
            findings.append(
                "charged \(figure(chargedMinor)); settled \(figure(settled)), fees \(figure(feesBooked)), repaired "
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
}

extension V1OrderCheck {
    init(_ legs: OrderLegs) {
        self.init()
        func amount(_ minor: Int64) -> V1Amount { V1Amount(Amount(minor: minor, legs.order.currency)) }
        let found = legs.verdict
        reference = legs.order.reference
        verdict = found.word
        findings = found.findings
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
