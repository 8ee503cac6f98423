import Money

/// The fund flow bill of WeChat Pay: every movement of a merchant's account with the balance after it.
/// Format: pay.wechatpay.cn/doc/v3/partner/4012760535
struct WeChatFundFlowReader: StatementReader {
    let format = StatementFormat(id: "wechat-fundflow", name: "WeChat Pay fund flow bill (资金账单)", channel: "wechat")

    func recognise(_ probe: Probe) -> Recognition {
        for line in probe.lines.prefix(50) where line.contains("记账时间") {
            return line.contains("资金流水单号") && line.contains("收支类型") ? .yes : .no
        }
        return .no
    }

    func read(_ input: StatementInput, _ session: ReadSession) throws {
        let table = try WeChatTable(input, session, column: "资金流水单号")
        let columns = try Columns(table.header, line: table.headerLine)
        let currency = session.options.currency ?? .cny
        var income = FlowSum()
        var outgo = FlowSum()
        var chain = BalanceChain()
        let trailer = try table.read(session, trailer: "资金流水总笔数") { fields in
            let row = try columns.row(fields, currency)
            let magnitude = ExactDecimal(units: Int64(row.amountMinor.magnitude), scale: currency.minorUnits)
            if row.rawStatus == "收入" { try income.add(magnitude) } else { try outgo.add(magnitude) }
            if let balance = try columns.balance(fields, currency) {
                chain.add(change: row.amountMinor, after: balance, line: row.line)
            } else {
                chain.skip()
            }
            return row
        }
        try trailer.count("资金流水总笔数", session, found: session.rowsAndRejects)
        try trailer.count("收入笔数", session, found: income.count)
        try trailer.sum("收入金额", session, found: income.sum)
        try trailer.count("支出笔数", session, found: outgo.count)
        try trailer.sum("支出金额", session, found: outgo.sum)
        chain.report(to: session, what: "账户结余 (running balance)", account: "", currency)
    }

    /// A count and a sum of one direction.
    private struct FlowSum {
        var count = 0
        var sum = FineSum()

        mutating func add(_ value: ExactDecimal) throws(FieldProblem) {
            count += 1
            try sum.add(value)
        }
    }

    private struct Columns {
        let time: Column
        let business: Column
        let flow: Column
        let name: Column?
        let type: Column?
        let direction: Column
        let amount: Column
        let balance: Column?
        let note: Column?
        let voucher: Column?

        init(_ header: HeaderMap, line: Int) throws {
            time = try header.required("记账时间", line: line)
            business = try header.required("微信支付业务单号", line: line)
            flow = try header.required("资金流水单号", line: line)
            name = header.column("业务名称")
            type = header.column("业务类型")
            direction = try header.required("收支类型", line: line)
            amount = try header.required("收支金额(元)", "收支金额", line: line)
            balance = header.column("账户结余(元)", "账户结余")
            note = header.column("备注")
            voucher = header.column("业务凭证号")
        }

        func balance(_ fields: RowFields, _ currency: Currency) throws(FieldProblem) -> Int64? {
            guard let balance, !fields.isEmpty(balance) else { return nil }
            return try fields.minor(balance, currency)
        }

        func row(_ fields: RowFields, _ currency: Currency) throws(FieldProblem) -> StatementRow {
            let word = try fields.text(direction)
            guard word == "收入" || word == "支出" else {
                throw FieldProblem("is neither 收入 nor 支出: \"\(word)\"", field: direction.name)
            }
            let value = try fields.minor(amount, currency)
            guard value >= 0 else { throw FieldProblem("is negative: the direction has a column", field: amount.name) }
            let words = try fields.text(name) + " " + fields.text(type)
            let business = try fields.text(business)
            return StatementRow(
                channel: "wechat", kind: Self.kind(words, isIncome: word == "收入"), currency: currency,
                amountMinor: word == "收入" ? value : -value,
                channelReference: business.isEmpty ? try fields.text(flow) : business,
                merchantReference: try fields.text(voucher), rawStatus: word,
                time: try fields.time(time, offsetSeconds: StatementTime.china),
                description: try Self.joined(words, fields.text(note)), line: fields.record.line,
                offset: fields.record.offset)
        }

        /// What a movement is, by its business name and type.
        private static func kind(_ words: String, isIncome: Bool) -> RowKind {
            if words.has("手续费") || words.has("服务费") { return .fee }
            if words.has("退款") { return .refund }
            if words.has("提现") || words.has("结算") || words.has("出款") { return .payout }
            if words.has("拒付") || words.has("争议") { return .chargeback }
            if words.has("交易") || words.has("订单") || words.has("收款") {
                return isIncome ? .payment : .adjustment
            }
            return .adjustment
        }

        private static func joined(_ words: String, _ note: String) -> String {
            let business = words.split(separator: " ").reduce(into: [Substring]()) { known, word in
                if !known.contains(word) { known.append(word) }
            }
            return (business + (note.isEmpty ? [] : [note[...]])).joined(separator: " ")
        }
    }
}
