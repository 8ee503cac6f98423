internal import Glibc

/// A file without a name: it is gone with the process, whatever ends it.
final class TemporaryFile: Sendable {
    private let descriptor: Int32
    private let folder: String

    init(in folder: String) throws(FileReconciliationError) {
        self.folder = folder
        var template = Array("\(folder)/.kontor-spill-XXXXXX".utf8CString)
        descriptor = mkstemp(&template)
        guard descriptor >= 0 else { throw .system(folder, "make a temporary file in it") }
        _ = fcntl(descriptor, F_SETFD, FD_CLOEXEC)
        unlink(template)
    }

    deinit { close(descriptor) }

    func write(_ bytes: UnsafeRawPointer, _ count: Int, at offset: Int) throws(FileReconciliationError) {
        var done = 0
        while done < count {
            let written = pwrite(descriptor, bytes + done, count - done, off_t(offset + done))
            if written < 0, errno == EINTR { continue }
            guard written > 0 else { throw .system(folder, "write \(count) bytes of temporary data") }
            done += written
        }
    }

    func read(_ bytes: inout [UInt8], _ count: Int, at offset: Int) throws(FileReconciliationError) {
        var done = 0
        while done < count {
            let got = bytes.withUnsafeMutableBytes { buffer in
                pread(descriptor, buffer.baseAddress.map { $0 + done }, count - done, off_t(offset + done))
            }
            if got < 0, errno == EINTR { continue }
            guard got > 0 else { throw .system(folder, "read temporary data back") }
            done += got
        }
    }
}

/// Gathers small pieces into writes of a mebibyte.
struct BlockWriter {
    private let file: TemporaryFile
    private var buffer: [UInt8] = []
    private(set) var at: Int

    init(_ file: TemporaryFile, at: Int) {
        self.file = file
        self.at = at
        buffer.reserveCapacity(1 << 20)
    }

    mutating func append(_ bytes: UnsafeRawPointer, _ count: Int) throws(FileReconciliationError) {
        if buffer.count + count > 1 << 20 { try flush() }
        buffer.append(contentsOf: UnsafeRawBufferPointer(start: bytes, count: count))
    }

    mutating func flush() throws(FileReconciliationError) {
        let (file, at) = (file, at)
        var failure: FileReconciliationError?
        buffer.withUnsafeBytes { bytes in
            guard let base = bytes.baseAddress, bytes.count > 0 else { return }
            do throws(FileReconciliationError) { try file.write(base, bytes.count, at: at) } catch { failure = error }
        }
        if let failure { throw failure }
        self.at += buffer.count
        buffer.removeAll(keepingCapacity: true)
    }
}
