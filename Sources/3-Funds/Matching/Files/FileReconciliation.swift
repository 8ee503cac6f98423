internal import CScan

/// Matches two delimited files line by line: the whole job, without a server, in bounded memory.
///
/// Both files are mapped and scanned by all cores into entries of 24 bytes (32 with fees): a keyed 128-bit hash of the
/// line's first key, of which at least 101 bits are kept, its amount, currency, status and offset. Entries are
/// partitioned by hash and each partition is joined within a core's cache. What matches at once is counted; the rest is
/// read again from the files and goes through `Matcher`. When memory is used up, entries go to disk. Large files whose
/// lines are mostly equal need no entries: their lines cancel in a `LineSketch`.
///
/// Two different keys are taken for one with a probability below N² / 2^115 in a job of N lines (2^-59 at 240 million),
/// whoever wrote the files: the hash's coefficients are drawn anew for each job.
public struct FileReconciliation: Sendable {
    public struct Side: Sendable {
        public var path: String
        public var profile: ColumnProfile

        public init(path: String, profile: ColumnProfile) {
            self.path = path
            self.profile = profile
        }
    }

    public struct Settings: Sendable {
        public var rules: MatchRules
        /// The day both files are of; without it no line is late.
        public var businessDay: CivilDay?
        public var threads: Int
        /// What entries may take before they go to disk; scratch of about 20 MB a thread comes on top.
        public var memoryBytes: Int
        /// How many lines of a side may be unreadable before the job is refused.
        public var allowedRejects: Int
        /// Lines that did not match at once and are matched in memory; of more, keys decide alone.
        public var linesInMemory: Int
        /// Bytes that a thread scans at a time; tests make it small.
        public var chunkBytes: Int
        /// From how many lines of both files on they are added up to a sketch and read twice, rather than kept as entries.
        public var sketchFrom: Int

        public init(
            rules: MatchRules = MatchRules(), businessDay: CivilDay? = nil, threads: Int = 1,
            memoryBytes: Int = 4 << 30, allowedRejects: Int = 0, linesInMemory: Int = 400_000,
            chunkBytes: Int = 4 << 20, sketchFrom: Int = 4_000_000
        ) {
            self.rules = rules
            self.businessDay = businessDay
            self.threads = threads
            self.memoryBytes = memoryBytes
            self.allowedRejects = allowedRejects
            self.linesInMemory = linesInMemory
            self.chunkBytes = chunkBytes
            self.sketchFrom = sketchFrom
        }
    }

    static let maximumRejectsKept = 100_000
    /// A partition's lines of both sides, so that entries and table stay in a core's second-level cache.
    static let partitionLines = 32_768
    static let maximumPartitions = 8_192

    let ours: Side
    let theirs: Side
    /// Where results and temporary files go.
    let folder: String
    let settings: Settings

    public init(ours: Side, theirs: Side, folder: String, settings: Settings = Settings()) {
        self.ours = ours
        self.theirs = theirs
        self.folder = folder
        self.settings = settings
    }

    /// Does the job and writes `differences.csv`, `explained.csv`, `suggestions.csv` and `rejects.csv` into the folder.
    ///
    /// Blocks its thread. Results of an earlier job in the folder are replaced when this one is complete.
    public func run(
        progress: (@Sendable (FileProgress) -> Void)? = nil
    ) throws(FileReconciliationError) -> FileReconciliationReport {
        try check()
        let job = try FileJob(self, ProgressMeter(progress))
        return try job.run()
    }

    /// For tests: whether the scan may use instructions that not every machine has.
    package static func allowWideInstructions(_ isAllowed: Bool) { cscan_allow_wide(isAllowed ? 1 : 0) }

    private func check() throws(FileReconciliationError) {
        guard (1...256).contains(settings.threads) else { throw .settings("threads: 1 to 256") }
        guard settings.memoryBytes >= 1 << 20 else { throw .settings("memory: 1 MB at least") }
        guard settings.chunkBytes >= 64 else { throw .settings("chunk: 64 bytes at least") }
        guard ours.profile.keys.count == theirs.profile.keys.count else {
            throw .settings(
                "our profile has \(ours.profile.keys.count) keys and theirs \(theirs.profile.keys.count): "
                    + "key by key they are compared")
        }
        guard settings.rules.keys.allSatisfy({ $0.reusedAfterDays == nil }) else {
            throw .settings(
                "keys that begin anew (reusedAfterDays) are matched in memory only: add the date to the key")
        }
        do { try settings.rules.validate() } catch { throw .settings("rules: \(error)") }
    }
}

/// What a job on files came to.
public struct FileReconciliationReport: Sendable, Hashable {
    public struct Side: Sendable, Hashable {
        public var bytes = 0
        /// Lines that took part.
        public var rows = 0
        /// Lines whose status says that they are nobody's business.
        public var leftOut = 0
        public var rejects = 0
    }

    public var ours = Side()
    public var theirs = Side()
    var counts: [Int] = Array(repeating: 0, count: MatchClass.allCases.count)
    /// Pairs and sets that only rules of likeness found; they are among the matched.
    public var explained = 0
    public var suggestions = 0
    /// Whether entries went to disk.
    public var spilled = false
    /// Whether equal lines were added up and both files read twice, rather than an entry kept for every line.
    public var isSketched = false
    /// Whether what keys left was too much for the tolerant stage.
    public var tolerantSkipped = false

    /// Pairs and sets of a class.
    public func count(_ matchClass: MatchClass) -> Int { counts[Int(matchClass.rawValue)] }

    public var differences: Int { counts.reduce(0, +) - count(.matched) }
}
