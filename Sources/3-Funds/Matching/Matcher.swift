/// Matches two lists of lines in memory: keys first, then likeness, then what is late and what is missing.
///
/// The same lines give the same result in any order and with any number of threads. Time grows with the lines (a hash
/// join) plus what keys leave (`TolerantStage`); 1 M × 1 M lines take seconds and about 0.3 KB a line. Files that do not
/// fit are `FileReconciliation`'s.
public struct Matcher: Sendable {
    /// Beyond it line numbers would not fit; the memory ends long before.
    public static let maximumRows = Int(Int32.max)

    public let rules: MatchRules
    private let businessDay: CivilDay?
    private let threads: Int
    private let scorer: PairScorer?

    /// - Parameters:
    ///   - businessDay: The day that both lists are of. Without it no line is late.
    ///   - threads: How many cores the exact stage uses; the caller's thread waits for them.
    ///   - scorer: Rules of the house about pairs that no key found, and about pairs of one key that differ.
    public init(
        rules: MatchRules = MatchRules(), businessDay: CivilDay? = nil, threads: Int = 1, scorer: PairScorer? = nil
    ) {
        self.rules = rules
        self.businessDay = businessDay
        self.threads = min(max(threads, 1), 64)
        self.scorer = scorer
    }

    /// - Parameter carriedOver: What the day before left late; its ids must differ from those of its side's lines.
    /// - Throws: `MatchError` for lines that findings could not name.
    public func match(
        ours: [MatchRow], theirs: [MatchRow], carriedOver: CarriedOver = .init()
    ) throws(MatchError) -> MatchResult {
        let allOurs = carriedOver.ours.isEmpty ? ours : ours + carriedOver.ours.map(\.row)
        let allTheirs = carriedOver.theirs.isEmpty ? theirs : theirs + carriedOver.theirs.map(\.row)
        try Self.check(allOurs, "ours")
        try Self.check(allTheirs, "theirs")
        let exact = ExactStage(rules: rules, threads: threads, scorer: scorer).match(ours: allOurs, theirs: allTheirs)
        let rest = TolerantStage(rules: rules, businessDay: businessDay, scorer: scorer)
            .match(exact, carriedOver: carriedOver)
        var findings = exact.findings + rest.findings
        if !carriedOver.isEmpty { Self.noteCarried(carriedOver, in: &findings) }
        return MatchResult(findings: findings, suggestions: rest.suggestions, carriedOver: rest.carriedOver)
    }

    /// A person who looks at yesterday's late line must see that today's file settled it.
    private static func noteCarried(_ carriedOver: CarriedOver, in findings: inout [MatchFinding]) {
        let ours = Dictionary(carriedOver.ours.map { ($0.row.id, $0.since) }, uniquingKeysWith: min)
        let theirs = Dictionary(carriedOver.theirs.map { ($0.row.id, $0.since) }, uniquingKeysWith: min)
        for index in findings.indices where !findings[index].ours.isEmpty && !findings[index].theirs.isEmpty {
            let finding = findings[index]
            let since = finding.ours.compactMap { ours[$0] } + finding.theirs.compactMap { theirs[$0] }
            if let first = since.min() { findings[index].reason += "; carried over since \(first)" }
        }
    }

    private static func check(_ rows: [MatchRow], _ side: String) throws(MatchError) {
        if rows.count > maximumRows {
            throw .tooManyRows(side: side, count: rows.count, limit: maximumRows)
        }
        // Lines come numbered in order most often, and then one comparison each is enough.
        if zip(rows, rows.dropFirst()).allSatisfy({ $0.id < $1.id }) { return }
        let ids = rows.map(\.id).sorted()
        for (id, next) in zip(ids, ids.dropFirst()) where id == next {
            throw .idNotUnique(side: side, id: id)
        }
    }
}
