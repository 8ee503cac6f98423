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
        of tenant: TenantID, slug: String, settings: HouseSettings, listed: [StatementSource], channels: ChannelBook
    ) async -> [StatementSource] {
        var sources = listed.filter { $0.tenant == slug || $0.tenant == "\(tenant)" }
        if let account = try? await channels.known("sandbox", tenant: "\(tenant)"),
            let address = settings.sandboxAddress
        {
            sources.append(SandboxChannel(baseURL: address, account: account).statementSource())
        }
        return sources
    }

    /// The operator's sources. Throws `StatementSources.Refusal` with the file, the source's number and the field.
    static func listedSources(_ settings: HouseSettings) throws -> [StatementSource] {
        let listed = try settings.statementSources.map { try StatementSources.read(file: $0) } ?? []
        return listed + (settings.inbox.map { StatementSources.folders(of: $0) } ?? [])
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
