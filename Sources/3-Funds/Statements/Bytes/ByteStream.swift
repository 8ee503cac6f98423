import Glibc

/// Bytes from the beginning to the end, once.
public protocol ByteStream: AnyObject {
    /// Fills as much of the buffer as it likes, at least one byte; 0 at the end.
    func read(into buffer: UnsafeMutableRawBufferPointer) throws -> Int
}

/// A file of the disk.
final class FileStream: ByteStream {
    private let descriptor: Int32
    private let path: String

    init(path: String) throws(StatementError) {
        self.path = path
        descriptor = open(path, O_RDONLY | O_CLOEXEC)
        guard descriptor >= 0 else { throw Self.failure(path) }
        posix_fadvise(descriptor, 0, 0, POSIX_FADV_SEQUENTIAL)
    }

    deinit { close(descriptor) }

    func read(into buffer: UnsafeMutableRawBufferPointer) throws -> Int {
        while true {
            let count = Glibc.read(descriptor, buffer.baseAddress, buffer.count)
            if count >= 0 { return count }
            guard errno == EINTR else { throw Self.failure(path) }
        }
    }

    private static func failure(_ path: String) -> StatementError {
        StatementError(.unreadable, "\(path) cannot be read: \(String(cString: strerror(errno)))")
    }
}

/// Bytes in memory.
final class MemoryStream: ByteStream {
    private let bytes: [UInt8]
    private var position = 0

    init(_ bytes: [UInt8]) { self.bytes = bytes }

    func read(into buffer: UnsafeMutableRawBufferPointer) -> Int {
        let count = min(buffer.count, bytes.count - position)
        buffer.copyBytes(from: bytes[position..<position + count])
        position += count
        return count
    }
}

/// Stops a stream that unpacks to more than it may, and knows how much came.
final class CountingStream: ByteStream {
    private let inner: any ByteStream
    private let limit: Int64
    private(set) var count: Int64 = 0

    init(_ inner: any ByteStream, limit: Int64) {
        self.inner = inner
        self.limit = limit
    }

    func read(into buffer: UnsafeMutableRawBufferPointer) throws -> Int {
        let read = try inner.read(into: buffer)
        count += Int64(read)
        guard count <= limit else {
            throw StatementError(.limit, "the file unpacks to more than \(limit) bytes")
        }
        return read
    }
}

/// Gives back bytes that were read before the rest.
final class PrefixedStream: ByteStream {
    private var prefix: ArraySlice<UInt8>
    private let rest: any ByteStream

    init(_ prefix: [UInt8], _ rest: any ByteStream) {
        self.prefix = prefix[...]
        self.rest = rest
    }

    func read(into buffer: UnsafeMutableRawBufferPointer) throws -> Int {
        guard !prefix.isEmpty else { return try rest.read(into: buffer) }
        let part = prefix.prefix(buffer.count)
        buffer.copyBytes(from: part)
        prefix = prefix.dropFirst(part.count)
        return part.count
    }
}

extension ByteStream {
    /// The first `count` bytes, fewer only at the end.
    func head(_ count: Int) throws -> [UInt8] {
        var bytes = [UInt8](repeating: 0, count: count)
        var filled = 0
        while filled < count {
            let read = try bytes.withUnsafeMutableBytes {
                try self.read(into: UnsafeMutableRawBufferPointer(rebasing: $0[filled...]))
            }
            guard read > 0 else { break }
            filled += read
        }
        return Array(bytes[..<filled])
    }
}
