import Foundation
import Testing

@testable import Reconciliation

/// The standard causes, each on a difference that it is about and on ones that are nearly that.
@Suite("Why a difference is there")
struct CauseRulesTests {
    private let rules: CauseRules

    init() throws {
        guard case .causes(let rules) = try RuleSetDocument(#require(StandardRuleSets.source(.causes))) else {
            throw CasesError(.rulesInvalid, "the standard set is of kind causes")
        }
        self.rules = rules
    }

    private func line(
        _ minor: Int64, fee: Int64? = nil, reference: String = "pay-100200", channelReference: String = "ch-1",
        kind: String = "payment", status: String = "succeeded", minute: Int64? = 600
    ) -> CauseLine {
        var line = CauseLine()
        line.reference = reference
        line.channelReference = channelReference
        line.kind = kind
        line.status = status
        line.currency = "EUR"
        line.amountMinor = minor
        line.feeMinor = fee
        line.time = minute.map { 1_767_225_600 + $0 * 60 }
        return line
    }

    private func cause(
        _ matchClass: String, _ ours: CauseLine?, _ theirs: CauseLine?, twin: CauseLine? = nil, unit: Int64 = 100,
        cutoff: Int64 = -1, _ run: (inout CauseRun) -> Void = { _ in }
    ) -> String {
        var facts = CauseFacts(
            matchClass: matchClass, channel: "sandbox", currency: "EUR", unit: unit, ours: ours ?? .absent,
            theirs: theirs ?? .absent, twin: twin ?? .absent, minutesToCutoff: cutoff)
        run(&facts.run)
        let verdict = rules.verdict(facts)
        #expect(verdict.failures.isEmpty)
        return verdict.cause
    }

    @Test("a truncated amount lost exactly its fraction")
    func truncated() {
        #expect(cause("amount", line(12_345), line(12_300)) == "truncated_amount")
        #expect(cause("amount", line(12_345), line(12_200)) != "truncated_amount")
        #expect(cause("amount", line(12_300), line(12_200)) != "truncated_amount", "there was no fraction to lose")
        #expect(cause("amount", line(12_345), line(12_300), unit: 1) != "truncated_amount", "yen have no fraction")
    }

    @Test("the bank's rounding is a cent or two, either way")
    func rounding() {
        #expect(cause("amount", line(10_099), line(10_100)) == "bank_rounding")
        #expect(cause("amount", line(10_102), line(10_100)) == "truncated_amount", "a lost fraction is surer")
        #expect(cause("amount", line(10_150), line(10_148)) == "bank_rounding")
        #expect(cause("amount", line(10_150), line(10_147)) != "bank_rounding")
    }

    @Test("units taken for minor units are a hundred or a thousand times apart, exactly")
    func exponent() {
        #expect(cause("amount", line(1_999), line(199_900)) == "currency_exponent")
        #expect(cause("amount", line(199_900), line(1_999)) == "currency_exponent")
        #expect(cause("amount", line(1_999), line(1_999_000)) == "currency_exponent")
        #expect(cause("amount", line(1_999), line(199_901)) != "currency_exponent")
        #expect(cause("amount", line(0), line(100)) != "currency_exponent")
    }

    @Test("a refund that was booked as a payment has the other sign")
    func refundAsPayment() {
        #expect(cause("amount", line(5_000), line(-5_000)) == "refund_as_payment")
        #expect(cause("amount", line(5_000), line(-4_999)) != "refund_as_payment")
        #expect(cause("missing_ours", nil, line(-5_000, kind: "refund"), twin: line(5_000)) == "refund_as_payment")
        let other = line(5_000, reference: "pay-999999")
        #expect(cause("missing_ours", nil, line(-5_000, kind: "refund"), twin: other) != "refund_as_payment")
    }

