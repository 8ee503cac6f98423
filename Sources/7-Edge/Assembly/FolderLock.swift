import Foundation
public import Store

#if canImport(Glibc)
    import Glibc
#elseif canImport(Musl)
    import Musl
#else
    import Darwin
#endif

/// Keeps a data folder to one process. An open book remembers its journal's head and its balances, so a second writer
/// would continue a chain that has moved on.
///
/// It is a lock of the kernel (`flock`), which ends with the process, however it ends: a file that was left behind
/// locks nothing.
public final class FolderLock: Sendable {
    private let descriptor: Int32

    private init(_ descriptor: Int32) { self.descriptor = descriptor }

    deinit { close(descriptor) }

    /// Makes the folder when it is missing and takes it. Throws `busy` with the holder's name, or `database` when the
    /// folder cannot be written.
    public static func take(_ folder: String) throws(StoreError) -> FolderLock {
        try create(folder)
        let path = folder + "/kontor.lock"
        let descriptor = open(path, O_RDWR | O_CREAT | O_CLOEXEC, 0o600)
        guard descriptor >= 0 else {
            throw StoreError(.database, "cannot write to the data folder \(folder): \(reason(errno))")
        }
        guard flock(descriptor, LOCK_EX | LOCK_NB) == 0 else {
            let holder = holder(descriptor)
            close(descriptor)
            throw StoreError(.busy, "the data folder \(folder) is in use by \(holder)", retryAfter: .seconds(1))
        }
        let name = CommandLine.arguments.dropFirst().first { !$0.hasPrefix("-") }
        let text = Array("kontor \(name ?? "") (process \(getpid()))\n".utf8)
        // Who holds it is a courtesy; the lock does not depend on it.
        if ftruncate(descriptor, 0) == 0 { _ = pwrite(descriptor, text, text.count, 0) }
        return FolderLock(descriptor)
    }

    private static func holder(_ descriptor: Int32) -> String {
        var bytes = [UInt8](repeating: 0, count: 200)
        let count = pread(descriptor, &bytes, bytes.count, 0)
        let text = String(decoding: bytes.prefix(max(0, count)).prefix { $0 >= 32 }, as: UTF8.self)
        return text.isEmpty ? "another process" : text
    }

    private static func create(_ folder: String) throws(StoreError) {
        var path = folder.hasPrefix("/") ? "" : "."
        for part in folder.split(separator: "/") {
            path += "/" + part
            if mkdir(path, 0o700) == 0 || errno == EEXIST { continue }
            throw StoreError(.database, "cannot create the data folder \(folder): \(reason(errno))")
        }
        var status = stat()
        guard stat(folder, &status) == 0, status.st_mode & S_IFMT == S_IFDIR else {
            throw StoreError(.database, "the data folder \(folder) is no folder")
        }
    }

    private static func reason(_ code: Int32) -> String { String(cString: strerror(code)) }
}
