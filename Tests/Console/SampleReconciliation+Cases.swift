import Contract
import Reconciliation
import SwiftProtobuf

@testable import Console

/// Cases made by hand, with what people do about them.
extension SampleReconciliation {
    func row(_ number: Int) -> V1ReconciliationCase {
        .with { item in
            item.id = number == 2 ? Self.caseID : "case_01kakyz3v0e9ra5h8v2q5m\(7_100 + number)"
            item.runID = Self.runID
            item.channel = Self.channels[number % 4]
            item.day = "2026-11-20"
            item.class = number == 2 ? "amount" : Self.classes[number % 7]
            item.state = ["open", "investigating", "repair_proposed", "resolved", "written_off"][number % 5]
            item.severity = ["low", "medium", "high", "critical"][number % 4]
            item.reason = "the amounts are \(number) minor units apart \(number == 4 ? Self.hostile : "")"
            item.ours = Self.line(minor: 12_345, reference: "ord_01kakyz3v0e9ra5h8v2q5m7xkz", line: 0)
            item.theirs = Self.line(minor: 12_340, reference: "", line: 812)
            item.open = Self.amount(5 + Int64(number) * 190)
            item.reference = SampleReads.orderID
            if number % 4 != 3 {
                item.cause = .with {
                    $0.code = "bank_rounding"
                    $0.title = number == 6 ? Self.hostile : "The bank rounded to whole ten cents"
                    $0.titleZh = number == 6 ? Self.hostile : "银行四舍五入到角"
                    $0.confidence = 85
                    $0.rules = 3
                    $0.suggestedRepair = "write_off_rounding"
                    $0.others = ["truncated_amount"]
                }
            }
            item.owner = number % 3 == 0 ? "team.payments" : ""
            item.deadlineAt = "2026-11-22T16:00:00.000000Z"
            item.overdue = number % 6 == 1
            item.version = 4
            item.openedAt = "2026-11-20T17:0\(number % 10):00.000000Z"
        }
    }

    static func line(minor: Int64, reference: String, line: Int64) -> V1CaseLine {
        .with {
            $0.kind = "payment"
            $0.merchantReference = "kt-4b1f8st9-2"
            $0.channelReference = "4200001337202611209876543210"
            $0.paymentID = reference.isEmpty ? "" : SampleReads.paymentID
            $0.amount = amount(minor)
            $0.fee = amount(line == 0 ? 74 : 74)
            $0.status = "succeeded"
            $0.at = line == 0 ? "2026-11-20T15:59:58.000000Z" : "2026-11-20T16:00:03.000000Z"
            $0.line = line
            $0.lines = 1
        }
    }

    func cases(_ filter: V1ListCasesRequest, _ caller: Caller) async throws -> V1ListCasesReply {
        if isEmpty { return V1ListCasesReply() }
        return .with { reply in
            reply.cases = (0..<14).map(row).filter {
                (filter.class.isEmpty || $0.class == filter.class) && (filter.state.isEmpty || $0.state == filter.state)
                    && (filter.channel.isEmpty || $0.channel == filter.channel)
            }
            reply.nextPageToken = filter.class.isEmpty ? "more" : ""
        }
    }

    static let likelyID = "case_01kakyz3v0e9ra5h8v2q5m7lkl"

    /// What the matcher holds likely about the case `likelyID` and one that nobody can read.
    static let suggestion = V1MatchSuggestion.with {
        $0.runID = runID
        $0.number = 1
        $0.class = "matched"
        $0.confidence = 60
        $0.reason = "same amount, two seconds apart \(hostile)"
        $0.ours.reference = SampleReads.orderID
        $0.ours.amount = amount(2_000)
        $0.theirs.channelReference = "42000013372026112098765"
        $0.theirs.amount = amount(2_000)
        $0.caseIds = [likelyID, "case_01kakyz3v0e9ra5h8v2q5m7lke", "case_gone"]
    }

    /// Both halves of the suggestion: a line of theirs and a payment of ours, each alone.
    func half(_ isTheirs: Bool) -> V1ReconciliationCase {
        var item = row(isTheirs ? 1 : 0)
        item.id = isTheirs ? Self.likelyID : "case_01kakyz3v0e9ra5h8v2q5m7lke"
        item.class = isTheirs ? "missing_ours" : "missing_theirs"
        item.state = "open"
        if isTheirs { item.clearOurs() } else { item.clearTheirs() }
        item.open = Self.amount(isTheirs ? -2_000 : 2_050)
        item.reference = isTheirs ? "line:812" : SampleReads.orderID
        item.suggestions = [Self.suggestion]
        return item
    }

