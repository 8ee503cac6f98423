import Contract
import Reconciliation
import Runtime
import SwiftProtobuf
import Synchronization

@testable import Console

/// A month of reconciliation made by hand. What people do is written down in `done`.
struct SampleReconciliation: ReconciliationReads {
    static let runID = "run_01kakyz3v0e9ra5h8v2q5m7xkz"
    static let caseID = "case_01kakyz3v0e9ra5h8v2q5m7abc"
    static let repairID = "rep_01kakyz3v0e9ra5h8v2q5m7rep"
    static let fileHash = String(repeating: "9f86d081", count: 8)
    static let hostile = SampleReads.hostile

    var isEmpty = false
    /// Who proposed the repair.
    var maker = "key_other"
    var refusal: Problem?
    let done = Log()

    final class Log: Sendable {
        private let entries = Mutex<[String]>([])
        func add(_ text: String) { entries.withLock { $0.append(text) } }
        var all: [String] { entries.withLock { $0 } }
    }

    static func amount(_ minor: Int64, _ currency: String = "EUR") -> V1Amount {
        .with {
            $0.minor = minor
            $0.currency = currency
        }
    }

    static let channels = ["alipay", "stripe", "unionpay", "wechat"]
    static let classes = [
        "missing_ours", "missing_theirs", "amount", "fee", "status", "duplicate_theirs", "late"
    ]

    func quality(from: String, until: String, _ caller: Caller) async throws -> V1QualityReport {
        .with { report in
            report.from = "2026-10-23"
            report.until = "2026-11-21"
            report.objectives.zone = "Asia/Shanghai"
            report.objectives.finishByMinute = 120
            let shares: [(String, Int64, Int64, Int64, Int64, Bool)] = [
                ("reconciled", 41_208_114, 41_208_990, 999_978, 999_990, false),
                ("wrong", 214, 41_208_990, 6, 10, true), ("on_time", 118, 120, 983_333, 990_000, false),
                ("automatic", 11_240, 12_402, 906_305, 800_000, true)
            ]
            report.indicators = shares.map { name, good, all, ppm, goal, met in
                .with {
                    $0.name = name
                    $0.good = isEmpty ? 0 : good
                    $0.all = isEmpty ? 0 : all
                    $0.ppm = ppm
                    $0.objectivePpm = goal
                    $0.met = met
                }
            }
            guard !isEmpty else { return }
            report.days = (0..<30).flatMap { index in
                Self.channels.enumerated().map { number, channel in
                    Self.day(index, number, channel)
                }
            }
            report.classes = Self.classes.enumerated().map { number, name in
                .with {
                    $0.class = name
                    $0.found = Int64(4_200 / (number + 1))
                    $0.open = Int64(40 / (number + 1))
                    $0.endedByPolicy = Int64(2_900 / (number + 1))
                    $0.endedByMatch = Int64(900 / (number + 1))
                    $0.endedByPerson = Int64(300 / (number + 1))
                    if number != 5 { $0.meanSecondsToDetect = Int64(14_000 + number * 3_301) }
                    $0.meanSecondsToRepair = Int64(800 * (number + 1) * (number + 1))
                }
            }
        }
    }

    private static func day(_ index: Int, _ number: Int, _ channel: String) -> V1QualityDay {
        let day = Timestamp(civilDay: "2026-10-23")?.adding(.seconds(86_400 * Int64(index))).civilDay ?? ""
        return .with {
            $0.day = day
            $0.channel = channel
            $0.lines = Int64(300_000 + (index * 37 + number * 11) % 90_000)
            let found = Int64((index * 13 + number * 29) % 97 + 20)
            $0.matched = $0.lines - found
            $0.differences = found
            $0.open = index > 24 ? found / Int64(4 + number) : index == 11 && number == 1 ? 7 : 0
            $0.carried = index > 27 ? 2 : 0
            $0.state = index == 29 && number > 1 ? "preparing" : "settled"
            $0.onTime = $0.state == "settled" && !(index == 19 && number == 2)
            $0.overdue = index == 29 && number == 3
            $0.runID = runID
        }
    }

    func heatmap(from: String, until: String, _ caller: Caller) async throws -> V1QualityHeatmap {
        .with { map in
            map.zone = "Asia/Shanghai"
            guard !isEmpty else { return }
            map.rows = Self.channels.enumerated().map { number, channel in
                .with {
                    $0.channel = channel
                    $0.hours = (0..<24).map { hour in
                        let wave = max(0, 12 - abs(hour - 20)) * 9 + (hour == 23 ? 70 : 0)
                        return Int64(max(0, wave * (4 - number) / 3 + (hour * 7 + number * 5) % 9 - 4))
                    }
                }
            }
        }
    }

    func ageing(_ caller: Caller) async throws -> V1QualityAgeing {
        .with { ageing in
            ageing.fromDays = [0, 1, 3, 7, 30]
            guard !isEmpty else { return }
            func rows(_ scale: Int64) -> [V1AgeingRow] {
                Self.channels.enumerated().map { number, channel in
                    .with {
                        $0.channel = channel
                        $0.currency = number < 3 ? "EUR" : "CNY"
                        $0.counts = [40, 22, 9, 4, 1].map { $0 * scale / Int64(number + 1) }
                        $0.amountsMinor = $0.counts.map { $0 * 4_311 }
                        $0.netMinor = $0.amountsMinor.reduce(0, +) - 22_000
                    }
                }
            }
            ageing.cases = rows(1)
            ageing.openItems = rows(17)
        }
    }

