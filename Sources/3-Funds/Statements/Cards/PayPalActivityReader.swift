internal import Money

/// The activity download of PayPal (CSV): one line a movement, with columns named in the language of the account; and
/// the account statement, whose lines have a description and no status, because they all moved the balance.
///
/// Days are written as the account's country writes them. Which of two numbers is the month has to show itself in
/// the file: 29/12 is a day of December, 03/04 is none in particular. Where nothing shows it, the reader asks for
/// `ReadOptions.dayFirst` and does not guess.
struct PayPalActivityReader: StatementReader {
    let format = StatementFormat(id: "paypal-activity", name: "PayPal activity download", channel: "paypal")

    func recognise(_ probe: Probe) -> Recognition {
        PayPalActivityNames.language(of: probe.columnNames) == nil ? .no : .yes
    }

    func read(_ input: StatementInput, _ session: ReadSession) throws {
        let dialect = input.tableDialect
        let names = PayPalActivityNames.language(of: input.probe.columnNames) ?? .english
        session.variant(names.code)
        let pattern = try PayPalDays.pattern(input.probe, dialect, names, dayFirst: session.options.dayFirst)
        var columns: Columns?
        var running = RunningBalances()
        try input.table(dialect, session, header: { columns = try Columns($0, names) }) { fields in
            guard let columns else { return }
            try session.row(at: fields.record.line, lines: fields.record.lines) {
                try fields.checkWidth()
                let row = try columns.row(fields, pattern)
                running.add(row, stated: try columns.balanceMinor(fields, row.currency))
                return row
            }
        }
        for balance in running.balances { session.balance(balance) }
    }

    private struct Columns {
        let date, gross, currency, type, id: Int
        let status, time, zone, name, fee, net, reference, invoice, balance, subject: Int?

        init(_ map: HeaderMap, _ names: PayPalActivityNames) throws {
            func place(_ field: PayPalActivityNames.Field) -> Int? {
                for name in names[field] { if let place = map[name] { return place } }
                return nil
            }
            func require(_ field: PayPalActivityNames.Field) throws -> Int {
                guard let found = place(field) else {
                    throw StatementError.malformed(
                        "the header has no column \(names[field].joined(separator: " or ")); it has "
                            + map.names.joined(separator: ", "))
                }
                return found
            }
            date = try require(.date)
            gross = try require(.gross)
            currency = try require(.currency)
            let written = place(.type)
            type = try written ?? place(.detail) ?? require(.type)
            // Only the account statement has neither types nor statuses.
            status = written == nil ? place(.status) : try require(.status)
            id = try require(.id)
            time = place(.time)
            zone = place(.zone)
            name = place(.name)
            fee = place(.fee)
            net = place(.net)
            reference = place(.reference)
            invoice = place(.invoice)
            balance = place(.balance)
            subject = place(.subject)
        }

        func row(_ fields: TableFields, _ pattern: PayPalDays.Pattern) throws(FieldProblem) -> StatementRow {
            let currency = try fields.currency(currency)
            guard let amount = try money(fields, gross, currency) else {
                throw FieldProblem("is empty", field: fields.header.names[gross])
            }
            // The fee is written as it changes the balance: below zero when PayPal keeps it.
            let fee = -(try money(fields, fee, currency) ?? 0)
            if let net = try money(fields, net, currency), net != amount - fee {
                throw FieldProblem(
                    "is \(Digits.decimal(net, currency)), gross and fee make \(Digits.decimal(amount - fee, currency))",
                    field: fields.header.names[self.net ?? gross])
            }
            let type = try fields.text(type)
            let status = try fields.text(status)
            let kind = PayPalActivityWords.kind(type, isCredit: amount >= 0)
            return StatementRow(
                channel: "paypal", kind: kind, currency: currency, amountMinor: amount, feeMinor: fee,
                channelReference: try fields.text(id), merchantReference: try fields.text(invoice),
                originalReference: try fields.text(reference),
                status: try self.status.map { place throws(FieldProblem) in
                    try PayPalActivityWords.status(status, field: fields.header.names[place])
                } ?? .succeeded,
                rawStatus: status, time: try moment(fields, pattern),
                description: try [type, fields.text(name), fields.text(subject)].filter { !$0.isEmpty }
                    .joined(separator: "; "),
                line: fields.record.line, offset: fields.record.offset)
        }

