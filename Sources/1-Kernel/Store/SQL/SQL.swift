/// A statement written as text in which every interpolated value is bound, never spliced in.
///
/// `"SELECT code FROM accounts WHERE key = \(key) AND currency IN (\(list: currencies))"`
public struct SQL: ExpressibleByStringInterpolation, Sendable {
    /// The text with `?` where a value stands; a driver rewrites the marks when its database wants others.
    public private(set) var text: String
    public private(set) var values: [SQLValue]

    public init(stringLiteral text: String) {
        self.text = text
        values = []
    }

    public init(stringInterpolation: StringInterpolation) {
        text = stringInterpolation.text
        values = stringInterpolation.values
    }

    public init(text: String, values: [SQLValue]) {
        self.text = text
        self.values = values
    }

    public static func + (left: SQL, right: SQL) -> SQL {
        SQL(text: left.text + right.text, values: left.values + right.values)
    }

    public struct StringInterpolation: StringInterpolationProtocol {
        var text = ""
        var values: [SQLValue] = []

        public init(literalCapacity: Int, interpolationCount: Int) {
            text.reserveCapacity(literalCapacity + interpolationCount)
            values.reserveCapacity(interpolationCount)
        }

        public mutating func appendLiteral(_ literal: String) { text += literal }

        public mutating func appendInterpolation(_ value: some SQLConvertible) {
            text += "?"
            values.append(value.sqlValue)
        }

        /// Binds each value of a list, separated by commas. An empty list binds one NULL, which matches nothing.
        public mutating func appendInterpolation(list: some Collection<some SQLConvertible>) {
            text += list.isEmpty ? "?" : Array(repeating: "?", count: list.count).joined(separator: ", ")
            values += list.isEmpty ? [.null] : list.map(\.sqlValue)
        }

        /// Splices trusted text: a table's or column's name that stands in our own source.
        public mutating func appendInterpolation(raw: String) { text += raw }

        /// Splices another statement with its values.
        public mutating func appendInterpolation(_ part: SQL) {
            text += part.text
            values += part.values
        }
    }
}

/// A statement prepared once per connection and found by identity, for hot paths: no text is built or hashed.
///
/// Keep it in a `static let`; marks are `?`.
public final class Prepared: Sendable {
    public let text: String

    public init(_ text: String) { self.text = text }
}