    func item(_ id: String, _ caller: Caller) async throws -> V1ReconciliationCase {
        if id == Self.likelyID { return half(true) }
        if id == "case_01kakyz3v0e9ra5h8v2q5m7lke" { return half(false) }
        guard id == Self.caseID else { throw Problem.notFound("case", id) }
        var item = row(2)
        item.oddity.scoreBp = 7_400
        item.oddity.feature = "amount"
        item.notes = [
            .with {
                $0.author = "key_01kakyz"
                $0.text = "Asked the bank. \(Self.hostile)"
                $0.writtenAt = "2026-11-20T18:20:00.000000Z"
            }
        ]
        item.files = [
            .with {
                $0.sha256 = Self.fileHash
                $0.name = "银行回单 \(Self.hostile).pdf"
                $0.sizeBytes = 48_112
                $0.attachedBy = "key_01kakyz"
                $0.attachedAt = "2026-11-20T18:25:00.000000Z"
            }
        ]
        item.repairs = [repair]
        return item
    }

    var repair: V1Repair {
        .with {
            $0.id = Self.repairID
            $0.caseID = Self.caseID
            $0.kind = "write_off_rounding"
            $0.state = "proposed"
            $0.amount = Self.amount(5)
            $0.reason = "the bank's own rounding \(Self.hostile)"
            $0.proposedBy = maker
            $0.waitsBecause = "5 is over the limit of 2 for one repair"
            $0.proposedAt = "2026-11-20T18:30:00.000000Z"
            $0.version = 1
            $0.entries = [
                .with {
                    $0.debit = "rounding_differences"
                    $0.credit = "clearing:wechat"
                    $0.amount = Self.amount(5)
                    $0.code = 2
                    $0.reference = SampleReads.orderID
                }
            ]
        }
    }

    func preview(repair id: String, _ caller: Caller) async throws -> V1RepairPreview {
        .with {
            $0.balances = [("rounding_differences", 130, 135), ("clearing:wechat", 48_005, 48_000)].map { code, a, b in
                .with {
                    $0.account = code
                    $0.currency = "EUR"
                    $0.beforeMinor = Int64(a)
                    $0.afterMinor = Int64(b)
                }
            }
            $0.items = [
                .with {
                    $0.account = "clearing:wechat"
                    $0.reference = SampleReads.orderID
                    $0.currency = "EUR"
                    $0.beforeMinor = 5
                }
            ]
        }
    }

    func note(case id: String, text: String, _ caller: Caller) async throws {
        if let refusal { throw refusal }
        done.add("note \(id) \(text)")
    }

    func move(case id: String, _ move: String, reason: String, version: Int64, _ caller: Caller) async throws {
        done.add("move \(id) \(move) \(reason) \(version)")
    }

    func assign(case id: String, owner: String, deadline: String, version: Int64, _ caller: Caller) async throws {
        if let refusal { throw refusal }
        done.add("assign \(id) \(owner) \(deadline) \(version)")
    }

    func unassign(case id: String, version: Int64, _ caller: Caller) async throws {
        done.add("unassign \(id) \(version)")
    }

    func attach(_ content: [UInt8], named name: String, to id: String, _ caller: Caller) async throws {
        if let refusal { throw refusal }
        done.add("attach \(id) \(name) \(content.count)")
    }

    func attachment(_ sha256: String, of id: String, _ caller: Caller) async throws -> [UInt8] {
        Array("%PDF-1.7 <script>".utf8)
    }

    func propose(_ request: V1ProposeRepairRequest, key: String, _ caller: Caller) async throws {
        if let refusal { throw refusal }
        let target = request.targetReference.isEmpty ? "" : " \(request.targetReference)"
        done.add("propose \(request.kind) \(request.amountMinor) \(request.reason) \(key)\(target)")
    }

    func decide(
        repair id: String, _ decision: RepairDecision, reason: String, version: Int64, _ caller: Caller
    ) async throws {
        if let refusal { throw refusal }
        done.add("\(decision.rawValue) \(id) \(version)")
    }
}
