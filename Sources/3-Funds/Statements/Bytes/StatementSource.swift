import Glibc

/// Where a statement is: a file of the disk or bytes in memory; plain, gzip, zip or a workbook.
public struct StatementSource: Sendable {
    enum Place: Sendable {
        case file(String)
        case memory([UInt8])
    }

    let place: Place
    /// The name of the file without its folders: some formats say in it what they are.
    public let name: String

    public static func file(_ path: String) -> StatementSource {
        StatementSource(place: .file(path), name: lastComponent(path))
    }

    /// Bytes as a file of that name would hold them.
    public static func bytes(_ bytes: [UInt8], name: String) -> StatementSource {
        StatementSource(place: .memory(bytes), name: lastComponent(name))
    }

    /// The unpacked files in it: one, unless it is an archive or a workbook.
    func parts(limits: ReadLimits) throws -> StatementParts {
        let head = try stream().head(4)
        if head.starts(with: [0x50, 0x4B, 0x03, 0x04]) || head == [0x50, 0x4B, 0x05, 0x06] {
            let archive = try self.archive(limits: limits)
            return Workbook.isWorkbook(archive)
                ? .workbook(try Workbook(archive, limits: limits), name) : .archive(archive)
        }
        return .single(self, isPacked: head.starts(with: GzipStream.mark))
    }

    func stream() throws(StatementError) -> any ByteStream {
        switch place {
        case .file(let path): try FileStream(path: path)
        case .memory(let bytes): MemoryStream(bytes)
        }
    }

    private func archive(limits: ReadLimits) throws(StatementError) -> ZipArchive {
        switch place {
        case .file(let path): try ZipArchive(path: path, limits: limits)
        case .memory(let bytes): try ZipArchive(bytes: bytes, limits: limits)
        }
    }

    static func lastComponent(_ path: String) -> String {
        path.split(separator: "/").last.map(String.init) ?? path
    }
}

/// What a source unpacks to.
enum StatementParts {
    case single(StatementSource, isPacked: Bool)
    case archive(ZipArchive)
    case workbook(Workbook, String)

    /// One file of the source; `entry` is nil for a source that is no archive.
    struct Part {
        let entry: String?
        let fileName: String
        let open: () throws -> any ByteStream
    }

    var parts: [Part] {
        switch self {
        case .single(let source, let isPacked):
            let name = isPacked && source.name.hasSuffix(".gz") ? String(source.name.dropLast(3)) : source.name
            return [
                Part(entry: nil, fileName: name) { isPacked ? try GzipStream(source.stream()) : try source.stream() }
            ]
        case .archive(let archive):
            return archive.entries.filter { !$0.name.hasPrefix("__MACOSX/") }.map { entry in
                Part(entry: entry.name, fileName: StatementSource.lastComponent(entry.name)) {
                    try Self.unpacked(try archive.open(entry))
                }
            }
        case .workbook(let workbook, let name):
            return workbook.sheets.map { sheet in
                Part(entry: sheet.name, fileName: name) { try workbook.open(sheet) }
            }
        }
    }

    /// The part that the source itself puts first, where it does: the sheet that a workbook shows.
    var preferred: String? {
        guard case .workbook(let workbook, _) = self, workbook.sheets.count > 1 else { return nil }
        return workbook.sheets[workbook.activeIndex].name
    }

    /// A gzip within a zip is unpacked too.
    private static func unpacked(_ stream: any ByteStream) throws -> any ByteStream {
        let head = try stream.head(2)
        let whole = PrefixedStream(head, stream)
        return head == GzipStream.mark ? try GzipStream(whole) : whole
    }
}

extension GzipStream {
    static let mark: [UInt8] = [0x1F, 0x8B]
}
