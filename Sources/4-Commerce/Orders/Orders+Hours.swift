public import Money
public import Runtime
public import Store

extension Orders {
    /// The orders placed in one hour of a day, in one currency.
    public struct Hour: Hashable, Sendable {
        /// 0 to 23, UTC.
        public let hour: Int
        public let count: Int64
        public let total: Amount
    }

    /// The hours of the day that begins at `day`, up to `now`; hours without orders are missing.
    ///
    /// An id holds its time, so an hour is a range of ids and is read in the order of the table.
    public static func hours(of day: Timestamp, now: Timestamp, _ reader: any SQLReader) throws -> [Hour] {
        var hours: [Hour] = []
        for hour in 0..<24 {
            let start = day.adding(.seconds(hour * 3_600))
            if start > now { break }
            let from = UUIDv7.lowest(at: start)
            let to = UUIDv7.lowest(at: start.adding(.seconds(3_600)))
            hours += try reader.query(
                """
                SELECT currency, COUNT(*), CAST(SUM(total) AS BIGINT) FROM orders WHERE id >= \(from) AND id < \(to)
                GROUP BY currency ORDER BY currency
                """
            ) { row in
                Hour(
                    hour: hour, count: row.int64(1),
                    total: Amount(minor: row.int64(2), try Currency(code: row.text(0))))
            }
        }
        return hours
    }
}
