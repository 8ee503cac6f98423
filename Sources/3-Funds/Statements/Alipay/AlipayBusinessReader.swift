import Money

/// Alipay's business details (业务明细): one line a trade or refund. The archive often holds a summary (汇总) beside it,
/// whose line 合计 is verified against the rows.
///
/// The amount is what the merchant receives (商家实收). Service fee and profit share are signed in the file; here they
/// are positive on a trade, where they are kept, and negative on a refund, where they come back.
struct AlipayBusinessReader: StatementReader {
    let format = StatementFormat(id: "alipay-business", name: "Alipay business details (业务明细)", channel: "alipay")

    func recognise(_ probe: Probe) -> Recognition {
        let lines = probe.lines.prefix(50)
        if lines.contains(where: { $0.contains("交易订单总笔数") && $0.contains("退款订单总笔数") }) { return .companion }
        let isDetail = lines.contains {
            $0.contains("支付宝交易号") && $0.contains("商户订单号") && $0.contains("业务类型") && $0.contains("商家实收")
        }
        return isDetail ? .yes : .no
    }

    func read(_ input: StatementInput, _ session: ReadSession) throws {
        let table = try AlipayTable(input, session, column: "支付宝交易号")
        let columns = try AlipayBusinessColumns(table.header, line: table.headerLine)
        let currency = session.options.currency ?? .cny
        var sums = AlipayBusinessSums()
        var stated: Set<String> = []
        try table.read(session) { fields in
            let row = try columns.row(fields, currency, account: table.account)
            try sums.add(row, fields, columns)
            return row
        } total: { text, line in
            for (word, kind) in [("交易合计", RowKind.payment), ("退款合计", .refund)] where text.contains(word) {
                stated.insert(word)
                try sums.check(text, word, kind, session, currency, line: line)
            }
        }
        guard stated.contains("交易合计"), stated.contains("退款合计") || sums.refunds.rows == 0 else {
            throw StatementError.truncated("the totals (交易合计, 退款合计) behind the list are missing")
        }
        for companion in try input.companions() {
            try AlipaySummary.check(companion, against: sums, session, currency)
        }
    }
}

/// Where the columns of the business details are.
struct AlipayBusinessColumns {
    let trade: Column
    let order: Column
    let type: Column
    let product: Column?
    let created: Column?
    let completed: Column?
    let gross: Column
    let received: Column
    let discount: Column?
    let request: Column?
    let fee: Column?
    let share: Column?
    let note: Column?

    init(_ header: HeaderMap, line: Int) throws {
        trade = try header.required("支付宝交易号", line: line)
        order = try header.required("商户订单号", line: line)
        type = try header.required("业务类型", line: line)
        product = header.column("商品名称")
        created = header.column("创建时间")
        completed = header.column("完成时间")
        gross = try header.required("订单金额(元)", "订单金额", line: line)
        received = try header.required("商家实收(元)", "商家实收", line: line)
        discount = header.column("商家优惠(元)", "商家优惠")
        request = header.column("退款批次号/请求号", "退款批次号")
        fee = header.column("服务费(元)", "服务费")
        share = header.column("分润(元)", "分润")
        note = header.column("备注")
    }

    func row(_ fields: RowFields, _ currency: Currency, account: String) throws(FieldProblem) -> StatementRow {
        let word = try fields.text(type)
        guard !word.isEmpty else { throw FieldProblem("is empty", field: type.name) }
        let isRefund = word.has("退款")
        let received = try fields.minor(received, currency)
        let (fee, share) = try (fields.optionalMinor(fee, currency), fields.optionalMinor(share, currency))
        let charges = Int64(fee.magnitude) + Int64(share.magnitude)
        guard charges <= StatementRow.largestMinor else { throw FieldProblem("is too large", field: "服务费") }
        let trade = try fields.text(trade)
        let description = try fields.text(product)
        return StatementRow(
            channel: "alipay", kind: isRefund ? .refund : word.has("交易") ? .payment : .adjustment,
            currency: currency, amountMinor: isRefund ? -Int64(received.magnitude) : received,
            feeMinor: isRefund ? -charges : charges, channelReference: trade,
            merchantReference: try fields.text(order),
            merchantRefundReference: isRefund ? try fields.text(request) : "",
            originalReference: isRefund ? trade : "", account: account, rawStatus: word, time: try when(fields),
            description: description.isEmpty ? try fields.text(note) : description, line: fields.record.line,
            offset: fields.record.offset)
    }