    @Test("an amount less the fee is the fee's doing")
    func feeDeducted() {
        #expect(cause("amount", line(10_000, fee: 60), line(9_940)) == "fee_deducted")
        #expect(cause("amount", line(10_000, fee: 60), line(9_939)) != "fee_deducted")
        #expect(cause("amount", line(10_000), line(9_940)) != "fee_deducted", "our fee is not known")
    }

    @Test("a part that was captured is less and above zero")
    func partial() {
        #expect(cause("amount", line(10_000), line(4_000)) == "partial_capture")
        #expect(cause("amount", line(10_000), line(14_000)) == "", "more than was asked for is no part of it")
    }

    @Test("the same difference on a third of all lines is a discount of the channel")
    func discount() {
        let one = line(10_000)
        let other = line(9_500)
        #expect(cause("amount", one, other) { ($0.sameClass, $0.sameDelta) = (10, 5) } == "discount_by_channel")
        #expect(cause("amount", one, other) { ($0.sameClass, $0.sameDelta) = (10, 4) } == "partial_capture")
        #expect(cause("amount", one, other) { ($0.sameClass, $0.sameDelta) = (100, 5) } == "partial_capture")
    }

    @Test("a new fee table shows on most lines; one line alone is that line's")
    func feeTable() {
        let (ours, theirs) = (line(10_000, fee: 60), line(10_000, fee: 80))
        #expect(cause("fee", ours, theirs) { ($0.sameClass, $0.sameFeeRatio) = (8, 6) } == "fee_table_changed")
        #expect(cause("fee", ours, theirs) { ($0.sameClass, $0.sameFeeRatio) = (8, 3) } == "fee_unexpected")
        #expect(cause("fee", ours, theirs) { ($0.sameClass, $0.sameFeeRatio) = (4, 4) } == "fee_unexpected")
        #expect(cause("fee", ours, line(10_000, fee: 61)) == "fee_rounding")
        #expect(cause("fee", ours, line(10_000, fee: 62)) == "fee_unexpected")
    }

