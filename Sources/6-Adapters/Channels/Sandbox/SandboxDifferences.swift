internal import Runtime

/// Differences that a statement is given on purpose, for drills: how many lines of a day's statement of one account are
/// wrong in which way. No line is wrong in two ways, and which ones it meets comes from the seed and the lines.
///
/// The trailer is written after the differences, so the file agrees with itself: what is wrong, only the books can tell.
public struct SandboxDifferences: Hashable, Sendable {
    /// Lines that are left out for good.
    public var missing = 0
    /// Payments that say one hundred minor units more.
    public var amount = 0
    /// Lines that stand in the statement twice.
    public var doubled = 0
    /// Lines that come in the statement of the day after.
    public var late = 0
    /// Payments that nobody made.
    public var extra = 0
    /// Lines that come without their references: likely to be ours, and not certain.
    public var bare = 0
    public var seed: UInt64 = 1

    /// No differences.
    public init() {}

    public init(
        missing: Int = 0, amount: Int = 0, doubled: Int = 0, late: Int = 0, extra: Int = 0, bare: Int = 0,
        seed: UInt64 = 1
    ) {
        self.missing = missing
        self.amount = amount
        self.doubled = doubled
        self.late = late
        self.extra = extra
        self.bare = bare
        self.seed = seed
    }

    /// How many differences the statement of a day with so many payments has: a short day has fewer than were asked for.
    /// A line without references is two: theirs belongs to nothing, and ours has none.
    public func count(ofPayments payments: Int) -> Int {
        let wanted = max(0, missing) + max(0, amount) + max(0, doubled) + max(0, late)
        return min(max(0, payments), wanted) + 2 * min(max(0, payments - wanted), max(0, bare))
            + (payments > 0 ? max(0, extra) : 0)
    }

    /// How much an amount is off.
    static let amountOffMinor: Int64 = 100

    /// The lines as they are sent. `before` are the lines of the day before, some of which come late.
    func applied(
        to lines: [SandboxStatement.Line], before: [SandboxStatement.Line], day: String
    ) -> [SandboxStatement.Line] {
        let fates = Fates(self, lines)
        var sent = before.isEmpty ? [] : Fates(self, before).late
        for line in lines {
            switch fates.fate(of: line) {
            case .missing, .late: continue
            case .amount:
                var wrong = line
                wrong.amountMinor += Self.amountOffMinor
                sent.append(wrong)
            case .doubled: sent += [line, line]
            case .bare:
                var nameless = line
                nameless.merchantReference = ""
                nameless.channelReference = ""
                sent.append(nameless)
            case nil: sent.append(line)
            }
        }
        guard let example = lines.first(where: { $0.kind == "payment" }) else { return sent }
        for number in 0..<max(0, extra) {
            var made = example
            made.merchantReference = "unknown-\(day)-\(number + 1)"
            made.channelReference = "sbx-extra-\(day)-\(number + 1)"
            made.amountMinor = 1_000 + Int64(number)
            made.feeMinor = 0
            sent.append(made)
        }
        return sent
    }

    private enum Fate { case missing, amount, doubled, late, bare }

    /// Which line of a day meets which fate: those whose draws are lowest.
    private struct Fates {
        private let byReference: [String: Fate]
        let late: [SandboxStatement.Line]

        init(_ wanted: SandboxDifferences, _ lines: [SandboxStatement.Line]) {
            // Only payments are touched: a refund without its payment would be two differences.
            let drawn = lines.filter { $0.kind == "payment" }.sorted {
                (Self.draw($0.channelReference, wanted.seed), $0.channelReference)
                    < (Self.draw($1.channelReference, wanted.seed), $1.channelReference)
            }
            var fates: [String: Fate] = [:]
            var next = drawn[...]
            for (count, fate) in [
                (wanted.missing, Fate.missing), (wanted.amount, .amount), (wanted.doubled, .doubled),
                (wanted.late, .late), (wanted.bare, .bare)
            ] {
                for line in next.prefix(max(0, count)) { fates[line.channelReference] = fate }
                next = next.dropFirst(max(0, count))
            }
            byReference = fates
            late = lines.filter { fates[$0.channelReference] == .late }
        }

        func fate(of line: SandboxStatement.Line) -> Fate? { byReference[line.channelReference] }

        private static func draw(_ reference: String, _ seed: UInt64) -> UInt64 {
            // FNV-1a (Fowler, Noll, Vo) spreads the reference over 64 bits.
            var hash: UInt64 = 0xcbf2_9ce4_8422_2325 ^ seed &* 0x9E37_79B9_7F4A_7C15
            for byte in reference.utf8 { hash = (hash ^ UInt64(byte)) &* 0x100_0000_01b3 }
            return hash
        }
    }
}
