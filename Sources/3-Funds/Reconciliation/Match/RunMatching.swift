public import Matching

/// Both sides of a run, lines of earlier days that were carried over included.
public struct RunInputs: Sendable {
    public var day: BusinessDay
    public var ours: [RunLine]
    public var theirs: [RunLine]

    public init(day: BusinessDay, ours: [RunLine], theirs: [RunLine]) {
        self.day = day
        self.ours = ours
        self.theirs = theirs
    }
}

/// One conclusion of a run, with its lines.
public struct RunFinding: Hashable, Sendable {
    public var matchClass: MatchClass
    public var reason: String
    public var code: MatchReason
    public var confidence: UInt8
    public var ours: [RunLine]
    public var theirs: [RunLine]
}

/// What a run came to.
public struct RunOutcome: Hashable, Sendable {
    /// In the order of our lines, then of theirs; what is known from an earlier day and still so is not among them.
    public var findings: [RunFinding]
    /// Their lines that need no match, because no money of ours moved with them: what failed there or still waits.
    public var unmoved: [RunLine]
    /// Lines of `findings` that a person may take to belong together.
    public var suggestions: [RunFinding] = []

    public func count(_ matchClass: MatchClass) -> Int { findings.count { $0.matchClass == matchClass } }

    /// Everything that is not matched.
    public var differences: [RunFinding] { findings.filter { $0.matchClass != .matched } }
}

/// Matches the lines of a run. Pure: the same lines and rules give the same outcome, in any order and however they were
/// cut into shards, so two rule sets can be compared on one day.
///
/// Three steps: pairs by the strongest key alone (the only step that sees all lines, and the one that is sharded by
/// that key), then every key among what is left, then likeness.
public enum RunMatching {
    public static func run(_ inputs: RunInputs, rules: MatchRules) throws -> RunOutcome {
        let exact = try exact(ours: inputs.ours, theirs: inputs.theirs, rules: rules)
        var outcome = try rest(ours: exact.oursLeft, theirs: exact.theirsLeft, day: inputs.day, rules: rules)
        outcome.findings = sorted(exact.findings + outcome.findings)
        return outcome
    }

    /// What the strongest key found, and the lines that it left; those that are over carry a note.
    struct Exact {
        var findings: [RunFinding] = []
        var oursLeft: [RunLine] = []
        var theirsLeft: [RunLine] = []

        /// The keys of lines that are over.
        var keysOver: Set<String> {
            Set((oursLeft + theirsLeft).filter { !$0.note.isEmpty }.map(\.merchantReference))
        }

        /// Tells lines that are over with what the first line of their key was matched.
        mutating func nameTwins(_ pairs: [String: RunFinding]) {
            guard !pairs.isEmpty else { return }
            func named(_ line: RunLine, _ other: (RunFinding) -> RunLine?) -> RunLine {
                guard !line.note.isEmpty else { return line }
                var line = line
                line.twin = pairs["\(line.kind.code) \(line.merchantReference)"].flatMap(other)?.asTwin ?? []
                return line
            }
            oursLeft = oursLeft.map { named($0) { $0.theirs.first } }
            theirsLeft = theirsLeft.map { named($0) { $0.ours.first } }
        }
    }

    static func exact(ours: [RunLine], theirs: [RunLine], rules: MatchRules) throws -> Exact {
        var findings: [RunFinding] = []
        var exact = try exact(ours: ours, theirs: theirs, rules: rules) { findings.append($0) }
        exact.findings = findings
        return exact
    }

    /// The same, with each pair handed on instead of kept: a shard has a hundred thousand, and their lines are large.
    static func exact(
        ours: [RunLine], theirs: [RunLine], rules: MatchRules, _ onPair: (RunFinding) throws -> Void
    ) throws -> Exact {
        let sides = Sides(ours: ours, theirs: theirs, keys: { [$0.merchantReference] })
        var strongest = rules
        strongest.tolerant = nil
        let result = try Matcher(rules: strongest).match(ours: sides.oursRows, theirs: sides.theirsRows)
        var exact = Exact()
        for finding in result.findings where finding.ours.isEmpty || finding.theirs.isEmpty {
            let isOver = finding.matchClass == .duplicateOurs || finding.matchClass == .duplicateTheirs
            let note = isOver ? finding.reason : ""
            exact.oursLeft += sides.lines(ours: finding.ours, note: note)
            exact.theirsLeft += sides.lines(theirs: finding.theirs, note: note)
        }
        let over = exact.keysOver
        var pairsOver: [String: RunFinding] = [:]
        for finding in result.findings where !finding.ours.isEmpty && !finding.theirs.isEmpty {
            let pair = sides.finding(finding)
            if !over.isEmpty {
                for line in pair.ours.prefix(1) + pair.theirs.prefix(1) where over.contains(line.merchantReference) {
                    pairsOver["\(line.kind.code) \(line.merchantReference)"] = pair
                }
            }
            try onPair(pair)
        }
        exact.nameTwins(pairsOver)
        return exact
    }

