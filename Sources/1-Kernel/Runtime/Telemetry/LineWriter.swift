import Synchronization

#if canImport(Glibc)
    import Glibc
#else
    import Darwin
#endif

/// `write(2)`; the method of the same name hides it below.
private func posixWrite(_ descriptor: Int32, _ start: UnsafePointer<UInt8>, _ count: Int) -> Int {
    write(descriptor, start, count)
}

/// Appends whole lines to a file or to standard error; lines of several threads never mix.
public final class LineWriter: Sendable {
    private let descriptor: Int32
    private let lock = Mutex(())

    public static let standardError = LineWriter(descriptor: 2)

    private init(descriptor: Int32) { self.descriptor = descriptor }

    /// Opens `path` for appending, readable by its owner only; nil when that fails.
    public init?(path: String) {
        descriptor = open(path, O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0o600)
        if descriptor < 0 { return nil }
    }

    /// Writes `line` and a newline. A failing log must not stop the work that it describes, so errors are dropped.
    public func write(_ line: String) {
        var line = line
        line.append("\n")
        lock.withLock { _ in
            line.withUTF8 { bytes in
                var sent = 0
                while sent < bytes.count, let start = bytes.baseAddress {
                    let count = posixWrite(descriptor, start + sent, bytes.count - sent)
                    if count <= 0 { return }
                    sent += count
                }
            }
        }
    }
}
