import Money

/// The exports that WeChat and Alipay give to a person: a table, and before or behind it the period and how many rows
/// and how much money there are in each direction. What is counted is verified: a file that was cut or edited
/// afterwards contradicts it.
struct PersonalExport {
    /// The columns by their names in one channel; each list are aliases of one column.
    struct Names: Sendable {
        let channel: String
        let time: [String]
        let type: [String]
        let product: [String]
        let amount: [String]
        let status: [String]
        let reference: [String]
        let order: [String]
        /// The word of the counts for money that is neither income nor expense.
        let neutral: String
    }

    struct Columns {
        let time: Column
        let type: Column?
        let party: Column?
        let product: Column?
        let direction: Column
        /// Alipay's web export counts by the state of the money (已收入, 待支出, …) and not by the direction.
        let moneyState: Column?
        let amount: Column
        let fee: Column?
        let status: Column
        let reference: Column
        let order: Column?
        let count: Int
    }

    /// Rows and money of one word.
    struct Part {
        var rows = 0
        var amount: Int128 = 0
    }

    /// `收入：1笔 0.35元`
    struct Stated {
        let word: String
        let count: Int
        let money: String
        let line: Int
    }

    private let names: Names
    private var statedRows: (count: Int, line: Int)?
    private var stated: [Stated] = []
    private var parts: [String: Part] = [:]

    init(_ names: Names) { self.names = names }

    /// True when the head names the channel and has a table with these columns.
    static func recognise(_ probe: Probe, title: String, columns: [String]) -> Bool {
        guard let text = probe.text, text.contains(title) else { return false }
        return probe.lines.prefix(100).contains { line in columns.allSatisfy { line.contains($0) } }
    }

    mutating func read(_ input: StatementInput, _ session: ReadSession) throws {
        let records = try input.records(.oneLine)
        let decoder = try input.decoder()
        let currency = session.options.currency ?? .cny
        var columns: Columns?
        var isBehind = false
        while let record = try records.next() {
            if record.isEmpty {
                session.blank()
            } else if let columns, !isBehind {
                isBehind = Self.isRule(record)
                if isBehind {
                    session.trailer()
                    continue
                }
                let fields = RowFields(record: record, decoder: decoder)
                try session.row(at: record.line) { try row(fields, columns, currency) }
            } else if columns == nil, let found = try header(record, decoder) {
                columns = found
                session.header()
            } else {
                if isBehind { session.trailer() } else { session.comment() }
                try note(AlipayTable.text(record, decoder), record.line, session)
            }
        }
        guard columns != nil else { throw StatementError.truncated("the file ends before its table") }
        try verify(session, currency)
    }

    /// A line of dashes, as Alipay's web export puts behind its table.
    private static func isRule(_ record: CSVRecord) -> Bool { record.raw.starts(with: Array("-----".utf8)) }

    private func header(_ record: CSVRecord, _ decoder: TextDecoder) throws -> Columns? {
        guard record.count >= 5 else { return nil }
        let header = try HeaderMap(record, decoder)
        func first(_ names: [String]) -> Column? { names.lazy.compactMap { header.column($0) }.first }
        guard let direction = header.column("收/支"), let time = first(names.time) else { return nil }
        func needed(_ names: [String]) throws -> Column {
            if let column = first(names) { return column }
            throw StatementError.malformed(
                "the header has no column \(names.joined(separator: " or "))", line: record.line)
        }
        return Columns(
            time: time, type: first(names.type), party: first(["交易对方"]), product: first(names.product),
            direction: direction, moneyState: first(["资金状态"]), amount: try needed(names.amount),
            fee: first(["服务费(元)"]), status: try needed(names.status), reference: try needed(names.reference),
            order: first(names.order), count: header.names.lastIndex { !$0.isEmpty }.map { $0 + 1 } ?? 0)
    }

