#if canImport(Glibc)
    import Glibc
#elseif canImport(Musl)
    import Musl
#else
    import Darwin
#endif

/// The process's limit of open files and connections.
enum OpenFiles {
    /// Takes as many as the system lets a process have. Shells and services begin with 1,024, for the sake of programs
    /// that use `select`; 256 open books of SQLite alone take about 1,600.
    static func raiseLimit() {
        var limit = rlimit()
        #if canImport(Glibc)
            let resource = __rlimit_resource_t(RLIMIT_NOFILE.rawValue)
        #else
            let resource = RLIMIT_NOFILE
        #endif
        guard getrlimit(resource, &limit) == 0, limit.rlim_cur < limit.rlim_max else { return }
        limit.rlim_cur = limit.rlim_max
        // Refused, it stays as it was, and the books that cannot be opened say so.
        _ = setrlimit(resource, &limit)
    }
}
