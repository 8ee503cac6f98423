internal import Crypto

/// What a table holds, as a figure that both stores arrive at: equal digests are equal rows.
///
/// Each row is hashed (SHA-256 over its values) and the hashes are added, so the order of the rows does not matter,
/// which a table without a key leaves open.
public struct TableDigest: Sendable, Hashable {
    public let table: String
    public private(set) var rows: Int64 = 0
    private var sum: (UInt64, UInt64, UInt64, UInt64) = (0, 0, 0, 0)

    init(table: String) { self.table = table }

    mutating func add(_ values: [SQLValue]) {
        var hash = SHA256()
        var bytes: [UInt8] = []
        for value in values {
            switch value {
            case .null: bytes.append(0)
            case .integer(let value): bytes.append(1, bigEndian: value)
            case .text(let value):
                bytes.append(2, bigEndian: Int64(value.utf8.count))
                bytes.append(contentsOf: value.utf8)
            case .bytes(let value):
                bytes.append(3, bigEndian: Int64(value.count))
                bytes.append(contentsOf: value)
            }
        }
        hash.update(data: bytes)
        let parts = hash.finalize().withUnsafeBytes { digest in
            (0..<4).map { digest.loadUnaligned(fromByteOffset: $0 * 8, as: UInt64.self) }
        }
        sum = (sum.0 &+ parts[0], sum.1 &+ parts[1], sum.2 &+ parts[2], sum.3 &+ parts[3])
        rows += 1
    }

    public static func == (left: TableDigest, right: TableDigest) -> Bool {
        left.table == right.table && left.rows == right.rows && left.sum == right.sum
    }

    public func hash(into hasher: inout Hasher) {
        hasher.combine(table)
        hasher.combine(rows)
    }
}

extension [UInt8] {
    fileprivate mutating func append(_ tag: UInt8, bigEndian value: Int64) {
        append(tag)
        Swift.withUnsafeBytes(of: value.bigEndian) { append(contentsOf: $0) }
    }
}