    func awaited(_ caller: Caller) async throws -> [V1AwaitedStatement] {
        isEmpty
            ? []
            : [
                .with {
                    $0.channel = "unionpay"
                    $0.day = "2026-11-20"
                    $0.state = "overdue"
                    $0.tries = 12
                    $0.problem = "absent: HTTP 404 \(Self.hostile)"
                    $0.nextTryAt = "2026-11-21T09:00:00.000000Z"
                }
            ]
    }

    func openItems(
        channel: String, currency: String, after: String, size: Int, _ caller: Caller
    ) async throws -> V1ListChannelOpenItemsReply {
        guard channel != "nothing" else { throw Problem.notFound("account", "clearing:nothing") }
        return .with { reply in
            reply.open = Self.amount(isEmpty ? 0 : 45_600)
            reply.balance = Self.amount(isEmpty ? 0 : channel == "broken" ? 45_700 : 45_600)
            guard !isEmpty else { return }
            reply.count = 12
            reply.nextPageToken = "next"
            reply.items = (0..<12).map { number in
                .with {
                    $0.reference = number == 3 ? Self.hostile : "ord_01kakyz3v0e9ra5h8v2q5m\(7_100 + number)"
                    $0.open = Self.amount(number == 5 ? -1_900 : Int64(3_500 + number * 77))
                    $0.openedAt = "2026-11-2\(number % 2)T0\(number % 10):12:44.000000Z"
                    $0.openedTransfer = Int64(88_001 + number * 7)
                    $0.caseID = number.isMultiple(of: 3) ? Self.caseID : ""
                }
            }
        }
    }

    // MARK: runs

    private var run: V1ReconciliationRun {
        .with {
            $0.id = Self.runID
            $0.channel = "wechat"
            $0.day = "2026-11-20"
            $0.state = "settled"
            $0.version = 7
            $0.number = 1
            $0.statementID = "stm_1"
            $0.fromAt = "2026-11-19T16:00:00.000000Z"
            $0.untilAt = "2026-11-20T16:00:00.000000Z"
            $0.currency = "CNY"
            $0.settledAt = "2026-11-20T17:12:31.000000Z"
            $0.confirmedBy = "policy"
            $0.counts.ours = 341_208
            $0.counts.theirs = 341_201
            $0.counts.matched = 341_150
            $0.counts.differences = 63
            $0.counts.settledLines = 341_150
            $0.counts.settledNet = Self.amount(9_412_310_447, "CNY")
            $0.counts.settledFees = Self.amount(56_812_290, "CNY")
            $0.counts.differenceAmount = Self.amount(412_300, "CNY")
            $0.counts.classes = [
                ("amount", 9), ("late", 31), ("matched", 341_150), ("missing_ours", 11), ("missing_theirs", 12)
            ].map { name, count in
                .with {
                    $0.class = name
                    $0.count = Int64(count)
                }
            }
        }
    }

    /// One that is being compared, and one that waits for a person.
    private var others: [V1ReconciliationRun] {
        var working = run
        working.id = "run_01kakyz3v0e9ra5h8v2q5m7two"
        working.channel = "unionpay"
        working.state = "preparing"
        working.settledAt = ""
        working.reason = Self.hostile
        working.tasks = (0..<8).map { number in
            .with {
                $0.number = Int32(number)
                $0.kind = number < 4 ? "parse" : "match"
                $0.shard = Int32(number % 4)
                $0.state = number < 3 ? "done" : number == 3 ? "failed" : "waiting"
                $0.attempts = 1
                $0.problem = number == 3 ? Self.hostile : ""
            }
        }
        var ready = run
        ready.id = "run_01kakyz3v0e9ra5h8v2q5m7rdy"
        ready.channel = "alipay"
        ready.state = "preparing"
        ready.ready = true
        ready.settledAt = ""
        return [working, ready]
    }

    func runs(day: String, after: String, size: Int, _ caller: Caller) async throws -> V1ListRunsReply {
        .with { $0.runs = isEmpty ? [] : [run] + others }
    }

    func run(_ id: String, _ caller: Caller) async throws -> V1ReconciliationRun {
        guard let found = ([run] + others).first(where: { $0.id == id }) else { throw Problem.notFound("run", id) }
        return found
    }

    func statement(_ id: String, _ caller: Caller) async throws -> V1ReconciliationStatement {
        .with {
            $0.name = "1900000109All2026-11-20_\(Self.hostile).csv.gz"
            $0.sha256 = String(repeating: "9f86d081", count: 8)
            $0.sizeBytes = 48_112_908
            $0.revision = 1
            $0.state = "active"
            $0.receivedAt = "2026-11-20T16:41:00.000000Z"
        }
    }

    func confirm(run id: String, version: Int64, _ caller: Caller) async throws {
        if let refusal { throw refusal }
        done.add("confirm \(id) \(version)")
    }

    func suggestions(run id: String, size: Int, _ caller: Caller) async throws -> V1ListSuggestionsReply {
        .with { reply in
            guard id == Self.runID else { return }
            reply.suggestions = [Self.suggestion]
            reply.found = 1_204
            reply.cut = true
        }
    }

    func retry(run id: String, version: Int64, _ caller: Caller) async throws { done.add("retry \(id) \(version)") }

    func abort(run id: String, version: Int64, reason: String, _ caller: Caller) async throws {
        done.add("abort \(id) \(version) \(reason)")
    }
}
