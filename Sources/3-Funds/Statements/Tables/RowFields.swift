import Money

/// A column that a header names.
struct Column: Hashable, Sendable {
    let index: Int
    let name: String
}

/// The fields of one record by column. Every problem carries the column's name.
struct RowFields {
    let record: CSVRecord
    let decoder: TextDecoder

    /// The bytes of a field; none when there is no such column.
    func bytes(_ column: Column?) -> ArraySlice<UInt8> {
        guard let column, column.index < record.count else { return [] }
        return record.bytes(column.index)
    }

    /// True when the column is missing or its field has nothing in it.
    func isEmpty(_ column: Column?) -> Bool {
        guard let column, column.index < record.count else { return true }
        return record.isEmpty(column.index)
    }

    func text(_ column: Column?) throws(FieldProblem) -> String {
        guard let column, column.index < record.count else { return "" }
        do {
            return try record.withBytes(column.index) { (bytes) throws(FieldProblem) in try decoder.string(bytes) }
        } catch {
            throw FieldProblem(error.reason, field: column.name)
        }
    }

    func decimal(_ column: Column, _ style: DecimalStyle = .point) throws(FieldProblem) -> ExactDecimal {
        guard column.index < record.count else { throw FieldProblem("is empty", field: column.name) }
        do {
            return try record.withBytes(column.index) { (bytes) throws(FieldProblem) in
                try FieldText.decimal(bytes, style)
            }
        } catch {
            throw FieldProblem(error.reason, field: column.name)
        }
    }

    /// The same for a column that may be missing or empty: zero.
    func optionalDecimal(_ column: Column?) throws(FieldProblem) -> ExactDecimal {
        guard let column, !isEmpty(column) else { return ExactDecimal(units: 0, scale: 0) }
        return try decimal(column)
    }

    /// A number in minor units. `rounded` allows decimals beyond the currency's own.
    func minor(_ column: Column, _ currency: Currency) throws(FieldProblem) -> Int64 {
        let value = try decimal(column)
        do {
            return try value.minor(currency)
        } catch {
            throw FieldProblem(error.reason, field: column.name)
        }
    }

    /// The same for a column that may be missing or empty: zero.
    func optionalMinor(_ column: Column?, _ currency: Currency) throws(FieldProblem) -> Int64 {
        guard let column, !isEmpty(column) else { return 0 }
        return try minor(column, currency)
    }

    func time(_ column: Column, offsetSeconds: Int32?) throws(FieldProblem) -> StatementTime {
        do {
            return try FieldText.dateTime(bytes(column), offsetSeconds: offsetSeconds)
        } catch {
            throw FieldProblem(error.reason, field: column.name)
        }
    }

    func currency(_ column: Column?) throws(FieldProblem) -> Currency? {
        guard let column, !isEmpty(column) else { return nil }
        do {
            return try FieldText.currency(bytes(column))
        } catch {
            throw FieldProblem(error.reason, field: column.name)
        }
    }

    /// A record must have as many fields as its header has columns; fields beyond them must be empty, as the commas
    /// are that some exports leave at the end of a line.
    func requireCount(_ count: Int) throws(FieldProblem) {
        guard record.count >= count else {
            throw FieldProblem("has \(record.count) fields where the header has \(count) columns")
        }
        for index in count..<record.count where !record.bytes(index).isEmpty {
            throw FieldProblem("has \(record.count) fields where the header has \(count) columns")
        }
    }
}
