/// Whether an order's three stories agree: what was ordered, what was billed for it with its fees, what money came.
///
/// Two runs of the same matcher over the sums of each order and currency: ordered against billed, and billed less fees
/// against received. O(n log n). Only lines that succeeded count: pending money has not come, reversed money has left.
public struct ThreeWayCheck: Sendable {
    private let rules: MatchRules
    private let threads: Int

    /// - Parameter rules: Tolerances of amounts and the placeholders that are no reference. The tolerant stage is not
    ///   used: an order is named or it is not.
    public init(rules: MatchRules = MatchRules(), threads: Int = 1) {
        var rules = rules
        rules.tolerant = nil
        rules.fees = nil
        rules.netOfFee = false
        self.rules = rules
        self.threads = threads
    }

    /// - Parameters:
    ///   - orders: What was sold, less what was taken back; the first key is the order's reference, in all three.
    ///   - billing: Invoices and credit notes; lines of kind `fee` (negative) and their fees are what channels keep.
    ///   - money: What came and went, net of the fees that the lines name.
    public func check(
        orders: [MatchRow], billing: [MatchRow], money: [MatchRow]
    ) throws(MatchError) -> ThreeWayResult {
        let ordered = totals(orders) { $0.amountMinor }
        let billed = totals(billing.filter { $0.kind != .fee }) { $0.amountMinor }
        let expected = totals(billing) { $0.netMinor }
        let received = totals(money) { $0.netMinor }
        let matcher = Matcher(rules: rules, threads: threads)
        let billingLeg = try matcher.match(ours: ordered.rows, theirs: billed.rows)
        let moneyLeg = try matcher.match(ours: expected.rows, theirs: received.rows)
        var checks: [OrderSum: OrderAgreement] = [:]
        for (side, keyPath) in [
            (ordered, \OrderAgreement.orderedMinor), (billed, \.billedMinor), (expected, \.expectedMinor),
            (received, \.receivedMinor)
        ] {
            for row in side.rows {
                let sum = OrderSum(reference: row.keys[0], currency: row.currency)
                checks[sum, default: OrderAgreement(reference: sum.reference, currency: sum.currency)][
                    keyPath: keyPath] = row.amountMinor
            }
        }
        note(billingLeg, \.billing, ordered.rows, billed.rows, in: &checks)
        note(moneyLeg, \.money, expected.rows, received.rows, in: &checks)
        let agreements = checks.values.sorted { ($0.reference, $0.currency) < ($1.reference, $1.currency) }
        return ThreeWayResult(
            orders: agreements, unnamedOrders: ordered.unnamed, unnamedBilling: expected.unnamed,
            unnamedMoney: received.unnamed)
    }

    private struct OrderSum: Hashable {
        var reference: String
        var currency: String
    }

    private struct Totals {
        var rows: [MatchRow]
        var unnamed: [Int64]
    }

    /// One line an order and currency. Sums that leave 64 bits saturate, and so differ from every true one.
    private func totals(_ rows: [MatchRow], _ amount: (MatchRow) -> Int64) -> Totals {
        var sums: [OrderSum: Int128] = [:]
        var unnamed: [Int64] = []
        for row in rows where row.status == .succeeded {
            let reference = row.key(0)
            if reference.isEmpty || rules.placeholders.contains(reference) {
                unnamed.append(row.id)
            } else {
                sums[OrderSum(reference: reference, currency: row.currency), default: 0] += Int128(amount(row))
            }
        }
        let sorted = sums.sorted { ($0.key.reference, $0.key.currency) < ($1.key.reference, $1.key.currency) }
        let totals = sorted.enumerated().map { index, sum in
            MatchRow(
                id: Int64(index), keys: [sum.key.reference], currency: sum.key.currency,
                amountMinor: Int64(clamping: sum.value))
        }
        return Totals(rows: totals, unnamed: unnamed.sorted())
    }

    /// Writes what a leg came to beside each order it names; ids of totals are their places.
    private func note(
        _ result: MatchResult, _ leg: WritableKeyPath<OrderAgreement, OrderAgreement.Leg>, _ ours: [MatchRow],
        _ theirs: [MatchRow], in checks: inout [OrderSum: OrderAgreement]
    ) {
        for finding in result.findings {
            let left = finding.ours.map { ours[Int($0)] }
            let right = finding.theirs.map { theirs[Int($0)] }
            let difference =
                right.reduce(Int128(0)) { $0 + Int128($1.amountMinor) }
                - left.reduce(Int128(0)) { $0 + Int128($1.amountMinor) }
            for row in left + right {
                let sum = OrderSum(reference: row.keys[0], currency: row.currency)
                checks[sum]?[keyPath: leg] = OrderAgreement.Leg(
                    matchClass: finding.matchClass,
                    differenceMinor: finding.matchClass == .currency ? nil : Int64(clamping: difference),
                    reason: finding.reason)
            }
        }
    }
}

/// What the three sides say about one order in one currency.
public struct OrderAgreement: Sendable, Hashable {
    /// One of the two comparisons.
    public struct Leg: Sendable, Hashable {
        /// `missingOurs`: only the later side has it; `missingTheirs`: only the earlier one.
        public var matchClass: MatchClass
        /// The later side less the earlier one; nil where currencies differ and so nothing can be subtracted.
        public var differenceMinor: Int64?
        public var reason: String

        static let unheard = Leg(matchClass: .matched, differenceMinor: 0, reason: "neither side has it")
    }

    public var reference: String
    public var currency: String
    /// Nil where a side does not know the order in this currency.
    public var orderedMinor: Int64?
    public var billedMinor: Int64?
    /// Billed less fees: what should have come.
    public var expectedMinor: Int64?
    public var receivedMinor: Int64?
    /// Ordered against billed.
    public var billing = Leg.unheard
    /// Billed less fees against received.
    public var money = Leg.unheard

    init(reference: String, currency: String) {
        self.reference = reference
        self.currency = currency
    }

    public var agrees: Bool { billing.matchClass == .matched && money.matchClass == .matched }
}

/// All orders that any of the three sides names, by reference and currency.
public struct ThreeWayResult: Sendable, Hashable {
    public var orders: [OrderAgreement]
    /// Ids of lines that name no order: in no sum, and never silently.
    public var unnamedOrders: [Int64]
    public var unnamedBilling: [Int64]
    public var unnamedMoney: [Int64]

    public var differences: [OrderAgreement] { orders.filter { !$0.agrees } }
}
