public import Store

extension Payments {
    /// How many attempts and refunds wait for a channel's word; for reports and for a demo that waits its end.
    public static func openOutcomes(_ reader: any SQLReader) throws -> Int64 {
        try reader.first(
            """
            SELECT (SELECT COUNT(*) FROM payment_attempts WHERE next_action_at IS NOT NULL)
            + (SELECT COUNT(*) FROM payment_refunds WHERE next_action_at IS NOT NULL)
            """
        ) { $0.int64(0) } ?? 0
    }
}
