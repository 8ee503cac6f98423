import Money

/// The exports that WeChat and Alipay give to a person: a preamble with the period, counts and sums by direction, then a
/// table. What the preamble counts is verified; a file that was cut or edited afterwards contradicts it.
struct PersonalExport {
    /// The columns by their names in one channel.
    struct Names: Sendable {
        let channel: String
        let type: [String]
        let product: [String]
        let amount: [String]
        let status: [String]
        let reference: [String]
        let order: [String]
        /// The word of the preamble for money that is neither income nor expense.
        let neutral: String
    }

    private struct Columns {
        let time: Column
        let type: Column?
        let party: Column?
        let product: Column?
        let direction: Column
        let amount: Column
        let status: Column
        let reference: Column
        let order: Column?
        let note: Column?
        let count: Int
    }

    fileprivate struct Part {
        var stated: (count: Int, money: String, line: Int)?
        var rows = 0
        var amount: Int128 = 0
    }

    private let names: Names
    private var statedRows: (count: Int, line: Int)?
    private var income = Part()
    private var outgo = Part()
    private var neutral = Part()

    init(_ names: Names) { self.names = names }

    /// True when the head has a table with these columns behind a preamble that names the channel.
    static func recognise(_ probe: Probe, title: String, columns: [String]) -> Bool {
        guard let text = probe.text, text.contains(title) else { return false }
        return probe.lines.prefix(100).contains { line in columns.allSatisfy { line.contains($0) } }
    }

    mutating func read(_ input: StatementInput, _ session: ReadSession) throws {
        let records = try input.records(.oneLine)
        let decoder = try input.decoder()
        let currency = session.options.currency ?? .cny
        var columns: Columns?
        while let record = try records.next() {
            if record.isEmpty {
                session.blank()
                continue
            }
            let fields = RowFields(record: record, decoder: decoder)
            if let columns {
                guard try !isRule(fields) else {
                    session.comment()
                    continue
                }
                try session.row(at: record.line) { try row(fields, columns, currency) }
            } else if let found = try header(record, decoder) {
                columns = found
                session.header()
            } else {
                session.comment()
                try preamble(AlipayTable.text(record, decoder), record.line, session)
            }
        }
        guard columns != nil else { throw StatementError.truncated("the file ends before its table") }
        try verify(session, currency)
    }

    /// A line of dashes, as Alipay's web export puts behind its table.
    private func isRule(_ fields: RowFields) throws -> Bool {
        fields.record.raw.starts(with: Array("-----".utf8)) || fields.record.raw.starts(with: Array("#".utf8))
    }

    private func header(_ record: CSVRecord, _ decoder: TextDecoder) throws -> Columns? {
        guard record.count >= 5 else { return nil }
        let header = try HeaderMap(record, decoder)
        guard header["收/支"] != nil, header["交易时间"] != nil else { return nil }
        func first(_ names: [String]) -> Column? { names.lazy.compactMap { header.column($0) }.first }
        func needed(_ names: [String]) throws -> Column {
            guard let column = first(names) else {
                throw StatementError.malformed("the header has no column \(names.joined(separator: " or "))", line: record.line)
            }
            return column
        }
        return Columns(
            time: try needed(["交易时间"]), type: first(names.type), party: first(["交易对方"]),
            product: first(names.product), direction: try needed(["收/支"]), amount: try needed(names.amount),
            status: try needed(names.status), reference: try needed(names.reference), order: first(names.order),
            note: first(["备注"]), count: header.names.lastIndex { !$0.isEmpty }.map { $0 + 1 } ?? 0)
    }

    /// `共43笔记录`, `收入：1笔 0.35元`, `支出:…`, `中性交易：…` or `不计收支：…`, and the period.
    private mutating func preamble(_ text: String, _ line: Int, _ session: ReadSession) throws {
        if let period = Bracketed.period(in: text) { session.period(period) }
        if text.hasPrefix("共"), text.contains("记录"), let count = Bracketed.count(after: "共", in: text) {
            statedRows = (count, line)
        }
        func stated(_ word: String) -> (count: Int, money: String, line: Int)? {
            guard text.hasPrefix(word), let count = Bracketed.count(after: word, in: text),
                let money = Bracketed.number(after: word, in: text, unit: "元")
            else { return nil }
            return (count, money, line)
        }
        income.stated = income.stated ?? stated("收入")
        outgo.stated = outgo.stated ?? stated("支出")
        neutral.stated = neutral.stated ?? stated(names.neutral)
    }

