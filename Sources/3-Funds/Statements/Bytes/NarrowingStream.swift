/// UTF-16 as UTF-8: lines and fields are cut at single bytes.
final class NarrowingStream: ByteStream {
    private let wide: any ByteStream
    private let isBigEndian: Bool
    private var input = [UInt8](repeating: 0, count: 64 << 10)
    private var carried: [UInt8] = []
    private var output: [UInt8] = []
    private var position = 0

    init(_ wide: any ByteStream, _ encoding: TextEncoding) throws {
        self.wide = wide
        isBigEndian = encoding == .utf16be
    }

    func read(into buffer: UnsafeMutableRawBufferPointer) throws -> Int {
        while position == output.count {
            let count = try input.withUnsafeMutableBytes { try wide.read(into: $0) }
            guard count > 0 else {
                guard carried.isEmpty else {
                    throw StatementError(.encoding, "the UTF-16 text ends inside a character")
                }
                return 0
            }
            try narrow(carried + input[..<count])
        }
        let count = min(buffer.count, output.count - position)
        buffer.copyBytes(from: output[position..<position + count])
        position += count
        return count
    }

    private func narrow(_ bytes: [UInt8]) throws {
        var units: [UInt16] = []
        units.reserveCapacity(bytes.count / 2)
        for index in stride(from: 0, to: bytes.count - 1, by: 2) {
            let (first, second) = (UInt16(bytes[index]), UInt16(bytes[index + 1]))
            units.append(isBigEndian ? first << 8 | second : second << 8 | first)
        }
        var kept = bytes.count % 2
        // The first half of a pair waits for the second.
        if let last = units.last, UTF16.isLeadSurrogate(last) {
            units.removeLast()
            kept += 2
        }
        carried = Array(bytes.suffix(kept))
        guard let text = String(validating: units, as: UTF16.self) else {
            throw StatementError(.encoding, "the file holds UTF-16 that is no text")
        }
        output = Array(text.utf8)
        position = 0
    }
}
