internal import Money

/// One pass over one document.
final class CamtReading {
    /// So many details of one entry are held before their sum is known; a larger batch is handed on in parts, and a
    /// sum that fails in the end refuses the file all the same.
    static let mostHeldDetails = 5_000
    /// Envelopes around a message are not deeper than this.
    private static let deepestMessage = 4

    let message: CamtReader.Message
    let xml: XMLWalk
    private let stream: DocumentStream
    let session: ReadSession
    /// Entries whose details do not say how their money was divided.
    private var undivided = 0
    private var containers = 0
    /// Lines up to here, and how many of them, belong to entries; each line of a document is counted once.
    private var countedLine = 0
    private var countedLines = 0
    private var pageIsLast: Bool?

    init(message: CamtReader.Message, xml: XMLWalk, stream: DocumentStream, session: ReadSession) {
        self.message = message
        self.xml = xml
        self.stream = stream
        self.session = session
    }

    func read() throws {
        var seen: [String] = []
        let root = try xml.root()
        guard try enter(root, level: 0, seen: &seen) else {
            throw StatementError.malformed(
                "the document is <\(seen.joined(separator: "><"))> and holds no <\(message.element)>")
        }
        try xml.finish()
        if undivided > 0 {
            // Nothing is wrong with such a file; whoever reads the summary learns why details are fewer than rows.
            session.check(
                "entries kept whole because their details do not state parts in the account's currency",
                stated: undivided, found: undivided)
        }
        session.header(lines: stream.lines - countedLines)
    }

    /// The lines from one to where the parser stands that no other part has taken.
    private func takeLines(from first: Int) -> Int {
        let end = min(xml.reachedLine, stream.lines)
        let lines = max(0, end - max(first - 1, countedLine))
        countedLine = max(countedLine, end)
        countedLines += lines
        return lines
    }

    /// Where the parser stands in the file, in bytes.
    private var offset: Int64 { min(xml.offset + Int64(stream.leading), max(0, stream.bytes - 1)) }

    /// An element whole; the only attribute that matters is an amount's currency.
    private func part(_ cursor: XMLWalk.Cursor) throws -> XMLElement { try xml.fragment(cursor, attributes: ["Ccy"]) }

    /// Looks for the message in an element; false when it is not there.
    private func enter(_ cursor: XMLWalk.Cursor, level: Int, seen: inout [String]) throws -> Bool {
        if seen.count < 8 { seen.append(cursor.name) }
        if let found = CamtReader.Message(element: cursor.name[...]) {
            guard found == message else {
                throw StatementError.malformed(
                    "the document is a \(found.name), not a \(message.name)", line: xml.line)
            }
            session.variant(variant())
            try readMessage(cursor)
            return true
        }
        guard level < Self.deepestMessage else { return false }
        var found = false
        while let child = try xml.child(of: cursor) {
            if try enter(child, level: level + 1, seen: &seen) { found = true }
        }
        return found
    }

    /// `camt.053.001.08` of `urn:iso:std:iso:20022:tech:xsd:camt.053.001.08`; a namespace of another kind says nothing.
    private func variant() -> String {
        let name = xml.namespace.split(separator: ":").last.map(String.init) ?? ""
        return name.hasPrefix("camt.") ? name : message.rawValue
    }

    private func readMessage(_ cursor: XMLWalk.Cursor) throws {
        while let child = try xml.child(of: cursor) {
            switch child.name {
            case "GrpHdr":
                let header = try part(child)
                pageIsLast = header.text("MsgPgntn", "LastPgInd").map { $0 == "true" || $0 == "1" }
            case message.container:
                containers += 1
                try readContainer(child)
            default: break
            }
        }
        guard containers > 0 else {
            throw StatementError.malformed("<\(cursor.name)> holds no <\(message.container)>", line: xml.line)
        }
        if pageIsLast == false {
            session.check("this is the message's last page (LastPgInd)", stated: "false", found: "false", holds: true)
        }
    }

    private func readContainer(_ cursor: XMLWalk.Cursor) throws {
        let tally = CamtTally(message: message, number: containers)
        while let child = try xml.child(of: cursor) {
            switch child.name {
            case "Acct": tally.account(try part(child), session)
            case "Bal":
                let line = xml.line
                let balance = try part(child)
                try rejecting(line) { try tally.balance(balance) }
            case "TxsSummry": tally.summary = try part(child)
            case "FrToDt": period(try part(child))
            case "Ntry": try readEntry(child, tally)
            default: break
            }
        }
        try tally.finish(session, line: xml.line)
    }

    /// `FrToDt` of a date or a moment; a period that cannot be read is no part of any proof.
    private func period(_ element: XMLElement) {
        guard
            let from = element.text("FrDtTm") ?? element.text("FrDt"),
            let through = element.text("ToDtTm") ?? element.text("ToDt"),
            let first = try? CamtText.time(from, field: "FrToDt"),
            let last = try? CamtText.time(through, field: "FrToDt")
        else { return }
        session.period(StatementPeriod(from: first, through: last))
    }

    // MARK: Entries

