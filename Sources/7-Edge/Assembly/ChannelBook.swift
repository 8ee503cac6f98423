import Channels
import Contract
import Payments
import Runtime
import Store
import Synchronization

/// Whose account is at which channel, and the clients that talk to them.
final class ChannelBook: Sendable {
    private let platform: Book
    private let sandboxAddress: String?
    private let open = Mutex<[String: SandboxChannel]>([:])

    init(platform: Book, sandboxAddress: String?) {
        self.platform = platform
        self.sandboxAddress = sandboxAddress
        platform.announcements.listen(Self.topic) { [weak self] key in
            self?.open.withLock { $0[key] = nil }
        }
    }

    /// On which a changed account is announced, with the tenant and the channel.
    private static let topic = "channels"

    /// The client of a tenant's account at a channel; throws a problem that says what is missing.
    @Sendable func channel(_ name: String, _ tenant: String) async throws -> any PaymentChannel {
        if let channel = open.withLock({ $0[tenant + " " + name] }) { return channel }
        guard name == "sandbox", let sandboxAddress else {
            throw Problem.invalid(field: "channel", value: name, rule: "is no payment channel of this installation")
        }
        let found = try await platform.read { try ChannelAccounts.find(tenant: tenant, channel: name, $0) }
        guard let account = found else {
            throw Problem.conflict(type: "no-channel-account", "the tenant has no account at \(name) yet")
        }
        let made = SandboxChannel(baseURL: sandboxAddress, account: account, timeout: .seconds(3))
        return open.withLock { channels in
            if let other = channels[tenant + " " + name] { return other }
            channels[tenant + " " + name] = made
            return made
        }
    }

    /// Whose callback a token in a path announces.
    func account(token: String) async throws -> ChannelAccount? {
        try await platform.read { try ChannelAccounts.find(token: token, $0) }
    }

    /// A tenant's account at a channel; nil when it has none.
    func known(_ name: String, tenant: String) async throws -> ChannelAccount? {
        try await platform.read { try ChannelAccounts.find(tenant: tenant, channel: name, $0) }
    }

    /// Opens an account for a tenant, or returns the one it has.
    func connect(_ name: String, tenant: String) async throws -> ChannelAccount {
        try await platform.write("channels.connect") { tx in
            if let known = try ChannelAccounts.find(tenant: tenant, channel: name, tx) { return known }
            let account = ChannelAccount.make(channel: name, tenant: tenant, random: tx.world.random)
            try ChannelAccounts.put(account, in: tx)
            try tx.announce(Self.topic, tenant + " " + name)
            return account
        }
    }
}
