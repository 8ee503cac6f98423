internal import Crypto
internal import Foundation
internal import Glibc
internal import NIOPosix
public import Runtime
internal import Synchronization

/// A folder that somebody puts files into: a person, a job, or an sshd for the channel's SFTP client.
///
/// Only complete files are taken. A file is complete when `NAME.done` stands beside it; or, without markers, when its
/// name is none that uploads use while they run, and its size and time have been the same for a while in two looks.
/// What was taken goes to `archive/`, what cannot be taken to `refused/`; nothing is deleted.
public final class FolderSource: Sendable {
    public let path: String
    public let pattern: FileNamePattern?
    /// Files wait for their `.done`.
    public let wantsMarker: Bool
    public let limitBytes: Int64
    private let settles: Duration
    private let clock: any WallClock
    private let seen = Mutex<[String: Look]>([:])

    private struct Look: Hashable {
        var size: Int64
        var changed: Int64
        var at: Timestamp
    }

    /// - Parameters:
    ///   - pattern: which names are files of this channel, and of which day; nil takes any name that holds a day.
    ///   - settles: for how long a file without a marker must have been left alone.
    public init(
        path: String, pattern: FileNamePattern? = nil, wantsMarker: Bool = false, limitBytes: Int64 = 16 << 30,
        settles: Duration = .seconds(30), clock: any WallClock = SystemClock()
    ) {
        self.path = path
        self.pattern = pattern
        self.wantsMarker = wantsMarker
        self.limitBytes = limitBytes
        self.settles = settles
        self.clock = clock
    }

    public static let marker = ".done"
    /// Names that uploads have while they run: those of sftp clients, browsers, rsync and editors.
    static let unfinished = [".part", ".partial", ".tmp", ".temp", ".filepart", ".crdownload", ".swp", "~"]
    /// Files of one look, so that a flooded folder is worked off piece by piece.
    static let lookLimit = 1_000

    /// The complete files, by name. Throws `FetchFailure` when the folder cannot be read.
    public func look() async throws -> [FetchedFile] {
        try await NIOThreadPool.singleton.runIfActive { [self] in try lookNow() }
    }

    private func lookNow() throws -> [FetchedFile] {
        guard let names = try? FileManager.default.contentsOfDirectory(atPath: path) else {
            throw FetchFailure(.unreachable, "the folder cannot be read: \(path)")
        }
        let present = Set(names)
        seen.withLock { looks in looks = looks.filter { present.contains($0.key) } }
        var files: [FetchedFile] = []
        for name in names.sorted().prefix(Self.lookLimit) where isCandidate(name) {
            guard let day = pattern.map({ $0.day(of: name) }) ?? FileNamePattern.dayOf(anyName: name),
                let size = completeSize(name, markers: present)
            else { continue }
            guard size <= limitBytes else {
                try move(name, to: "refused")
                continue
            }
            guard let digest = Self.digest(path + "/" + name) else { continue }
            files.append(
                FetchedFile(
                    day: day, name: name, path: path + "/" + name, sizeBytes: size, sha256: digest, tag: ""))
        }
        return files
    }

    /// Puts a file that was taken where it is out of the way.
    public func archive(_ file: FetchedFile) async throws {
        try await NIOThreadPool.singleton.runIfActive { [self] in try move(file.name, to: "archive") }
    }

    public func refuse(_ file: FetchedFile) async throws {
        try await NIOThreadPool.singleton.runIfActive { [self] in try move(file.name, to: "refused") }
    }

    private func isCandidate(_ name: String) -> Bool {
        !name.hasPrefix(".") && !name.hasSuffix(Self.marker) && !Self.unfinished.contains { name.hasSuffix($0) }
    }

    /// The size of a file that is complete; nil for one that may still grow and for what is no plain file.
    private func completeSize(_ name: String, markers: Set<String>) -> Int64? {
        var status = stat()
        // lstat: a link could lead out of the folder.
        guard lstat(path + "/" + name, &status) == 0, status.st_mode & S_IFMT == S_IFREG else { return nil }
        let size = Int64(status.st_size)
        if wantsMarker { return markers.contains(name + Self.marker) ? size : nil }
        if markers.contains(name + Self.marker) { return size }
        let changed = Int64(status.st_mtim.tv_sec) * 1_000_000 + Int64(status.st_mtim.tv_nsec) / 1_000
        let now = clock.now()
        let first = seen.withLock { looks in
            if let known = looks[name], known.size == size, known.changed == changed { return known.at }
            looks[name] = Look(size: size, changed: changed, at: now)
            return now
        }
        return size > 0 && now - first >= settles ? size : nil
    }

    private func move(_ name: String, to folder: String) throws {
        let manager = FileManager.default
        let target = path + "/" + folder
        try manager.createDirectory(atPath: target, withIntermediateDirectories: true)
        var free = target + "/" + name
        var number = 2
        while manager.fileExists(atPath: free) {
            free = "\(target)/\(name).\(number)"
            number += 1
        }
        try manager.moveItem(atPath: path + "/" + name, toPath: free)
        try? manager.removeItem(atPath: path + "/" + name + Self.marker)
        seen.withLock { $0[name] = nil }
    }

    static func digest(_ path: String) -> [UInt8]? {
        guard let handle = FileHandle(forReadingAtPath: path) else { return nil }
        defer { try? handle.close() }
        var hash = SHA256()
        while let piece = try? handle.read(upToCount: 1 << 20), !piece.isEmpty { hash.update(data: piece) }
        return Array(hash.finalize())
    }
}
