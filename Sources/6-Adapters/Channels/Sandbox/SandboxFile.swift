internal import Foundation
internal import Synchronization

/// The sandbox's books on disk: one JSON line a step, appended. A half-written last line is dropped at the next start.
final class SandboxFile: Sendable {
    private let path: String
    private let handle: Mutex<FileHandle>

    init(path: String) throws {
        self.path = path
        if !FileManager.default.fileExists(atPath: path) {
            guard FileManager.default.createFile(atPath: path, contents: nil) else {
                throw CocoaError(.fileWriteUnknown)
            }
        }
        let file = try FileHandle(forUpdating: URL(fileURLWithPath: path))
        try file.seekToEnd()
        handle = Mutex(file)
    }

    func append(_ record: SandboxBooks.Record) throws {
        var line = try JSONEncoder().encode(record)
        line.append(UInt8(ascii: "\n"))
        let bytes = line
        try handle.withLock { try $0.write(contentsOf: bytes) }
    }

    func replay(_ body: (SandboxBooks.Record) -> Void) throws {
        let data = try Data(contentsOf: URL(fileURLWithPath: path))
        var whole = 0
        for line in data.split(separator: UInt8(ascii: "\n")) {
            guard line.endIndex < data.endIndex,
                let record = try? JSONDecoder().decode(SandboxBooks.Record.self, from: line)
            else { break }
            body(record)
            whole = line.endIndex + 1
        }
        let end = UInt64(whole)
        try handle.withLock { file in
            try file.truncate(atOffset: end)
            try file.seekToEnd()
        }
    }
}
