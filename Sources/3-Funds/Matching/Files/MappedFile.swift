internal import CScan
internal import Glibc

/// A file in memory, readable a little beyond its end.
///
/// The loops of the scan read up to 64 bytes at once wherever a line ends, so zeros stand behind the file. Unchecked,
/// because the memory is only read; a file that somebody shortens meanwhile ends the process, as with every mapping.
final class MappedFile: @unchecked Sendable {
    let path: String
    let size: Int
    let data: UnsafePointer<UInt8>
    private let base: UnsafeMutableRawPointer
    private let reserved: Int
    private let pageMask: Int

    init(_ path: String) throws(FileReconciliationError) {
        let descriptor = open(path, O_RDONLY | O_CLOEXEC)
        guard descriptor >= 0 else { throw .system(path, "open it") }
        defer { close(descriptor) }
        var about = stat()
        guard fstat(descriptor, &about) == 0 else { throw .system(path, "look at it") }
        guard about.st_mode & S_IFMT == S_IFREG else {
            throw .system(path: path, action: "map it", reason: "it is no plain file")
        }
        guard about.st_size < 1 << CSCAN_OFFSET_BITS else {
            throw .system(path: path, action: "map it", reason: "a file may have one tebibyte at most")
        }
        let page = Int(sysconf(Int32(_SC_PAGESIZE)))
        size = Int(about.st_size)
        pageMask = page - 1
        reserved = (size + page - 1) / page * page + Int(CSCAN_PAD)
        self.path = path
        // First zeros everywhere, then the file over their front: what remains behind it stays readable.
        guard let zeros = mmap(nil, reserved, PROT_READ, MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0),
            zeros != MAP_FAILED
        else { throw .system(path, "reserve its addresses") }
        base = zeros
        data = UnsafePointer(zeros.assumingMemoryBound(to: UInt8.self))
        guard size > 0 else { return }
        guard mmap(zeros, size, PROT_READ, MAP_SHARED | MAP_FIXED, descriptor, 0) != MAP_FAILED else {
            let code = errno
            munmap(zeros, reserved)
            throw .system(path, "map it", code)
        }
        // Not MADV_SEQUENTIAL: it lets pages go first, and a large file is read twice.
    }

    deinit { munmap(base, reserved) }

    /// Takes the pages of a range out of this process; they stay in the system's cache. Without it the peak memory of
    /// a job would be the size of its files.
    func release(_ from: Int, _ to: Int) {
        let start = from & ~pageMask
        let end = min(to, size) & ~pageMask
        if end > start { madvise(base + start, end - start, MADV_DONTNEED) }
    }

    func releaseAll() {
        if size > 0 { madvise(base, size, MADV_DONTNEED) }
    }

    /// Asks the system to read a range that will be scanned soon; what it has already costs next to nothing. Two
    /// threads that take turns look to the system like reading here and there, so it would not read ahead by itself.
    func prepare(_ from: Int, _ to: Int) {
        let start = from & ~pageMask
        let end = min(to, size)
        if end > start { madvise(base + start, end - start, MADV_WILLNEED) }
    }

    /// For reading lines here and there, in order: where most pages are touched, reading all of them is quicker.
    func expectSorted(reads: Int) {
        guard size > 0 else { return }
        madvise(base, size, size / max(reads, 1) < 128 << 10 ? MADV_NORMAL : MADV_RANDOM)
    }
}
