import Foundation
import Testing

#if canImport(Glibc)
    import Glibc
#endif

/// A disk that is full, and has room again.
@Suite(
    "A full disk", .serialized, .enabled(if: KontorProcess.program != nil, "the program kontor was not built"),
    .enabled(if: SmallDisk.isPossible, "only root may mount a small file system"))
struct DiskFullTests {
    @Test("orders are refused while the disk is full, and taken again when there is room, without a restart")
    func full() async throws {
        let rounds = Faults.count(full: 20, usual: 5)
        try await SmallDisk.with(megabytes: 48) { disk in
            try await Outpost.with(folder: disk.folder) { outpost in
                let shoppers = Shoppers(outpost: outpost, notebook: Notebook())
                var (process, web) = try await outpost.serve()
                for round in 1...rounds {
                    try disk.fill()
                    shoppers.notebook.isOpen = true
                    let loading = Task { [web] in await shoppers.shop(at: [web], round: "d\(round)") }
                    let patience = ContinuousClock.now + .seconds(20)
                    while shoppers.notebook.refused.isEmpty, ContinuousClock.now < patience {
                        try await Task.sleep(for: .milliseconds(10))
                    }
                    #expect(!shoppers.notebook.refused.isEmpty, "round \(round): the disk was never full")
                    try disk.empty()
                    try await Task.sleep(for: .milliseconds(200))
                    shoppers.notebook.isOpen = false
                    await loading.value
                    // The same process, without help: everybody who was refused is served now.
                    try await shoppers.askAgain(web)
                    // The files can be read by one process at a time.
                    #expect(await process.stop() == 0, "round \(round)")
                    try await shoppers.verify("full disk \(round)")
                    (process, web) = try await outpost.serve()
                }
                #expect(await process.stop() == 0)
                let (_, orders) = try await outpost.look()
                #expect(orders.count == shoppers.notebook.told.count, "each key has one order in the end")
                Report.say(
                    "a full disk under load: \(rounds) times, \(shoppers.notebook.told.count) orders, each there once")
            }
        }
    }
}

/// A file system of a few megabytes, in memory.
final class SmallDisk: Sendable {
    let folder: String
    private var ballast: String { folder + "/ballast" }

    /// Only root may mount; should a container not let it, the test says so.
    static var isPossible: Bool { geteuid() == 0 }

    private init() { folder = Folders.fresh() }

    static func with<Answer: Sendable>(
        megabytes: Int, _ body: @Sendable (SmallDisk) async throws -> Answer
    ) async throws -> Answer {
        let disk = SmallDisk()
        try await Spawned.run(["/usr/bin/mount", "-t", "tmpfs", "-o", "size=\(megabytes)m", "tmpfs", disk.folder])
        let answer: Result<Answer, any Error>
        do {
            answer = .success(try await body(disk))
        } catch {
            answer = .failure(error)
        }
        try await Spawned.run(["/usr/bin/umount", "-l", disk.folder])
        Folders.remove(disk.folder)
        return try answer.get()
    }

    /// Takes all the room that is left.
    func fill() throws {
        _ = FileManager.default.createFile(atPath: ballast, contents: nil)
        let file = open(ballast, O_WRONLY | O_APPEND)
        guard file >= 0 else { throw Database.Failure(description: "no \(ballast)") }
        defer { close(file) }
        let block = [UInt8](repeating: 1, count: 4_096)
        while write(file, block, block.count) > 0 {}
    }

    func empty() throws { try FileManager.default.removeItem(atPath: ballast) }
}
