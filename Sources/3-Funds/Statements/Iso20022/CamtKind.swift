/// What a bank transaction code says about an entry (ISO 20022 external code set: bank transaction codes).
///
/// The code has a domain (`PMNT`), a family (`RCDT`) and a sub-family (`ESCT`). Banks that have codes of their own only
/// (`Prtry`) tell the direction and nothing else.
enum CamtKind {
    /// Charges, commissions and fees, in whichever family they stand.
    private static let fees: Set<String> = ["CHRG", "COMM", "COMT", "COMI", "FEES", "NSYN", "RCHG"]
    /// Interest, taxes and corrections.
    private static let corrections: Set<String> = ["ADJT", "CAJT", "DAJT", "INTR", "TAXE", "WITH"]
    /// Returns, rejects and reversals of what was booked before.
    private static let returns: Set<String> = [
        "RRTN", "RPCR", "RIMB", "UPCT", "UPDD", "UPCQ", "UPTC", "PRDD", "ARET", "AREV", "RCDD", "RTRN"
    ]

    static func kind(code: XMLElement?, isCredit: Bool, isReversal: Bool) -> RowKind {
        let domain = code?.text("Domn", "Cd") ?? ""
        let part = code?.text("Domn", "Fmly", "SubFmlyCd") ?? ""
        if fees.contains(part) { return .fee }
        if corrections.contains(part) { return .adjustment }
        // What was credited and is taken back was a payment; what comes back to us we had paid ourselves.
        if isReversal || returns.contains(part) { return isCredit ? .adjustment : .chargeback }
        switch domain {
        case "FORX": return .fx
        case "CAMT", "SECU", "DERV", "LDAS", "PMET", "TRAD", "ACMT": return .adjustment
        default: return isCredit ? .payment : .payout
        }
    }

    /// `BOOK` is final; `PDNG`, `FUTR` and `INFO` are announcements.
    static func status(_ word: String, field: String = "Sts") throws(FieldProblem) -> RowStatus {
        switch word {
        case "BOOK": return .succeeded
        case "PDNG", "FUTR", "INFO": return .pending
        default: throw FieldProblem("is neither BOOK, PDNG, FUTR nor INFO: \(word)", field: field)
        }
    }
}
