extension StatementRow {
    /// An amount that was made of several that were read: it has the bound of each of them.
    static func bounded(_ minor: Int64, _ field: String) throws(FieldProblem) -> Int64 {
        guard minor.magnitude <= largestMinor.magnitude else {
            throw FieldProblem("makes more than 10^18 minor units with the fields beside it", field: field)
        }
        return minor
    }

    /// The same for the sum of two such amounts.
    static func sum(_ left: Int64, _ right: Int64, _ field: String) throws(FieldProblem) -> Int64 {
        let (sum, overflow) = left.addingReportingOverflow(right)
        return try bounded(overflow ? .max : sum, field)
    }
}
