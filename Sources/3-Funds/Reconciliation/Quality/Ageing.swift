import Store

/// Buckets of age in days: up to one day, three, seven, thirty, and older.
enum Ageing {
    static let fromDays: [Int64] = [0, 1, 3, 7, 30]

    /// The bucket of a column that holds days (unit 1) or microseconds (unit of a day), as a CASE of SQL.
    static func bucket(of column: String, firstDays today: Int64, unit: Int64) -> SQL {
        var sql: SQL = "CASE"
        for (number, days) in fromDays.enumerated().reversed() where number > 0 {
            let edge = SQL(text: " WHEN \(column) <= \((today - days) * unit) THEN \(number)", values: [])
            sql = sql + edge
        }
        return sql + " ELSE 0 END"
    }

    static func bucket(ofAge days: Int64) -> Int { (fromDays.lastIndex { days >= $0 }) ?? 0 }
}