    static func rest(ours: [RunLine], theirs: [RunLine], day: BusinessDay, rules: MatchRules) throws -> RunOutcome {
        // What the strongest key said is over may still be another line's counterpart by a weaker key, but never by
        // likeness alone: surplus money is not explained away.
        let sides = Sides(ours: ours, theirs: theirs, keys: weakerKeys)
        var keysOnly = rules
        keysOnly.tolerant = nil
        let byKeys = try Matcher(rules: keysOnly).match(ours: sides.oursRows, theirs: sides.theirsRows)
        var found: [RunFinding] = []
        var left = Exact()
        for finding in byKeys.findings {
            if !finding.ours.isEmpty, !finding.theirs.isEmpty {
                found.append(sides.finding(finding))
                continue
            }
            let lines = (sides.lines(ours: finding.ours), sides.lines(theirs: finding.theirs))
            for line in lines.0 {
                if let over = duplicate(line, finding, .duplicateOurs) {
                    found.append(over)
                } else {
                    left.oursLeft.append(line)
                }
            }
            for line in lines.1 {
                if let over = duplicate(line, finding, .duplicateTheirs) {
                    found.append(over)
                } else {
                    left.theirsLeft.append(line)
                }
            }
        }
        let outcome = try alike(left.oursLeft, left.theirsLeft, day, rules)
        return RunOutcome(
            findings: sorted(found + outcome.findings), unmoved: outcome.unmoved, suggestions: outcome.suggestions)
    }

    private static func duplicate(_ line: RunLine, _ finding: MatchFinding, _ matchClass: MatchClass) -> RunFinding? {
        let isOver = finding.matchClass == matchClass
        guard isOver || !line.note.isEmpty else { return nil }
        let isOurs = matchClass == .duplicateOurs
        return RunFinding(
            matchClass: matchClass, reason: isOver ? finding.reason : line.note,
            code: isOver ? finding.code : .repeated, confidence: 100, ours: isOurs ? [line] : [],
            theirs: isOurs ? [] : [line])
    }

    /// Likeness, and whether what is left is late or missing.
    private static func alike(
        _ ours: [RunLine], _ theirs: [RunLine], _ day: BusinessDay, _ rules: MatchRules
    ) throws -> RunOutcome {
        let sides = Sides(ours: ours, theirs: theirs, keys: weakerKeys)
        let matcher = Matcher(rules: rules, businessDay: CivilDay(Int32(clamping: day.number)))
        let isLate: (RunLine) -> Bool = { $0.carried?.isLate == true }
        let result = try matcher.match(
            ours: sides.oursRows(where: { !isLate($0) }), theirs: sides.theirsRows(where: { !isLate($0) }),
            carriedOver: CarriedOver(
                ours: sides.carried(.ours, where: isLate), theirs: sides.carried(.theirs, where: isLate)))
        var outcome = RunOutcome(findings: [], unmoved: [], suggestions: result.suggestions.map(sides.finding))
        for finding in result.findings {
            let finding = sides.finding(finding)
            guard finding.ours.isEmpty || finding.theirs.isEmpty else {
                outcome.findings.append(finding)
                continue
            }
            for line in finding.ours + finding.theirs {
                var single = finding
                if !finding.ours.isEmpty { single.ours = [line] } else { single.theirs = [line] }
                switch judge(line, isOurs: !finding.ours.isEmpty, finding.matchClass) {
                case .told: outcome.findings.append(single)
                case .unmoved: outcome.unmoved.append(line)
                case .known: break
                }
            }
        }
        return outcome
    }

    private enum Judgement { case told, unmoved, known }

    private static func judge(_ line: RunLine, isOurs: Bool, _ matchClass: MatchClass) -> Judgement {
        // It was told on its own day, and nothing has changed; or it is carried on.
        if let carried = line.carried, !carried.isLate || matchClass == .late { return .known }
        // What we tried and they never saw, or they tried and we never saw, moved no money.
        if isOurs { return line.status == .succeeded ? .told : .known }
        return line.status == .failed || line.status == .pending ? .unmoved : .told
    }

    /// The keys by which a line may be found, strongest first.
    private static func weakerKeys(_ line: RunLine) -> [String] {
        guard line.kind == .refund || line.kind == .chargeback else {
            return [line.merchantReference, line.channelReference]
        }
        // Refunds are often named by the payment that they return; with the amount that is nearly one refund.
        let isOurs = !line.paymentID.isEmpty
        let payment = isOurs ? line.channelReference : line.originalReference
        return [
            line.merchantReference, isOurs ? "" : line.channelReference,
            payment.isEmpty ? "" : "\(payment) \(line.amountMinor) \(line.currency)"
        ]
    }

    /// Tells lines that look alike apart, by their order in the file. Lines that look alike are of one shard.
    static func numbered(_ lines: [RunLine]) -> [RunLine] {
        var lines = lines
        // Blocks hold a file's lines in its order already.
        if !zip(lines, lines.dropFirst()).allSatisfy({ $0.id < $1.id }) { lines.sort { $0.id < $1.id } }
        func next(_ count: inout Int32) -> Int32 {
            defer { count += 1 }
            return count
        }
        var seen = [Look: Int32](minimumCapacity: lines.count)
        for index in lines.indices where lines[index].carried == nil {
            lines[index].occurrence = next(&seen[Look(lines[index]), default: 0])
        }
        return lines
    }

    /// What lines have in common that look alike.
    private struct Look: Hashable {
        let kind: MatchKind
        let merchantReference: String
        let channelReference: String
        let originalReference: String
        let account: String
        let currency: String

        init(_ line: RunLine) {
            kind = line.kind
            merchantReference = line.merchantReference
            channelReference = line.channelReference
            originalReference = line.originalReference
            account = line.account
            currency = line.currency
        }
    }

    static func sorted(_ findings: [RunFinding]) -> [RunFinding] {
        func place(_ finding: RunFinding) -> (Int64, Int64) {
            (finding.ours.first?.id ?? .max, finding.theirs.first?.id ?? .max)
        }
        return findings.sorted { place($0) < place($1) }
    }
}
