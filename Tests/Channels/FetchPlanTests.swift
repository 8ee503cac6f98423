import Runtime
import Testing

@testable import Channels

@Suite("When a statement is asked for")
struct FetchPlanTests {
    let due = World.simulatedStart

    @Test("tries come ever further apart until the deadline, then each hour, then never")
    func pace() {
        let plan = FetchPlan(due: due, patience: .seconds(4 * 3_600))
        var now = due
        var pauses: [Int64] = []
        var overdueAt: Timestamp?
        for tries in 1...400 {
            if plan.isOverdue(at: now), overdueAt == nil { overdueAt = now }
            guard let next = plan.next(afterTries: tries, at: now) else { break }
            pauses.append((next - now).wholeMicroseconds / 60_000_000)
            now = next
        }
        #expect(pauses.prefix(6) == [1, 2, 4, 8, 16, 30])
        #expect(overdueAt == plan.deadline, "the last try before the deadline is at the deadline")
        #expect(pauses.last == 60)
        #expect(pauses.count < 250, "it is given up")
        #expect(plan.next(afterTries: 1, at: plan.end) == nil)
    }

    @Test("a file is not asked for before it is due")
    func early() {
        let plan = FetchPlan(due: due, patience: .seconds(60))
        #expect(plan.next(afterTries: 0, at: due.adding(.seconds(-3_600))) == due)
        #expect(!plan.isOverdue(at: due))
    }
}

@Suite("The operator's list of sources")
struct StatementSourcesTests {
    @Test("a source of each kind is read with its settings")
    func reads() throws {
        let sources = try StatementSources.read(
            """
            sources:
              - tenant: atelier
                channel: netsunion
                http: https://bank.example/{yyyy}{MM}{dd}.csv.gz
                header: Authorization
                secret_env: NETSUNION_TOKEN
                name: nu-{yyyyMMdd}.csv.gz
                patience_minutes: 90
                limit_mb: 5
              - tenant: atelier
                channel: unionpay
                folder: /srv/sftp/unionpay
                files: IND{yyMMdd}01ACOM
                offset_days: -1
                marker: true
            """)
        #expect(sources.map(\.channel) == ["netsunion", "unionpay"])
        #expect(sources[0].fileName(of: "2026-11-21") == "nu-20261121.csv.gz")
        #expect(sources[0].patience == .seconds(5_400))
        guard case .http(let http) = sources[0].place, case .folder(let folder) = sources[1].place else {
            Issue.record("the first is an address, the second a folder")
            return
        }
        #expect(http.limitBytes == 5 << 20)
        #expect(folder.wantsMarker && folder.pattern?.day(of: "IND26112201ACOM") == "2026-11-21")
        #expect(sources[1].fileName(of: "2026-11-21") == "unionpay-2026-11-21.csv")
    }

    @Test(
        "what is not understood is refused with the source's number and the field",
        arguments: [
            ("- {tenant: a, channel: b}", "`folder` or `http`"),
            ("- {tenant: a, channel: b, folder: /x, http: 'https://x'}", "`folder` or `http`"),
            ("- {tenant: a, channel: b, folder: /x, secert_file: y}", "secert_file"),
            ("- {tenant: a, channel: 'b/../c', folder: /x}", "b/../c"),
            ("- {tenant: a, channel: b, http: 'ftp://x'}", "https://"),
            ("- {tenant: a, channel: b, http: 'https://x', header: X}", "secret"),
            ("- {tenant: a, channel: b, folder: /x, digest: 'https://x'}", "digest"),
            ("- {tenant: a, channel: b, folder: /x, marker: perhaps}", "marker"),
            ("- {tenant: a, channel: b, folder: /x, patience_minutes: 0}", "patience_minutes"),
            ("- {channel: b, folder: /x}", "tenant"), ("- text", "source 1")
        ])
    func refuses(entry: String, naming: String) {
        let refusal = #expect(throws: StatementSources.Refusal.self) {
            try StatementSources.read("sources:\n  \(entry)\n")
        }
        #expect(refusal?.description.contains(naming) == true, "\(refusal?.description ?? "")")
        #expect(refusal?.description.contains("source 1") == true)
    }

    @Test("something else than a list of sources is refused", arguments: ["", "sources: 1", "other: []", "[", "- a"])
    func shape(text: String) {
        #expect(throws: StatementSources.Refusal.self) { try StatementSources.read(text) }
    }
}
