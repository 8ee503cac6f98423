internal import Money

extension BaiFields {
    /// An amount is a whole number of the currency's smallest unit, with a sign or without.
    static func amount(_ field: ArraySlice<UInt8>, _ name: String) throws(FieldProblem) -> Int64 {
        do {
            // Control totals of the standard are padded with zeros beyond 18 digits.
            return try FieldText.decimal(field, .integral).units
        } catch {
            throw FieldProblem(error.reason, field: name)
        }
    }

    /// Passes over the parts of a funds type: none for 0, 1, 2 and Z, a day and a time for V, three amounts for S,
    /// and as many pairs as it says for D. Answers the value date of V.
    mutating func skipFunds() throws(FieldProblem) -> CivilDate? {
        let type = next() ?? []
        switch type.first {
        case nil, UInt8(ascii: "0"), UInt8(ascii: "1"), UInt8(ascii: "2"), UInt8(ascii: "Z"): return nil
        case UInt8(ascii: "V"):
            let day = next() ?? []
            _ = next()
            return day.isEmpty ? nil : try FieldText.date(day, "yyMMdd")
        case UInt8(ascii: "S"):
            for _ in 0..<3 { _ = next() }
            return nil
        case UInt8(ascii: "D"):
            let count = try FieldText.integer(next() ?? [])
            guard (0...1_000).contains(count) else {
                throw FieldProblem("has more than 1000 parts", field: "funds type D")
            }
            for _ in 0..<count {
                guard next() != nil, next() != nil else {
                    throw FieldProblem("has fewer than the \(count) parts it states", field: "funds type D")
                }
            }
            return nil
        default: throw FieldProblem("is none of 0, 1, 2, V, S, D, Z: \(FieldText.shown(type))", field: "funds type")
        }
    }
}

/// What a group header (02) says of its accounts: `receiver,originator,status,date,time,currency,modifier`.
struct BaiGroup {
    var currency: Currency?
    /// The day the group is about.
    var date: CivilDate?

    init(currency: Currency?, date: CivilDate?) {
        self.currency = currency
        self.date = date
    }

    init(_ record: BaiRecord, _ text: BankText) throws {
        var fields = record.fields
        _ = fields.next()
        _ = fields.next()
        let status = String(decoding: fields.next() ?? [], as: UTF8.self)
        switch status {
        case "", "1", "3": break
        case "2":
            throw StatementError(.unsupported, "the group takes back an earlier report (status 2)", line: record.line)
        case "4":
            throw StatementError(.unsupported, "the group is a test and no statement (status 4)", line: record.line)
        default: throw FieldProblem("is none of 1, 2, 3, 4: \(status)", field: "group status")
        }
        let day = fields.next() ?? []
        date = day.isEmpty ? nil : try FieldText.date(day, "yyMMdd")
        _ = fields.next()
        let code = fields.next() ?? []
        currency = code.isEmpty ? nil : try BankText.currency(try text.string(code))
    }
}

/// An account header (03): `number,currency` and any number of `type,amount,items,funds type` with balances and sums.
struct BaiAccount {
    let number: String
    let currency: Currency
    let line: Int
    /// The algebraic sum of all amounts of the header.
    private(set) var sum: Int128 = 0

    /// Amounts by type code, with the number of items where it is stated.
    private var stated: [String: (minor: Int64, items: Int?)] = [:]
    private var credits: (count: Int, sum: Int128) = (0, 0)
    private var debits: (count: Int, sum: Int128) = (0, 0)

    /// An account whose header could not be read.
    init(line: Int) {
        number = ""
        currency = .usd
        self.line = line
    }

    init(_ record: BaiRecord, group: BaiGroup, _ text: BankText, _ options: ReadOptions) throws(FieldProblem) {
        var fields = record.fields
        line = record.line
        number = try text.string(fields.next() ?? [])
        let code = fields.next() ?? []
        // The standard's own default is the dollar of the country it comes from.
        currency =
            code.isEmpty ? group.currency ?? options.currency ?? .usd : try BankText.currency(try text.string(code))
        while let type = fields.next() {
            // Banks write one comma too many at the end of a record.
            if type.isEmpty, fields.isAtPieceEnd { continue }
            let amount = fields.next() ?? []
            let items = fields.next() ?? []
            _ = try fields.skipFunds()
            let name = try text.string(type)
            guard !type.isEmpty else {
                guard amount.isEmpty else {
                    throw FieldProblem("has no type: \(FieldText.shown(amount))", field: "amount")
                }
                continue
            }
            guard type.count == 3, type.allSatisfy({ FieldText.digitValue($0) != nil }) else {
                throw FieldProblem("is not three digits: \(FieldText.shown(type))", field: "type code")
            }
            guard !amount.isEmpty else { continue }
            let minor = try BaiFields.amount(amount, "amount of \(name)")
            sum += Int128(minor)
            stated[name] = (minor, items.isEmpty ? nil : Int(try FieldText.integer(items)))
        }
    }

    mutating func add(_ transaction: BaiTransaction) {
        if transaction.isCredit {
            credits = (credits.count + 1, credits.sum + Int128(transaction.stated))
        } else {
            debits = (debits.count + 1, debits.sum + Int128(transaction.stated))
        }
    }

    func report(to session: ReadSession, date: CivilDate?) {
        session.account(number)
        let kinds: [(String, StatedBalance.Kind)] = [
            ("010", .opening), ("015", .closing), ("040", .availableOpening), ("045", .availableClosing)
        ]
        for (type, kind) in kinds {
            guard let minor = stated[type]?.minor else { continue }
            session.balance(StatedBalance(account: number, kind: kind, currency: currency, minor: minor, date: date))
        }
    }

    /// The opening ledger balance, all credits and all debits make the closing one; and sums that state how many items
    /// they have are those of the transactions, where there are as many.
    func check(_ session: ReadSession) {
        if let opening = stated["010"], let closing = stated["015"], let credit = stated["100"],
            let debit = stated["400"]
        {
            let found = Int128(opening.minor) + Int128(credit.minor) - Int128(debit.minor)
            session.check(
                "closing ledger balance of account \(number)", stated: String(closing.minor), found: String(found),
                line: line)
        }
        for (type, word, found) in [("100", "credits", credits), ("400", "debits", debits)] {
            guard let total = stated[type], let items = total.items, items == found.count, items > 0 else { continue }
            session.check(
                "total \(word) of account \(number)", stated: String(total.minor), found: String(found.sum), line: line)
        }
    }
}