    @Test("a number written otherwise is the same number: case, zeros, hyphens, something before or after")
    func mapping() {
        let ours = line(7_700, reference: "PAY-00123456")
        for written in ["pay-00123456", "PAY00123456", "CN-PAY-00123456", "PAY-00123456-1"] {
            #expect(
                cause("missing_theirs", ours, nil, twin: line(7_700, reference: written)) == "id_mapping", "\(written)")
        }
        let zeros = line(7_700, reference: "123456")
        #expect(cause("missing_ours", nil, zeros, twin: line(7_700, reference: "00123456")) == "id_mapping")
        #expect(cause("missing_theirs", ours, nil, twin: line(7_700, reference: "PAY-00123457")) != "id_mapping")
        #expect(cause("missing_theirs", ours, nil, twin: line(7_701, reference: "pay-00123456")) != "id_mapping")
        let short = line(7_700, reference: "12")
        #expect(
            cause("missing_theirs", short, nil, twin: line(7_700, reference: "A-12")) != "id_mapping",
            "two digits are within many numbers by chance")
    }

    @Test("clocks in two zones are whole half hours apart, on several lines")
    func zone() {
        let ours = line(8_800, reference: "a-555555", minute: 600)
        let theirs = line(8_800, reference: "b-444444", minute: 1_080)
        #expect(cause("missing_theirs", ours, nil, twin: theirs) { $0.sameShift = 3 } == "time_zone_shift")
        #expect(cause("missing_theirs", ours, nil, twin: theirs) { $0.sameShift = 2 } != "time_zone_shift")
        let odd = line(8_800, reference: "b-444444", minute: 1_090)
        #expect(cause("missing_theirs", ours, nil, twin: odd) { $0.sameShift = 3 } != "time_zone_shift")
    }

    @Test("a line just before the cut-off is the next file's")
    func late() {
        #expect(cause("late", line(100), nil) == "late_file")
        #expect(cause("missing_theirs", line(10_100), nil, cutoff: 30) == "late_file")
        #expect(cause("missing_theirs", line(10_100), nil, cutoff: 31) == "")
    }

    @Test("two bookings of one notice, one line twice in the file, and two charges are told apart")
    func duplicates() {
        let line = line(9_900)
        #expect(cause("duplicate_ours", line, nil, twin: line) == "double_callback")
        #expect(cause("duplicate_ours", line, nil, twin: self.line(9_800)) == "")
        #expect(cause("duplicate_theirs", nil, line, twin: line) == "duplicate_statement_line")
        let again = self.line(9_900, channelReference: "ch-2")
        #expect(cause("duplicate_theirs", nil, again, twin: line) == "charged_twice")
        #expect(cause("duplicate_theirs", nil, again) == "")
    }

    @Test("a test is small and says so")
    func tests() {
        #expect(cause("missing_ours", nil, line(1, reference: "TEST-1")) == "test_transaction")
        #expect(cause("missing_ours", nil, line(1, reference: "latest-1")) != "test_transaction")
        #expect(cause("missing_ours", nil, line(101, reference: "TEST-1")) != "test_transaction")
    }

    @Test("what their status says that ours does not know")
    func status() {
        #expect(cause("status", line(500), line(500, status: "pending")) == "status_late")
        #expect(cause("status", line(500), line(500, status: "reversed")) == "reversed_there")
        #expect(cause("status", line(500, status: "failed"), line(500)) == "")
    }

    @Test("money that our books lack: a lost notice, a refund, a chargeback, and what has no number")
    func missing() {
        #expect(cause("missing_ours", nil, line(6_000)) == "callback_lost")
        #expect(cause("missing_ours", nil, line(6_000, status: "pending")) == "")
        #expect(cause("missing_ours", nil, line(-6_000, kind: "refund")) == "refund_not_booked")
        #expect(cause("missing_ours", nil, line(-6_000, kind: "chargeback")) == "chargeback")
        #expect(cause("missing_ours", nil, line(6_000, reference: "")) == "unknown_money")
        #expect(cause("currency", line(500), line(500)) == "other_currency")
    }

    @Test("every standard rule is the cause of some difference above, and its name is in both languages")
    func complete() {
        let tested: Set = [
            "truncated_amount", "bank_rounding", "currency_exponent", "refund_as_payment", "fee_deducted",
            "partial_capture", "discount_by_channel", "fee_table_changed", "fee_unexpected", "fee_rounding",
            "id_mapping", "time_zone_shift", "late_file", "double_callback", "duplicate_statement_line",
            "charged_twice", "test_transaction", "status_late", "reversed_there", "callback_lost",
            "refund_not_booked", "chargeback", "unknown_money", "other_currency"
        ]
        #expect(Set(rules.rules.map(\.code)) == tested)
        #expect(rules.rules.allSatisfy { !$0.title.isEmpty && !$0.titleZh.isEmpty })
    }

    @Test("the surest cause is named, and the others beside it")
    func others() {
        var facts = CauseFacts(
            matchClass: "amount", channel: "sandbox", currency: "EUR", unit: 100, ours: line(10_001),
            theirs: line(10_000))
        facts.run.sameClass = 1
        let verdict = rules.verdict(facts)
        #expect(verdict.cause == "truncated_amount")
        #expect(verdict.confidence == 90)
        #expect(verdict.others == ["bank_rounding"])
    }

    @Test("a rule that cannot be evaluated says so and names no cause")
    func failing() throws {
        let rules = try CauseRules([
            CauseRule(code: "broken", title: "broken", when: "100 / (abs_delta - abs_delta) > 1", confidence: 99),
            CauseRule(code: "sound", title: "sound", when: "class == 'amount'", confidence: 10)
        ])
        let verdict = rules.verdict(
            CauseFacts(
                matchClass: "amount", channel: "c", currency: "EUR", unit: 100, ours: line(1), theirs: line(2)))
        #expect(verdict.cause == "sound")
        #expect(verdict.failures.count == 1)
        #expect(verdict.failures[0].hasPrefix("broken: "))
    }

    @Test("amounts at the ends of 64 bits stop nothing")
    func extremes() {
        for (one, other) in [(Int64.max, Int64.min), (.min, .max), (.min, .min), (0, .min)] {
            for matchClass in ["amount", "fee", "missing_ours", "late"] {
                var facts = CauseFacts(
                    matchClass: matchClass, channel: "c", currency: "EUR", unit: 100, ours: line(one, fee: one),
                    theirs: line(other, fee: other, minute: nil))
                facts.theirs.time = .max
                facts.ours.time = .min
                _ = rules.verdict(facts)
            }
        }
    }
}

