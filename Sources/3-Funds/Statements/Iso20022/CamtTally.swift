internal import Money

/// What one statement of a document says of itself, held against its entries.
final class CamtTally {
    private let message: CamtReader.Message
    private let number: Int
    private(set) var account = ""
    private var accountCurrency: Currency?
    var summary: XMLElement?
    /// Entries that could not be read: sums over the rest prove nothing.
    var rejected = 0

    private var opening: [Currency: Int64] = [:]
    /// Where no opening balance is stated, the previous closing balance is it.
    private var previous: [Currency: Int64] = [:]
    private var closing: [Currency: Int64] = [:]
    private var balances: [StatedBalance] = []
    private var booked: [Currency: Int128] = [:]
    private var all = Count()
    private var bookedCount = Count()

    private typealias Sums = (credit: Int128, debit: Int128)

    /// Entries and their amounts by direction, irrespective of currency as `TxsSummry` counts them.
    private struct Count {
        var credits = 0
        var debits = 0
        var sums: [Currency: Sums] = [:]

        mutating func add(_ entry: CamtEntry) {
            let amount = Int128(entry.money.minor)
            if entry.isCredit {
                credits += 1
                sums[entry.money.currency, default: (0, 0)].credit += amount
            } else {
                debits += 1
                sums[entry.money.currency, default: (0, 0)].debit += amount
            }
        }
    }

    init(message: CamtReader.Message, number: Int) {
        self.message = message
        self.number = number
    }

    func account(_ element: XMLElement, _ session: ReadSession) {
        let id = element["Id"]
        account =
            id?.text("IBAN") ?? id?.text("Othr", "Id") ?? id?.text("BBAN") ?? id?.text("UPIC")
            ?? id?.text("PrtryAcct", "Id") ?? ""
        accountCurrency = element.text("Ccy").flatMap { try? Currency(code: $0) }
        if !account.isEmpty { session.account(account) }
    }

    func balance(_ element: XMLElement) throws {
        let code =
            element.text("Tp", "CdOrPrtry", "Cd") ?? element.text("Tp", "Cd")
            ?? element.text("Tp", "CdOrPrtry", "Prtry")
        guard let code else { throw FieldProblem("states no type", field: "Bal") }
        guard let amount = element["Amt"] else { throw FieldProblem("states no amount", field: "Bal") }
        let money = try CamtText.money(amount)
        let isCredit = try CamtText.isCredit(element) ?? true
        let minor = isCredit ? money.minor : -money.minor
        // Of several pages' balances the first opening and the last closing are those of the whole.
        switch code {
        case "OPBD": opening[money.currency] = opening[money.currency] ?? minor
        case "PRCD": previous[money.currency] = previous[money.currency] ?? minor
        case "CLBD": closing[money.currency] = minor
        default: break
        }
        guard let kind = Self.kind(code) else { return }
        balances.append(
            StatedBalance(
                account: account, kind: kind, currency: money.currency, minor: minor,
                date: try CamtText.time(element["Dt"])?.date))
    }

    private static func kind(_ code: String) -> StatedBalance.Kind? {
        switch code {
        case "OPBD": .opening
        case "PRCD": .previousClosing
        case "CLBD": .closing
        case "OPAV": .availableOpening
        case "CLAV": .availableClosing
        case "ITBD": .interim
        case "ITAV": .availableInterim
        case "FWAV": .forwardAvailable
        case "XPCD": .expected
        case "INFO": .information
        default: nil
        }
    }

    func add(_ entry: CamtEntry) {
        all.add(entry)
        guard entry.isBooked else { return }
        bookedCount.add(entry)
        booked[entry.money.currency, default: 0] += Int128(entry.signed)
    }

    func finish(_ session: ReadSession, line: Int) throws {
        for balance in balances { session.balance(balance) }
        if opening.isEmpty { opening = previous }
        guard rejected == 0 else { return }
        checkBalances(session, line: line)
        checkSummary(session, line: line)
    }

    private var name: String { account.isEmpty ? "<\(message.container)> \(number)" : account }

