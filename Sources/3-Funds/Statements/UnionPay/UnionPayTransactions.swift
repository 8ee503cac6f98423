internal import Money

/// UnionPay's file of a merchant's transactions (ZM): 607 bytes a line, GBK, amounts in fen.
///
/// Field 7 is the amount without a sign, 16 the merchant's charge and 17 what is settled, each with `C` or `D`. The
/// three tie on every line: amount less charge, with a discount (36) or the surcharge of instalments (38) where there
/// is one, is what is settled.
struct UnionPayTransactionsReader: StatementReader {
    let format = StatementFormat(id: "unionpay-zm", name: "UnionPay merchant transactions (ZM)", channel: "unionpay")

    func recognise(_ probe: Probe) -> Recognition {
        UnionPayFile.recognise(probe, .transactions, amounts: [16, 17])
    }

    func read(_ input: StatementInput, _ session: ReadSession) throws {
        try UnionPayFile.read(input, session, .transactions, { try $0.text(10) }) { record, day in
            try Self.row(record, day)
        }
    }

    static func row(_ record: UnionPayRecord, _ day: UnionPayDay) throws(FieldProblem) -> StatementRow {
        let gross = try record.amount(7, "amount")
        let charge = try record.signed(16, "merchant charge")
        let settled = try record.signed(17, "settled amount")
        let type = try record.text(20)
        let sign: Int64 = settled != 0 ? settled.signum() : isReturn(type) ? -1 : 1
        let amount = sign * gross
        let discount = try record.signed(36, "discount")
        let surcharge = record.bytes(38).isEmpty ? 0 : try record.amount(38, "instalment surcharge")
        let differences = [0, discount, -discount, surcharge, -surcharge, discount - surcharge]
        guard differences.contains(where: { amount + charge + $0 == settled }) else {
            throw FieldProblem(
                "is \(Digits.decimal(settled, .cny)), amount \(Digits.decimal(amount, .cny)) and charge "
                    + "\(Digits.decimal(charge, .cny)) make \(Digits.decimal(amount + charge, .cny))",
                field: "settled amount")
        }
        let order = try record.text(12)
        let isBack = isReturn(type) && type != "12"
        let original = isBack ? try record.originalOrder() : ""
        return StatementRow(
            channel: "unionpay", kind: kind(type, sign: sign), currency: .cny, amountMinor: amount,
            feeMinor: amount - settled, channelReference: try record.text(10),
            merchantReference: original.isEmpty ? order : original, merchantRefundReference: isBack ? order : "",
            originalReference: try record.text(27), account: try record.text(28), status: .succeeded,
            rawStatus: try record.text(1), time: try day.time(record.bytes(5), field: "transmission time"),
            valueDate: day.day, description: try record.text(35), line: record.line.number, offset: record.line.offset)
    }

    /// Transaction types of the gateway: 01 sale, 03 completion of an authorisation, 04 refund, 11 collection,
    /// 12 disbursement, 31 and 33 cancellations.
    private static func kind(_ type: String, sign: Int64) -> RowKind {
        switch type {
        case "04", "31", "33": .refund
        case "12": .payout
        default: sign < 0 ? .adjustment : .payment
        }
    }

    private static func isReturn(_ type: String) -> Bool { ["04", "12", "31", "33"].contains(type) }
}

/// UnionPay's file of a merchant's erroneous transactions (ZME): 339 bytes a line.
///
/// It names no order: a line is found by its trace number and time, and the payment that it corrects by theirs.
struct UnionPayErrorsReader: StatementReader {
    let format = StatementFormat(
        id: "unionpay-zme", name: "UnionPay merchant error transactions (ZME)", channel: "unionpay")

    func recognise(_ probe: Probe) -> Recognition {
        UnionPayFile.recognise(probe, .errors, amounts: [15, 16])
    }

    func read(_ input: StatementInput, _ session: ReadSession) throws {
        try UnionPayFile.read(input, session, .errors, { _ in "" }) { record, day in try Self.row(record, day) }
    }

