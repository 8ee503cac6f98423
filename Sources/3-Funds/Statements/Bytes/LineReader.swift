import Glibc

/// One line of a file, without its end.
public struct Line {
    /// Counted from 1.
    public let number: Int
    /// Where it begins in the unpacked file, in bytes.
    public let offset: Int64
    /// The undecoded bytes. Holding them beyond the next line is allowed and costs a copy of the reader's buffer.
    public let bytes: ArraySlice<UInt8>

    /// Nothing but blanks.
    public var isBlank: Bool { bytes.allSatisfy(FieldText.isBlank) }
}

/// Cuts a stream into lines before anything is decoded. Memory is that of the longest line.
///
/// Lines end with `\n` or `\r\n`; a file without any `\n` may use `\r` alone.
public final class LineReader {
    private let stream: any ByteStream
    private let longest: Int
    private let terminator: UInt8
    private var buffer: [UInt8]
    private var start = 0
    private var end = 0
    private var isAtEnd = false
    private var number = 0
    private var offset: Int64

    init(_ stream: any ByteStream, longest: Int, terminator: UInt8 = UInt8(ascii: "\n"), offset: Int64 = 0) {
        self.stream = stream
        self.longest = longest
        self.terminator = terminator
        self.offset = offset
        buffer = [UInt8](repeating: 0, count: 256 << 10)
    }

    /// The next line, or nil after the last. Throws `limit` for a line that is too long.
    public func next() throws -> Line? {
        var scanned = start
        while true {
            if let found = position(from: scanned) { return take(through: found + 1, content: found) }
            if isAtEnd { return start < end ? take(through: end, content: end) : nil }
            guard end - start <= longest else {
                throw StatementError(.limit, "is longer than \(longest) bytes", line: number + 1)
            }
            let known = end - start
            try fill()
            scanned = start + known
        }
    }

    private func take(through next: Int, content: Int) -> Line {
        var content = content
        if content > start, buffer[content - 1] == UInt8(ascii: "\r") { content -= 1 }
        number += 1
        let line = Line(number: number, offset: offset, bytes: buffer[start..<content])
        offset += Int64(next - start)
        start = next
        return line
    }

    private func position(from index: Int) -> Int? {
        guard index < end else { return nil }
        return buffer.withUnsafeBytes { bytes in
            guard let base = bytes.baseAddress, let hit = memchr(base + index, Int32(terminator), end - index) else {
                return nil
            }
            return UnsafeRawPointer(hit) - base
        }
    }

    /// Moves what is left to the front, makes room and reads on.
    private func fill() throws {
        if start > 0 {
            buffer.withUnsafeMutableBytes { bytes in
                guard let base = bytes.baseAddress else { return }
                memmove(base, base + start, end - start)
            }
            end -= start
            start = 0
        }
        if end == buffer.count { buffer.append(contentsOf: repeatElement(0, count: buffer.count)) }
        let count = try buffer.withUnsafeMutableBytes {
            try stream.read(into: UnsafeMutableRawBufferPointer(rebasing: $0[end...]))
        }
        end += count
        isAtEnd = count == 0
    }
}
