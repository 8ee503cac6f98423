import Money

/// Alipay's account details (账务明细): every movement of the account with the balance after it.
struct AlipayAccountReader: StatementReader {
    let format = StatementFormat(id: "alipay-account", name: "Alipay account details (账务明细)", channel: "alipay")

    func recognise(_ probe: Probe) -> Recognition {
        let lines = probe.lines.prefix(50)
        if lines.contains(where: { $0.contains("账务流水号") && $0.contains("发生时间") && $0.contains("收入") }) {
            return .yes
        }
        return lines.contains { $0.contains("账务汇总") } ? .companion : .no
    }

    func read(_ input: StatementInput, _ session: ReadSession) throws {
        let table = try AlipayTable(input, session, column: "账务流水号")
        let columns = try Columns(table.header, line: table.headerLine)
        let currency = session.options.currency ?? .cny
        var income = Flow()
        var outgo = Flow()
        var chain = BalanceChain()
        var stated: Set<String> = []
        try table.read(session) { fields in
            let row = try columns.row(fields, currency, account: table.account)
            if try fields.optionalMinor(columns.outgo, currency) == 0 {
                income.add(row.amountMinor)
            } else {
                outgo.add(row.amountMinor)
            }
            if let balance = try columns.balance(fields, currency) {
                chain.add(change: row.amountMinor, after: balance, line: row.line)
            } else {
                chain.skip()
            }
            return row
        } total: { text, line in
            for (word, flow) in [("支出合计", outgo), ("收入合计", income)] where text.contains(word) {
                stated.insert(word)
                try flow.check(text, word, session, currency, line: line)
            }
        }
        guard stated.count == 2 else {
            throw StatementError.truncated("the totals (支出合计, 收入合计) behind the list are missing")
        }
        chain.report(to: session, what: "账户余额 (running balance)", account: table.account, currency)
    }

    /// A count and a sum of one direction.
    private struct Flow {
        var rows = 0
        var amount: Int128 = 0

        mutating func add(_ minor: Int64) {
            rows += 1
            amount += Int128(minor)
        }

        /// `支出合计：2笔，共30.00元`; outgoing money is stated with a minus or without.
        func check(_ text: String, _ word: String, _ session: ReadSession, _ currency: Currency, line: Int) throws {
            guard let count = Bracketed.count(after: word, in: text),
                let money = Bracketed.number(after: word, in: text, unit: "元")
            else { throw StatementError.malformed("the total cannot be read: \(text)", line: line) }
            session.check("\(word) 笔数", stated: count, found: rows, line: line)
            try AlipayMoney.check(
                word, stated: money, found: amount, session, currency, line: line, isRefund: amount < 0)
        }
    }

    private struct Columns {
        let flow: Column
        let business: Column?
        let order: Column?
        let product: Column?
        let time: Column
        let income: Column
        let outgo: Column
        let balance: Column?
        let type: Column
        let purpose: Column?
        let note: Column?

        init(_ header: HeaderMap, line: Int) throws {
            flow = try header.required("账务流水号", line: line)
            business = header.column("业务流水号")
            order = header.column("商户订单号")
            product = header.column("商品名称")
            time = try header.required("发生时间", "入账时间", line: line)
            income = try header.required("收入金额(+元)", "收入金额", "收入(+元)", "收入金额(元)", "收入", line: line)
            outgo = try header.required("支出金额(-元)", "支出金额", "支出(-元)", "支出金额(元)", "支出", line: line)
            balance = header.column("账户余额(元)", "账户余额")
            type = try header.required("业务类型", "账务类型", line: line)
            purpose = header.column("业务描述")
            note = header.column("备注")
        }

        func balance(_ fields: RowFields, _ currency: Currency) throws(FieldProblem) -> Int64? {
            guard let balance, !fields.isEmpty(balance) else { return nil }
            return try fields.minor(balance, currency)
        }

        func row(_ fields: RowFields, _ currency: Currency, account: String) throws(FieldProblem) -> StatementRow {
            let income = try fields.optionalMinor(income, currency)
            // Expenses are written with a minus or without; the column is the sign.
            let outgo = -Int64(try fields.optionalMinor(outgo, currency).magnitude)
            guard income == 0 || outgo == 0 else { throw FieldProblem("has an income and an expense") }
            let word = try fields.text(type)
            let words = try word + " " + fields.text(purpose)
            let business = try fields.text(business)
            let product = try fields.text(product)
            return StatementRow(
                channel: "alipay", kind: Self.kind(words, isIncome: outgo == 0), currency: currency,
                amountMinor: income + outgo, channelReference: business.isEmpty ? try fields.text(flow) : business,
                merchantReference: try fields.text(order), account: account, rawStatus: word,
                time: try fields.time(time, offsetSeconds: StatementTime.china),
                description: product.isEmpty ? try fields.text(note) : product, line: fields.record.line,
                offset: fields.record.offset)
        }

        /// What a movement is, by its business type and description.
        private static func kind(_ words: String, isIncome: Bool) -> RowKind {
            if words.has("收费") || words.has("服务费") || words.has("手续费") || words.has("退费") {
                return .fee
            }
            if words.has("退款") { return .refund }
            if words.has("提现") { return .payout }
            if words.has("拒付") { return .chargeback }
            if words.has("交易") || words.has("支付") || words.has("付款") || words.has("收款") {
                return isIncome ? .payment : .adjustment
            }
            return .adjustment
        }
    }
}