    /// Opening and booked entries make the closing balance, in each currency that either is stated in.
    private func checkBalances(_ session: ReadSession, line: Int) {
        guard !opening.isEmpty, !closing.isEmpty else { return }
        for currency in Set(opening.keys).union(closing.keys).union(booked.keys).sorted() {
            let what = "closing balance of \(name)"
            let sum = Int128(opening[currency] ?? 0) + (booked[currency] ?? 0)
            let found = "\(Digits.decimal(sum, currency)) \(currency)"
            guard opening[currency] != nil, let stated = closing[currency] else {
                let others = closing.sorted { $0.key < $1.key }.map { "\(Digits.decimal($0.value, $0.key)) \($0.key)" }
                session.check(what, stated: others.joined(separator: ", "), found: found, holds: false, line: line)
                continue
            }
            session.check(
                what, stated: "\(Digits.decimal(stated, currency)) \(currency)", found: found,
                holds: Int128(stated) == sum, line: line)
        }
    }

    /// `TxsSummry` counts entries and adds them up. Some banks leave out what is not booked yet: either is accepted.
    private func checkSummary(_ session: ReadSession, line: Int) {
        guard let summary else { return }
        if let total = summary["TtlNtries"] {
            check(
                "entries of \(name)", total, session, line, count: { $0.credits + $0.debits },
                sum: { $0.credit + $0.debit }, orSum: { $0.credit - $0.debit })
            checkNet(total, session, line)
        }
        if let credits = summary["TtlCdtNtries"] {
            check("credits of \(name)", credits, session, line, count: \.credits, sum: { $0.credit })
        }
        if let debits = summary["TtlDbtNtries"] {
            check("debits of \(name)", debits, session, line, count: \.debits, sum: { $0.debit })
        }
    }

    private func check(
        _ what: String, _ element: XMLElement, _ session: ReadSession, _ line: Int, count: (Count) -> Int,
        sum: (Sums) -> Int128, orSum other: ((Sums) -> Int128)? = nil
    ) {
        if let stated = element.text("NbOfNtries") {
            let number = Int(stated)
            let holds = number == count(all) || number == count(bookedCount)
            session.check("number of \(what)", stated: stated, found: String(count(all)), holds: holds, line: line)
        }
        if let stated = element.text("Sum") {
            compare("sum of \(what)", stated, isNegative: false, session, line, sum: sum, orSum: other)
        }
    }

    private func checkNet(_ total: XMLElement, _ session: ReadSession, _ line: Int) {
        let net = total["TtlNetNtry"] ?? total
        guard let stated = net.text("Amt") ?? net.text("TtlNetNtryAmt") else { return }
        let isNegative = net.text("CdtDbtInd") == "DBIT"
        compare(
            "net of the entries of \(name)", stated, isNegative: isNegative, session, line,
            sum: { $0.credit - $0.debit })
    }

    /// - Parameter other: what else banks write there: some state the net of all entries where others add them up.
    private func compare(
        _ what: String, _ stated: String, isNegative: Bool, _ session: ReadSession, _ line: Int,
        sum: (Sums) -> Int128, orSum other: ((Sums) -> Int128)? = nil
    ) {
        // A sum over several currencies adds what cannot be added; it proves nothing about any of them.
        guard all.sums.count <= 1 else { return }
        guard let currency = all.sums.keys.first ?? accountCurrency ?? closing.keys.first else {
            let isZero = (try? CamtText.sum(stated))?.isZero ?? false
            session.check(what, stated: stated, found: "0", holds: isZero, line: line)
            return
        }
        let found = sum(all.sums[currency] ?? (0, 0))
        let both = [all.sums[currency] ?? (0, 0), bookedCount.sums[currency] ?? (0, 0)]
        let accepted = both.map(sum) + (other.map { both.map($0) } ?? [])
        let read = (try? CamtText.sum(stated).minor(currency)).map { isNegative ? -Int128($0) : Int128($0) }
        session.check(
            what, stated: "\(isNegative ? "-" : "")\(stated) \(currency)",
            found: "\(Digits.decimal(found, currency)) \(currency)",
            holds: read.map(accepted.contains) ?? false, line: line)
    }
}
