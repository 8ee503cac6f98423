internal import Rules

/// One root cause: when it is the reason, how sure that is, and what to call it.
public struct CauseRule: Sendable, Hashable {
    /// a–z, digits and `_`; stands on the case and in the journal.
    public let code: String
    public let title: String
    public let titleZh: String
    /// A condition in CEL over the variables of `CauseEnvironment`.
    public let when: String
    /// 1–100: how often the rule is right.
    public let confidence: Int
    /// The kind of repair that usually puts it right; empty when a person decides.
    public let repair: String

    public init(
        code: String, title: String, titleZh: String = "", when: String, confidence: Int, repair: String = ""
    ) {
        self.code = code
        self.title = title
        self.titleZh = titleZh
        self.when = when
        self.confidence = confidence
        self.repair = repair
    }
}

/// What the rules say of one difference.
public struct CauseVerdict: Sendable, Hashable {
    /// Empty when no rule knows it.
    public var cause = ""
    public var confidence = 0
    public var repair = ""
    /// Further causes that also hold, surest first.
    public var others: [String] = []
    /// Rules that could not be evaluated, with the reason. They say nothing about the difference.
    public var failures: [String] = []

    public init() {}
}

/// The cause rules of one version, compiled once and evaluated for every difference.
public struct CauseRules: Sendable {
    /// The most rules of a set.
    public static let limit = 200

    public let rules: [CauseRule]
    private let programs: [Program]

    /// - Throws: `rulesInvalid` with every mistake of every rule.
    public init(_ rules: [CauseRule]) throws(CasesError) {
        var issues: [String] = []
        var programs: [Program] = []
        if rules.isEmpty || rules.count > Self.limit { issues.append("a set has 1 to \(Self.limit) rules") }
        var seen: Set<String> = []
        for rule in rules.prefix(Self.limit) {
            if !Self.isCode(rule.code) {
                issues.append("code \"\(rule.code.prefix(40))\": must be 1 to 40 of a-z, 0-9 and _")
            }
            if !seen.insert(rule.code).inserted { issues.append("code \"\(rule.code)\": is there twice") }
            if !(1...100).contains(rule.confidence) { issues.append("\(rule.code): confidence must be 1 to 100") }
            if !rule.repair.isEmpty, RepairKind(rawValue: rule.repair) == nil {
                issues.append("\(rule.code): there is no repair \"\(rule.repair.prefix(40))\"")
            }
            do {
                let program = try CauseEnvironment.environment.compile(rule.when)
                if program.resultType == .bool {
                    programs.append(program)
                } else {
                    issues.append("\(rule.code): `when` must be true or false, not \(program.resultType)")
                }
            } catch {
                issues.append("\(rule.code): \(error)")
            }
        }
        guard issues.isEmpty else { throw CasesError(.rulesInvalid, issues.joined(separator: "\n")) }
        self.rules = rules
        self.programs = programs
    }

    /// The surest cause; of equally sure ones the first of the set.
    public func verdict(_ facts: CauseFacts) -> CauseVerdict {
        let bindings = CauseEnvironment.bindings(facts)
        var verdict = CauseVerdict()
        var holding: [CauseRule] = []
        for (rule, program) in zip(rules, programs) {
            do throws(EvaluationError) {
                guard case .bool(true) = try program.evaluate(bindings) else { continue }
                holding.append(rule)
            } catch {
                verdict.failures.append("\(rule.code): \(error.message)")
            }
        }
        // A sort by falling confidence that keeps the order of the set among equals.
        let order = holding.enumerated().sorted {
            ($1.element.confidence, $0.offset) < ($0.element.confidence, $1.offset)
        }
        guard let best = order.first?.element else { return verdict }
        verdict.cause = best.code
        verdict.confidence = best.confidence
        verdict.repair = best.repair
        verdict.others = order.dropFirst().map(\.element.code)
        return verdict
    }

    static func isCode(_ text: String) -> Bool {
        (1...40).contains(text.utf8.count)
            && text.utf8.allSatisfy { (97...122).contains($0) || (48...57).contains($0) || $0 == 95 }
    }
}
