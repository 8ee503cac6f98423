internal import Money

/// A profile with its columns found in one file: every column of `profile` is a place.
struct ProfileColumns {
    let profile: StatementProfile
    private let names: [String]
    private let day: NamedDay?
    /// Fields of a line, where a header says so.
    let width: Int?

    init(_ profile: StatementProfile, header: HeaderMap?, fileName: String) throws(StatementError) {
        let names: [String]
        if case .fixed(let layout) = profile.layout {
            names = layout.names
            width = nil
        } else {
            names = header?.names ?? []
            width = header?.count
        }
        var seen: Set<String> = []
        let doubled = Set(names.filter { !$0.isEmpty && !seen.insert($0).inserted })
        self.names = names
        self.profile = try profile.resolved { column throws(StatementError) in
            let place = try Self.find(column, in: names)
            if place < names.count, doubled.contains(names[place]) {
                throw StatementError.malformed("the header has the column \(names[place]) twice")
            }
            return place
        }
        let patterns = [profile.time?.dayInName, profile.valueDate?.dayInName].compactMap { $0 }
        day = patterns.lazy.compactMap { NamedDay(in: fileName, pattern: $0) }.first
        if let pattern = patterns.first, day == nil {
            throw StatementError.malformed("the file's name \(fileName) has no day written as \(pattern)")
        }
    }

    private static func find(_ column: ProfileColumn, in names: [String]) throws(StatementError) -> Int {
        switch column {
        case .place(let place):
            guard names.isEmpty || place < names.count else {
                throw StatementError.malformed(
                    "the file has \(names.count) columns, the profile asks for column \(place + 1)")
            }
            return place
        case .named(let wanted):
            for name in wanted {
                if let place = names.firstIndex(of: HeaderMap.normalised(name)) { return place }
            }
            throw StatementError.malformed(
                "there is no column \(wanted.joined(separator: " or ")); there are \(names.joined(separator: ", "))")
        }
    }

    // MARK: Fields

    /// The place of a column; trailers may name one that is not there.
    func place(_ column: ProfileColumn) -> Int? {
        if case .place(let place) = column { return place }
        return try? Self.find(column, in: names)
    }

    private func name(_ column: ProfileColumn) -> String {
        guard let place = place(column) else { return "" }
        return place < names.count && !names[place].isEmpty ? names[place] : "column \(place + 1)"
    }

    private func bytes(_ column: ProfileColumn, _ record: ProfileRecord) -> ArraySlice<UInt8> {
        place(column).map(record.bytes) ?? []
    }

    func text(_ column: ProfileColumn?, _ record: ProfileRecord, _ decoder: TextDecoder) throws(FieldProblem) -> String
    {
        guard let column else { return "" }
        return try naming(column) { () throws(FieldProblem) in try decoder.string(bytes(column, record)) }
    }

    private func naming<Value>(
        _ column: ProfileColumn, _ read: () throws(FieldProblem) -> Value
    ) throws(FieldProblem) -> Value {
        do {
            return try read()
        } catch {
            throw FieldProblem(error.reason, field: error.field.isEmpty ? name(column) : error.field)
        }
    }

    func matches(_ match: ProfileMatch, _ record: ProfileRecord, _ decoder: TextDecoder) -> Bool {
        match.holds(bytes(match.column, record), decoder)
    }

    // MARK: The row

