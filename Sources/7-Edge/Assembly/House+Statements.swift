import Channels
import Contract
import Foundation
import Logging
import Payments
public import Reconciliation
import Runtime
public import Store
public import Tenancy

extension House {
    /// Where a tenant's statements come from: the operator's list, the folders of the inbox, and the sandbox.
    static func sources(
        of tenant: TenantID, slug: String, settings: HouseSettings, live: LiveSources, channels: ChannelBook
    ) async -> [StatementSource] {
        var sources = await live.sources(of: [slug, "\(tenant)"])
        if let account = try? await channels.known("sandbox", tenant: "\(tenant)"),
            let address = settings.sandboxAddress
        {
            sources.append(SandboxChannel(baseURL: address, account: account).statementSource())
        }
        return sources
    }

    /// Brings and reconciles a tenant's statements now, instead of at the next round. Returns when nothing is left to do.
    public func reconcile(_ book: Book) async { await companions.reconcile(book) }

    /// Fetches the file of a channel's day now, also of a day that has not ended, and hands it over to its run. False
    /// when nothing brings this channel's files; throws what the source or the capability refused.
    @discardableResult
    public func fetchStatement(_ channel: String, day: BusinessDay, of tenant: Tenant) async throws -> Bool {
        try await withBook(of: tenant) { [companions] in try await companions.fetch(channel, day, $0) }
    }
}
