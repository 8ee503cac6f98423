internal import Money

/// How an entry's money is divided among its details.
///
/// An entry of a batch states the total and each detail its part. Repeating the total on each detail counts the money
/// many times over, and a detail without an amount, or in a currency other than the account's, does not say which
/// part is its own. So: the details are the rows only where they prove to be the entry; an entry whose details do not
/// divide it is one row with the entry's own amount; details that claim to divide it and do not are a contradiction.
enum CamtSplit: Equatable {
    /// One row with the entry's amount.
    case whole
    /// One row a detail: its signed amount and fee, in order.
    case parts([Part])
    /// The details' sum is another than the entry's amount.
    case contradiction(found: Int128)

    struct Part: Equatable {
        var amount: Int64
        var fee: Int64
    }

    /// - Parameters:
    ///   - entry: the entry's money, positive for a credit.
    ///   - charge: what the entry says it was charged beside its details.
    static func of(entry: Int64, _ currency: Currency, charge: CamtCharge, details: [CamtDetail]) -> CamtSplit {
        guard !details.isEmpty else { return .whole }
        var parts: [Part] = []
        for detail in details {
            guard let money = detail.amount(in: currency) else { return .whole }
            let isCredit = detail.isCredit ?? (entry >= 0)
            parts.append(Part(amount: isCredit ? money : -money, fee: detail.charge.minor(in: currency)))
        }
        if let split = proven(parts, entry: entry, charge: charge.minor(in: currency), details) { return split }
        // Some banks write every detail from the other party's point of view. Magnitudes that tie prove it.
        let turned = parts.map { Part(amount: -$0.amount, fee: $0.fee) }
        if details.allSatisfy({ $0.isCredit == (entry < 0) }),
            let split = proven(turned, entry: entry, charge: charge.minor(in: currency), details)
        {
            return split
        }
        return .contradiction(found: sum(parts.map(\.amount)))
    }

    private static func proven(_ parts: [Part], entry: Int64, charge: Int64, _ details: [CamtDetail]) -> CamtSplit? {
        let gross = sum(parts.map(\.amount))
        let fees = sum(parts.map(\.fee))
        if gross == Int128(entry) {
            // The details are what was booked; a charge is part of it only where the file says so.
            return .parts(
                zip(parts, details).map { part, detail in
                    let fee = detail.charge.isIncluded ? part.fee : 0
                    return Part(amount: part.amount + fee, fee: fee)
                })
        }
        // The details are before charges: either each states its own, or the entry states one for all.
        if fees != 0, gross - fees == Int128(entry) { return .parts(parts) }
        if charge != 0, gross - Int128(charge) == Int128(entry), var last = parts.last {
            last.fee = charge
            return .parts(parts.dropLast().map { Part(amount: $0.amount, fee: 0) } + [last])
        }
        return nil
    }

    private static func sum(_ numbers: [Int64]) -> Int128 {
        numbers.reduce(into: Int128(0)) { $0 += Int128($1) }
    }
}

/// What an entry or a detail says it was charged, and in which currency.
struct CamtCharge: Equatable {
    var money: CamtMoney?
    /// The charge is within the amount that stands beside it (`ChrgInclInd`).
    var isIncluded = false

    func minor(in currency: Currency) -> Int64 {
        guard let money, money.currency == currency else { return 0 }
        return money.minor
    }

    /// Adds up `Chrgs`: records of version 4 and later (`Chrgs/Rcrd`), or the element itself and its repetitions.
    static func read(_ parent: XMLElement) throws(FieldProblem) -> CamtCharge {
        var charge = CamtCharge()
        for element in parent.all("Chrgs") {
            let records = element.all("Rcrd")
            for record in records.isEmpty ? [element] : records {
                // Without records the total is all that is said.
                guard let amount = record["Amt"] ?? record["TtlChrgsAndTaxAmt"] else { continue }
                var money = try CamtText.money(amount)
                // A charge is a cost unless it is said to be given back.
                if try CamtText.isCredit(record) == true { money.minor = -money.minor }
                if let known = charge.money {
                    // Charges in several currencies are no one fee of this row.
                    guard known.currency == money.currency else { return CamtCharge() }
                    money.minor = try StatementRow.sum(money.minor, known.minor, "Chrgs")
                }
                charge.money = money
                if record.text("ChrgInclInd") == "true" || record.text("ChrgInclInd") == "1" {
                    charge.isIncluded = true
                }
            }
        }
        return charge
    }
}
