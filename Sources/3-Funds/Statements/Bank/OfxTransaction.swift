internal import Money

/// The statement that lines stand in.
struct OfxStatement {
    var account = ""
    var currency = ""
    var isInvestment = false
    var trades = 0
    var cashLines = 0

    func money(_ options: ReadOptions) throws(FieldProblem) -> Currency {
        if currency.isEmpty, let known = options.currency { return known }
        guard !currency.isEmpty else { throw FieldProblem("is missing: name one (--currency)", field: "CURDEF") }
        do {
            return try BankText.currency(currency)
        } catch {
            throw FieldProblem(error.reason, field: "CURDEF")
        }
    }
}

/// A line of an account (STMTTRN), or one that is expected (STMTTRNP).
struct OfxTransaction {
    let isPending: Bool
    let line: Int
    let offset: Int64
    private var values: [String: String] = [:]

    init(isPending: Bool, line: Int, offset: Int64) {
        self.isPending = isPending
        self.line = line
        self.offset = offset
    }

    /// The first value of a name counts: what an unknown aggregate repeats does not replace it.
    mutating func take(_ name: String, _ text: String, limit: Int) throws {
        if values[name] != nil { return }
        guard values.count < limit else {
            throw StatementError(.limit, "a line has more than \(limit) elements", line: line)
        }
        values[name] = text
    }

    func row(_ statement: OfxStatement, _ options: ReadOptions) throws(FieldProblem) -> StatementRow {
        let currency = try currency(statement, options)
        let amount = try read("TRNAMT") { text throws(FieldProblem) in try OfxText.decimal(text) }
        let minor = try read("TRNAMT") { _ throws(FieldProblem) in try amount.roundedMinor(currency) }
        let time = try read(isPending && values["DTPOSTED"] == nil ? "DTTRAN" : "DTPOSTED") {
            text throws(FieldProblem) in
            try OfxText.time(text, options)
        }
        let type = values["TRNTYPE"] ?? ""
        let correction = values["CORRECTACTION"] ?? ""
        var row = StatementRow(
            channel: "bank", kind: BankKind.kind(Self.hint(type), isCredit: minor >= 0, isReversal: false),
            currency: currency, amountMinor: minor, channelReference: values["FITID"] ?? "",
            merchantReference: reference, originalReference: values["CORRECTFITID"] ?? "", account: statement.account,
            status: isPending ? .pending : correction.uppercased() == "DELETE" ? .reversed : .succeeded,
            rawStatus: correction.isEmpty ? type : "\(type) \(correction)", time: time,
            valueDate: values["DTAVAIL"].flatMap { try? OfxText.time($0, options).date },
            description: description, line: line, offset: offset)
        if !amount.isWhole(currency) { row.fineAmount = amount }
        return row
    }

    /// An amount in another currency than the account's says so in CURRENCY. ORIGCURRENCY only tells what it was
    /// before the bank exchanged it.
    private func currency(_ statement: OfxStatement, _ options: ReadOptions) throws(FieldProblem) -> Currency {
        guard let symbol = values["CURRENCY.CURSYM"], !symbol.isEmpty else { return try statement.money(options) }
        return try read("CURRENCY.CURSYM") { text throws(FieldProblem) in try BankText.currency(text.uppercased()) }
    }

    private func read<Value>(
        _ name: String, _ body: (String) throws(FieldProblem) -> Value
    ) throws(FieldProblem) -> Value {
        guard let text = values[name], !text.isEmpty else { throw FieldProblem("is missing", field: name) }
        do {
            return try body(text)
        } catch {
            throw FieldProblem(error.reason, field: name)
        }
    }

    /// What the customer gave: a reference number, or that of a cheque; zeros are none.
    private var reference: String {
        for name in ["REFNUM", "CHECKNUM"] {
            if let text = values[name], !text.allSatisfy({ $0 == "0" }) { return text }
        }
        return ""
    }

    private var description: String {
        let name = values["NAME"] ?? values["PAYEE.NAME"] ?? values["EXTDNAME"] ?? ""
        let memo = values["MEMO"] ?? ""
        return BankText.description(memo == name ? [name] : [name, memo])
    }

    private static func hint(_ type: String) -> BankKind.Hint {
        switch type.uppercased() {
        case "FEE", "SRVCHG": .fee
        case "INT", "DIV": .interest
        default: .none
        }
    }
}
