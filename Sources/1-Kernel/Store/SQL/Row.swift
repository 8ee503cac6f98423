/// What a driver lends while a row is current. Columns count from 0.
public protocol RowSource: AnyObject {
    func isNull(_ column: Int) -> Bool
    func int64(_ column: Int) -> Int64
    func text(_ column: Int) -> String
    func bytes(_ column: Int) -> [UInt8]
    func value(_ column: Int) -> SQLValue
}

/// The current row of a query; valid only inside the closure that receives it.
public struct Row {
    private let source: any RowSource

    public init(_ source: any RowSource) { self.source = source }

    /// Reads a column as `T`; throws `unexpectedValue` when the column holds something else.
    public func get<T: SQLConvertible>(_ column: Int, as type: T.Type = T.self) throws -> T {
        try T(sqlValue: source.value(column))
    }

    public func isNull(_ column: Int) -> Bool { source.isNull(column) }
    public func int64(_ column: Int) -> Int64 { source.int64(column) }
    public func text(_ column: Int) -> String { source.text(column) }
    public func bytes(_ column: Int) -> [UInt8] { source.bytes(column) }
}

/// Receives the values of one row of a bulk statement, in the order of its columns.
public protocol RowBinder: AnyObject {
    func integer(_ value: Int64)
    func text(_ value: String)
    func bytes(_ value: [UInt8])
    func null()
}

extension RowBinder {
    public func bind(_ value: SQLValue) {
        switch value {
        case .null: null()
        case .integer(let value): integer(value)
        case .text(let value): text(value)
        case .bytes(let value): bytes(value)
        }
    }
}
