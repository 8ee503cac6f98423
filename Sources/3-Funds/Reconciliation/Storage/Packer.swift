import Store

/// Values as bytes, small numbers in few: what lines are packed with. Numbers are LEB128 with zigzag signs, as in
/// protocol buffers; texts and bytes have their length before them.
struct Packer {
    private(set) var bytes: [UInt8] = []

    var count: Int { bytes.count }

    mutating func unsigned(_ value: UInt64) {
        var value = value
        while value >= 0x80 {
            bytes.append(UInt8(truncatingIfNeeded: value) | 0x80)
            value >>= 7
        }
        bytes.append(UInt8(value))
    }

    mutating func integer(_ value: Int64) { unsigned(UInt64(bitPattern: value << 1 ^ value >> 63)) }

    mutating func optional(_ value: Int64?) {
        unsigned(value == nil ? 0 : 1)
        if let value { integer(value) }
    }

    mutating func text(_ value: String) {
        unsigned(UInt64(value.utf8.count))
        bytes.append(contentsOf: value.utf8)
    }

    mutating func raw(_ value: [UInt8]) {
        unsigned(UInt64(value.count))
        bytes.append(contentsOf: value)
    }

    mutating func clear() { bytes.removeAll(keepingCapacity: true) }
}

/// Reads what a `Packer` wrote; throws `unexpectedValue` for anything else.
struct Unpacker {
    private let bytes: [UInt8]
    private var place = 0

    init(_ bytes: [UInt8]) { self.bytes = bytes }

    var isAtEnd: Bool { place == bytes.count }

    mutating func unsigned() throws -> UInt64 {
        var value: UInt64 = 0
        var shift: UInt64 = 0
        while place < bytes.count, shift < 64 {
            let byte = bytes[place]
            place += 1
            value |= UInt64(byte & 0x7F) << shift
            if byte < 0x80 { return value }
            shift += 7
        }
        throw StoreError(.unexpectedValue, "a packed line ends early")
    }

    mutating func integer() throws -> Int64 {
        let value = try unsigned()
        return Int64(bitPattern: value >> 1) ^ (0 - Int64(bitPattern: value & 1))
    }

    mutating func optional() throws -> Int64? { try unsigned() == 0 ? nil : try integer() }

    mutating func text() throws -> String { String(decoding: try slice(), as: UTF8.self) }

    mutating func raw() throws -> [UInt8] { Array(try slice()) }

    private mutating func slice() throws -> ArraySlice<UInt8> {
        let count = Int(clamping: try unsigned())
        guard count <= bytes.count - place else { throw StoreError(.unexpectedValue, "a packed line ends early") }
        defer { place += count }
        return bytes[place..<(place + count)]
    }
}
