import Foundation
import Runtime
import Testing

@testable import Channels

@Suite("Files that somebody drops into a folder")
struct FolderSourceTests {
    let folder = NSTemporaryDirectory() + "kontor-drop-\(UUID().uuidString)"
    let clock = ManualClock(SystemClock().now())

    func inFolder(_ body: () async throws -> Void) async throws {
        try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
        defer { try? FileManager.default.removeItem(atPath: folder) }
        try await body()
    }

    func put(_ name: String, _ text: String = "a,b\n") throws {
        try Data(text.utf8).write(to: URL(fileURLWithPath: folder + "/" + name))
    }

    func names(_ sub: String = "") -> [String] {
        ((try? FileManager.default.contentsOfDirectory(atPath: folder + "/" + sub)) ?? []).sorted()
    }

    @Test("a file that still grows is left alone, and taken once it has rested")
    func grows() async throws {
        try await inFolder {
            let source = FolderSource(path: folder, settles: .seconds(30), clock: clock)
            try put("bank-20261121.csv", "half")
            #expect(try await source.look().isEmpty, "seen for the first time")
            clock.advance(by: .seconds(29))
            #expect(try await source.look().isEmpty)
            try put("bank-20261121.csv", "half and half")
            clock.advance(by: .seconds(10))
            #expect(try await source.look().isEmpty, "it has grown since the last look")
            clock.advance(by: .seconds(30))
            let files = try await source.look()
            #expect(files.map(\.name) == ["bank-20261121.csv"])
            #expect(files.first?.day == "2026-11-21")
            #expect(files.first?.sizeBytes == 13)
            #expect(
                files.first.map { Hex.text($0.sha256) }
                    == "c26d7757b5540ad43f288bc4d70a80e2f57e737b368103aebe1487738599b8bd")
        }
    }

    @Test("with markers only a marked file is taken, at once")
    func markers() async throws {
        try await inFolder {
            let source = FolderSource(path: folder, wantsMarker: true, clock: clock)
            try put("a-20261121.csv")
            try put("b-20261121.csv")
            try put("b-20261121.csv.done", "")
            #expect(try await source.look().map(\.name) == ["b-20261121.csv"])
        }
    }

    @Test("what uploads are called while they run, hidden files, folders and links are never taken")
    func unfinished() async throws {
        try await inFolder {
            let source = FolderSource(path: folder, settles: .zero, clock: clock)
            for name in ["a-20261121.csv.part", "b-20261121.csv.filepart", ".c-20261121.csv", "d-20261121.csv~"] {
                try put(name)
            }
            try FileManager.default.createDirectory(
                atPath: folder + "/e-20261121.csv", withIntermediateDirectories: true)
            try FileManager.default.createSymbolicLink(
                atPath: folder + "/f-20261121.csv", withDestinationPath: "/etc/hostname")
            try put("no-day.csv")
            _ = try await source.look()
            clock.advance(by: .seconds(1))
            #expect(try await source.look().isEmpty)
            // The upload ends by giving the file its name.
            try FileManager.default.moveItem(
                atPath: folder + "/a-20261121.csv.part", toPath: folder + "/a-20261121.csv")
            _ = try await source.look()
            clock.advance(by: .seconds(1))
            #expect(try await source.look().map(\.name) == ["a-20261121.csv"])
        }
    }

    @Test("what was taken goes to the archive with its marker, beside an older file of its name")
    func archive() async throws {
        try await inFolder {
            let source = FolderSource(path: folder, wantsMarker: true, clock: clock)
            for text in ["one", "two"] {
                try put("a-20261121.csv", text)
                try put("a-20261121.csv.done", "")
                let files = try await source.look()
                try await source.archive(try #require(files.first))
            }
            #expect(names("archive") == ["a-20261121.csv", "a-20261121.csv.2"])
            #expect(names() == ["archive"])
            #expect(try String(contentsOfFile: folder + "/archive/a-20261121.csv.2", encoding: .utf8) == "two")
        }
    }

    @Test("a file that is too long goes to the refused ones; a folder that is not there is told")
    func refused() async throws {
        try await inFolder {
            let source = FolderSource(path: folder, wantsMarker: true, limitBytes: 3, clock: clock)
            try put("a-20261121.csv", "four")
            try put("a-20261121.csv.done", "")
            #expect(try await source.look().isEmpty)
            #expect(names("refused") == ["a-20261121.csv"])
            let nowhere = FolderSource(path: folder + "/nowhere", clock: clock)
            await #expect(throws: FetchFailure.self) { try await nowhere.look() }
        }
    }

    @Test("only the names of the channel's pattern are taken, each of its own day")
    func patterns() async throws {
        try await inFolder {
            let source = FolderSource(
                path: folder, pattern: try FileNamePattern("IND{yyMMdd}01ACOM", offsetDays: -1), wantsMarker: true,
                clock: clock)
            for name in ["IND26112201ACOM", "IND26112101ACOM", "INN26112201ZM"] {
                try put(name)
                try put(name + ".done", "")
            }
            #expect(try await source.look().map(\.day) == ["2026-11-20", "2026-11-21"])
        }
    }
}
