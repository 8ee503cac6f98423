public import Store

extension Inventory {
    /// All stock together; for reports and audits.
    public func totals(reader: any SQLReader) throws -> StockLevel {
        try reader.first(
            """
            SELECT COALESCE(CAST(SUM(on_hand) AS BIGINT), 0), COALESCE(CAST(SUM(reserved) AS BIGINT), 0)
            FROM inventory_stock
            """
        ) { row in
            StockLevel(onHand: row.int64(0), reserved: row.int64(1))
        } ?? StockLevel(onHand: 0, reserved: 0)
    }
}
