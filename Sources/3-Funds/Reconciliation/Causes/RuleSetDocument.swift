public import Matching
import Yams

/// What a rule set may be about.
public enum RuleSetKind: String, CaseIterable, Sendable, Hashable {
    case causes, policy, matching
}

/// A rule set read from its YAML, whole and checked.
public enum RuleSetDocument: Sendable {
    case causes(CauseRules)
    case policy(CasePolicy, RepairPolicy)
    /// What counts as the same on a channel.
    case matching(channel: String, MatchRules)

    public var kind: RuleSetKind {
        switch self {
        case .causes: .causes
        case .policy: .policy
        case .matching: .matching
        }
    }

    /// - Throws: `rulesInvalid` with everything that is wrong.
    public init(_ source: String) throws(CasesError) {
        let mapping = try YAMLForm.compose(source)
        let form = YAMLForm()
        let kind = form.text("kind", mapping, "")
        let document: RuleSetDocument
        switch RuleSetKind(rawValue: kind) {
        case .causes: document = .causes(try Self.causes(mapping, form))
        case .policy: document = Self.policy(mapping, form)
        case .matching: document = try Self.matching(mapping, form)
        case nil:
            throw CasesError(
                .rulesInvalid,
                "kind \"\(kind.prefix(40))\": must be \(RuleSetKind.allCases.map(\.rawValue).joined(separator: ", "))")
        }
        guard form.issues.isEmpty else { throw CasesError(.rulesInvalid, form.issues.joined(separator: "\n")) }
        self = document
    }

    private static func causes(_ mapping: Node.Mapping, _ form: YAMLForm) throws(CasesError) -> CauseRules {
        form.allow(["kind", "rules"], mapping, "")
        let rules = form.forms("rules", mapping, atMost: CauseRules.limit).map { rule, place in
            form.allow(["code", "title", "titleZh", "when", "confidence", "repair"], rule, place)
            return CauseRule(
                code: form.text("code", rule, place), title: form.text("title", rule, place),
                titleZh: form.text("titleZh", rule, place, or: ""), when: form.text("when", rule, place),
                confidence: Int(form.integer("confidence", rule, place, in: 1...100)),
                repair: form.text("repair", rule, place, or: ""))
        }
        guard form.issues.isEmpty else { throw CasesError(.rulesInvalid, form.issues.joined(separator: "\n")) }
        return try CauseRules(rules)
    }

    private static func policy(_ mapping: Node.Mapping, _ form: YAMLForm) -> RuleSetDocument {
        form.allow(["kind", "cases", "thresholds", "repairs"], mapping, "")
        let cases = form.forms("cases", mapping, atMost: 50).map { rule, place in
            form.allow(["class", "deadlineHours", "severity", "owner"], rule, place)
            let severity = form.text("severity", rule, place)
            if CasePolicy.Severity(word: severity) == nil {
                form.fail(place, "severity must be low, medium, high or critical")
            }
            let owner = form.text("owner", rule, place, or: "")
            if !Cases.isPseudonym(owner) { form.fail(place, "owner must be a pseudonym of at most 80 characters") }
            return CasePolicy.Rule(
                matchClass: matchClass(form.text("class", rule, place), form, place),
                deadlineHours: Int(form.integer("deadlineHours", rule, place, in: 1...8_760)),
                severity: CasePolicy.Severity(word: severity) ?? .medium, owner: owner)
        }
        let thresholds = form.forms("thresholds", mapping, atMost: 200).map { rule, place in
            form.allow(["currency", "highFromMinor", "criticalFromMinor"], rule, place)
            return CasePolicy.Threshold(
                currency: form.text("currency", rule, place),
                highFromMinor: form.integer("highFromMinor", rule, place, in: 0...Int64.max),
                criticalFromMinor: form.integer("criticalFromMinor", rule, place, in: 0...Int64.max))
        }
        let repairs = form.forms("repairs", mapping, atMost: RepairPolicy.limit).map { rule, place in
            form.allow(
                ["kind", "classes", "currency", "limitMinor", "dailyCapMinor", "minimumConfidence"], rule, place)
            let word = form.text("kind", rule, place)
            let kind = RepairKind(rawValue: word)
            // A reclassification needs an order that only a person knows, and a reversal is a decision by itself.
            if kind == nil || kind == .reclassify || kind == .reversal {
                form.fail(place, "a repair \"\(word.prefix(40))\" cannot be automatic")
            }
            return RepairPolicy.Rule(
                kind: kind ?? .markTiming,
                classes: Set(form.texts("classes", rule, place).map { matchClass($0, form, place) }),
                currency: form.text("currency", rule, place),
                limitMinor: form.integer("limitMinor", rule, place, in: 0...Int64.max),
                dailyCapMinor: form.integer("dailyCapMinor", rule, place, in: 0...Int64.max),
                minimumConfidence: Int(form.integer("minimumConfidence", rule, place, in: 0...100)))
        }
        return .policy(CasePolicy(cases, thresholds), RepairPolicy(repairs))
    }

    private static func matching(_ mapping: Node.Mapping, _ form: YAMLForm) throws(CasesError) -> RuleSetDocument {
        form.allow(["kind", "channel", "rules"], mapping, "")
        let channel = form.text("channel", mapping, "")
        guard let node = mapping.first(where: { $0.key.scalar?.string == "rules" })?.value else {
            throw CasesError(.rulesInvalid, "rules is needed: the settings of matching, as in a channel's profile")
        }
        do {
            let rules = try YAMLDecoder().decode(MatchRules.self, from: node)
            try rules.validate()
            return .matching(channel: channel, rules)
        } catch {
            throw CasesError(.rulesInvalid, "rules: \(error)")
        }
    }

    private static func matchClass(_ word: String, _ form: YAMLForm, _ place: String) -> MatchClass {
        guard let found = MatchClass(code: word), found != .matched else {
            form.fail(place, "\"\(word.prefix(40))\" is no class of differences")
            return .amount
        }
        return found
    }
}