    /// `共43笔记录`, `收入：1笔 0.35元`, `已支出:5笔,16.54元`, and the period.
    private mutating func note(_ text: String, _ line: Int, _ session: ReadSession) throws {
        if let period = Bracketed.period(in: text) { session.period(period) }
        if text.hasPrefix("共"), text.contains("记录"), let count = Bracketed.count(after: "共", in: text) {
            statedRows = (count, line)
        }
        for word in ["收入", "支出", names.neutral, "已收入", "待收入", "已支出", "待支出"] where text.hasPrefix(word) {
            guard let count = Bracketed.count(after: word, in: text),
                let money = Bracketed.number(after: word, in: text, unit: "元"), stated.count < 16
            else { continue }
            stated.append(Stated(word: word, count: count, money: money, line: line))
        }
    }

    private mutating func row(_ fields: RowFields, _ columns: Columns, _ currency: Currency) throws -> StatementRow {
        try fields.requireCount(columns.count)
        let minor = try amount(fields, columns.amount, currency)
        let direction = try direction(fields, columns)
        let status = try fields.text(columns.status)
        let words = try fields.text(columns.type) + " " + status
        let isRefund = words.has("退款")
        let counted = try columns.moneyState.map { try fields.text($0) } ?? direction.counted(names.neutral)
        parts[counted, default: Part()].rows += 1
        parts[counted, default: Part()].amount += Int128(minor)
        // Money that comes back or is put in is neither income nor expense there; it came to us all the same.
        let comesIn = direction == .income || (direction == .neutral && (isRefund || Self.comesIn(words)))
        let texts = try [columns.party, columns.product].map { Self.reference(try fields.text($0)) }
        return StatementRow(
            channel: names.channel, kind: isRefund ? .refund : direction == .neutral ? .adjustment : .payment,
            currency: currency, amountMinor: comesIn ? minor : -minor,
            feeMinor: try fields.optionalMinor(columns.fee, currency),
            channelReference: Self.reference(try fields.text(columns.reference)),
            merchantReference: Self.reference(try fields.text(columns.order)), status: Self.status(status),
            rawStatus: status, time: try time(fields, columns),
            description: texts.filter { !$0.isEmpty }.joined(separator: " "), line: fields.record.line,
            offset: fields.record.offset)
    }

    private enum Direction {
        case income, expense, neutral

        func counted(_ neutral: String) -> String {
            switch self {
            case .income: "收入"
            case .expense: "支出"
            case .neutral: neutral
            }
        }
    }

    private func direction(_ fields: RowFields, _ columns: Columns) throws(FieldProblem) -> Direction {
        let word = try fields.text(columns.direction)
        switch word {
        case "收入", "已收入": return .income
        case "支出", "已支出": return .expense
        case "/", "", "不计收支", "中性交易", "其他": return .neutral
        default: throw FieldProblem("is not a known direction: \"\(word)\"", field: columns.direction.name)
        }
    }

    /// What was never paid has no time of payment in the web site's export.
    private func time(_ fields: RowFields, _ columns: Columns) throws(FieldProblem) -> StatementTime? {
        if columns.moneyState != nil, fields.bytes(columns.time).isEmpty { return nil }
        return try fields.time(columns.time, offsetSeconds: StatementTime.china)
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
        words.has("充值") || words.has("转出到余额") || words.has("转出-到零钱")
    }

    private static func status(_ word: String) -> RowStatus {
        if word.has("全额退款") || word.has("已全额退") { return .reversed }
        if word.has("关闭") || word.has("失败") || word.has("已退还") || word.has("撤销") { return .failed }
        if word.has("等待") || word.has("处理中") || word.has("冻结") { return .pending }
        return .succeeded
    }

    private func verify(_ session: ReadSession, _ currency: Currency) throws {
        guard let statedRows else {
            throw StatementError.truncated("the file does not say how many records there are (共…笔记录)")
        }
        session.check("共…笔记录", stated: statedRows.count, found: session.rowsAndRejects, line: statedRows.line)
        for stated in stated {
            let part = parts[stated.word] ?? Part()
            session.check("\(stated.word) 笔数", stated: stated.count, found: part.rows, line: stated.line)
            try AlipayMoney.check(
                stated.word, stated: stated.money, found: part.amount, session, currency, line: stated.line,
                isRefund: false)
        }
    }
}
