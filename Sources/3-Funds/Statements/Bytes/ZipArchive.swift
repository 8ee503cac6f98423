import Clibzip
import Glibc

/// A zip archive, read in place through libzip.
final class ZipArchive {
    /// One file of the archive.
    struct Entry {
        let index: UInt64
        /// The name with its folders, decoded from UTF-8 or, as Alipay writes it, GBK.
        let name: String
    }

    private let archive: OpaquePointer
    let entries: [Entry]

    /// Opens a file of the disk.
    convenience init(path: String, limits: ReadLimits) throws(StatementError) {
        var code: Int32 = 0
        guard let opened = zip_open(path, ZIP_RDONLY, &code) else {
            throw StatementError(.unreadable, "\(path) is not a zip archive that can be read: \(Self.text(code))")
        }
        try self.init(opened, limits: limits)
    }

    /// Opens an archive in memory.
    convenience init(bytes: [UInt8], limits: ReadLimits) throws(StatementError) {
        var failure = zip_error_t()
        // libzip frees this copy with the archive.
        guard let copy = malloc(max(1, bytes.count)) else { throw StatementError(.limit, "no memory for the archive") }
        bytes.withUnsafeBytes { if let base = $0.baseAddress { memcpy(copy, base, $0.count) } }
        guard let source = zip_source_buffer_create(copy, UInt64(bytes.count), 1, &failure) else {
            free(copy)
            throw StatementError(.unreadable, "the archive cannot be read: \(Self.text(failure.zip_err))")
        }
        guard let opened = zip_open_from_source(source, ZIP_RDONLY, &failure) else {
            zip_source_free(source)
            throw StatementError(.unreadable, "not a zip archive that can be read: \(Self.text(failure.zip_err))")
        }
        try self.init(opened, limits: limits)
    }

    private init(_ archive: OpaquePointer, limits: ReadLimits) throws(StatementError) {
        self.archive = archive
        let count = Int(zip_get_num_entries(archive, 0))
        guard count <= limits.maxEntries else {
            entries = []
            throw StatementError(.limit, "the archive has \(count) files, \(limits.maxEntries) are looked at")
        }
        let decoder = try? TextDecoder(.gb18030)
        entries = (0..<max(0, count)).compactMap { index in
            guard let raw = zip_get_name(archive, UInt64(index), UInt32(ZIP_FL_ENC_RAW)) else { return nil }
            let bytes = Array(UnsafeBufferPointer(start: raw, count: strlen(raw)).map(UInt8.init(bitPattern:)))
            let name =
                String(validating: bytes, as: UTF8.self) ?? (try? decoder?.string(bytes[...]))
                ?? String(decoding: bytes, as: UTF8.self)
            return name.hasSuffix("/") ? nil : Entry(index: UInt64(index), name: name)
        }
    }

    deinit { zip_discard(archive) }

    func open(_ entry: Entry) throws(StatementError) -> any ByteStream {
        guard let file = zip_fopen_index(archive, entry.index, 0) else {
            throw StatementError(.unreadable, "\(entry.name) in the archive: \(String(cString: zip_strerror(archive)))")
        }
        return ZipEntryStream(self, file, entry.name)
    }

    private static func text(_ code: Int32) -> String {
        var failure = zip_error_t()
        zip_error_init_with_code(&failure, code)
        defer { zip_error_fini(&failure) }
        return String(cString: zip_error_strerror(&failure))
    }
}

/// A file of an archive while it is unpacked. libzip verifies its checksum at the end.
private final class ZipEntryStream: ByteStream {
    private let archive: ZipArchive
    private let file: OpaquePointer
    private let name: String

    init(_ archive: ZipArchive, _ file: OpaquePointer, _ name: String) {
        self.archive = archive
        self.file = file
        self.name = name
    }

    deinit { zip_fclose(file) }

    func read(into buffer: UnsafeMutableRawBufferPointer) throws -> Int {
        let count = zip_fread(file, buffer.baseAddress, UInt64(buffer.count))
        guard count >= 0 else {
            throw StatementError(
                .unreadable, "\(name) in the archive is damaged: \(String(cString: zip_file_strerror(file)))")
        }
        return Int(count)
    }
}
