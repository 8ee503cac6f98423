internal import Money

/// One pass over one file of messages.
final class SwiftReading {
    private let fields: SwiftFields
    private let text: BankText
    private let session: ReadSession
    private var message: SwiftTally?
    /// The statement line whose details may follow.
    private var line: (field: SwiftField, details: [SwiftField])?
    /// The closing balance of the page before, which the next page begins with.
    private var page: SwiftTally.Page?
    private var period: StatementPeriod?
    private var messages = 0
    /// A mark of an end stood before the closing balance: the next field tells whether it was one.
    private var mayHaveEnded = false

    init(fields: SwiftFields, text: BankText, session: ReadSession) {
        self.fields = fields
        self.text = text
        self.session = session
    }

    func read() throws {
        while let event = try fields.next() {
            switch event {
            case .field(let field): try take(field)
            case .end: try end()
            }
        }
        try close()
        guard messages > 0 else { throw StatementError.malformed("the file holds no field of a SWIFT statement") }
        if let period { session.period(period) }
        if !fields.messageType.isEmpty { session.variant("MT\(fields.messageType)") }
    }

    /// Some banks write a hyphen between the opening balance and the lines, which is the end of nothing.
    private func end() throws {
        try finishLine()
        mayHaveEnded = message?.isOpen == true
        if !mayHaveEnded { try close() }
    }

    private func take(_ field: SwiftField) throws {
        if mayHaveEnded, !["61", "62", "64", "65", "86"].contains(field.tag.prefix(2)) { try close() }
        mayHaveEnded = false
        if field.tag == "86", line != nil {
            line?.details.append(field)
            return
        }
        try finishLine()
        let closed = message.map { $0.hasClosed ? $0.account : nil } ?? nil
        if begins(field) { try close() }
        let tally = try current(field)
        // Behind a closing balance an opening one may follow without a new account: it is of the same.
        if let closed, ["28", "60"].contains(field.tag.prefix(2)), !tally.hasBegun { tally.continues(closed) }
        tally.hasBegun = true
        if field.tag == "61" {
            line = (field, [])
            return
        }
        let isTrailer = tally.hasClosed || ["62", "64", "65", "90"].contains(String(field.tag.prefix(2)))
        do {
            try tally.take(field, text, session)
        } catch let problem as FieldProblem {
            tally.rejected += 1
            return try session.reject(
                line: field.number, field: ":\(field.tag):", problem.reason, lines: field.count)
        }
        if isTrailer { session.trailer(lines: field.count) } else { session.header(lines: field.count) }
    }

    /// Banks that send no message ends begin the next statement with its reference; banks that send no reference,
    /// with the account, the number or the opening balance behind the closing one.
    private func begins(_ field: SwiftField) -> Bool {
        guard let message, message.hasBegun else { return false }
        if field.tag == "20" { return true }
        return message.hasClosed && ["25", "28", "60"].contains(field.tag.prefix(2))
    }

    private func current(_ field: SwiftField) throws -> SwiftTally {
        if let message { return message }
        messages += 1
        let tally = SwiftTally(line: field.number, type: fields.messageType)
        message = tally
        return tally
    }

    private func finishLine() throws {
        guard let (field, details) = line, let tally = message else { return }
        line = nil
        let lines = details.reduce(field.count) { $0 + $1.count }
        let problems = tally.rejected
        try session.row(at: field.number, lines: lines) {
            do {
                return try row(field, details, tally)
            } catch let problem as FieldProblem {
                tally.rejected = problems + 1
                throw FieldProblem(problem.reason, field: problem.field.isEmpty ? ":61:" : problem.field)
            }
        }
    }

    private func row(_ field: SwiftField, _ details: [SwiftField], _ tally: SwiftTally) throws -> StatementRow {
        let line = try SwiftLine(field, text)
        guard let currency = tally.currency ?? session.options.currency else {
            throw FieldProblem("stands in a statement that names no currency (no :60F:): name one", field: ":61:")
        }
        let minor = try line.amount.minor(currency)
        let owner = SwiftDetails(try details.flatMap(\.lines).map { try text.string($0) })
        let amount = line.isCredit ? minor : -minor
        tally.add(amount, isCredit: line.isCredit, isExpected: line.isExpected)
        let own = SwiftDetails.present(line.reference)
        let bank = SwiftDetails.present(line.bankReference) ?? (owner.bankReference.isEmpty ? nil : owner.bankReference)
        return StatementRow(
            channel: "bank",
            kind: BankKind.kind(Self.hint(line.type), isCredit: line.isCredit, isReversal: line.isReversal),
            currency: currency, amountMinor: amount, channelReference: bank ?? own ?? "",
            merchantReference: owner.reference.isEmpty ? own ?? "" : owner.reference, account: tally.account,
            status: line.isExpected ? .pending : .succeeded, rawStatus: "\(line.mark) \(line.type)",
            time: StatementTime(date: line.entryDate), valueDate: line.valueDate,
            description: BankText.description([owner.description, line.supplement]), line: field.number,
            offset: field.offset)
    }

    /// The transaction types of SWIFT that tell more than a direction.
    private static func hint(_ type: String) -> BankKind.Hint {
        switch type.dropFirst() {
        case "CHG", "COM", "CMI", "CMN", "CMS", "CMT", "CMZ": .fee
        case "INT", "DIV", "TAX", "CPN": .interest
        case "FEX": .exchange
        case "RTI": .returned
        default: .none
        }
    }

    private func close() throws {
        try finishLine()
        guard let tally = message else { return }
        message = nil
        page = tally.finish(after: page, session)
        if let dates = tally.dates { extend(dates) }
    }

    private func extend(_ dates: ClosedRange<CivilDate>) {
        let from = StatementTime(date: min(dates.lowerBound, period?.from.date ?? dates.lowerBound))
        let through = StatementTime(date: max(dates.upperBound, period?.through.date ?? dates.upperBound))
        period = StatementPeriod(from: from, through: through)
    }
}
