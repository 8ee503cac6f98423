internal import Foundation
internal import Glibc
internal import Logging
internal import NIOPosix
public import Runtime
internal import Synchronization

/// The sources of an installation as they are now: the operator's list and the folders of the inbox are looked up again
/// each time, so what is added, changed or taken away is followed while the house runs.
///
/// A list that can no longer be read changes nothing: the last good one goes on, and the log says why.
public final class LiveSources: Sendable {
    private struct Known {
        var stamp: FileStamp?
        var listed: [StatementSource] = []
        /// By path, because a folder remembers what it saw at its last look.
        var folders: [String: FolderSource] = [:]
    }

    private let file: String?
    private let inbox: String?
    private let clock: any WallClock
    private let known: Mutex<Known>
    private let logger = Logger(label: "kontor.statements")

    /// - Parameters:
    ///   - file: the operator's list in YAML.
    ///   - inbox: the folder below which `TENANT/CHANNEL` folders take dropped files.
    /// - Throws: `StatementSources.Refusal` for a list that cannot be used at the start.
    public init(file: String?, inbox: String?, clock: any WallClock = SystemClock()) throws {
        self.file = file
        self.inbox = inbox
        self.clock = clock
        var first = Known()
        if let file {
            // Before the file is read: what is written meanwhile is read again.
            first.stamp = FileStamp(of: file)
            first.listed = try StatementSources.read(file: file, clock: clock)
        }
        known = Mutex(first)
    }

    /// What brings the statements of a tenant, by its names: the list's sources first, then its folders of the inbox.
    public func sources(of tenant: [String]) async -> [StatementSource] {
        // Nil when the process is ending.
        let found = try? await NIOThreadPool.singleton.runIfActive { [self] in look(tenant) }
        return found ?? []
    }

    private func look(_ tenant: [String]) -> [StatementSource] {
        known.withLock { known in
            readAgain(&known)
            return known.listed.filter { tenant.contains($0.tenant) } + folders(of: tenant, &known)
        }
    }

    private func readAgain(_ known: inout Known) {
        guard let file, let stamp = FileStamp(of: file), stamp != known.stamp else { return }
        // A list that is refused is told once, and not at each look until it changes.
        known.stamp = stamp
        do {
            known.listed = try StatementSources.read(file: file, clock: clock)
            logger.info("the list of statement sources has changed", metadata: ["sources": "\(known.listed.count)"])
        } catch {
            logger.error(
                "the list of statement sources cannot be used; the last good one goes on",
                metadata: ["error": "\(error)"])
        }
    }

    private func folders(of tenant: [String], _ known: inout Known) -> [StatementSource] {
        guard let inbox else { return [] }
        return tenant.flatMap { name in
            let parent = "\(inbox)/\(name)"
            let channels = Self.folders(in: parent)
            let present = Set(channels.map { "\(parent)/\($0)" })
            known.folders = known.folders.filter { !$0.key.hasPrefix(parent + "/") || present.contains($0.key) }
            return channels.map { channel in
                let path = "\(parent)/\(channel)"
                let folder = known.folders[path] ?? FolderSource(path: path, clock: clock)
                known.folders[path] = folder
                return StatementSource(tenant: name, channel: channel, place: .folder(folder))
            }
        }
    }

    private static func folders(in path: String) -> [String] {
        let manager = FileManager.default
        let names = ((try? manager.contentsOfDirectory(atPath: path)) ?? []).filter { name in
            var isFolder: ObjCBool = false
            return !name.hasPrefix(".") && manager.fileExists(atPath: "\(path)/\(name)", isDirectory: &isFolder)
                && isFolder.boolValue
        }
        return Array(names.sorted().prefix(StatementSources.sourceLimit))
    }
}

/// What tells that a file was written or replaced.
private struct FileStamp: Equatable {
    private let inode: UInt64
    private let size: Int64
    private let changedNs: Int64

    /// Nil when there is no file.
    init?(of path: String) {
        var status = stat()
        guard stat(path, &status) == 0 else { return nil }
        inode = UInt64(status.st_ino)
        size = Int64(status.st_size)
        changedNs = Int64(status.st_mtim.tv_sec) * 1_000_000_000 + Int64(status.st_mtim.tv_nsec)
    }
}