@Suite("How two numbers may be one")
struct IdentifierRelationTests {
    @Test(
        "what a system on the way does to a number",
        arguments: [
            ("AB-1", "AB-1", "equal"), ("ab-1", "AB-1", "case"), ("0007", "7", "leading_zeros"),
            ("AB-12-3", "AB123", "separators"), ("X-123456", "123456", "prefix"), ("123456", "123456-2", "suffix"),
            ("00ab-12", "AB12", "mixed"), ("12345", "X12345", "none"), ("", "1", "none"), ("A", "B", "none")
        ])
    func relation(left: String, right: String, expected: String) {
        #expect(IdentifierRelation.of(left, right).rawValue == expected)
        #expect(IdentifierRelation.of(right, left).rawValue == expected, "it does not matter whose is which")
    }
}

@Suite("Rule sets as texts")
struct RuleSetDocumentTests {
    @Test("the examples are the standard sets, to the letter", arguments: [RuleSetKind.causes, .policy])
    func examples(kind: RuleSetKind) throws {
        let root = URL(filePath: #filePath).pathComponents.dropLast(4).joined(separator: "/").dropFirst()
        let file = "\(root)/Examples/reconciliation/\(kind.rawValue).yaml"
        let example = try String(contentsOfFile: file, encoding: .utf8)
        #expect(StandardRuleSets.source(kind) == example)
        #expect(try RuleSetDocument(#require(StandardRuleSets.source(kind))).kind == kind)
    }

    private func issues(_ source: String) -> String {
        do {
            _ = try RuleSetDocument(source)
            return ""
        } catch {
            return error.detail
        }
    }

    @Test("every mistake is named with its place, all at once")
    func mistakes() {
        let found = issues(
            """
            kind: causes
            rules:
              - { code: one, title: One, when: "class == 1", confidence: 101 }
              - { code: two, title: Two, wenn: "true", when: "true", confidence: 5 }
            """)
        #expect(found.contains("rules[1]: confidence is needed, a whole number from 1 to 100"))
        #expect(found.contains("rules[2]: there is no \"wenn\""))
        #expect(
            issues("kind: causes\nrules:\n  - { code: a, title: A, when: \"clas == 'x'\", confidence: 5 }")
                .contains("a: 1:1:"))
        #expect(
            issues("kind: causes\nrules:\n  - { code: a, title: A, when: \"delta\", confidence: 5 }")
                .contains("must be true or false"))
        #expect(issues("kind: orders").contains("must be causes, policy, matching"))
        #expect(issues("[1, 2]").contains("a mapping"))
        #expect(issues("kind: \"").contains("no YAML"))
        #expect(issues(String(repeating: "# long\n", count: 40_000)).contains("at most 200000 bytes"))
    }

    @Test("a policy cannot let through what only a person can know")
    func policy() {
        for kind in ["reclassify", "reversal", "drop_table"] {
            let source = """
                kind: policy
                repairs:
                  - { kind: \(kind), classes: [amount], currency: EUR, limitMinor: 1, dailyCapMinor: 1, minimumConfidence: 1 }
                """
            #expect(issues(source).contains("cannot be automatic"), "\(kind)")
        }
    }
}
