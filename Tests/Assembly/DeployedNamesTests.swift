import CoreMetrics
import Foundation
import Reconciliation
import Runtime
import TestStores
import Testing

@testable import Assembly

/// An alert on a figure that nobody sets is quiet for ever.
@Suite("Figures that deploy/ names", .onBothStores)
struct DeployedNamesTests {
    private static let root = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
        .deletingLastPathComponent()

    private func text(_ path: String) throws -> String {
        try String(contentsOf: Self.root.appending(path: path), encoding: .utf8)
    }

    @Test("every figure of the alerts and of the autoscaler is one that the house tells, with the labels used there")
    func names() async throws {
        let files = try ["deploy/prometheus/reconciliation.rules.yml", "deploy/keda/reconciliation.yaml"].map(text)
        let named = Set(files.flatMap { $0.matches(of: /kontor_reconciliation_[a-z_]+/).map { String($0.output) } })
        #expect(named.count > 6)
        let registry = PrometheusRegistry()
        let bank = Bank(file: FetchDesk.emptyFile)
        try await FetchDesk.with(bank) { desk in
            try await withMetricsFactory(registry) {
                try await desk.go(on: .seconds(61 * 60))
                _ = try await desk.quality.publish(desk.book, tenant: "shop", to: QualityGauges())
            }
        }
        var told: [String: Set<String>] = [:]
        for line in registry.render().split(separator: "\n") where line.hasPrefix("kontor_reconciliation_") {
            let name = String(line.prefix { $0 != "{" && $0 != " " })
            told[name, default: []].formUnion(line.matches(of: /([a-z]+)="/).map { String($0.output.1) })
        }
        // These are one for each process, made when it first works on a task.
        for match in try text("Sources/3-Funds/Reconciliation/Tasks/TaskMetrics.swift").matches(
            of: /label: "(kontor_reconciliation_[a-z_]+)"/)
        {
            told[String(match.output.1)] = []
        }
        let untold = told.keys.filter { FigureHelp.texts[$0] == nil }
        #expect(untold.isEmpty, "nobody says what \(untold.sorted()) tell")
        #expect(named.subtracting(told.keys).isEmpty, "nobody sets \(named.subtracting(told.keys).sorted())")
        for (name, labels) in [
            ("overdue_statements", ["tenant", "channel"]), ("overdue_runs", ["tenant", "channel"]),
            ("open_cases", ["tenant", "channel"]), ("wrong_met", ["tenant"]), ("on_time_met", ["tenant"]),
            ("fetches_total", ["channel", "outcome"])
        ] {
            #expect(told["kontor_reconciliation_" + name] == Set(labels), "\(name)")
        }
    }

    @Test("every figure says what it tells, and no words are left for one that is gone")
    func help() throws {
        let sources = try FileManager.default.subpathsOfDirectory(atPath: Self.root.appending(path: "Sources").path())
            .filter { $0.hasSuffix(".swift") && !$0.contains("Generated") }
        var labels: Set<String> = ["kontor_metrics_dropped_total"]
        for path in sources {
            for match in try text("Sources/" + path).matches(of: /label:\s+"(kontor_[a-z_]+[a-z])"/) {
                labels.insert(String(match.output.1))
            }
        }
        #expect(labels.count > 20)
        let silent = labels.subtracting(FigureHelp.texts.keys)
        #expect(silent.isEmpty, "no words for \(silent.sorted())")
        // The gauges of quality are named by what they measure, and looked at above.
        let gone = FigureHelp.texts.keys.filter { name in
            !labels.contains(name) && !name.hasSuffix("_ppm") && !name.hasSuffix("_met")
                && ![
                    "kontor_reconciliation_open_cases", "kontor_reconciliation_carried_lines",
                    "kontor_reconciliation_overdue_runs", "kontor_reconciliation_overdue_statements"
                ].contains(name)
        }
        #expect(gone.isEmpty, "nobody tells \(gone.sorted())")
        let registry = PrometheusRegistry(help: FigureHelp.texts)
        registry.makeCounter(label: "kontor_store_batches_total", dimensions: []).increment(by: 1)
        #expect(
            registry.render().hasPrefix(
                """
                # HELP kontor_store_batches_total Commits, each of one or more commands.
                # TYPE kontor_store_batches_total counter
                kontor_store_batches_total 1
                """))
    }
}
