internal import Money

/// A transaction (16): `type,amount,funds type,bank reference,customer reference,text`.
struct BaiTransaction {
    let type: String
    let isCredit: Bool
    /// The amount as it stands there, which control totals add up: debits have no sign.
    let stated: Int64
    let valueDate: CivilDate?
    let bankReference: String
    let customerReference: String
    let text: String

    /// Positive for a credit.
    var amount: Int64 { isCredit ? stated : -stated }

    /// Nil for a transaction without an amount, which is optional: type 890 carries a message and no money, and so does
    /// any other that states none. A lost amount would not pass the control totals.
    init?(_ record: BaiRecord, _ text: BankText, _ currency: Currency) throws(FieldProblem) {
        var fields = record.fields
        let code = fields.next() ?? []
        guard code.count == 3, let number = Int(String(decoding: code, as: UTF8.self)) else {
            throw FieldProblem("is not three digits: \(FieldText.shown(code))", field: "type code")
        }
        let amount = fields.next() ?? []
        if number == 890, amount.isEmpty { return nil }
        guard let isCredit = Self.isCredit(number) else {
            throw FieldProblem("is neither a credit nor a debit: \(number)", field: "type code")
        }
        if amount.isEmpty { return nil }
        type = String(decoding: code, as: UTF8.self)
        self.isCredit = isCredit
        stated = try BaiFields.amount(amount, "amount")
        valueDate = try fields.skipFunds()
        bankReference = try text.string(fields.next() ?? [])
        customerReference = try text.string(fields.next() ?? [])
        var parts: [String] = []
        for part in fields.text() { parts.append(try text.string(part)) }
        self.text = String(parts.joined(separator: " ").prefix(1_000))
    }

    /// The ranges of the standard: 1xx to 3xx are credits, 4xx to 6xx debits; loan payments and customised types have
    /// ranges of their own. All other types are balances, which no transaction has.
    static func isCredit(_ type: Int) -> Bool? {
        switch type {
        case 100...399, 720...728, 920...959: true
        case 400...699, 760...769, 960...999: false
        default: nil
        }
    }

    var kind: RowKind { BankKind.kind(hint, isCredit: isCredit, isReversal: false) }

    private var hint: BankKind.Hint {
        switch type {
        // Account analysis fee, miscellaneous fees.
        case "661", "698": .fee
        case "354", "654": .interest
        // Items that came back: posted and returned, ACH returns and reversals, rejects, deposited items returned.
        case "252", "255", "257", "258", "261", "266", "555", "557", "558", "561": .returned
        default: .none
        }
    }
}
