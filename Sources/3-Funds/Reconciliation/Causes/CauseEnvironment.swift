public import Rules

/// What cause rules are written against. docs/guides/reconciliation-cases.md lists the variables for people.
public enum CauseEnvironment {
    /// A rule is a line or two; it is evaluated for every difference of a run.
    static let limits: Limits = {
        var limits = Limits()
        limits.sourceBytes = 2_000
        limits.nodes = 1_000
        limits.cost = 20_000
        limits.iterations = 1_000
        limits.elements = 1_000
        limits.textBytes = 10_000
        return limits
    }()

    private static let line = HostType<CauseLine>(
        "kontor.Line",
        [
            .bool("present") { $0.isPresent },
            .string("reference") { $0.reference },
            .string("channel_reference") { $0.channelReference },
            .string("original_reference") { $0.originalReference },
            .string("kind") { $0.kind },
            .string("status") { $0.status },
            .string("currency") { $0.currency },
            .int64("amount") { $0.amountMinor },
            .bool("knows_fee") { $0.feeMinor != nil },
            .int64("fee") { $0.feeMinor ?? 0 },
            .int64("fee_bps") { $0.feeBasisPoints },
            .int64("hour") { $0.hour },
            .int64("time") { $0.time ?? 0 },
            .string("description") { $0.description }
        ])

    private static let run = HostType<CauseRun>(
        "kontor.Run",
        [
            .int64("lines") { $0.lines },
            .int64("differences") { $0.differences },
            .int64("same_class") { $0.sameClass },
            .int64("same_delta") { $0.sameDelta },
            .int64("same_fee_ratio") { $0.sameFeeRatio },
            .int64("same_shift") { $0.sameShift },
            .int64("same_delta_bps") { Ratio.basisPoints($0.sameDelta, of: $0.sameClass) },
            .int64("same_fee_ratio_bps") { Ratio.basisPoints($0.sameFeeRatio, of: $0.sameClass) },
            .int64("difference_bps") { Ratio.basisPoints($0.differences, of: $0.lines) }
        ])

    /// In the order of their names, so that each is found without a search.
    static let variables: [(name: String, type: Type, read: @Sendable (CauseFacts) -> Value)] = [
        ("abs_delta", .int, { .int(Ratio.magnitude($0.delta)) }),
        ("channel", .string, { .string($0.channel) }),
        ("class", .string, { .string($0.matchClass) }),
        ("currency", .string, { .string($0.currency) }),
        ("delta", .int, { .int($0.delta) }),
        ("fee_delta", .int, { .int($0.feeDelta) }),
        ("id_relation", .string, { .string($0.idRelation) }),
        ("minutes_apart", .int, { .int(Ratio.magnitude($0.shiftMinutes)) }),
        ("minutes_to_cutoff", .int, { .int($0.minutesToCutoff) }),
        ("ours", line.type, { line.value(of: $0.ours) }),
        ("ratio_bps", .int, { .int(Ratio.basisPoints($0.theirs.amountMinor, of: $0.ours.amountMinor)) }),
        ("run", run.type, { run.value(of: $0.run) }),
        ("theirs", line.type, { line.value(of: $0.theirs) }),
        ("twin", line.type, { line.value(of: $0.twin) }),
        ("unit", .int, { .int($0.unit) })
    ]

    public static let environment = Environment(
        variables: Dictionary(uniqueKeysWithValues: variables.map { ($0.name, $0.type) }),
        types: HostTypes(line, run), limits: limits)

    static func bindings(_ facts: CauseFacts) -> Bindings {
        var bindings = Bindings()
        for variable in variables { bindings[variable.name] = variable.read(facts) }
        return bindings
    }
}
