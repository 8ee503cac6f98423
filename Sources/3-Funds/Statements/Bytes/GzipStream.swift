import Czlib

/// Unpacks gzip while it is read, all members of it. A file that ends early or whose checksum is wrong is refused.
final class GzipStream: ByteStream {
    private let packed: any ByteStream
    private var inflater = z_stream()
    private var input = [UInt8](repeating: 0, count: 128 << 10)
    private var available: Range<Int> = 0..<0
    private var isOpen = false
    /// True between two members, where the file may end.
    private var isBetweenMembers = false
    private var isAtEnd = false

    init(_ packed: any ByteStream) throws(StatementError) {
        self.packed = packed
        // 15 bits of window and 16 for gzip alone.
        let result = inflateInit2_(&inflater, 15 + 16, ZLIB_VERSION, Int32(MemoryLayout<z_stream>.size))
        guard result == Z_OK else { throw StatementError(.unreadable, "zlib cannot begin: code \(result)") }
        isOpen = true
    }

    deinit {
        if isOpen { inflateEnd(&inflater) }
    }

    func read(into buffer: UnsafeMutableRawBufferPointer) throws -> Int {
        guard !isAtEnd else { return 0 }
        while true {
            if available.isEmpty {
                let count = try input.withUnsafeMutableBytes { try packed.read(into: $0) }
                guard count > 0 else {
                    guard isBetweenMembers else {
                        throw StatementError.truncated("the gzip file ends in the middle")
                    }
                    isAtEnd = true
                    return 0
                }
                available = 0..<count
            }
            if isBetweenMembers, try !beginMember() { return 0 }
            let written = try inflate(into: buffer)
            if written > 0 { return written }
        }
    }

    /// Padding of zeros after the last member is allowed, as gzip itself does; other bytes are another member.
    private func beginMember() throws -> Bool {
        if input[available.lowerBound] == 0 {
            guard input[available].allSatisfy({ $0 == 0 }) else {
                throw StatementError(.unreadable, "the gzip file goes on with something else")
            }
            available = 0..<0
            isAtEnd = true
            return false
        }
        inflateReset(&inflater)
        isBetweenMembers = false
        return true
    }

    private func inflate(into buffer: UnsafeMutableRawBufferPointer) throws -> Int {
        let before = available.count
        let result = input.withUnsafeMutableBytes { source -> Int32 in
            inflater.next_in = source.baseAddress?.assumingMemoryBound(to: UInt8.self).advanced(
                by: available.lowerBound)
            inflater.avail_in = UInt32(before)
            inflater.next_out = buffer.baseAddress?.assumingMemoryBound(to: UInt8.self)
            inflater.avail_out = UInt32(clamping: buffer.count)
            return Czlib.inflate(&inflater, Z_NO_FLUSH)
        }
        available = (available.upperBound - Int(inflater.avail_in))..<available.upperBound
        switch result {
        case Z_OK, Z_BUF_ERROR: break
        case Z_STREAM_END: isBetweenMembers = true
        default: throw StatementError(.unreadable, "the gzip file is damaged: zlib says \(result)")
        }
        return Int(UInt32(clamping: buffer.count)) - Int(inflater.avail_out)
    }
}
