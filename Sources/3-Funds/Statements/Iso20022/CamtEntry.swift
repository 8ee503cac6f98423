internal import Money

/// One entry (`Ntry`) without its details: the money that was booked.
struct CamtEntry {
    let money: CamtMoney
    let isCredit: Bool
    let isReversal: Bool
    let status: RowStatus
    let rawStatus: String
    let charge: CamtCharge
    let element: XMLElement
    let account: String
    let booked: StatementTime?
    let valueDate: CivilDate?
    let line: Int
    let offset: Int64

    /// Positive for a credit.
    var signed: Int64 { isCredit ? money.minor : -money.minor }
    var isBooked: Bool { status == .succeeded }

    /// - Parameter unstated: the status of an entry that states none; nil where it has to state one.
    init(
        _ element: XMLElement, account: String, unstated: String?, line: Int, offset: Int64
    ) throws(FieldProblem) {
        self.element = element
        self.account = account
        self.line = line
        self.offset = offset
        guard let amount = element["Amt"] else { throw FieldProblem("is missing", field: "Amt") }
        money = try CamtText.money(amount)
        guard let isCredit = try CamtText.isCredit(element) else {
            throw FieldProblem("is missing", field: "CdtDbtInd")
        }
        self.isCredit = isCredit
        isReversal = ["true", "1"].contains(element.text("RvslInd") ?? "")
        // Up to version 7 the status is a code; from version 8 it is a choice of a code and the bank's own word.
        let word = element.text("Sts", "Cd") ?? element.text("Sts") ?? (element["Sts"] == nil ? unstated : nil) ?? ""
        guard !word.isEmpty else { throw FieldProblem("is missing or no code of ISO 20022", field: "Sts") }
        status = try CamtKind.status(word)
        rawStatus = isReversal ? word + " reversal" : word
        charge = try CamtCharge.read(element)
        let value = try CamtText.time(element["ValDt"])
        let booking = try CamtText.time(element["BookgDt"])
        booked = booking ?? value
        valueDate = value?.date
    }

    /// The row of the whole entry. References of its only detail are its own.
    func row(only detail: CamtDetail? = nil) throws(FieldProblem) -> StatementRow {
        let kept = charge.isIncluded ? charge.minor(in: money.currency) : 0
        return try row(detail, amount: signed + kept, fee: kept, number: nil)
    }

    /// The row of one detail among several.
    func row(_ detail: CamtDetail, _ part: CamtSplit.Part, number: Int?) throws(FieldProblem) -> StatementRow {
        try row(detail, amount: part.amount, fee: part.fee, number: number)
    }

    private func row(
        _ detail: CamtDetail?, amount: Int64, fee: Int64, number: Int?
    ) throws(FieldProblem) -> StatementRow {
        let amount = try StatementRow.bounded(amount, "Amt")
        let own = element.text("AcctSvcrRef") ?? element.text("NtryRef")
        // Details that share their entry's reference are told apart by their place in it.
        let shared = own.map { reference in number.map { "\(reference)/\($0)" } ?? reference }
        let description = [detail?.description, element.text("AddtlNtryInf")].compactMap { $0 }
            .filter { !$0.isEmpty }.joined(separator: "; ")
        let credit = amount == 0 ? isCredit : amount > 0
        return StatementRow(
            channel: CamtReader.channel,
            kind: CamtKind.kind(
                code: detail?.element["BkTxCd"] ?? element["BkTxCd"], isCredit: credit,
                isReversal: isReversal || detail?.element["RtrInf"] != nil),
            currency: money.currency, amountMinor: amount, feeMinor: fee,
            channelReference: detail?.channelReference ?? shared ?? "",
            merchantReference: detail?.merchantReference ?? batchReference ?? "",
            account: account, status: status, rawStatus: rawStatus, time: booked, valueDate: valueDate,
            description: String(description.prefix(1_000)), line: detail?.line ?? line, offset: detail?.offset ?? offset
        )
    }

    /// What a batch was ordered under.
    private var batchReference: String? {
        for path in [["NtryDtls", "Btch"], ["Btch"]] {
            var batch: XMLElement? = element
            for name in path { batch = batch?[name] }
            for name in ["PmtInfId", "MsgId"] {
                if let text = batch?.text(name), !CamtDetail.isAbsent(text) { return text }
            }
        }
        return nil
    }
}
