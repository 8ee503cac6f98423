import Synchronization

/// A regular expression in RE2's syntax that is matched in time linear in the text, whatever the pattern is.
///
///     let pattern = try Pattern("^[a-z]+@example\\.(com|org)$")
///     pattern.matches("someone@example.com")
///
/// A match may stand anywhere in the text. Reading the pattern and its program are bounded; backreferences and
/// look-around, which need backtracking, are refused.
public final class Pattern: Sendable {
    public let source: String
    private let program: PatternProgram
    /// Machines with warm tables, lent to one match at a time.
    private let machines = Mutex<[PatternMachine]>([])

    /// So many machines are kept when several threads have used the pattern at once.
    private static let keptMachines = 4

    public init(_ source: String) throws(PatternError) {
        self.source = source
        program = try PatternProgram(PatternParser.parse(source))
    }

    /// Whether the pattern matches somewhere in the text.
    public func matches(_ text: String) -> Bool { run(text, limit: .max).isMatch ?? false }

    /// As `matches`, and charges a rule's budget: one unit for ten scalars or ten steps of the machine.
    public func matches(_ text: String, _ budget: inout Budget) throws -> Bool {
        let limit = budget.remaining.multipliedReportingOverflow(by: 10)
        let (isMatch, work) = run(text, limit: limit.overflow ? .max : limit.partialValue)
        try budget.walk(work)
        guard let isMatch else { throw budget.exhausted() }
        return isMatch
    }

    private func run(_ text: String, limit: Int) -> (isMatch: Bool?, work: Int) {
        let machine = machines.withLock { $0.popLast() } ?? PatternMachine(program)
        defer {
            machines.withLock { if $0.count < Pattern.keptMachines { $0.append(machine) } }
        }
        var text = text
        let isMatch = text.withUTF8 { machine.matches($0, limit: limit) }
        return (isMatch, machine.work)
    }
}

/// Patterns that are not literals of a rule but come from its data, compiled once as long as they are in use.
final class PatternCache: Sendable {
    static let shared = PatternCache()

    /// More patterns than this are compiled anew when they come again.
    static let capacity = 32

    private struct Entry {
        var pattern: Pattern
        var lastUse: UInt64
    }

    private struct Contents {
        var entries: [[UInt8]: Entry] = [:]
        var clock: UInt64 = 0
    }

    private let contents = Mutex(Contents())

    func pattern(_ source: String) throws -> Pattern {
        // Bytes, because equal strings of Swift may be spelled by different scalars.
        let key = Array(source.utf8)
        let known = contents.withLock { contents in
            contents.clock += 1
            contents.entries[key]?.lastUse = contents.clock
            return contents.entries[key]?.pattern
        }
        if let known { return known }
        let pattern = try Pattern(source)
        contents.withLock { contents in
            if contents.entries.count >= PatternCache.capacity,
                let oldest = contents.entries.min(by: { $0.value.lastUse < $1.value.lastUse })
            {
                contents.entries[oldest.key] = nil
            }
            contents.entries[key] = Entry(pattern: pattern, lastUse: contents.clock)
        }
        return pattern
    }
}
