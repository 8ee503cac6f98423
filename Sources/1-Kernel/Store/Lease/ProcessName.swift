#if canImport(Glibc)
    import Glibc
#elseif canImport(Musl)
    import Musl
#else
    import Darwin
#endif

/// How people find this process: its machine and its number there.
enum ProcessName {
    static let here: String = {
        var bytes = [CChar](repeating: 0, count: 256)
        // A name that does not fit is cut off, perhaps without its end.
        gethostname(&bytes, bytes.count - 1)
        let host = String(decoding: bytes.prefix { $0 != 0 }.map { UInt8(bitPattern: $0) }, as: UTF8.self)
        return "\(host) process \(getpid())"
    }()
}
