import Statements

/// Makes trade bills: `WeChatBill().payment(…).refund(…).text` is one that ties.
struct WeChatBill {
    static let columns = [
        "交易时间", "公众账号ID", "商户号", "特约商户号", "设备号", "微信订单号", "商户订单号", "用户标识", "交易类型", "交易状态", "付款银行", "货币种类",
        "应结订单金额", "代金券金额", "微信退款单号", "商户退款单号", "退款金额", "充值券退款金额", "退款类型", "退款状态", "商品名称", "商户数据包", "手续费", "费率",
        "订单金额", "申请退款金额", "费率备注"
    ]
    static let trailer = ["总交易单数", "应结订单总金额", "退款总金额", "充值券退款总金额", "手续费总金额", "订单总金额", "申请退款总金额"]

    var header = WeChatBill.columns
    var rows: [[String: String]] = []
    /// What the trailer states; nil leaves it out.
    var stated: [String]? = nil
    var lineEnd = "\n"

    func payment(
        _ order: String, settled: String, gross: String? = nil, fee: String = "0.00000", product: String = "茶",
        changes: [String: String] = [:]
    ) -> WeChatBill {
        var row = [
            "交易时间": "2026-03-01 12:00:00", "公众账号ID": "wx1", "商户号": "1601", "特约商户号": "0", "微信订单号": "42\(order)",
            "商户订单号": order, "用户标识": "o1", "交易类型": "JSAPI", "交易状态": "SUCCESS", "付款银行": "OTHERS", "货币种类": "CNY",
            "应结订单金额": settled, "代金券金额": "0.00", "微信退款单号": "0", "商户退款单号": "0", "退款金额": "0.00", "充值券退款金额": "0.00",
            "商品名称": product, "手续费": fee, "费率": "0.60%", "订单金额": gross ?? settled, "申请退款金额": "0.00"
        ]
        row.merge(changes) { $1 }
        return adding(row)
    }

    func refund(_ order: String, _ refund: String, amount: String, fee: String = "0.00000") -> WeChatBill {
        adding([
            "交易时间": "2026-03-01 13:00:00", "公众账号ID": "wx1", "商户号": "1601", "特约商户号": "0", "微信订单号": "42\(order)",
            "商户订单号": order, "用户标识": "o1", "交易类型": "JSAPI", "交易状态": "REFUND", "付款银行": "OTHERS", "货币种类": "CNY",
            "应结订单金额": "0.00", "代金券金额": "0.00", "微信退款单号": "50\(refund)", "商户退款单号": refund, "退款金额": amount,
            "充值券退款金额": "0.00", "退款类型": "ORIGINAL", "退款状态": "SUCCESS", "商品名称": "茶", "手续费": fee, "费率": "0.60%",
            "订单金额": "0.00", "申请退款金额": amount
        ])
    }

    private func adding(_ row: [String: String]) -> WeChatBill {
        var bill = self
        bill.rows.append(row)
        return bill
    }

    func stating(_ values: String...) -> WeChatBill {
        var bill = self
        bill.stated = values
        return bill
    }

    var lines: [String] {
        var lines = [header.joined(separator: ",")]
        lines += rows.map { row in header.map { "`" + (row[$0] ?? "") }.joined(separator: ",") }
        if let stated {
            lines.append(Self.trailer.joined(separator: ","))
            lines.append(stated.map { "`" + $0 }.joined(separator: ","))
        }
        return lines
    }

    var text: String { lines.map { $0 + lineEnd }.joined() }
    var bytes: [UInt8] { Array(text.utf8) }
    var source: StatementSource { .bytes(bytes, name: "1601All2026-03-01.csv") }
}

/// Reads a whole source and keeps its rows.
func readAll(
    _ source: StatementSource, format: String? = nil, options: ReadOptions = ReadOptions()
) throws -> (summary: StatementSummary, rows: [StatementRow]) {
    var rows: [StatementRow] = []
    let summary = try Statements.read(source, format: format, options: options) { rows.append($0) }
    return (summary, rows)
}

/// The same for a text.
func readAll(
    _ text: String, name: String = "statement.csv", format: String? = nil, options: ReadOptions = ReadOptions()
) throws -> (summary: StatementSummary, rows: [StatementRow]) {
    try readAll(.bytes(Array(text.utf8), name: name), format: format, options: options)
}
