public import Matching

/// What a tenant lets repair itself. Everything that no rule lets through waits for a second person.
public struct RepairPolicy: Sendable, Hashable {
    /// The most rules of a policy.
    public static let limit = 100

    public struct Rule: Sendable, Hashable {
        public var kind: RepairKind
        public var classes: Set<MatchClass>
        /// ISO 4217, or `*` for every currency.
        public var currency: String
        /// The largest amount of one repair, minor units.
        public var limitMinor: Int64
        /// What all repairs of this kind and currency may come to in one day (UTC), minor units.
        public var dailyCapMinor: Int64
        /// How sure the cause must be.
        public var minimumConfidence: Int
    }

    public var rules: [Rule]

    public init(_ rules: [Rule]) { self.rules = rules }

    public enum Decision: Sendable, Hashable {
        case automatic
        /// Why a person has to look.
        case person(String)
    }

    /// Whether a repair may execute itself. `spentToday` is what repairs of this kind and currency came to today.
    public func decide(
        _ kind: RepairKind, _ matchClass: MatchClass, currency: String, amountMinor: Int64, confidence: Int,
        spentToday: Int64
    ) -> Decision {
        let rule = rules.first {
            $0.kind == kind && $0.classes.contains(matchClass) && ($0.currency == currency || $0.currency == "*")
        }
        guard let rule else {
            return .person("no policy lets \(kind.rawValue) of class \(matchClass.code) in \(currency) repair itself")
        }
        guard confidence >= rule.minimumConfidence else {
            return .person("the cause is \(confidence) % sure and \(rule.minimumConfidence) % are needed")
        }
        guard amountMinor <= rule.limitMinor else {
            return .person("\(amountMinor) is over the limit of \(rule.limitMinor) for one repair")
        }
        let (sum, overflow) = spentToday.addingReportingOverflow(amountMinor)
        guard !overflow, sum <= rule.dailyCapMinor else {
            return .person("the day's \(rule.dailyCapMinor) are used up: \(spentToday) were repaired already")
        }
        return .automatic
    }
}

/// How long a case may stay open, how grave it is, and who gets it at first.
public struct CasePolicy: Sendable, Hashable {
    public struct Rule: Sendable, Hashable {
        public var matchClass: MatchClass
        public var deadlineHours: Int
        public var severity: Severity
        /// A team's or a person's pseudonym; empty for nobody.
        public var owner: String
    }

    /// From which amount a case is graver than its class.
    public struct Threshold: Sendable, Hashable {
        public var currency: String
        public var highFromMinor: Int64
        public var criticalFromMinor: Int64
    }

    public enum Severity: Int, Sendable, Hashable, Comparable, CaseIterable {
        case low = 1, medium, high, critical

        public static func < (left: Severity, right: Severity) -> Bool { left.rawValue < right.rawValue }
        public var word: String { String(describing: self) }
        init?(word: String) {
            guard let found = Self.allCases.first(where: { $0.word == word }) else { return nil }
            self = found
        }
    }

    public var rules: [Rule]
    public var thresholds: [Threshold]

    public init(_ rules: [Rule], _ thresholds: [Threshold]) {
        self.rules = rules
        self.thresholds = thresholds
    }

    /// A class that no rule names has two days.
    func rule(_ matchClass: MatchClass) -> Rule {
        rules.first { $0.matchClass == matchClass }
            ?? Rule(matchClass: matchClass, deadlineHours: 48, severity: .medium, owner: "")
    }

    func severity(_ matchClass: MatchClass, currency: String, amountMinor: Int64) -> Severity {
        let base = rule(matchClass).severity
        let amount = Ratio.magnitude(amountMinor)
        guard let threshold = thresholds.first(where: { $0.currency == currency || $0.currency == "*" }) else {
            return base
        }
        if amount >= threshold.criticalFromMinor { return .critical }
        return amount >= threshold.highFromMinor ? max(base, .high) : base
    }
}
