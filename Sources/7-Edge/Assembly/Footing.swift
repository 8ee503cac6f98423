import Identity
import Journal
import Runtime
import Store
import Vault

/// What a house stands on: its stores, the platform's book and its keys.
struct Footing {
    let stores: Stores
    let platform: Book
    let identity: Identity
    let vault: Vault
    let checkpointKey: CheckpointKey

    /// Opens all of it, making what is missing where the house is not for reading only.
    static func find(_ settings: HouseSettings, world: World, lock: FolderLock?) async throws -> Footing {
        let stores = Stores(settings, world: world, lock: lock)
        do {
            let reads = settings.access == .reading
            let platform = try await stores.home().open(
                House.platformBook, migrations: reads ? [] : House.platformMigrations, world: world,
                options: BookOptions())
            do {
                if !reads { try await platform.checkSeal() }
                return try await keys(settings, stores, platform, world: world)
            } catch {
                await platform.close()
                throw error
            }
        } catch {
            await stores.close()
            throw error
        }
    }

    private static func keys(
        _ settings: HouseSettings, _ stores: Stores, _ platform: Book, world: World
    ) async throws -> Footing {
        let folder = settings.keyFolder
        try KeyFolder.create(folder)
        // Processes of one installation may start together; only one of them makes the keys.
        let hold = try await KeyFolder.hold(folder)
        defer { hold.end() }
        try await MasterKeyMark.checkPresence(folder, platform)
        let checkpointKey = try KeyFolder.checkpointKey(folder, world: world)
        let identity = try await Identity(
            platform: platform, signingKeys: SigningKeyFile(path: folder + "/tokens.json"),
            environment: settings.environment, issuer: settings.issuer)
        let keys = try LocalKeyFile(path: folder + "/" + KeyFolder.masterKey)
        try await MasterKeyMark.compare(keys, folder, platform, writes: settings.access != .reading)
        return Footing(
            stores: stores, platform: platform, identity: identity, vault: Vault(keys: keys),
            checkpointKey: checkpointKey)
    }
}
