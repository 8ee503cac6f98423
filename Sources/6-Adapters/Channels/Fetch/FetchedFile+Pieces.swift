internal import Foundation
internal import NIOPosix

extension FetchedFile {
    /// Some bytes of the file, read on a thread that may block; empty behind its end.
    public func bytes(from offset: Int64, count: Int) async throws -> [UInt8] {
        let path = path
        return try await NIOThreadPool.singleton.runIfActive {
            guard let handle = FileHandle(forReadingAtPath: path) else {
                throw FetchFailure(.unreachable, "the file is gone: \(path)")
            }
            defer { try? handle.close() }
            try handle.seek(toOffset: UInt64(max(0, offset)))
            return Array(try handle.read(upToCount: count) ?? Data())
        }
    }

    /// Removes a file that was fetched into a folder for a while.
    public func discard() { try? FileManager.default.removeItem(atPath: path) }
}
