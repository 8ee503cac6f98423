public import Ledger
public import Matching
public import Money

/// One entry that a repair posts.
public struct PlannedEntry: Sendable, Hashable {
    public let debit: String
    public let credit: String
    public let amount: Amount
    public let code: TransferCode
    /// The open item that it closes or makes.
    public let reference: String

    /// The entry that takes this one back.
    var reversed: PlannedEntry {
        PlannedEntry(debit: credit, credit: debit, amount: amount, code: .correction, reference: reference)
    }

    var transfer: Transfer {
        Transfer(debit: .code(debit), credit: .code(credit), amount: amount, code: code, reference: reference)
    }
}

/// What a repair will do, made when it is proposed and shown before it is let through: exactly this is executed.
public struct RepairPlan: Sendable, Hashable {
    public let kind: RepairKind
    public let entries: [PlannedEntry]
    /// The day that a timing difference is carried to; nil for all others.
    public let carryTo: String?
    /// What the plan is made for: the item's open amount. Books that moved since are not repaired blindly.
    public let itemReference: String
    public let expectedOpenMinor: Int64

    /// Minor units that the repair moves away from the item; 0 for a timing difference.
    public var amountMinor: Int64 { entries.first?.amount.minor ?? 0 }

    /// The plan that takes this one back.
    var reversal: RepairPlan {
        RepairPlan(
            kind: .reversal, entries: entries.reversed().map(\.reversed), carryTo: nil, itemReference: itemReference,
            expectedOpenMinor: 0)
    }
}

/// What a plan is made of: the case and what stands open in the ledger.
public struct RepairSubject: Sendable {
    public var matchClass: MatchClass
    public var channel: String
    public var currency: Currency
    /// The reference under which the difference stands open on the channel's clearing account.
    public var itemReference: String
    /// Minor units; plus: the channel owes us, minus: we have money of theirs that is nobody's.
    public var openMinor: Int64
    /// The kind of their line, or of ours where they have none.
    public var lineKind: String

    var clearing: String { ChartAccount.clearing(channel).code }
}

/// What whoever proposes may choose.
public struct RepairWish: Sendable {
    /// Minor units above zero; nil for all that is open.
    public var amountMinor: Int64?
    /// Where the money belongs; an order's identifier.
    public var targetReference = ""
    /// The day that brings the other line.
    public var carryTo = ""

    public init(amountMinor: Int64? = nil, targetReference: String = "", carryTo: String = "") {
        self.amountMinor = amountMinor
        self.targetReference = targetReference
        self.carryTo = carryTo
    }
}

extension RepairPlan {
    /// The entries of a repair. Pure: it reads and changes nothing.
    /// - Throws: `repairImpossible` or `invalidField`, saying what would be needed.
    public static func make(
        _ kind: RepairKind, _ subject: RepairSubject, _ wish: RepairWish = RepairWish()
    ) throws(CasesError) -> RepairPlan {
        guard kind.classes.contains(subject.matchClass), kind != .reversal else {
            let fitting = RepairKind.allCases.filter { $0 != .reversal && $0.classes.contains(subject.matchClass) }
            throw CasesError(
                .repairImpossible,
                "\(kind.rawValue) does not fit a difference of class \(subject.matchClass.code): "
                    + fitting.map(\.rawValue).joined(separator: ", ") + " do")
        }
        if kind == .markTiming {
            guard !wish.carryTo.isEmpty else { throw .invalid("carry_to", "", "must be the day that brings the line") }
            return RepairPlan(
                kind: kind, entries: [], carryTo: wish.carryTo, itemReference: subject.itemReference,
                expectedOpenMinor: subject.openMinor)
        }
        return RepairPlan(
            kind: kind, entries: try entries(kind, subject, wish, try amount(subject, wish)), carryTo: nil,
            itemReference: subject.itemReference, expectedOpenMinor: subject.openMinor)
    }

    private static func amount(_ subject: RepairSubject, _ wish: RepairWish) throws(CasesError) -> Amount {
        guard subject.openMinor != 0, subject.openMinor != .min else {
            throw CasesError(
                .repairImpossible,
                "nothing is open under \"\(subject.itemReference)\" on \(subject.clearing): there is nothing to book")
        }
        let open = abs(subject.openMinor)
        let wanted = wish.amountMinor ?? open
        guard (1...open).contains(wanted) else {
            throw .invalid("amount_minor", "\(wanted)", "must be 1 to \(open), which is what is open")
        }
        return Amount(minor: wanted, subject.currency)
    }

    private static func entries(
        _ kind: RepairKind, _ subject: RepairSubject, _ wish: RepairWish, _ amount: Amount
    ) throws(CasesError) -> [PlannedEntry] {
        let isOwed = subject.openMinor > 0
        /// Moves the amount between the clearing account and another one, so that the item comes nearer to zero.
        func settle(_ account: String, _ code: TransferCode) -> PlannedEntry {
            PlannedEntry(
                debit: isOwed ? account : subject.clearing, credit: isOwed ? subject.clearing : account,
                amount: amount, code: code, reference: subject.itemReference)
        }
        switch kind {
        case .writeOffRounding: return [settle("rounding_differences", .correction)]
        case .bookChannelFee: return [settle("channel_fees", .channelFee)]
        case .bookUnknownMoney: return [settle("suspense", .correction)]
        case .reclassify:
            let target = wish.targetReference
            guard !target.isEmpty, target != subject.itemReference, target.utf8.count <= Transfer.referenceLimit else {
                throw .invalid("target_reference", target, "must name the other order that the money belongs to")
            }
            // One account cannot be debited and credited at once, so the money passes through `suspense`.
            let out = settle("suspense", .correction)
            return [
                out,
                PlannedEntry(
                    debit: out.credit, credit: out.debit, amount: amount, code: .correction, reference: target)
            ]
        case .bookMissingCapture:
            guard !isOwed else {
                throw CasesError(.repairImpossible, "a missing capture is money that came in; this went out")
            }
            return [settle("customer_deposits", .capture)]
        case .bookMissingRefund:
            guard isOwed else {
                throw CasesError(.repairImpossible, "a missing refund is money that went out; this came in")
            }
            return [settle("customer_deposits", subject.lineKind == "chargeback" ? .chargeback : .refund)]
        case .returnDuplicate:
            // What we booked twice is taken back; what they took twice is owed to the shopper.
            return [settle(isOwed ? "customer_deposits" : "suspense", .correction)]
        case .markTiming, .reversal: return []
        }
    }
}