    private func readEntry(_ cursor: XMLWalk.Cursor, _ tally: CamtTally) throws {
        let line = xml.line
        let offset = offset
        var head = XMLElement(name: cursor.name)
        let pending = CamtPending()
        while let child = try xml.child(of: cursor) {
            switch child.name {
            case "NtryDtls":
                while let detail = try xml.child(of: child) {
                    if detail.name == "TxDtls" {
                        try hold(detail, head, pending, tally, line: line, offset: offset)
                    } else {
                        // Batch data is kept where `CamtEntry` looks for it.
                        head.children.append(XMLElement(name: "NtryDtls", children: [try part(detail)]))
                    }
                }
            case "TxDtls": try hold(child, head, pending, tally, line: line, offset: offset)
            default: head.children.append(try part(child))
            }
        }
        let lines = pending.streamed == 0 ? takeLines(from: line) : 0
        try rejecting(line, lines: lines, { tally.rejected += 1 }) {
            if let problem = pending.problem {
                guard pending.streamed == 0 else {
                    throw StatementError.malformed("\(problem.field) \(problem.reason)", line: line)
                }
                throw problem
            }
            let entry = try CamtEntry(
                head, account: tally.account, unstated: message.unstatedStatus, line: line, offset: offset)
            try close(entry, pending, tally, lines: lines)
        }
    }

    /// Keeps a detail until its entry is complete, or hands on a full load of them.
    private func hold(
        _ cursor: XMLWalk.Cursor, _ head: XMLElement, _ pending: CamtPending, _ tally: CamtTally, line: Int,
        offset: Int64
    ) throws {
        let start = (line: xml.line, offset: offset)
        let element = try part(cursor)
        do {
            pending.details.append(try CamtDetail(element, line: start.line, offset: start.offset))
        } catch {
            pending.problem = pending.problem ?? error
        }
        guard pending.details.count >= Self.mostHeldDetails, pending.problem == nil else { return }
        guard
            let entry = try? CamtEntry(
                head, account: tally.account, unstated: message.unstatedStatus, line: line, offset: offset)
        else { return }
        try pending.handOn(entry, session)
    }

    private func close(_ entry: CamtEntry, _ pending: CamtPending, _ tally: CamtTally, lines: Int) throws {
        if pending.streamed > 0 {
            try pending.handOn(entry, session)
            try pending.finish(entry, session)
        } else {
            try divide(entry, pending.details, lines: lines)
        }
        tally.add(entry)
    }

    private func divide(_ entry: CamtEntry, _ details: [CamtDetail], lines: Int) throws {
        let currency = entry.money.currency
        switch CamtSplit.of(entry: entry.signed, currency, charge: entry.charge, details: details) {
        case .whole:
            if details.count > 1 { undivided += 1 }
            try session.row(try entry.row(only: details.count == 1 ? details[0] : nil), lines: lines)
        case .parts(let parts):
            for (index, part) in parts.enumerated() {
                let number = parts.count == 1 ? nil : index + 1
                try session.row(try entry.row(details[index], part, number: number), lines: index == 0 ? lines : 0)
            }
        case .contradiction(let found):
            session.check(
                "the details of the entry at line \(entry.line)",
                stated: "\(Digits.decimal(entry.signed, currency)) \(currency)",
                found: "\(Digits.decimal(found, currency)) \(currency)", line: entry.line)
            // The account moved by the entry's amount, whatever the details claim.
            try session.row(try entry.row(), lines: lines)
        }
    }

    private func rejecting(
        _ line: Int, lines: Int? = nil, _ rejected: () -> Void = {}, _ body: () throws -> Void
    ) throws {
        do {
            try body()
        } catch let problem as FieldProblem {
            rejected()
            try session.reject(line: line, problem, lines: lines ?? takeLines(from: line))
        }
    }
}

/// The details of the entry that is being read.
private final class CamtPending {
    var details: [CamtDetail] = []
    var problem: FieldProblem?
    /// How many details were handed on before the entry's end, and what they add up to.
    var streamed = 0
    var sum: Int64 = 0

    /// Hands on what is held. Details of so large a batch must each state their part in the entry's currency.
    func handOn(_ entry: CamtEntry, _ session: ReadSession) throws {
        for detail in details {
            guard let money = detail.amount(in: entry.money.currency) else {
                throw StatementError(
                    .unsupported,
                    "an entry of more than \(CamtReading.mostHeldDetails) details has one without an amount in "
                        + entry.money.currency.code, line: detail.line)
            }
            let amount = detail.isCredit ?? entry.isCredit ? money : -money
            let (next, overflow) = sum.addingReportingOverflow(amount)
            guard !overflow else {
                throw StatementError(.limit, "a batch's sum does not fit 64 bits", line: detail.line)
            }
            sum = next
            streamed += 1
            let fee = detail.charge.isIncluded ? detail.charge.minor(in: entry.money.currency) : 0
            try session.row(try entry.row(detail, .init(amount: amount + fee, fee: fee), number: streamed), lines: 0)
        }
        details.removeAll(keepingCapacity: true)
    }

    /// Holds the sum of what was handed on against the entry. A charge of the whole batch becomes a row of its own.
    func finish(_ entry: CamtEntry, _ session: ReadSession) throws {
        let charge = entry.charge.minor(in: entry.money.currency)
        if sum != entry.signed, charge != 0, Int128(sum) - Int128(charge) == Int128(entry.signed) {
            var row = try entry.row()
            row.kind = .fee
            row.amountMinor = -charge
            row.feeMinor = 0
            sum -= charge
            try session.row(row, lines: 0)
        }
        session.check(
            "the details of the entry at line \(entry.line)", stated: entry.signed, found: sum, entry.money.currency,
            line: entry.line)
    }
}