    func row(_ record: ProfileRecord, _ decoder: TextDecoder) throws(FieldProblem) -> StatementRow {
        let currency = try currency(record, decoder)
        let word = try text(profile.kind.column, record, decoder)
        let known = try meaning(profile.kind, word)
        guard let signed = try money(profile.amount, record, decoder, currency, kind: known) else {
            throw FieldProblem("is empty", field: name(profile.amount.column))
        }
        let amount = signed.minor
        guard let kind = known ?? profile.kind.bySign[amount >= 0] else {
            throw unknown(word, profile.kind.column)
        }
        let fee = try fee(record, decoder, currency, kind: kind)
        if let net = profile.net, let stated = try money(net, record, decoder, currency, kind: kind)?.minor,
            stated != amount - fee.minor
        {
            throw FieldProblem(
                "is \(Digits.decimal(stated, currency)), amount less fee is "
                    + Digits.decimal(amount - fee.minor, currency),
                field: name(net.column))
        }
        let rawStatus = try text(profile.status.column, record, decoder)
        guard let status = try meaning(profile.status, rawStatus) ?? profile.status.bySign[amount >= 0] else {
            throw unknown(rawStatus, profile.status.column)
        }
        return StatementRow(
            channel: profile.channel, kind: kind, currency: currency, amountMinor: amount, feeMinor: fee.minor,
            channelReference: try reference(.channel, record, decoder),
            merchantReference: try reference(.merchant, record, decoder),
            merchantRefundReference: try reference(.refund, record, decoder),
            originalReference: try reference(.original, record, decoder),
            account: try reference(.account, record, decoder), fineFee: fee.fine, status: status, rawStatus: rawStatus,
            time: try time(profile.time, record, decoder),
            valueDate: try time(profile.valueDate, record, decoder)?.date,
            description: try reference(.description, record, decoder), line: record.line, offset: record.offset)
    }

    private func reference(
        _ reference: ProfileReference, _ record: ProfileRecord, _ decoder: TextDecoder
    ) throws(FieldProblem) -> String {
        try text(profile.references[reference], record, decoder)
    }

    private func unknown(_ word: String, _ column: ProfileColumn?) -> FieldProblem {
        FieldProblem("is no word that the profile knows: \"\(word)\"", field: column.map(name) ?? "")
    }

    /// What a word stands for; nil where the sign decides.
    private func meaning<Value>(_ words: ProfileWords<Value>, _ word: String) throws(FieldProblem) -> Value? {
        if words.column != nil {
            if let value = words.values[word] ?? words.otherwise { return value }
            guard !words.bySign.isEmpty else { throw unknown(word, words.column) }
            return nil
        }
        return words.otherwise
    }

    private func currency(_ record: ProfileRecord, _ decoder: TextDecoder) throws(FieldProblem) -> Currency {
        switch profile.currency {
        case .constant(let currency): return currency
        case .column(let column, let codes):
            let field = bytes(column, record)
            if codes.isEmpty, let known = try? FieldText.currency(field) { return known }
            let code = try text(column, record, decoder)
            if let known = codes[code] { return known }
            return try naming(column) { () throws(FieldProblem) in try FieldText.currency(code.uppercased()) }
        }
    }

    /// A fee finer than its currency is kept as it is and rounded beside it.
    private func fee(
        _ record: ProfileRecord, _ decoder: TextDecoder, _ currency: Currency, kind: RowKind
    ) throws(FieldProblem) -> (minor: Int64, fine: ExactDecimal?) {
        guard let rule = profile.fee, let found = try money(rule, record, decoder, currency, kind: kind, isFee: true)
        else {
            return (0, nil)
        }
        return (found.minor, found.fine)
    }

    private func time(
        _ rule: ProfileTime?, _ record: ProfileRecord, _ decoder: TextDecoder
    ) throws(FieldProblem) -> StatementTime? {
        guard let rule else { return nil }
        var bytes = self.bytes(rule.columns[0], record)
        for column in rule.columns.dropFirst() { bytes += [UInt8(ascii: " ")] + self.bytes(column, record) }
        guard !bytes.allSatisfy(FieldText.isBlank) else { return nil }
        let local = try naming(rule.columns[0]) { () throws(FieldProblem) in
            guard let pattern = rule.pattern else { return try FieldText.iso8601(bytes) }
            guard rule.dayInName != nil, let day else { return try FieldText.time(bytes, pattern, offsetSeconds: nil) }
            return try day.time(bytes, pattern, offsetSeconds: nil)
        }
        guard local.offsetSeconds == nil, local.secondOfDay != nil, let zone = rule.zone else { return local }
        let zoneName: String
        switch zone {
        case .named(let named): zoneName = named
        case .column(let column): zoneName = try text(column, record, decoder)
        }
        guard let placed = ZoneNames.place(local, in: zoneName) else {
            throw FieldProblem("is no time zone that is known: \(zoneName)", field: name(rule.columns[0]))
        }
        return placed
    }
}

// MARK: Amounts

