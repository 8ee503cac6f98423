import Channels
public import Payments
public import Tenancy

extension House {
    /// Gives a tenant an account at the sandbox channel and registers it there, with the address of our callbacks.
    /// `publicAddress` is where the channel reaches this house; the setting when it is not given.
    @discardableResult
    public func connectSandbox(_ tenant: Tenant, publicAddress: String? = nil) async throws -> ChannelAccount {
        let account = try await channels.connect("sandbox", tenant: "\(tenant.id)")
        guard let address = settings.sandboxAddress else { return account }
        let callback = "\(publicAddress ?? settings.publicAddress)/v1/callbacks/sandbox/\(account.token)"
        try await SandboxChannel(baseURL: address, account: account).register(callbackURL: callback)
        return account
    }

    /// What the sandbox says it did for a tenant on a day ("2026-11-21"): its daily statement.
    public func sandboxStatement(_ tenant: Tenant, day: String) async throws -> String {
        let account = try await channels.connect("sandbox", tenant: "\(tenant.id)")
        guard let address = settings.sandboxAddress else { return "" }
        return try await SandboxChannel(baseURL: address, account: account).statement(day: day)
    }
}
