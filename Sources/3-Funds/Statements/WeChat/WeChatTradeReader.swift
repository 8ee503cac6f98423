import Money

/// The trade bill of WeChat Pay, of kind ALL, SUCCESS or REFUND by its header, in the layout of 2019 and the one before.
/// Format: pay.weixin.qq.com/docs/merchant/products/bill-download/format-trade.html
///
/// The amount of a payment is what the channel settles (应结订单金额: the order less coupons the merchant pays for),
/// of a refund what it takes back. Fees have five decimals; a refund returns its fee, so its fee is negative.
struct WeChatTradeReader: StatementReader {
    let format = StatementFormat(id: "wechat-trade", name: "WeChat Pay trade bill (交易账单)", channel: "wechat")

    func recognise(_ probe: Probe) -> Recognition {
        for line in probe.lines.prefix(50) where line.contains("交易时间") {
            return line.contains("微信订单号") && line.contains("商户订单号") && line.contains("交易状态") ? .yes : .no
        }
        return .no
    }

    func read(_ input: StatementInput, _ session: ReadSession) throws {
        let table = try WeChatTable(input, session, column: "微信订单号")
        let columns = try WeChatTradeColumns(table.header, line: table.headerLine)
        session.variant(columns.variant)
        var sums = WeChatTradeSums(columns)
        let trailer = try table.read(session, trailer: "总交易单数") { fields in
            let row = try columns.row(fields, currency: session.options.currency)
            try sums.add(fields)
            return row
        }
        try trailer.count("总交易单数", session, found: session.rowsAndRejects)
        for sum in sums.all { try trailer.sum(sum.trailer, session, found: sum.sum) }
    }
}

/// Where the columns of a trade bill are.
struct WeChatTradeColumns {
    let variant: String
    let time: Column
    let merchant: Column?
    let transaction: Column
    let order: Column
    let state: Column
    let currency: Column?
    let settled: Column
    let refundTime: Column?
    let refundRequestTime: Column?
    let refund: Column?
    let merchantRefund: Column?
    let refunded: Column?
    let refundState: Column?
    let product: Column?
    let fee: Column?
    /// The trailer's sums and the columns they are of; before 2019 coupons were called red packets.
    let sums: [(trailer: String, column: Column?)]

    init(_ header: HeaderMap, line: Int) throws {
        time = try header.required("交易时间", line: line)
        merchant = header.column("商户号")
        transaction = try header.required("微信订单号", line: line)
        order = try header.required("商户订单号", line: line)
        state = try header.required("交易状态", line: line)
        currency = header.column("货币种类")
        settled = try header.required("应结订单金额", "总金额", "订单金额", line: line)
        refundTime = header.column("退款成功时间")
        refundRequestTime = header.column("退款申请时间")
        refund = header.column("微信退款单号")
        merchantRefund = header.column("商户退款单号")
        refunded = header.column("退款金额", "申请退款金额")
        refundState = header.column("退款状态")
        product = header.column("商品名称")
        fee = header.column("手续费")
        sums = [
            ("应结订单总金额", settled), ("总交易额", settled), ("退款总金额", refunded), ("总退款金额", refunded),
            ("充值券退款总金额", header.column("充值券退款金额")),
            ("总企业红包退款金额", header.column("企业红包退款金额")),
            ("总代金券或立减优惠退款金额", header.column("代金券或立减优惠退款金额")), ("手续费总金额", fee),
            ("订单总金额", header.column("订单金额")), ("申请退款总金额", header.column("申请退款金额"))
        ]
        variant = refundTime != nil || refundRequestTime != nil ? "REFUND" : refund != nil ? "ALL" : "SUCCESS"
    }

    func row(_ fields: RowFields, currency fallback: Currency?) throws(FieldProblem) -> StatementRow {
        let currency = try fields.currency(currency) ?? fallback ?? .cny
        let word = try fields.text(state)
        let fine = try fields.optionalDecimal(fee)
        let feeMinor: Int64
        do {
            feeMinor = try fine.roundedMinor(currency)
        } catch {
            throw FieldProblem(error.reason, field: fee?.name ?? "")
        }
        let kind = try kind(word)
        var row = StatementRow(
            channel: "wechat", kind: kind, currency: currency,
            amountMinor: try kind == .refund ? -refundAmount(fields, currency) : fields.minor(settled, currency),
            feeMinor: feeMinor, channelReference: try fields.text(transaction),
            merchantReference: try fields.text(order), account: try fields.text(merchant),
            fineFee: fine.isWhole(currency) ? nil : fine, rawStatus: word, time: try when(fields, kind),
            description: try fields.text(product), line: fields.record.line, offset: fields.record.offset)
        if kind == .refund { try fillRefund(&row, fields) } else { row.status = Self.status(ofPayment: word) }
        return row
    }

    private func refundAmount(_ fields: RowFields, _ currency: Currency) throws(FieldProblem) -> Int64 {
        guard let refunded else { throw FieldProblem("is a refund in a bill without a column for its amount") }
        return try fields.minor(refunded, currency)
    }

    /// A refund is named by its own numbers; the payment's number is what it refers to.
    private func fillRefund(_ row: inout StatementRow, _ fields: RowFields) throws(FieldProblem) {
        row.originalReference = row.channelReference
        row.channelReference = try fields.text(refund)
        row.merchantRefundReference = try fields.text(merchantRefund)
        let word = try fields.text(refundState)
        if !word.isEmpty { row.rawStatus = word }
        switch word {
        case "SUCCESS", "": row.status = .succeeded
        case "PROCESSING", "REFUNDING": row.status = .pending
        case "FAIL", "CHANGE", "REFUNDCLOSE", "CLOSED", "ABNORMAL": row.status = .failed
        default: throw FieldProblem("is not a known status: \"\(word)\"", field: refundState?.name ?? "")
        }
    }

    private func kind(_ word: String) throws(FieldProblem) -> RowKind {
        switch word {
        case "SUCCESS", "USERPAYING", "NOTPAY", "CLOSED", "PAYERROR", "ACCEPT": .payment
        case "REFUND", "REVOKED": .refund
        default: throw FieldProblem("is not a known status: \"\(word)\"", field: state.name)
        }
    }

    private static func status(ofPayment word: String) -> RowStatus {
        switch word {
        case "SUCCESS": .succeeded
        case "CLOSED", "PAYERROR": .failed
        default: .pending
        }
    }

    /// A refund bill says when the refund itself succeeded, or at least when it was asked for.
    private func when(_ fields: RowFields, _ kind: RowKind) throws(FieldProblem) -> StatementTime {
        if kind == .refund {
            for column in [refundTime, refundRequestTime] {
                if let column, !fields.isEmpty(column) {
                    return try fields.time(column, offsetSeconds: StatementTime.china)
                }
            }
        }
        return try fields.time(time, offsetSeconds: StatementTime.china)
    }
}

/// The sums that a trade bill's trailer states, each of one column.
struct WeChatTradeSums {
    struct Entry {
        let trailer: String
        let column: Column?
        var sum = FineSum()
    }

    private(set) var all: [Entry]

    init(_ columns: WeChatTradeColumns) {
        all = columns.sums.map { Entry(trailer: $0.trailer, column: $0.column) }
    }

    mutating func add(_ fields: RowFields) throws(FieldProblem) {
        for index in all.indices {
            if let column = all[index].column, !fields.isEmpty(column) {
                try all[index].sum.add(try fields.decimal(column))
            }
        }
    }
}