    private func when(_ fields: RowFields) throws(FieldProblem) -> StatementTime? {
        for column in [completed, created] {
            if let column, !fields.isEmpty(column) {
                return try fields.time(column, offsetSeconds: StatementTime.china)
            }
        }
        return nil
    }
}

/// What the rows of the business details add up to, trades and refunds apart.
struct AlipayBusinessSums {
    struct Part {
        var rows = 0
        var received: Int128 = 0
        var gross: Int128 = 0
        var discount: Int128 = 0
        var charges: Int128 = 0
    }

    var trades = Part()
    var refunds = Part()

    mutating func add(_ row: StatementRow, _ fields: RowFields, _ columns: AlipayBusinessColumns) throws(FieldProblem) {
        let gross = try fields.minor(columns.gross, row.currency)
        let discount = try fields.optionalMinor(columns.discount, row.currency)
        func add(_ part: inout Part) {
            part.rows += 1
            part.received += Int128(row.amountMinor)
            part.gross += Int128(row.kind == .refund ? -Int64(gross.magnitude) : gross)
            part.discount += Int128(discount)
            part.charges += Int128(row.feeMinor)
        }
        if row.kind == .refund { add(&refunds) } else { add(&trades) }
    }

    /// `交易合计：10374笔，商家实收共28790.16元，商家优惠共0.00元`
    func check(
        _ text: String, _ word: String, _ kind: RowKind, _ session: ReadSession, _ currency: Currency, line: Int
    ) throws {
        let part = kind == .refund ? refunds : trades
        guard let count = Bracketed.count(after: word, in: text),
            let money = Bracketed.number(after: word, in: text, unit: "元")
        else { throw StatementError.malformed("the total cannot be read: \(text)", line: line) }
        session.check("\(word) 笔数", stated: count, found: part.rows, line: line)
        let name = kind == .refund ? "商家实收退款" : "商家实收"
        let isRefund = kind == .refund
        try AlipayMoney.check(
            "\(word) \(name)", stated: money, found: part.received, session, currency, line: line, isRefund: isRefund)
        let word = text.contains("商家优惠退款共") ? "商家优惠退款共" : "商家优惠共"
        if let discount = Bracketed.number(after: word, in: text, unit: "元") {
            try AlipayMoney.check(
                String(word.dropLast()), stated: discount, found: part.discount, session, currency, line: line,
                isRefund: isRefund, ignoresSign: true)
        }
    }
}

/// Amounts that a comment states.
enum AlipayMoney {
    /// Refunds are stated with a minus by some exports and without by others; nothing else may differ.
    static func check(
        _ what: String, stated text: String, found: Int128, _ session: ReadSession, _ currency: Currency, line: Int?,
        isRefund: Bool, ignoresSign: Bool = false
    ) throws {
        let stated: Int64
        do {
            stated = try FieldText.decimal(FieldText.bytes(text)).minor(currency)
        } catch {
            throw StatementError.malformed("\(what) \(error.reason)", line: line)
        }
        guard let found = Int64(exactly: found), found > .min else {
            throw StatementError(.limit, "\(what) does not fit into 64 bits of minor units", line: line)
        }
        let signed = isRefund && found < 0 ? -Int64(stated.magnitude) : stated
        let isEqual = ignoresSign ? stated.magnitude == found.magnitude : signed == found
        session.check(
            what, stated: "\(Digits.decimal(signed, currency)) \(currency)",
            found: "\(Digits.decimal(found, currency)) \(currency)", holds: isEqual, line: line)
    }
}
