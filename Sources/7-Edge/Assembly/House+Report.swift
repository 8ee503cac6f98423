import Console
import Contract
public import Tenancy

extension House {
    /// The daily report of a tenant as a page that stands for itself, in "en" or "zh". Throws `Problem`.
    public func dailyReport(of tenant: Tenant, day: String, language: String) async throws -> String {
        let reads = HouseReconciliation(runs: reconciliation, cases: cases, quality: quality)
        return try await withBook(of: tenant) { book in
            try await PaperReport.html(
                day: day,
                caller: Caller(
                    subject: "operator", tenant: "\(tenant.id)", scopes: [HouseReconciliation.readScope], book: book),
                tenantName: tenant.name, language: language, reads: reads)
        }
    }
}