extension ProfileColumns {
    /// An amount by its rule: positive for money to us, or for a fee that is kept. Nil where the field is blank.
    private func money(
        _ rule: ProfileAmount, _ record: ProfileRecord, _ decoder: TextDecoder, _ currency: Currency, kind: RowKind?,
        isFee: Bool = false
    ) throws(FieldProblem) -> (minor: Int64, fine: ExactDecimal?)? {
        if let debit = rule.debit {
            let incoming = try number(rule, rule.column, record, currency, isFee)
            let outgoing = try number(rule, debit, record, currency, isFee)
            guard incoming != nil || outgoing != nil else { return nil }
            // Two columns of one line: what goes out may be written with a minus of its own.
            let minor = try StatementRow.bounded(
                (incoming?.minor ?? 0) - (outgoing.map { abs($0.minor) } ?? 0), name(rule.column))
            return (isFee ? -minor : minor, nil)
        }
        switch rule.sign {
        case .own(let isReversed):
            guard let found = try number(rule, rule.column, record, currency, isFee) else { return nil }
            return isReversed ? (-found.minor, found.fine?.negated) : found
        case .column(let column, let credit, let debit):
            guard let found = try number(rule, rule.column, record, currency, isFee) else { return nil }
            let word = try text(column, record, decoder)
            guard credit.contains(word) || debit.contains(word) else { throw unknown(word, column) }
            return directed(found, isOut: debit.contains(word), isFee: isFee)
        case .prefix(let credit, let debit):
            let field = bytes(rule.column, record)
            guard !field.isEmpty else { return nil }
            for (mark, isOut) in [(credit, false), (debit, true)] where field.starts(with: Array(mark.utf8)) {
                let digits = field.dropFirst(mark.utf8.count)
                let found = try naming(rule.column) { () throws(FieldProblem) in
                    try self.minor(rule, digits, currency, isFee)
                }
                return directed(found, isOut: isOut, isFee: isFee)
            }
            throw FieldProblem(
                "begins with neither \(credit) nor \(debit): \(FieldText.shown(field))", field: name(rule.column))
        case .kind:
            guard let found = try number(rule, rule.column, record, currency, isFee) else { return nil }
            guard let kind else { return found }
            return try byKind(found, kind, rule)
        }
    }

    /// A word says the direction, so the number has none of its own.
    private func directed(
        _ found: (minor: Int64, fine: ExactDecimal?), isOut: Bool, isFee: Bool
    ) -> (minor: Int64, fine: ExactDecimal?) {
        // Money out of us is a fee that is kept.
        let isNegative = isFee ? !isOut : isOut
        return isNegative ? (-found.minor, found.fine?.negated) : found
    }

    private func byKind(
        _ found: (minor: Int64, fine: ExactDecimal?), _ kind: RowKind, _ rule: ProfileAmount
    ) throws(FieldProblem) -> (minor: Int64, fine: ExactDecimal?) {
        switch kind {
        case .adjustment, .fx: return found
        case .payment:
            guard found.minor >= 0 else {
                throw FieldProblem(
                    "is below zero on a payment, and the profile says that the kind gives the sign",
                    field: name(rule.column))
            }
            return found
        case .refund, .fee, .payout, .chargeback: return (-abs(found.minor), nil)
        }
    }

    private func number(
        _ rule: ProfileAmount, _ column: ProfileColumn, _ record: ProfileRecord, _ currency: Currency, _ isFee: Bool
    ) throws(FieldProblem) -> (minor: Int64, fine: ExactDecimal?)? {
        let field = bytes(column, record)
        guard !field.isEmpty else { return nil }
        return try naming(column) { () throws(FieldProblem) in try minor(rule, field, currency, isFee) }
    }

    private func minor(
        _ rule: ProfileAmount, _ field: ArraySlice<UInt8>, _ currency: Currency, _ isFee: Bool
    ) throws(FieldProblem) -> (minor: Int64, fine: ExactDecimal?) {
        if rule.isMinor { return (try FieldText.integer(field), nil) }
        let decimal = try FieldText.decimal(field, rule.isComma ? .comma : .point)
        if isFee, !decimal.isWhole(currency) { return (try decimal.roundedMinor(currency), decimal) }
        return (try decimal.minor(currency), nil)
    }
}
