internal import Crypto
public import Runtime

/// One fact of a tenant's history, chained to the one before it.
public struct JournalEvent: Sendable, Hashable {
    /// Of the layout of the hashed bytes; 1 today.
    public let version: UInt8
    /// 1, 2, 3, … without a gap.
    public let sequence: Int64
    public let time: Timestamp
    /// The full name of the event's message in the contract, e.g. `kontor.orders.v1.OrderPlaced`.
    public let type: String
    /// The message's protobuf bytes.
    public let payload: [UInt8]
    /// The hash of the event before; 32 zero bytes before the first.
    public let previousHash: [UInt8]
    public let hash: [UInt8]

    public static let version: UInt8 = 1
    public static let genesis = [UInt8](repeating: 0, count: 32)

    init(
        version: UInt8, sequence: Int64, time: Timestamp, type: String, payload: [UInt8], previousHash: [UInt8],
        hash: [UInt8]
    ) {
        self.version = version
        self.sequence = sequence
        self.time = time
        self.type = type
        self.payload = payload
        self.previousHash = previousHash
        self.hash = hash
    }

    /// The next event of a chain.
    init(sequence: Int64, time: Timestamp, type: String, payload: [UInt8], previousHash: [UInt8]) {
        version = JournalEvent.version
        self.sequence = sequence
        self.time = time
        self.type = type
        self.payload = payload
        self.previousHash = previousHash
        hash = JournalEvent.digest(
            version: version, sequence: sequence, time: time, type: type, payload: payload, previousHash: previousHash)
    }

    /// SHA-256 over: version (1 byte), sequence (8), time in µs (8), length of type (2), type in UTF-8, length of the
    /// payload (4), payload, previous hash (32); all numbers big-endian. docs/audit.md shows it with public tools.
    static func digest(
        version: UInt8, sequence: Int64, time: Timestamp, type: String, payload: [UInt8], previousHash: [UInt8]
    ) -> [UInt8] {
        var bytes: [UInt8] = []
        bytes.reserveCapacity(payload.count + type.utf8.count + 64)
        bytes.append(version)
        bytes.append(bigEndian: sequence)
        bytes.append(bigEndian: time.microseconds)
        bytes.append(bigEndian: UInt16(truncatingIfNeeded: type.utf8.count))
        bytes.append(contentsOf: type.utf8)
        bytes.append(bigEndian: UInt32(truncatingIfNeeded: payload.count))
        bytes.append(contentsOf: payload)
        bytes.append(contentsOf: previousHash)
        return Array(SHA256.hash(data: bytes))
    }

    /// True when the hash is that of the event's own bytes.
    var isSelfConsistent: Bool { hash == digest(asSequence: sequence) }

    func digest(asSequence sequence: Int64) -> [UInt8] {
        JournalEvent.digest(
            version: version, sequence: sequence, time: time, type: type, payload: payload, previousHash: previousHash)
    }
}

extension [UInt8] {
    mutating func append(bigEndian value: some FixedWidthInteger) {
        Swift.withUnsafeBytes(of: value.bigEndian) { append(contentsOf: $0) }
    }
}
