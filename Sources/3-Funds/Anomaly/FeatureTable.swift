/// Rows of numbers, one column a feature, kept in one array row after row.
public struct FeatureTable: Sendable {
    /// How many numbers each row has: at least one.
    public let columns: Int

    private var values: [Double] = []

    /// An empty table for rows of `columns` numbers.
    public init(columns: Int) throws(AnomalyError) {
        guard columns > 0 else { throw AnomalyError(.badShape, "a table has at least one column, not \(columns)") }
        self.columns = columns
    }

    /// A table of rows that are all as long as the first.
    public init(rows: [[Double]]) throws(AnomalyError) {
        try self.init(columns: rows.first?.count ?? 0)
        values.reserveCapacity(rows.count * columns)
        for row in rows { try append(row) }
    }

    /// A table of whole numbers: minor units, seconds, counts. Beyond 2^53 neighbours fall together, which no score notices.
    public init(rows: [[Int64]]) throws(AnomalyError) {
        try self.init(rows: rows.map { $0.map(Double.init) })
    }

    public var count: Int { values.count / columns }

    /// Adds a row. Throws `badShape` for another length and `notFinite` for a number that cannot be ordered.
    public mutating func append(_ row: [Double]) throws(AnomalyError) {
        guard row.count == columns else {
            throw AnomalyError(.badShape, "row \(count) has \(row.count) numbers instead of \(columns)")
        }
        for (column, value) in row.enumerated() where !value.isFinite {
            throw AnomalyError(.notFinite, "row \(count), column \(column) is \(value)")
        }
        values.append(contentsOf: row)
    }

    /// The number at a row and a column, both from 0.
    public subscript(row: Int, column: Int) -> Double { values[row * columns + column] }

    /// One row, from 0.
    public subscript(row: Int) -> ArraySlice<Double> { values[row * columns..<(row + 1) * columns] }
}

/// Why rows or a forest cannot be used.
public struct AnomalyError: Error, Equatable, CustomStringConvertible {
    public struct Code: Hashable, Sendable, CustomStringConvertible {
        private enum Known: String { case badShape, notFinite, badOption, badForest }
        private let known: Known

        /// Rows of different lengths, or none.
        public static let badShape = Code(known: .badShape)
        /// A number that is infinite or not a number.
        public static let notFinite = Code(known: .notFinite)
        /// An option outside its range.
        public static let badOption = Code(known: .badOption)
        /// A forest whose trees do not hang together.
        public static let badForest = Code(known: .badForest)

        public var description: String { known.rawValue }
    }

    public let code: Code
    public let reason: String

    init(_ code: Code, _ reason: String) {
        self.code = code
        self.reason = reason
    }

    public var description: String { "\(code): \(reason)" }
}