    private mutating func row(
        _ fields: RowFields, _ columns: Columns, _ currency: Currency
    ) throws -> StatementRow {
        try fields.requireCount(columns.count)
        let word = try fields.text(columns.status)
        let minor = try amount(fields, columns.amount, currency)
        let direction = try fields.text(columns.direction)
        let kindWords = try fields.text(columns.type) + " " + word
        let isRefund = kindWords.contains("退款")
        var signed = minor
        switch direction {
        case "收入", "已收入": income.add(minor)
        case "支出", "已支出":
            outgo.add(minor)
            signed = -minor
        case "/", "", "不计收支", "中性交易", "其他":
            neutral.add(minor)
            // Money that comes back is neither income nor expense there; it came to us all the same.
            signed = isRefund || Self.comesIn(kindWords) ? minor : -minor
        default: throw FieldProblem("is not a known direction: \"\(direction)\"", field: columns.direction.name)
        }
        let order = Self.reference(try fields.text(columns.order))
        let texts = try [columns.party, columns.product].map { Self.reference(try fields.text($0)) }
        return StatementRow(
            channel: names.channel, kind: isRefund ? .refund : direction == "收入" || direction == "支出" ? .payment : .adjustment,
            currency: currency, amountMinor: signed,
            channelReference: Self.reference(try fields.text(columns.reference)), merchantReference: order,
            status: Self.status(word), rawStatus: word,
            time: try fields.time(columns.time, offsetSeconds: StatementTime.china),
            description: texts.filter { !$0.isEmpty }.joined(separator: " "), line: fields.record.line,
            offset: fields.record.offset)
    }

    /// `¥28.16`, with a yen sign of either width or none.
    private func amount(_ fields: RowFields, _ column: Column, _ currency: Currency) throws(FieldProblem) -> Int64 {
        var bytes = fields.bytes(column)
        for sign in ["¥", "￥"] {
            let mark = Array(sign.utf8)
            if bytes.starts(with: mark) { bytes = bytes.dropFirst(mark.count) }
        }
        // In GB 18030 the yen sign is A3 A4 (full width) or 81 30 84 36.
        for mark in [[UInt8](arrayLiteral: 0xA3, 0xA4), [0x81, 0x30, 0x84, 0x36]] where bytes.starts(with: mark) {
            bytes = bytes.dropFirst(mark.count)
        }
        do throws(FieldProblem) {
            let minor = try FieldText.decimal(bytes).minor(currency)
            guard minor >= 0 else { throw FieldProblem("is negative: the direction has a column") }
            return minor
        } catch {
            throw FieldProblem(error.reason, field: column.name)
        }
    }

    /// A slash stands for nothing.
    private static func reference(_ text: String) -> String { text == "/" ? "" : text }

    /// Words of neutral movements that add to what the person holds in the wallet.
    private static func comesIn(_ words: String) -> Bool {
        words.contains("充值") || words.contains("转出到余额") || words.contains("转出-到零钱")
    }

    private static func status(_ word: String) -> RowStatus {
        if word.contains("全额退款") || word.contains("已全额退") { return .reversed }
        if word.contains("关闭") || word.contains("失败") || word.contains("已退还") || word.contains("撤销") { return .failed }
        if word.contains("等待") || word.contains("处理中") || word.contains("冻结") { return .pending }
        return .succeeded
    }

    private func verify(_ session: ReadSession, _ currency: Currency) throws {
        guard let statedRows else {
            throw StatementError.malformed("the preamble does not say how many records there are (共…笔记录)")
        }
        session.check("共…笔记录", stated: statedRows.count, found: session.rowsAndRejects, line: statedRows.line)
        for (name, part) in [("收入", income), ("支出", outgo), (names.neutral, neutral)] {
            guard let stated = part.stated else { continue }
            session.check("\(name) 笔数", stated: stated.count, found: part.rows, line: stated.line)
            try AlipayMoney.check(
                name, stated: stated.money, found: part.amount, session, currency, line: stated.line, isRefund: false)
        }
    }
}

extension PersonalExport.Part {
    fileprivate mutating func add(_ minor: Int64) {
        rows += 1
        amount += Int128(minor)
    }
}
