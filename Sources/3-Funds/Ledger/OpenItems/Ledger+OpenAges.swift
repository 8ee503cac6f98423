public import Runtime
public import Store

/// What is open of one channel and currency in one bucket of age, in minor units.
public struct OpenAge: Hashable, Sendable {
    public let channel: String
    public let currency: String
    public let bucket: Int
    public let count: Int64
    /// The sum of magnitudes.
    public let amountMinor: Int64
    /// The plain sum.
    public let netMinor: Int64

    public init(
        channel: String, currency: String, bucket: Int, count: Int64, amountMinor: Int64, netMinor: Int64
    ) {
        self.channel = channel
        self.currency = currency
        self.bucket = bucket
        self.count = count
        self.amountMinor = amountMinor
        self.netMinor = netMinor
    }
}

extension Ledger {
    /// What is open on clearing accounts by channel, currency and age: `firstDays` are the ages in days at which the
    /// buckets begin, from 0 upwards. Amounts are sums of magnitudes, `netMinor` the plain sum; over all buckets of an
    /// account that is its balance. Ages are whole days since the item was opened.
    public func openAges(
        firstDays: [Int64], now: Timestamp, in reader: any SQLReader
    ) throws -> [OpenAge] {
        var bucket: SQL = "CASE"
        for (number, days) in firstDays.enumerated().reversed() where number > 0 {
            let edge = now.microseconds - days * 86_400_000_000
            bucket = bucket + SQL(text: " WHEN ledger_open_items.opened_at <= \(edge) THEN \(number)", values: [])
        }
        bucket = bucket + " ELSE 0 END"
        return try reader.query(
            """
            SELECT code, currency, \(bucket) AS bucket, COUNT(*), CAST(SUM(ABS(open_minor)) AS BIGINT),
            CAST(SUM(open_minor) AS BIGINT)
            FROM ledger_open_items JOIN ledger_accounts ON ledger_accounts.key = ledger_open_items.account
            GROUP BY code, currency, \(bucket) ORDER BY code, currency
            """
        ) { row in
            let channel = row.text(0).split(separator: ":", maxSplits: 1).last.map(String.init) ?? row.text(0)
            return OpenAge(
                channel: channel, currency: row.text(1), bucket: Int(row.int64(2)), count: row.int64(3),
                amountMinor: row.int64(4), netMinor: row.int64(5))
        }
    }
}
