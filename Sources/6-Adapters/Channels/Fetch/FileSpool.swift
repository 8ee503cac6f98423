internal import Crypto
internal import Foundation
internal import NIOPosix

/// A file that grows piece by piece while its digests are made. Blocking work is done on the threads that are there for
/// it, a quarter of a megabyte at a time.
actor FileSpool {
    static let pieceBytes = 256 * 1024

    let path: String
    private let limitBytes: Int64
    private var handle: FileHandle?
    private var pending: [UInt8] = []
    private var sha256 = SHA256()
    private var sha1 = Insecure.SHA1()
    private(set) var sizeBytes: Int64 = 0

    /// Throws when the file cannot be made.
    init(folder: String, limitBytes: Int64) throws {
        path = folder + "/kontor-fetch-\(UUID().uuidString)"
        self.limitBytes = limitBytes
        // Statements name people's payments: nobody else on the machine needs to read them.
        guard
            FileManager.default.createFile(atPath: path, contents: nil, attributes: [.posixPermissions: 0o600]),
            let handle = FileHandle(forWritingAtPath: path)
        else { throw FetchFailure(.unreachable, "no file can be made in \(folder)") }
        self.handle = handle
    }

    func append(_ bytes: some Sequence<UInt8> & Sendable) async throws {
        pending.append(contentsOf: bytes)
        if pending.count >= Self.pieceBytes { try await flush() }
    }

    private func flush() async throws {
        let piece = pending
        pending = []
        sizeBytes += Int64(piece.count)
        guard sizeBytes <= limitBytes else {
            throw FetchFailure(.damaged, "the file is longer than the \(limitBytes) bytes that are allowed")
        }
        sha256.update(data: piece)
        sha1.update(data: piece)
        // A second append waits behind this one, because whoever reads the body awaits each piece.
        guard let handle, !piece.isEmpty else { return }
        try await NIOThreadPool.singleton.runIfActive { try handle.write(contentsOf: piece) }
    }

    /// Writes what is left and closes the file.
    func finish() async throws -> (sha256: [UInt8], sha1: [UInt8]) {
        try await flush()
        let closing = handle
        handle = nil
        try await NIOThreadPool.singleton.runIfActive {
            try closing?.synchronize()
            try closing?.close()
        }
        return (Array(sha256.finalize()), Array(sha1.finalize()))
    }

    nonisolated func discard() { try? FileManager.default.removeItem(atPath: path) }
}