    static func row(_ record: UnionPayRecord, _ day: UnionPayDay) throws(FieldProblem) -> StatementRow {
        let gross = try record.amount(7, "amount")
        let charge = try record.signed(15, "merchant charge")
        let settled = try record.signed(16, "settled amount")
        let sign: Int64 = settled < 0 ? -1 : 1
        guard sign * gross + charge == settled else {
            throw FieldProblem(
                "is \(Digits.decimal(settled, .cny)), amount and charge make "
                    + Digits.decimal(sign * gross + charge, .cny), field: "settled amount")
        }
        let code = try record.text(1)
        let previous = [try record.text(11), try record.text(12)].filter { !$0.isEmpty }.joined(separator: "-")
        return StatementRow(
            channel: "unionpay", kind: code == "E74" ? .refund : sign < 0 ? .chargeback : .adjustment, currency: .cny,
            amountMinor: sign * gross, feeMinor: -charge,
            channelReference: "\(try record.text(4))-\(try record.text(5))", originalReference: previous,
            account: try record.text(18), status: .succeeded, rawStatus: code,
            time: try day.time(record.bytes(5), field: "transmission time"), valueDate: day.day,
            line: record.line.number, offset: record.line.offset)
    }
}

/// What the two files have in common.
enum UnionPayFile {
    /// Yes for a first line of the length with blanks between its fields and signed amounts where they belong.
    static func recognise(_ probe: Probe, _ layout: UnionPayLayout, amounts: [Int]) -> Recognition {
        guard let first = firstLine(probe), layout.fits(first) else { return .no }
        let holds = amounts.allSatisfy { number in
            let start = first.startIndex + layout.starts[number - 1]
            let field = first[start..<start + layout.widths[number - 1]]
            guard let mark = field.first else { return false }
            return (mark == UInt8(ascii: "C") || mark == UInt8(ascii: "D"))
                && field.dropFirst().allSatisfy { FieldText.digitValue($0) != nil }
        }
        return holds ? .yes : .no
    }

    private static func firstLine(_ probe: Probe) -> ArraySlice<UInt8>? {
        let lines = probe.head.split(maxSplits: 64, omittingEmptySubsequences: true) { $0 == 10 || $0 == 13 }
        return lines.first { !$0.allSatisfy(FieldText.isBlank) }
    }

    /// - Parameter stamped: a field of a line that may begin with `yyyyMMdd`, for a file whose name lost its day.
    static func read(
        _ input: StatementInput, _ session: ReadSession, _ layout: UnionPayLayout,
        _ stamped: (UnionPayRecord) throws -> String, row: (UnionPayRecord, UnionPayDay) throws -> StatementRow
    ) throws {
        let decoder = try TextDecoder(session.options.encoding ?? .gb18030)
        var day = UnionPayDay(fileName: input.probe.fileName)
        if let period = day?.period { session.period(period) }
        let lines = try input.lines()
        var isEmpty = true
        while let line = try lines.next() {
            if line.isBlank || line.bytes == [0x1A] {
                session.blank()
                continue
            }
            isEmpty = false
            try session.row(at: line.number) {
                let record = try UnionPayRecord(line, layout, decoder)
                if day == nil { day = stampedDay(try stamped(record)) }
                guard let day else {
                    throw FieldProblem(
                        "has no year; the file's name has to say its day, as INN260301… does",
                        field: "transmission time")
                }
                let built = try row(record, day)
                session.account(built.account)
                return built
            }
        }
        // A day without business is a file without lines; only its name can prove that it is one.
        if isEmpty, day == nil { throw StatementError.truncated("the file is empty and its name says no day") }
    }

    /// The latest day that a file with this line can be of is not known; the line's own year is.
    private static func stampedDay(_ text: String) -> UnionPayDay? {
        guard text.utf8.count >= 8, let date = try? FieldText.date(FieldText.bytes(text.prefix(8)), "yyyyMMdd"),
            let end = CivilDate(daysSinceEpoch: date.daysSinceEpoch + 1)
        else { return nil }
        return UnionPayDay(day: end)
    }
}
