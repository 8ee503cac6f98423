import Money

/// The summary (汇总) that lies beside the business details in an archive: a line a shop, and one 合计 for all.
enum AlipaySummary {
    static func check(
        _ input: StatementInput, against sums: AlipayBusinessSums, _ session: ReadSession, _ currency: Currency
    ) throws {
        let records = try input.records(.oneLine)
        let decoder = try input.decoder()
        var header: HeaderMap?
        while let record = try records.next() {
            guard !record.isEmpty, record.raw.first != UInt8(ascii: "#") else { continue }
            guard let header else {
                header = try HeaderMap(record, decoder)
                continue
            }
            let fields = RowFields(record: record, decoder: decoder)
            guard try isTotal(fields) else { continue }
            return try check(fields, header, sums, session, currency)
        }
        throw StatementError.truncated("the summary \(input.probe.fileName) ends before its line 合计")
    }

    private static func isTotal(_ fields: RowFields) throws -> Bool {
        try fields.text(Column(index: 0, name: "")).hasPrefix("合计")
    }

    private static func check(
        _ fields: RowFields, _ header: HeaderMap, _ sums: AlipayBusinessSums, _ session: ReadSession,
        _ currency: Currency
    ) throws {
        let counts = [("交易订单总笔数", sums.trades.rows), ("退款订单总笔数", sums.refunds.rows)]
        for (name, found) in counts {
            guard let column = header.column(name) else { continue }
            let stated = try number(fields, column)
            session.check("汇总 \(name)", stated: Int(stated), found: found)
        }
        let amounts = [
            ("订单金额(元)", sums.trades.gross + sums.refunds.gross),
            ("商家实收(元)", sums.trades.received + sums.refunds.received),
            (
                "实收净额(元)",
                sums.trades.received + sums.refunds.received - sums.trades.charges - sums.refunds.charges
            )
        ]
        for (name, found) in amounts {
            guard let column = header.column(name), !fields.bytes(column).isEmpty else { continue }
            try AlipayMoney.check(
                "汇总 \(name)", stated: try fields.text(column), found: found, session, currency, line: nil,
                isRefund: false)
        }
    }

    private static func number(_ fields: RowFields, _ column: Column) throws -> Int64 {
        do {
            return try FieldText.integer(fields.bytes(column))
        } catch {
            throw StatementError.malformed("the summary's \(column.name) \(error.reason)")
        }
    }
}
