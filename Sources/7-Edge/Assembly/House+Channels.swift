import Channels
public import Payments
public import Tenancy

extension House {
    /// Gives a tenant an account at the sandbox channel and registers it there, with the address of our callbacks.
    public func connectSandbox(_ tenant: Tenant) async throws -> ChannelAccount {
        let account = try await channels.connect("sandbox", tenant: "\(tenant.id)")
        guard let address = settings.sandboxAddress else { return account }
        let callback = "\(settings.publicAddress)/v1/callbacks/sandbox/\(account.token)"
        try await SandboxChannel(address: address, account: account).register(callbackAddress: callback)
        return account
    }
}
