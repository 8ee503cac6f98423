import Contract
package import Money
import Reconciliation
import Runtime
import SwiftProtobuf

/// A tenant's day at the sandbox, reconciled through the API as any program outside would do it.
package struct ReconciledDay: Sendable {
    package let slug: String
    package var lines: Int64 = 0
    package var matched: Int64 = 0
    package var cases = 0
    /// Differences by class, as the run counted them.
    package var classes: [(name: String, count: Int64)] = []
    package var settledNet: Amount
    package var openItems: Int64 = 0
    package var open: Amount
    package var balance: Amount
    package var faults: [Fault] = []

    private static let patience = Duration.seconds(90)
    private static let pageSize = 200

    /// Sets the profile, has the statement fetched, waits until the run is settled and looks at what it left.
    ///
    /// - Parameters:
    ///   - profile: how the sandbox's files are read, in YAML.
    ///   - expected: how many differences the statement was given on purpose.
    package static func run(
        slug: String, currency: Currency, profile: String, day: String, expected: Int, api: ApiClient,
        fetch: () async throws -> Void
    ) async throws -> ReconciledDay {
        var result = ReconciledDay(slug: slug, currency: currency)
        try await putProfile(profile, currency, api)
        try await fetch()
        guard let run = try await settled(day, api) else {
            result.faults.append(Fault(.reconciliation, "\(slug): the run of \(day) has not settled"))
            return result
        }
        result.lines = run.counts.theirs
        result.matched = run.counts.matched
        result.settledNet = Amount(minor: run.counts.settledNet.minor, currency)
        result.classes = run.counts.classes.filter { $0.class != "matched" && $0.count > 0 }.map {
            ($0.class, $0.count)
        }
        let reply: V1ListCasesReply = try await api.get(
            "/v1/reconciliation/cases?run_id=\(run.id)&page_size=\(pageSize)")
        result.cases = reply.cases.count
        if result.cases != expected {
            result.faults.append(
                Fault(
                    .reconciliation,
                    "\(slug): the statement was given \(expected) differences, \(result.cases) became cases"))
        }
        let items: V1ListChannelOpenItemsReply = try await api.get(
            "/v1/reconciliation/open-items/sandbox/\(currency.code)?page_size=1")
        result.openItems = items.count
        result.open = Amount(minor: items.open.minor, currency)
        result.balance = Amount(minor: items.balance.minor, currency)
        if result.open != result.balance {
            result.faults.append(
                Fault(
                    .reconciliation,
                    "\(slug): the open items add up to \(result.open), the clearing account stands at \(result.balance)"
                ))
        }
        return result
    }

    private init(slug: String, currency: Currency) {
        self.slug = slug
        settledNet = .zero(currency)
        open = .zero(currency)
        balance = .zero(currency)
    }

    /// A day without carrying, so that what is missing is a case today and not tomorrow.
    private static func putProfile(_ yaml: String, _ currency: Currency, _ api: ApiClient) async throws {
        let profile = V1ReconciliationProfile.with {
            $0.channel = "sandbox"
            $0.statementProfile = yaml
            $0.currency = currency.code
            $0.autoConfirm = true
            $0.autoDifferences = 1_000
            $0.autoAmountMinor = 1_000_000_000
            $0.carryDays = -1
        }
        _ = try await api.send(
            .put, "/v1/reconciliation/profiles/sandbox",
            V1PutReconciliationProfileRequest.with { $0.profile = profile }, key: "demo-reconciliation",
            as: V1ReconciliationProfile.self)
    }

    private static func settled(_ day: String, _ api: ApiClient) async throws -> V1ReconciliationRun? {
        let end = ContinuousClock.now + patience
        while ContinuousClock.now < end {
            let reply: V1ListRunsReply = try await api.get(
                "/v1/reconciliation/runs?channel=sandbox&day=\(day)&page_size=1")
            if let run = reply.runs.first, run.state == "settled" { return run }
            try await Task.sleep(for: .milliseconds(200))
        }
        return nil
    }
}