        func balanceMinor(_ fields: TableFields, _ currency: Currency) throws(FieldProblem) -> Int64? {
            try money(fields, balance, currency)
        }

        private func money(_ fields: TableFields, _ place: Int?, _ currency: Currency) throws(FieldProblem) -> Int64? {
            guard let place, place < fields.record.count, !fields.record.bytes(place).isEmpty else { return nil }
            return try fields.naming(place) { () throws(FieldProblem) in
                try PayPalNumber.minor(try fields.text(place), currency)
            }
        }

        private func moment(_ fields: TableFields, _ pattern: PayPalDays.Pattern) throws(FieldProblem) -> StatementTime
        {
            let day = try fields.naming(date) { () throws(FieldProblem) in
                try pattern.date(try fields.text(date))
            }
            guard let time, try !fields.text(time).isEmpty else { return StatementTime(date: day) }
            let clock = try fields.naming(time) { () throws(FieldProblem) in
                try FieldText.time(
                    FieldText.bytes("2000-01-01 " + (try fields.text(time))), "yyyy-MM-dd H:mm:ss", offsetSeconds: nil)
            }
            guard let local = StatementTime(date: day, secondOfDay: clock.secondOfDay) else {
                throw FieldProblem("is no time of day", field: fields.header.names[time])
            }
            let zoneName = try fields.text(zone)
            guard !zoneName.isEmpty else { return local }
            guard let zoned = ZoneNames.place(local, in: zoneName) else {
                throw FieldProblem(
                    "is no time zone that is known: \(zoneName)", field: zone.map { fields.header.names[$0] } ?? "")
            }
            return zoned
        }
    }
}

/// The balance that stands behind every line. A download may leave lines out, so a gap is no contradiction; where
/// every line ties with the one before, the first and the last balance are those of the account.
private struct RunningBalances {
    private struct Chain {
        var opening: Int64
        var closing: Int64
        var isWhole = true
    }
    private var chains: [Currency: Chain] = [:]

    mutating func add(_ row: StatementRow, stated: Int64?) {
        guard let stated else { return }
        if var chain = chains[row.currency] {
            if chain.closing + row.netMinor != stated { chain.isWhole = false }
            chain.closing = stated
            chains[row.currency] = chain
        } else {
            chains[row.currency] = Chain(opening: stated - row.netMinor, closing: stated)
        }
    }

    var balances: [StatedBalance] {
        chains.filter(\.value.isWhole).sorted { $0.key < $1.key }.flatMap { currency, chain in
            [
                StatedBalance(account: "", kind: .opening, currency: currency, minor: chain.opening),
                StatedBalance(account: "", kind: .closing, currency: currency, minor: chain.closing)
            ]
        }
    }
}

/// Numbers of a download: groups and decimals as the account's language writes them.
enum PayPalNumber {
    /// The last mark before exactly the currency's decimals is the decimal mark; all others are groups.
    static func minor(_ text: String, _ currency: Currency) throws(FieldProblem) -> Int64 {
        let blanks: Set<Unicode.Scalar> = [" ", "\u{A0}", "\u{202F}", "\u{2009}", "'", "\u{2019}"]
        let plain = String(String.UnicodeScalarView(text.unicodeScalars.filter { !blanks.contains($0) }))
            .replacing("\u{2212}", with: "-")
        let bytes = FieldText.bytes(plain)
        guard let last = bytes.lastIndex(where: { $0 == UInt8(ascii: ".") || $0 == UInt8(ascii: ",") }) else {
            return try FieldText.decimal(bytes).minor(currency)
        }
        let decimals = bytes.endIndex - last - 1
        let isComma = bytes[last] == UInt8(ascii: ",")
        if decimals == currency.minorUnits, decimals > 0 {
            return try FieldText.decimal(bytes, isComma ? .comma : .point).minor(currency)
        }
        // Without decimals the mark is a group's, which must be of three digits.
        return try FieldText.decimal(bytes, isComma ? .point : .comma).minor(currency)
    }
}
