public import Runtime

/// A type that stands in a column: it can be bound to a statement and read back.
public protocol SQLConvertible {
    var sqlValue: SQLValue { get }
    init(sqlValue: SQLValue) throws
}

extension Int64: SQLConvertible {
    public var sqlValue: SQLValue { .integer(self) }
    public init(sqlValue: SQLValue) throws {
        guard case .integer(let value) = sqlValue else { throw sqlValue.mismatch("an integer") }
        self = value
    }
}

extension Int: SQLConvertible {
    public var sqlValue: SQLValue { .integer(Int64(self)) }
    public init(sqlValue: SQLValue) throws { self = Int(try Int64(sqlValue: sqlValue)) }
}

extension Int32: SQLConvertible {
    public var sqlValue: SQLValue { .integer(Int64(self)) }
    public init(sqlValue: SQLValue) throws {
        guard let value = Int32(exactly: try Int64(sqlValue: sqlValue)) else { throw sqlValue.mismatch("32 bits") }
        self = value
    }
}

extension Bool: SQLConvertible {
    /// Booleans are BIGINT 0 or 1, because SQLite has no boolean.
    public var sqlValue: SQLValue { .integer(self ? 1 : 0) }
    public init(sqlValue: SQLValue) throws { self = try Int64(sqlValue: sqlValue) != 0 }
}

extension String: SQLConvertible {
    public var sqlValue: SQLValue { .text(self) }
    public init(sqlValue: SQLValue) throws {
        guard case .text(let value) = sqlValue else { throw sqlValue.mismatch("a text") }
        self = value
    }
}

extension [UInt8]: SQLConvertible {
    public var sqlValue: SQLValue { .bytes(self) }
    public init(sqlValue: SQLValue) throws {
        guard case .bytes(let value) = sqlValue else { throw sqlValue.mismatch("bytes") }
        self = value
    }
}

extension Timestamp: SQLConvertible {
    public var sqlValue: SQLValue { .integer(microseconds) }
    public init(sqlValue: SQLValue) throws { self.init(microseconds: try Int64(sqlValue: sqlValue)) }
}

extension UUIDv7: SQLConvertible {
    public var sqlValue: SQLValue { .bytes(bytes) }
    public init(sqlValue: SQLValue) throws {
        guard case .bytes(let bytes) = sqlValue, let uuid = UUIDv7(bytes: bytes) else {
            throw sqlValue.mismatch("16 bytes")
        }
        self = uuid
    }
}

extension Identifier: SQLConvertible {
    public var sqlValue: SQLValue { uuid.sqlValue }
    public init(sqlValue: SQLValue) throws { self.init(try UUIDv7(sqlValue: sqlValue)) }
}

extension Optional: SQLConvertible where Wrapped: SQLConvertible {
    public var sqlValue: SQLValue { self?.sqlValue ?? .null }
    public init(sqlValue: SQLValue) throws { self = sqlValue == .null ? nil : try Wrapped(sqlValue: sqlValue) }
}

extension SQLValue: SQLConvertible {
    public var sqlValue: SQLValue { self }
    public init(sqlValue: SQLValue) { self = sqlValue }
}
