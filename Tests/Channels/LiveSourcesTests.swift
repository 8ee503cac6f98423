import Foundation
import Runtime
import Testing

@testable import Channels

@Suite("Sources as they are now")
struct LiveSourcesTests {
    private let folder = NSTemporaryDirectory() + "kontor-live-\(UUID().uuidString)"

    private func inFolder(_ body: () async throws -> Void) async throws {
        try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
        defer { try? FileManager.default.removeItem(atPath: folder) }
        try await body()
    }

    private func make(_ path: String) throws {
        try FileManager.default.createDirectory(atPath: "\(folder)/\(path)", withIntermediateDirectories: true)
    }

    @Test("a folder of the inbox belongs to its tenant, by slug or identifier, from the look after it was made")
    func folders() async throws {
        try await inFolder {
            let live = try LiveSources(file: nil, inbox: folder)
            #expect(await live.sources(of: ["atelier", "tnt_1"]).isEmpty)
            try make("atelier/unionpay")
            try make("tnt_1/wechat")
            try make("other/wechat")
            try make("atelier/.hidden")
            let found = await live.sources(of: ["atelier", "tnt_1"])
            #expect(found.map(\.channel) == ["unionpay", "wechat"])
            try FileManager.default.removeItem(atPath: folder + "/tnt_1/wechat")
            #expect(await live.sources(of: ["atelier", "tnt_1"]).map(\.channel) == ["unionpay"])
        }
    }

    @Test("a folder remembers from look to look what it saw, or no file would ever have rested")
    func sameFolder() async throws {
        try await inFolder {
            let clock = ManualClock(World.simulatedStart)
            let live = try LiveSources(file: nil, inbox: folder, clock: clock)
            try make("atelier/unionpay")
            try Data("a,b\n".utf8).write(to: URL(fileURLWithPath: folder + "/atelier/unionpay/a-20261121.csv"))
            func look() async throws -> [String] {
                var names: [String] = []
                for source in await live.sources(of: ["atelier"]) {
                    guard case .folder(let place) = source.place else { continue }
                    names += try await place.look().map(\.name)
                }
                return names
            }
            #expect(try await look().isEmpty)
            clock.advance(by: .seconds(30))
            #expect(try await look() == ["a-20261121.csv"])
        }
    }

    @Test("a list that is wrong at the start is refused; one that becomes wrong leaves the last good one in force")
    func list() async throws {
        try await inFolder {
            let path = folder + "/statements.yaml"
            func write(_ text: String) throws { try Data(text.utf8).write(to: URL(fileURLWithPath: path)) }
            #expect(throws: StatementSources.Refusal.self) { try LiveSources(file: path, inbox: nil) }
            try write("sources:\n  - {tenant: a, channel: one, folder: /x}\n")
            let live = try LiveSources(file: path, inbox: nil)
            #expect(await live.sources(of: ["a"]).map(\.channel) == ["one"])
            try write(
                "sources:\n  - {tenant: a, channel: one, folder: /x}\n  - {tenant: a, channel: two, folder: /y}\n")
            #expect(await live.sources(of: ["a"]).map(\.channel) == ["one", "two"])
            #expect(await live.sources(of: ["b"]).isEmpty)
            try write("sources:\n  - {tenant: a, channel: one, folder: /x, marker: perhaps}\n")
            #expect(await live.sources(of: ["a"]).map(\.channel) == ["one", "two"])
            try FileManager.default.removeItem(atPath: path)
            #expect(await live.sources(of: ["a"]).map(\.channel) == ["one", "two"])
            try write("sources: []\n")
            #expect(await live.sources(of: ["a"]).isEmpty)
        }
    }
}
