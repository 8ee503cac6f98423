public import Runtime
public import Store

extension Ledger {
    /// What is open on clearing accounts by channel, currency and age: `firstDays` are the ages in days at which the
    /// buckets begin, from 0 upwards; sums are of magnitudes. Ages are whole days since the item was opened.
    public func openAges(
        firstDays: [Int64], now: Timestamp, in reader: any SQLReader
    ) throws -> [(channel: String, currency: String, bucket: Int, count: Int64, amountMinor: Int64)] {
        var bucket: SQL = "CASE"
        for (number, days) in firstDays.enumerated().reversed() where number > 0 {
            let edge = now.microseconds - days * 86_400_000_000
            bucket = bucket + SQL(text: " WHEN ledger_open_items.opened_at <= \(edge) THEN \(number)", values: [])
        }
        bucket = bucket + " ELSE 0 END"
        return try reader.query(
            """
            SELECT code, currency, \(bucket) AS bucket, COUNT(*), CAST(SUM(ABS(open_minor)) AS BIGINT)
            FROM ledger_open_items JOIN ledger_accounts ON ledger_accounts.key = ledger_open_items.account
            GROUP BY code, currency, \(bucket) ORDER BY code, currency
            """
        ) { row in
            let channel = row.text(0).split(separator: ":", maxSplits: 1).last.map(String.init) ?? row.text(0)
            return (channel, row.text(1), Int(row.int64(2)), row.int64(3), row.int64(4))
        }
    }
}
