internal import Money

/// One transaction of an entry (`TxDtls`).
struct CamtDetail {
    /// Amounts in the order in which they are believed: the transaction's own, and what it was counted as.
    var amounts: [CamtMoney] = []
    /// What the payer ordered; it may differ from what arrived, so it never contradicts anything.
    var instructed: CamtMoney?
    var isCredit: Bool?
    var charge = CamtCharge()
    var element: XMLElement
    var line: Int
    var offset: Int64

    init(_ element: XMLElement, line: Int, offset: Int64) throws(FieldProblem) {
        self.element = element
        self.line = line
        self.offset = offset
        isCredit = try CamtText.isCredit(element)
        for amount in [
            element["Amt"], element.at("AmtDtls", "TxAmt", "Amt"), element.at("AmtDtls", "CntrValAmt", "Amt")
        ] {
            if let amount { amounts.append(try CamtText.money(amount)) }
        }
        if let amount = element.at("AmtDtls", "InstdAmt", "Amt") { instructed = try? CamtText.money(amount) }
        charge = try CamtCharge.read(element)
    }

    /// The detail's part of an entry in `currency`; nil when it states none in it.
    func amount(in currency: Currency) -> Int64? {
        amounts.first { $0.currency == currency }?.minor
    }

    /// The servicer's reference, else what the payment systems call it.
    var channelReference: String? {
        let references = element["Refs"]
        for name in ["AcctSvcrRef", "TxId", "ClrSysRef", "UETR", "MktInfrstrctrTxId", "PrcgId"] {
            if let text = references?.text(name), !Self.isAbsent(text) { return text }
        }
        return nil
    }

    /// What the payer was given to state: the end-to-end identification, a structured creditor's reference, else the
    /// identifications of the order. `NOTPROVIDED` stands for none.
    var merchantReference: String? {
        let references = element["Refs"]
        if let text = references?.text("EndToEndId"), !Self.isAbsent(text) { return text }
        for structured in element["RmtInf"]?.all("Strd") ?? [] {
            if let text = structured.text("CdtrRefInf", "Ref") ?? structured.text("CdtrRefInf", "CdtrRef") {
                return text
            }
        }
        for name in ["InstrId", "MndtId", "PmtInfId", "MsgId"] {
            if let text = references?.text(name), !Self.isAbsent(text) { return text }
        }
        return nil
    }

    /// The other party, and what was written to us.
    var description: String {
        let parties = element["RltdPties"]
        // The payer of what came in, the payee of what went out; whoever is named.
        let names = isCredit == false ? ["Cdtr", "Dbtr"] : ["Dbtr", "Cdtr"]
        let name = names.lazy.compactMap { parties?.text($0, "Nm") ?? parties?.text($0, "Pty", "Nm") }.first
        let message = (element["RmtInf"]?.all("Ustrd") ?? []).map(\.text).filter { !$0.isEmpty }.joined(separator: " ")
        let exchange = CamtDetail.exchange(element)
        return [name, message.isEmpty ? nil : message, element.text("AddtlTxInf"), exchange].compactMap { $0 }
            .joined(separator: "; ")
    }

    /// The rate at which money was exchanged, in words: `USD to EUR at 0.9123`.
    static func exchange(_ parent: XMLElement) -> String? {
        let details = parent["AmtDtls"]
        for name in ["TxAmt", "InstdAmt", "CntrValAmt"] {
            guard let exchange = details?.at(name, "CcyXchg"), let rate = exchange.text("XchgRate") else { continue }
            let source = exchange.text("SrcCcy") ?? "?"
            return "\(source) to \(exchange.text("TrgtCcy") ?? exchange.text("UnitCcy") ?? "?") at \(rate)"
        }
        return nil
    }

    static func isAbsent(_ text: String) -> Bool {
        ["NOTPROVIDED", "NOT PROVIDED", "NONREF"].contains(text.uppercased())
    }
}
