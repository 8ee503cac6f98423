import Contract
import Foundation
import Money
import Reconciliation
import Runtime
import Store
import Tenancy
import Testing

@testable import Assembly

/// A house over a folder of its own whose jobs run when they are told to.
private struct DropHouse: Sendable {
    let house: House
    let tenant: Tenant
    let clock: ManualClock
    let inbox: String
    let list: String

    static func with(_ body: @Sendable (DropHouse) async throws -> Void) async throws {
        let folder = NSTemporaryDirectory() + "kontor-house-\(UUID().uuidString)"
        let (inbox, list) = (folder + "/inbox", folder + "/statements.yaml")
        try FileManager.default.createDirectory(atPath: inbox, withIntermediateDirectories: true)
        defer { try? FileManager.default.removeItem(atPath: folder) }
        try Data("sources: []\n".utf8).write(to: URL(fileURLWithPath: list))
        let clock = ManualClock(World.simulatedStart.adding(.seconds(86_400)))
        var settings = HouseSettings(dataFolder: folder + "/data")
        settings.access = .commanding
        settings.environment = "test"
        settings.inbox = inbox
        settings.statementSources = list
        let house = try await House(settings, world: World(clock: clock, random: RandomSource(seed: 1)))
        let tenant = try await house.tenancy.create(
            TenantDraft(slug: "shop", name: "Shop", baseCurrency: .eur, country: "DE"))
        try await body(DropHouse(house: house, tenant: tenant, clock: clock, inbox: inbox, list: list))
        await house.close()
    }

    func putProfile(_ channel: String, _ change: (inout V1ReconciliationProfile) -> Void = { _ in }) async throws {
        var request = V1PutReconciliationProfileRequest()
        request.channel = channel
        request.profile.currency = "EUR"
        request.profile.statementProfile = try FetchDesk.layout()
        request.profile.autoConfirm = true
        change(&request.profile)
        let final = request
        try await house.withBook(of: tenant) { [house] book in
            let context = CallContext(
                caller: Caller(subject: "key", tenant: "shop", scopes: ["*"], book: book),
                operation: ReconciliationContract.putReconciliationProfile,
                deadline: clock.now().adding(.seconds(60)))
            _ = try await house.reconciliation.putReconciliationProfile(final, context)
        }
    }

    func drop(_ content: [UInt8], _ name: String, into folder: String) throws {
        try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
        try Data(content).write(to: URL(fileURLWithPath: folder + "/" + name))
    }

    /// Two looks with the rest between them that a file without a marker must have had.
    func look() async throws {
        for _ in 0..<2 {
            try await house.withBook(of: tenant) { [house] in await house.reconcile($0) }
            clock.advance(by: .seconds(31))
        }
        try await house.withBook(of: tenant) { [house] in await house.reconcile($0) }
    }

    func runs(_ channel: String) async throws -> [Run] {
        try await house.withBook(of: tenant) { [house] book in
            try await book.read { try house.reconciliation.runs(channel: channel, in: $0) }
        }
    }
}

@Suite("Drop folders and lists of sources that change while the house runs")
struct DropFolderTests {
    @Test("a folder that is made, and a profile that is put, after the start are followed without a restart")
    func laterFolder() async throws {
        try await DropHouse.with { shop in
            try await shop.look()
            let folder = shop.inbox + "/shop/bank"
            try shop.drop(FetchDesk.emptyFile, "kontor-20260101.csv", into: folder)
            try await shop.look()
            #expect(try await shop.runs("bank").isEmpty, "nobody has said how the channel is reconciled")
            #expect(FileManager.default.fileExists(atPath: folder + "/kontor-20260101.csv"), "so it is left alone")
            try await shop.putProfile("bank")
            try await shop.look()
            #expect(try await shop.runs("bank").map(\.state) == [.settled])
            #expect(FileManager.default.fileExists(atPath: folder + "/archive/kontor-20260101.csv"))
        }
    }

    @Test("a profile that is changed holds for the next file of a folder")
    func changedProfile() async throws {
        try await DropHouse.with { shop in
            let folder = shop.inbox + "/shop/bank"
            try await shop.putProfile("bank") {
                $0.statementProfile = $0.statementProfile.replacing("TOTAL", with: "SUM")
            }
            try shop.drop(FetchDesk.emptyFile, "kontor-20260101.csv", into: folder)
            try await shop.look()
            // Read by the old description, its trailer is a row without an amount.
            #expect(try await shop.runs("bank").first?.state == .preparing)
            try await shop.putProfile("bank")
            try shop.drop(FetchDesk.emptyFile + [10], "kontor-20260101.csv", into: folder)
            try await shop.look()
            #expect(try await shop.runs("bank").first?.state == .settled)
            #expect(try await shop.runs("bank").map(\.number) == [2, 1])
        }
    }

    @Test("a list that changes is followed; one that can no longer be read leaves the last good one in force")
    func changedList() async throws {
        try await DropHouse.with { shop in
            try await shop.putProfile("bank")
            let folder = shop.inbox + "-elsewhere"
            defer { try? FileManager.default.removeItem(atPath: folder) }
            func write(_ text: String) throws {
                try Data(text.utf8).write(to: URL(fileURLWithPath: shop.list), options: .atomic)
            }
            try write("sources:\n  - {tenant: shop, channel: bank, folder: \(folder), marker: true}\n")
            try shop.drop(FetchDesk.emptyFile, "kontor-20260101.csv", into: folder)
            try shop.drop([], "kontor-20260101.csv.done", into: folder)
            try await shop.look()
            #expect(try await shop.runs("bank").map(\.state) == [.settled])
            try write("sources:\n  - {tenant: shop, channel: bank, fodler: \(folder)}\n")
            try shop.drop(FetchDesk.emptyFile, "kontor-20260102.csv", into: folder)
            try shop.drop([], "kontor-20260102.csv.done", into: folder)
            try await shop.look()
            #expect(try await shop.runs("bank").count == 2)
            try write("sources: []\n")
            try shop.drop(FetchDesk.emptyFile, "kontor-20260103.csv", into: folder)
            try shop.drop([], "kontor-20260103.csv.done", into: folder)
            try await shop.look()
            #expect(try await shop.runs("bank").count == 2, "the source was taken off the list")
        }
    }
}
