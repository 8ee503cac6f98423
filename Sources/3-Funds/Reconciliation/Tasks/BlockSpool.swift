import Foundation
import Store

/// Packed blocks on their way from a reader that cannot wait to a book that must be waited for: kept in a file of this
/// process, because a day may be larger than its memory.
///
/// `@unchecked Sendable` because it goes from the thread that fills it to the task that drains it, never to both.
final class BlockSpool: @unchecked Sendable {
    /// Bytes of blocks that are written in one command.
    static let pieceBytes = 4 << 20

    private let path: String
    private let file: FileHandle
    private var index: [(kind: BlockKind, shard: Int, number: Int, lines: Int, bytes: Int)] = []

    init() throws {
        path = NSTemporaryDirectory() + "kontor-blocks-\(UUID().uuidString)"
        guard FileManager.default.createFile(atPath: path, contents: nil, attributes: [.posixPermissions: 0o600]),
            let file = FileHandle(forUpdatingAtPath: path)
        else { throw StoreError(.unavailable, "no temporary file can be made in \(NSTemporaryDirectory())") }
        self.file = file
    }

    deinit {
        try? file.close()
        try? FileManager.default.removeItem(atPath: path)
    }

    func add(_ block: Block) throws {
        try file.write(contentsOf: block.content)
        index.append((block.kind, block.shard, block.number, block.lines, block.content.count))
    }

    /// The blocks again, in pieces that fit a command.
    func drain(_ body: (ArraySlice<Block>) async throws -> Void) async throws {
        try file.seek(toOffset: 0)
        var piece: [Block] = []
        var size = 0
        for entry in index {
            guard let content = try file.read(upToCount: entry.bytes), content.count == entry.bytes else {
                throw StoreError(.unavailable, "the temporary file of a task ends early")
            }
            piece.append(
                Block(
                    kind: entry.kind, shard: entry.shard, number: entry.number, lines: entry.lines,
                    content: Array(content)))
            size += entry.bytes
            if size >= BlockSpool.pieceBytes {
                try await body(piece[...])
                piece.removeAll(keepingCapacity: true)
                size = 0
            }
        }
        if !piece.isEmpty { try await body(piece[...]) }
    }
}

/// Runs what blocks its thread for long, such as reading a large file, on a thread of its own.
enum OwnThread {
    static func run<Answer: Sendable>(_ body: @escaping @Sendable () throws -> Answer) async throws -> Answer {
        try await withCheckedThrowingContinuation { (caller: CheckedContinuation<Answer, any Error>) in
            Thread.detachNewThread { caller.resume(with: Result(catching: body)) }
        }
    }
}
