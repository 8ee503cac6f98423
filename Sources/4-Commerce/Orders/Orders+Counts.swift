public import Store

extension Orders {
    /// How many orders are in each state, straight from the orders' own rows; for reports and audits.
    public static func counts(_ reader: any SQLReader) throws -> [(state: String, count: Int64)] {
        try reader.query("SELECT state, COUNT(*) FROM orders GROUP BY state ORDER BY state") { row in
            (OrderState(rawValue: row.int64(0))?.name ?? "unknown", row.int64(1))
        }
    }
}
