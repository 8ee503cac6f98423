import Foundation
import Statements

/// Makes seeds of real files: each behind the byte of its reader.
enum Seeds {
    /// Larger files teach the fuzzer nothing that smaller ones do not, and slow it down.
    private static let largest = 24 << 10

    static func write(from corpus: String, to folder: String) throws {
        try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
        let readers = StatementsFuzz.readers
        guard let files = FileManager.default.enumerator(atPath: corpus) else { return }
        for case let path as String in files {
            guard let data = FileManager.default.contents(atPath: corpus + "/" + path), !data.isEmpty else { continue }
            let bytes = Array(data.prefix(largest))
            let name = path.replacingOccurrences(of: "/", with: "-")
            for (index, reader) in readers.enumerated() where isRead(data, reader) || isOfFolder(path, reader) {
                for strictness: UInt8 in [0, 4] {
                    let seed = [UInt8(index), strictness] + bytes
                    try Data(seed).write(to: URL(filePath: "\(folder)/\(reader.format.id)-\(strictness)-\(name)"))
                }
            }
            try Data([UInt8(readers.count), 0] + bytes).write(to: URL(filePath: "\(folder)/detect-\(name)"))
        }
    }

    private static func isRead(_ data: Data, _ reader: any StatementReader) -> Bool {
        var options = ReadOptions()
        options.refusesContradictions = false
        let summary = try? Statements.read(.bytes(Array(data), name: "file"), reader: reader, options: options) { _ in }
        return summary.map { $0.rows > 0 } ?? false
    }

    /// Fragments that are not detected still belong to the reader that their folder is named after.
    private static func isOfFolder(_ path: String, _ reader: any StatementReader) -> Bool {
        guard let folder = path.split(separator: "/").dropLast().last else { return false }
        return reader.format.id.hasPrefix(folder.prefix { $0 != "-" })
    }
}
